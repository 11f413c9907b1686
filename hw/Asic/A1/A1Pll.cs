namespace Ballast.Hw.Asic.A1
{
    /// <summary>One setting of the PLL of an A1 or T1.</summary>
    public sealed class A1PllSetting
    {
        /// <summary>Feedback divider, 1…511.</summary>
        public int Feedback;

        /// <summary>Reference divider, 1…31.</summary>
        public int Pre;

        /// <summary>Power of two that the output is divided by, 0…3.</summary>
        public int Post;

        /// <summary>What comes out, kHz, rounded down.</summary>
        public int ActualKhz;
    }

    /// <summary>
    /// f = reference · feedback / (pre · 2^post). A1: least error, then smallest divider, then smallest pre (agrees with every known
    /// register). T1: dividers by range, as the factory's table has them.
    /// </summary>
    public static class A1Pll
    {
        private const int MaxFeedback = 511;

        // Larger dividers give the PLL a reference so slow that no source uses it.
        private const int MaxPre = 8;

        // From here on the T1 wants another value in byte 9 of its register.
        private const int T1HighKhz = 552000;

        /// <summary>Finds the setting for a frequency; false, with nothing changed, if there is none.</summary>
        public static bool TryFind(A1Profile profile, int khz, A1PllSetting into)
        {
            if (khz < 1 || khz > 2000000)
                return false;
            return profile.PllRanges == null ? Search(profile.ReferenceKhz, khz, into) : InRange(profile, khz, into);
        }

        /// <summary>Writes the data bytes of the register for a setting; returns their number.</summary>
        public static int PutRegister(A1Profile profile, A1PllSetting setting, byte[] into, int offset)
        {
            for (int i = 0; i < profile.RegisterBytes; i++)
                into[offset + i] = 0;
            int high = setting.Pre << 1 | setting.Feedback >> 8;
            into[offset + 1] = (byte)setting.Feedback;
            if (profile.HasCrc)
            {
                into[offset] = (byte)high;
                into[offset + 2] = 0x40;
                into[offset + 3] = (byte)(setting.Post << 6 | 0x02);
                into[offset + 7] = 0xA0;
                into[offset + 9] = (byte)(setting.ActualKhz < T1HighKhz ? 0x24 : 0x20);
            }
            else
            {
                // The A1 counts its post divider from 1.
                into[offset] = (byte)((setting.Post + 1) << 6 | high);
                into[offset + 2] = 0x21;
                into[offset + 3] = 0x84;
            }

            return profile.RegisterBytes;
        }

        private static bool Search(int referenceKhz, int khz, A1PllSetting into)
        {
            bool found = false;
            long bestError = 0;
            int bestDivider = 1;
            for (int pre = 1; pre <= MaxPre; pre++)
            {
                for (int post = 0; post <= 2; post++)
                {
                    int divider = pre << post;
                    int feedback = (int)(((long)khz * divider + referenceKhz / 2) / referenceKhz);
                    if (feedback < 1 || feedback > MaxFeedback)
                        continue;
                    long error = (long)referenceKhz * feedback - (long)khz * divider;
                    if (error < 0)
                        error = -error;

                    // Errors are fractions error/divider: compared crosswise, so exactly. pre rises, so an equal divider keeps the smaller one.
                    long mine = error * bestDivider;
                    long best = bestError * divider;
                    if (found && (mine > best || (mine == best && divider >= bestDivider)))
                        continue;
                    found = true;
                    bestError = error;
                    bestDivider = divider;
                    into.Feedback = feedback;
                    into.Pre = pre;
                    into.Post = post;
                    into.ActualKhz = (int)((long)referenceKhz * feedback / divider);
                }
            }

            return found;
        }

        private static bool InRange(A1Profile profile, int khz, A1PllSetting into)
        {
            A1PllRange[] ranges = profile.PllRanges!;
            if (khz < ranges[0].FromKhz)
                return false;
            int i = ranges.Length - 1;
            while (khz < ranges[i].FromKhz)
                i--;
            int divider = ranges[i].Pre << ranges[i].Post;
            int feedback = (int)((long)khz * divider / profile.ReferenceKhz);
            if (feedback > MaxFeedback)
                return false;
            into.Feedback = feedback;
            into.Pre = ranges[i].Pre;
            into.Post = ranges[i].Post;
            into.ActualKhz = (int)((long)profile.ReferenceKhz * feedback / divider);
            return true;
        }
    }
}
