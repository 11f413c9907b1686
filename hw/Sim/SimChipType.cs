namespace Ballast.Hw.Sim
{
    /// <summary>How a modelled BM13xx type differs from the others. The models' own table, on purpose not the drivers' profiles.</summary>
    public sealed class SimChipType
    {
        /// <summary>Value of register 00's high half.</summary>
        public int Id;

        /// <summary>Bits 15–8 of register 00: the core number field.</summary>
        public int CoreField;

        /// <summary>True: sends one nonce in four twice (BM1397).</summary>
        public bool RepeatsNonces;

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
            ShiftedJobId = true,
            NeedsCoreEnable = true,
            FastUart = true,
            ResetKhz = 50000,
            MicroWattPerV2Mhz = 19836,
            NeedBaseMilliVolts = 650,
            NeedMicroVoltPerMhz = 780,
        };

        /// <summary>BM1368: 80 cores, 1276 small cores. Power fits 13 W at the input of a one-chip board at 490 MHz and 1166 mV (modelled).</summary>
        public static SimChipType Bm1368() => new SimChipType
        {
            Id = 0x1368,
            Cores = 80,
            SmallCores = 1276,
            SmallPerCore = 16,
            FbMin = 144,
            FbMax = 235,
            NewPll = true,
            ShiftedJobId = true,
            NeedsCoreEnable = true,
            FastUart = true,
            ResetKhz = 50000,
            MicroWattPerV2Mhz = 14860,
            NeedBaseMilliVolts = 760,
            NeedMicroVoltPerMhz = 650,
        };

        /// <summary>BM1366: 112 cores, 894 small cores. Power fits 12 W at the input of a one-chip board at 485 MHz and 1200 mV (modelled).</summary>
        public static SimChipType Bm1366() => new SimChipType
        {
            Id = 0x1366,
            Cores = 112,
            SmallCores = 894,
            SmallPerCore = 8,
            FbMin = 144,
            FbMax = 235,
            NewPll = true,
            NeedsCoreEnable = true,
            FastUart = true,
            ResetKhz = 50000,
            MicroWattPerV2Mhz = 12629,
            NeedBaseMilliVolts = 760,
            NeedMicroVoltPerMhz = 650,
        };

        /// <summary>BM1362: 65 cores, 514 small cores [1]. Power per chip as in a 30 J/TH machine (modelled) [?].</summary>
        public static SimChipType Bm1362() => new SimChipType
        {
            Id = 0x1362,
            CoreField = 0x03,
            Cores = 65,
            SmallCores = 514,
            SmallPerCore = 8,
            FbMin = 0x10,
            FbMax = 0xFA,
            NewPll = true,
            NeedsCoreEnable = true,
            FastUart = true,
            ResetKhz = 50000,
            MicroWattPerV2Mhz = 8115,
            NeedBaseMilliVolts = 800,
            NeedMicroVoltPerMhz = 600,
        };

        /// <summary>BM1397: 168 cores, 672 small cores, midstates. Power fits 12 W at the input of a one-chip board at 425 MHz and 1400 mV (modelled).</summary>
        public static SimChipType Bm1397() => new SimChipType
        {
            Id = 0x1397,
            CoreField = 0x18,
            RepeatsNonces = true,
            Cores = 168,
            SmallCores = 672,
            SmallPerCore = 4,
            FbMin = 60,
            FbMax = 200,
            MidstateJobs = true,
            ResetKhz = 50000,
            MicroWattPerV2Mhz = 10585,
            NeedBaseMilliVolts = 900,
            NeedMicroVoltPerMhz = 900,
        };
    }
}
