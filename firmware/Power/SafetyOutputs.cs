namespace Ballast.Firmware.Power
{
    /// <summary>What the supervisor allows and demands after a step. The power controller applies it in the same control tick.</summary>
    public sealed class SafetyOutputs
    {
        /// <summary>Regulator may be on. False means: off now.</summary>
        public bool RegulatorOn;

        /// <summary>Chips may be out of reset. False means: reset now.</summary>
        public bool ChipsReleased;

        /// <summary>Least fan duty, %.</summary>
        public int FanFloorPercent = 100;

        /// <summary>Rule that holds power off, or <see cref="SafetyRule.None"/>.</summary>
        public SafetyRule Cause;

        /// <summary>True if <see cref="Cause"/> is latched and must survive a restart (S03).</summary>
        public bool Latched;
    }
}
