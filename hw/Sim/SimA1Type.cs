namespace Ballast.Hw.Sim
{
    /// <summary>A modelled chip of the Innosilicon A1 family. Source: cgminer's A1 driver, as facts [1]; no data sheet is public.</summary>
    public sealed class SimA1Type
    {
        /// <summary>Reference clock, kHz.</summary>
        public int ReferenceKhz;

        /// <summary>Cores of a good chip: hashes per clock.</summary>
        public int Cores;

        /// <summary>Hashes per core and clock.</summary>
        public int HashesPerCore = 1;

        /// <summary>Data bytes of the register.</summary>
        public int RegisterBytes = 6;

        /// <summary>Midstates of a job.</summary>
        public int Midstates = 1;

        /// <summary>True: registers, jobs, register replies and results end in a CRC-16; commands 0B and 0C (T1).</summary>
        public bool IsT1;

        /// <summary>Power at the chip, µW per V² and MHz, while hashing.</summary>
        public int MicroWattPerV2Mhz;

        /// <summary>Below this core voltage the chip does nothing, mV.</summary>
        public int MinMilliVolts;

        /// <summary>Time that the PLL needs to lock, ms.</summary>
        public int PllLockMs;

        /// <summary>A1: 16 MHz reference, 32 cores. Power per chip is an assumption [?]: 6.2 W at 800 MHz and 850 mV.</summary>
        public static SimA1Type A1() => new SimA1Type
        {
            ReferenceKhz = 16000,
            Cores = 32,
            MicroWattPerV2Mhz = 10726,
            MinMilliVolts = 600,
            PllLockMs = 60,
        };

        /// <summary>T1: 12 MHz reference, 32 cores of two hashes a clock [?], four midstates, CRC. Power per chip is an assumption [?].</summary>
        public static SimA1Type T1() => new SimA1Type
        {
            ReferenceKhz = 12000,
            Cores = 32,
            HashesPerCore = 2,
            RegisterBytes = 12,
            Midstates = 4,
            IsT1 = true,
            MicroWattPerV2Mhz = 30000,
            MinMilliVolts = 350,
            PllLockMs = 10,
        };

        /// <summary>Bytes of a job on the wire, CRC included, padding not.</summary>
        internal int JobBytes => IsT1 ? 160 : 58;
    }
}
