namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// Splits the nonce space of one header between chips, in proportion to their working cores, so that all finish together. The ranges are
    /// disjoint and cover every nonce; a chip without a working core gets none.
    /// </summary>
    public static class NonceRanges
    {
        /// <summary>Fills the first and last nonce of each chip. Returns how many chips got a range; an empty one has its end before its start.</summary>
        /// <param name="cores">Working cores by chip.</param>
        /// <param name="first">First chip of the group.</param>
        /// <param name="count">Chips in the group.</param>
        /// <param name="start">Receives first nonces, by chip.</param>
        /// <param name="end">Receives last nonces, inclusive, by chip.</param>
        public static int Split(int[] cores, int first, int count, uint[] start, uint[] end)
        {
            long total = 0;
            for (int i = first; i < first + count; i++)
            {
                total += cores[i] > 0 ? cores[i] : 0;
            }

            long sum = 0;
            int given = 0;
            for (int i = first; i < first + count; i++)
            {
                if (cores[i] <= 0)
                {
                    start[i] = 1;
                    end[i] = 0;
                    continue;
                }

                // 2^32 · cores stays far below 2^63, and with fewer than 2^32 cores no range is empty.
                start[i] = (uint)(4294967296L * sum / total);
                sum += cores[i];
                end[i] = (uint)((4294967296L * sum / total) - 1);
                given++;
            }

            return given;
        }
    }
}
