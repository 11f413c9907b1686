namespace Ballast.Hw.Sim
{
    /// <summary>A modelled chip of the Innosilicon A1 family. Source: cgminer's A1 driver, as facts [1]; no data sheet is public.</summary>
    public sealed class SimA1Type
    {
        /// <summary>Reference clock, kHz.</summary>
        public int ReferenceKhz;

        /// <summary>Cores of a good chip: hashes per clock.</summary>
        public int Cores;

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
    }
}
