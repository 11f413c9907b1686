namespace Ballast.Firmware.Power
{
    /// <summary>Safety rules that a board enforces. The numbers are the rule ids and are stored over restarts.</summary>
    public enum SafetyRule
    {
        /// <summary>No rule.</summary>
        None = 0,

        /// <summary>Outputs safe first; a thread that fails makes them safe again.</summary>
        S01 = 1,

        /// <summary>Order of fans, regulator and reset.</summary>
        S02 = 2,

        /// <summary>Chip or regulator too hot.</summary>
        S03 = 3,

        /// <summary>Temperature missing or implausible.</summary>
        S04 = 4,

        /// <summary>Fan driven and not turning.</summary>
        S05 = 5,

        /// <summary>Regulator fault, input voltage or current.</summary>
        S06 = 6,

        /// <summary>No nonces, too few, or a chain that does not start.</summary>
        S07 = 7,

        /// <summary>Control loop stalled.</summary>
        S08 = 8,

        /// <summary>Lease over.</summary>
        S09 = 9,

        /// <summary>Failsafe ends by admission only.</summary>
        S10 = 10,

        /// <summary>Restart at or below the stored order.</summary>
        S11 = 11,

        /// <summary>Smallest limit wins.</summary>
        S12 = 12,

        /// <summary>Hard-wired curtail input.</summary>
        S13 = 13,

        /// <summary>A rejected message changes only a counter.</summary>
        S14 = 14,

        /// <summary>Rises wait and ramp.</summary>
        S15 = 15,

        /// <summary>Native calls may stop all threads.</summary>
        S20 = 20,
    }

    /// <summary>The ids as text: enum names are not available on the device.</summary>
    public static class SafetyRuleName
    {
        /// <summary>"S03" and so on; "" for none.</summary>
        public static string Of(SafetyRule rule)
        {
            switch (rule)
            {
                case SafetyRule.S01: return "S01";
                case SafetyRule.S02: return "S02";
                case SafetyRule.S03: return "S03";
                case SafetyRule.S04: return "S04";
                case SafetyRule.S05: return "S05";
                case SafetyRule.S06: return "S06";
                case SafetyRule.S07: return "S07";
                case SafetyRule.S08: return "S08";
                case SafetyRule.S09: return "S09";
                case SafetyRule.S10: return "S10";
                case SafetyRule.S11: return "S11";
                case SafetyRule.S12: return "S12";
                case SafetyRule.S13: return "S13";
                case SafetyRule.S14: return "S14";
                case SafetyRule.S15: return "S15";
                case SafetyRule.S20: return "S20";
                default: return "";
            }
        }
    }
}
