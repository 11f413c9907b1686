namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>
    /// Registers of the BM13xx chips, 32 bits each, as the public notes of ESP-Miner, NerdQAxePlus and mujina name them.
    /// No data sheet is public: a meaning marked [?] has one source or contradictory ones.
    /// </summary>
    public enum Bm13xxRegister
    {
        /// <summary>Chip id in the high 16 bits, core count field, chip address in the low byte. Read from all to enumerate.</summary>
        ChipAddress = 0x00,

        /// <summary>Hash rate estimate. BM1397: bit 31 long window; unit 2^20 or 2^24 hashes/s [?].</summary>
        HashRate = 0x04,

        /// <summary>Main PLL: flag, feedback, reference and post dividers, one byte each.</summary>
        Pll0 = 0x08,

        /// <summary>Bit 31 enables, low 16 bits are the offset of this chip's nonces in units of 512 [?].</summary>
        ChipNonceOffset = 0x0C,

        /// <summary>Hash counting number: how long a core slot searches in one job, in 25 MHz ticks.</summary>
        HashCountingNumber = 0x10,

        /// <summary>Difficulty from which nonces are reported, as a mask with the bits of each byte mirrored.</summary>
        TicketMask = 0x14,

        /// <summary>Misc control; on the BM1397 also the baud divider (BT8D, bits 12–8).</summary>
        MiscControl = 0x18,

        /// <summary>Second misc control of the BM1372/BM1373 [?].</summary>
        ExtraMiscControl = 0x19,

        /// <summary>Ordered clock enable (BM1397).</summary>
        OrderedClockEnable = 0x20,

        /// <summary>Fast UART: on the BM1366 and later, divider in bits 15–8.</summary>
        FastUart = 0x28,

        /// <summary>High 16 bits gap count, bit 1 relays responses, bit 0 relays commands.</summary>
        UartRelay = 0x2C,

        /// <summary>Second ticket mask. Not used here.</summary>
        TicketMask2 = 0x38,

        /// <summary>Window to the core registers: 0x80008000 + (core register &lt;&lt; 8) + data.</summary>
        CoreControl = 0x3C,

        /// <summary>Read-back of the core register window.</summary>
        CoreValue = 0x40,

        /// <summary>External temperature sensor.</summary>
        ExternalTemperature = 0x44,

        /// <summary>Error flag.</summary>
        ErrorFlag = 0x48,

        /// <summary>Nonce error counter.</summary>
        NonceErrorCounter = 0x4C,

        /// <summary>Nonce overflow counter.</summary>
        NonceOverflowCounter = 0x50,

        /// <summary>Analog mux: which temperature diode is on the pins.</summary>
        AnalogMux = 0x54,

        /// <summary>Drive strength of the chain's outputs.</summary>
        IoDriverStrength = 0x58,

        /// <summary>Timeout.</summary>
        Timeout = 0x5C,

        /// <summary>PLL 1.</summary>
        Pll1 = 0x60,

        /// <summary>PLL 2.</summary>
        Pll2 = 0x64,

        /// <summary>PLL 3; on the BM1368/BM1370 written with 0x5AA55AA5 [?].</summary>
        Pll3 = 0x68,

        /// <summary>Divider of the ordered clock.</summary>
        OrderedClockDivider = 0x6C,

        /// <summary>Divider of PLL 0.</summary>
        Pll0Divider = 0x70,

        /// <summary>Divider of PLL 1.</summary>
        Pll1Divider = 0x74,

        /// <summary>Divider of PLL 2.</summary>
        Pll2Divider = 0x78,

        /// <summary>Divider of PLL 3.</summary>
        Pll3Divider = 0x7C,

        /// <summary>Clock order control 0.</summary>
        ClockOrderControl0 = 0x80,

        /// <summary>Clock order control 1.</summary>
        ClockOrderControl1 = 0x84,

        /// <summary>Hash counter of domain 0, in units of 2^32 hashes; domains 1–3 follow.</summary>
        DomainCounter0 = 0x88,

        /// <summary>Hash counter of domain 1.</summary>
        DomainCounter1 = 0x89,

        /// <summary>Hash counter of domain 2.</summary>
        DomainCounter2 = 0x8A,

        /// <summary>Hash counter of domain 3.</summary>
        DomainCounter3 = 0x8B,

        /// <summary>Hash counter of the whole chip, in units of 2^32 hashes.</summary>
        TotalCounter = 0x8C,

        /// <summary>Second total hash counter; a write of 0 resets it.</summary>
        TotalCounter2 = 0x90,

        /// <summary>Version rolling: bit 31 enables, bits 29–28 count code [?], low 16 bits mask &gt;&gt; 13.</summary>
        VersionRolling = 0xA4,

        /// <summary>Soft reset and misc.</summary>
        SoftReset = 0xA8,

        /// <summary>On-die temperature 0 (BM1368) [?].</summary>
        DieTemperature0 = 0xB0,

        /// <summary>On-die temperature 1 (BM1368) [?].</summary>
        DieTemperature1 = 0xB4,

        /// <summary>ADC control (BM1370) [?].</summary>
        AdcControl = 0xB9,

        /// <summary>Auto-work (BM1372/BM1373) [?].</summary>
        AutoWork = 0xC4,
    }
}
