namespace Ballast.Hw.Asic.A1
{
    /// <summary>What the driver knows of one chip of an A1 chain.</summary>
    internal sealed class A1ChipState
    {
        /// <summary>Cores that passed the self-test.</summary>
        public int Cores;

        /// <summary>Jobs that it holds: one running, one queued.</summary>
        public int Held;

        /// <summary>Id of its last job, 1…4; 0 before the first.</summary>
        public int JobId;

        /// <summary>What its PLL is set to, kHz.</summary>
        public int Khz;

        /// <summary>Highest frequency that it may have, kHz: weak chips less than the others.</summary>
        public int CapKhz;

        /// <summary>When its PLL was last changed.</summary>
        public long ChangedMs;

        /// <summary>No commands before this time: it failed one.</summary>
        public long CoolUntilMs;

        /// <summary>Failures since it last ran well for long.</summary>
        public int Failures;

        /// <summary>When it failed last.</summary>
        public long FailedMs;

        /// <summary>True once it failed too often or has too few cores.</summary>
        public bool GivenUp;

        /// <summary>Last value of its ADC, -1 if there is none.</summary>
        public int Adc;

        /// <summary>True if it takes commands at this time.</summary>
        public bool IsUsable(long nowMs) => !GivenUp && nowMs >= CoolUntilMs;

        public void Reset(int khz, int capKhz)
        {
            Cores = 0;
            Held = 0;
            JobId = 0;
            Khz = khz;
            CapKhz = capKhz;
            ChangedMs = 0;
            CoolUntilMs = 0;
            Failures = 0;
            FailedMs = 0;
            GivenUp = false;
            Adc = -1;
        }
    }
}
