using Ballast.Hw.Parts;

namespace Ballast.Firmware.Power
{
    /// <summary>Everything that the supervisor may look at in one step. Filled by the power controller; nothing in it is a device.</summary>
    public sealed class SafetyInputs
    {
        /// <summary>Most fans that are watched.</summary>
        public const int MaxFans = 4;

        /// <summary>Monotonic time, ms.</summary>
        public long NowMs;

        /// <summary>True in steps in which the measurements below are new.</summary>
        public bool FreshSample;

        /// <summary>True if power is wanted: the effective point is above sleep.</summary>
        public bool WantPower;

        /// <summary>True while something demands power off at once: emergency, lock-out, curtail input.</summary>
        public bool Cut;

        /// <summary>True in the step in which a person releases a latched fault.</summary>
        public bool Release;

        /// <summary>True if the hottest chip sensor was read and is plausible.</summary>
        public bool ChipValid;

        /// <summary>Hottest chip temperature, m°C; meaningless unless <see cref="ChipValid"/>.</summary>
        public int ChipMilliC;

        /// <summary>True if the regulator was read.</summary>
        public bool RegulatorValid;

        /// <summary>What the regulator measured; meaningless unless <see cref="RegulatorValid"/>.</summary>
        public readonly RegulatorReading Regulator = new RegulatorReading();

        /// <summary>Latched faults of the regulator.</summary>
        public RegulatorFaults Faults;

        /// <summary>True if the parts accepted their limits and settings (S06).</summary>
        public bool PartsReady;

        /// <summary>True if an output could not be set since the last step: a write to the regulator or fan controller failed.</summary>
        public bool WriteFailed;

        /// <summary>Voltage that the rail should have, mV.</summary>
        public int TargetMilliVolts;

        /// <summary>Fans in the arrays below.</summary>
        public int FanCount;

        /// <summary>Speed of each fan, rpm; -1 if it could not be read.</summary>
        public readonly int[] FanRpm = new int[MaxFans];

        /// <summary>Duty driven on each fan, %.</summary>
        public readonly int[] FanPercent = new int[MaxFans];

        /// <summary>True if the chain gave up during bring-up or operation.</summary>
        public bool ChainFailed;

        /// <summary>True if nonces have stopped or are too few (S07), as <see cref="HashHealth"/> judges.</summary>
        public bool HashLost;

        /// <summary>A fresh random number: spreads retries of many boards (S06, S15).</summary>
        public uint Random;
    }
}
