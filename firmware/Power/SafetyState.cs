namespace Ballast.Firmware.Power
{
    /// <summary>Where the safety supervisor is. Power flows only in <see cref="Rail"/> and <see cref="Run"/>.</summary>
    public enum SafetyState
    {
        /// <summary>Regulator off, chips in reset, parts cool: a board asleep.</summary>
        Off = 0,

        /// <summary>Fans at full, to be proven turning (S02).</summary>
        SpinUp = 1,

        /// <summary>Regulator on, chips in reset, waiting for the rail to settle.</summary>
        Rail = 2,

        /// <summary>Chips out of reset.</summary>
        Run = 3,

        /// <summary>Power off, fans at full until the parts are cool.</summary>
        Cool = 4,

        /// <summary>Power off after a fault that allows another try (S05, S06).</summary>
        Hold = 5,

        /// <summary>Power off after a fault that a person must release (S03, S04, S07).</summary>
        Fault = 6,
    }
}
