namespace Ballast.Hw.Sim
{
    /// <summary>How a modelled BM13xx type differs from the others. The models' own table, on purpose not the drivers' profiles.</summary>
    public sealed class SimChipType
    {
        /// <summary>Value of register 00's high half.</summary>
        public int Id;

        /// <summary>Cores per chip.</summary>
        public int Cores;

        /// <summary>Hashes per clock.</summary>
        public int SmallCores;

        /// <summary>Small cores that a core's reply field counts: a power of two.</summary>
        public int SmallPerCore;

        /// <summary>Lowest feedback divider that the PLL locks on.</summary>
        public int FbMin;

        /// <summary>Highest feedback divider that the PLL locks on.</summary>
        public int FbMax;

        /// <summary>True: post dividers are written as p - 1, and flag 0x50 is needed from a VCO of 2,400 MHz on.</summary>
        public bool NewPll;

        /// <summary>True: jobs carry midstates (BM1397); false: the header's fields.</summary>
        public bool MidstateJobs;

        /// <summary>True: takes length byte 0x36 for the 82-byte job too [?].</summary>
        public bool TakesShortLength;

        /// <summary>Bits of the reply's job byte that hold the small core or midstate.</summary>
        public int SmallBits;

        /// <summary>True: the reply's job byte is (id &lt;&lt; 1) with the small core in the low four bits (BM1368 and later).</summary>
        public bool ShiftedJobId;

        /// <summary>True: cores start only after core register 02 = AA and a hash counting number were written.</summary>
        public bool NeedsCoreEnable;

        /// <summary>True: divider of the UART is in register 28, bits 15–8; false: in register 18, bits 12–8.</summary>
        public bool FastUart;

        /// <summary>Clock after reset, kHz.</summary>
        public int ResetKhz;

        /// <summary>Power at the chip, µW per V² and MHz, while hashing.</summary>
        public int MicroWattPerV2Mhz;

        /// <summary>Core voltage that clock 0 would need, mV; below need, nonces go wrong.</summary>
        public int NeedBaseMilliVolts;

        /// <summary>Core voltage that each MHz adds to the need, µV.</summary>
        public int NeedMicroVoltPerMhz;

        /// <summary>BM1370: 128 cores, 2040 small cores. Power fits 17.5 W at the input of a one-chip board at 525 MHz and 1150 mV (modelled).</summary>
        public static SimChipType Bm1370() => new SimChipType
        {
            Id = 0x1370,
            Cores = 128,
            SmallCores = 2040,
            SmallPerCore = 16,
            FbMin = 160,
            FbMax = 239,
            NewPll = true,
            TakesShortLength = true,
            SmallBits = 4,
            ShiftedJobId = true,
            NeedsCoreEnable = true,
            FastUart = true,
            ResetKhz = 50000,
            MicroWattPerV2Mhz = 19836,
            NeedBaseMilliVolts = 650,
            NeedMicroVoltPerMhz = 780,
        };
    }
}
