using System;

namespace Ballast.SelfCheck
{
    /// <summary>
    /// Proves the rooms on a bare device or the interpreter, without network or parts: prints one line a check and ends in `PASS n` or
    /// `FAIL`. On a PC it is also a test.
    /// </summary>
    public static class Program
    {
        /// <summary>Runs all checks against the console.</summary>
        public static void Main()
        {
            Run(new Report());
        }

        /// <summary>Runs all checks; true if all passed.</summary>
        public static bool Run(Report report)
        {
            // A group that throws must not take the others with it, nor vanish: the interpreter's PC build swallows what nobody catches.
            for (int group = 0; group < 4; group++)
            {
                try
                {
                    RunGroup(group, report);
                }
                catch (Exception e)
                {
                    report.Check("group " + group.ToString() + " ended by " + e.GetType().FullName + ": " + e.Message, false);
                }
            }

            return report.End();
        }

        private static void RunGroup(int group, Report report)
        {
            switch (group)
            {
                case 0:
                    HashChecks.Run(report);
                    break;
                case 1:
                    JobChecks.Run(report);
                    break;
                case 2:
                    WireChecks.Run(report);
                    break;
                default:
                    BoardChecks.Run(report);
                    break;
            }
        }
    }
}
