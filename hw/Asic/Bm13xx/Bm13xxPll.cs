namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>What a chip's PLL can be set to.</summary>
    public sealed class PllLimits
    {
        /// <summary>Lowest feedback divider.</summary>
        public int MinFeedback;

        /// <summary>Highest feedback divider.</summary>
        public int MaxFeedback;

        /// <summary>Lowest VCO, kHz; 0 for no bound.</summary>
        public int MinVcoKhz;

        /// <summary>Highest VCO, kHz; 0 for no bound.</summary>
        public int MaxVcoKhz;

        /// <summary>True if the two post dividers may be equal.</summary>
        public bool EqualPostAllowed;

        /// <summary>True if post dividers are written as they are (BM1397), false if less one.</summary>
        public bool RawPost;

        /// <summary>True if a VCO of 2400 MHz or more is told to the chip (flag 0x50 instead of 0x40).</summary>
        public bool FlagsHighVco;
    }

    /// <summary>One setting of the PLL: f = 25 MHz · feedback / (reference · post1 · post2).</summary>
    public sealed class PllSetting
    {
        /// <summary>Feedback divider.</summary>
        public int Feedback;

        /// <summary>Reference divider, 1 or 2.</summary>
        public int Reference;

        /// <summary>First post divider, 1…7.</summary>
        public int Post1;

        /// <summary>Second post divider, 1…7.</summary>
        public int Post2;

        /// <summary>The word for register 08.</summary>
        public uint Word;

        /// <summary>VCO, kHz, rounded.</summary>
        public int VcoKhz => (Bm13xxPll.CrystalKhz * Feedback + Reference / 2) / Reference;

        /// <summary>Output, kHz, rounded.</summary>
        public int ActualKhz
        {
            get
            {
                int divider = Reference * Post1 * Post2;
                return (Bm13xxPll.CrystalKhz * Feedback + divider / 2) / divider;
            }
        }
    }

    /// <summary>
    /// Chooses dividers for a frequency: least error, then lowest VCO, then smallest product of the post dividers.
    /// Limits and encoding agree with ESP-Miner's and with words seen in captures.
    /// </summary>
    public static class Bm13xxPll
    {
        /// <summary>The crystal of every board, kHz.</summary>
        public const int CrystalKhz = 25000;

        /// <summary>VCO from which the chip wants its flag, kHz.</summary>
        public const int HighVcoKhz = 2400000;

        /// <summary>Finds the best setting. False, with <paramref name="into"/> unchanged, if the limits allow none.</summary>
        /// <param name="limits">Of the chip.</param>
        /// <param name="khz">Wanted frequency, 1…2,000,000 kHz.</param>
        /// <param name="into">Takes the result.</param>
        public static bool TryFind(PllLimits limits, int khz, PllSetting into)
        {
            if (khz < 1 || khz > 2000000)
                return false;
            bool found = false;
            long bestError = 0;
            int bestDivider = 1;
            int bestFeedback = 0;
            int bestReference = 1;
            int bestPost1 = 0;
            int bestPost2 = 0;
            for (int reference = 2; reference >= 1; reference--)
            {
                for (int post1 = 7; post1 >= 1; post1--)
                {
                    for (int post2 = limits.EqualPostAllowed ? post1 : post1 - 1; post2 >= 1; post2--)
                    {
                        int divider = reference * post1 * post2;
                        int below = (int)((long)khz * divider / CrystalKhz);
                        for (int feedback = below; feedback <= below + 1; feedback++)
                        {
                            if (!Allowed(limits, feedback, reference))
                                continue;
                            long error = (long)CrystalKhz * feedback - (long)khz * divider;
                            if (error < 0)
                                error = -error;

                            // Errors are fractions error/divider: compared crosswise, so exactly.
                            long mine = error * bestDivider;
                            long best = bestError * divider;
                            if (found && mine > best)
                                continue;
                            if (found && mine == best)
                            {
                                int myVco = feedback * bestReference;
                                int bestVco = bestFeedback * reference;
                                if (myVco > bestVco || (myVco == bestVco && post1 * post2 >= bestPost1 * bestPost2))
                                    continue;
                            }

                            found = true;
                            bestError = error;
                            bestDivider = divider;
                            bestFeedback = feedback;
                            bestReference = reference;
                            bestPost1 = post1;
                            bestPost2 = post2;
                        }
                    }
                }
            }

            if (!found)
                return false;
            into.Feedback = bestFeedback;
            into.Reference = bestReference;
            into.Post1 = bestPost1;
            into.Post2 = bestPost2;
            into.Word = Encode(limits, into);
            return true;
        }

        /// <summary>Reads a word of register 08 back into dividers. False if a divider would be 0.</summary>
        public static bool TryDecode(PllLimits limits, uint word, PllSetting into)
        {
            int add = limits.RawPost ? 0 : 1;
            int feedback = (int)((word >> 16) & 0xFF);
            int reference = (int)((word >> 8) & 0xFF);
            int post1 = (int)((word >> 4) & 0x7) + add;
            int post2 = (int)(word & 0x7) + add;
            if (feedback == 0 || reference == 0 || post1 == 0 || post2 == 0)
                return false;
            into.Feedback = feedback;
            into.Reference = reference;
            into.Post1 = post1;
            into.Post2 = post2;
            into.Word = word;
            return true;
        }

        private static bool Allowed(PllLimits limits, int feedback, int reference)
        {
            if (feedback < limits.MinFeedback || feedback > limits.MaxFeedback)
                return false;
            int vco = CrystalKhz * feedback / reference;
            return vco >= limits.MinVcoKhz && (limits.MaxVcoKhz == 0 || vco <= limits.MaxVcoKhz);
        }

        private static uint Encode(PllLimits limits, PllSetting setting)
        {
            int less = limits.RawPost ? 0 : 1;
            bool high = limits.FlagsHighVco && CrystalKhz * setting.Feedback >= HighVcoKhz * setting.Reference;
            return ((high ? 0x50u : 0x40u) << 24)
                | ((uint)setting.Feedback << 16)
                | ((uint)setting.Reference << 8)
                | ((uint)(setting.Post1 - less) << 4)
                | (uint)(setting.Post2 - less);
        }
    }
}
