namespace Ballast.Wire
{
    /// <summary>The rules that a ladder must keep, each with the sentence that a user sees.</summary>
    internal static class LadderCheck
    {
        /// <summary>The first fault as a sentence; null if there is none.</summary>
        internal static string? Fault(int[]? powerMw, int[]? hashGhs, int count)
        {
            if (powerMw == null || hashGhs == null)
                return "The ladder has no points: give power and hash rate of each.";
            if (count < 1 || count > Ladder.MaxPoints)
                return "The ladder has " + count.ToString() + " points: it needs 1 to 32.";
            if (powerMw.Length < count || hashGhs.Length < count)
                return "The ladder says " + count.ToString() + " points, but lists fewer: give power and hash rate of each.";
            if (hashGhs[0] != 0)
                return "Point 0 hashes " + hashGhs[0].ToString() + " GH/s: it is sleep and must be 0.";

            for (int i = 0; i < count; i++)
            {
                if (powerMw[i] < 0 || powerMw[i] > Ladder.MaxValue)
                    return Point(i) + " draws " + powerMw[i].ToString() + " mW: it must be 0 to 1000000000.";
                if (hashGhs[i] < 0 || hashGhs[i] > Ladder.MaxValue)
                    return Point(i) + " hashes " + hashGhs[i].ToString() + " GH/s: it must be 0 to 1000000000.";
                if (i == 0)
                    continue;
                if (hashGhs[i] <= hashGhs[i - 1])
                    return Point(i) + " does not hash more than the one before it: sort the points by hash rate and leave out doubles.";
                if (powerMw[i] < powerMw[i - 1])
                    return Point(i) + " draws less than the one before it, which makes that one useless: leave the dearer one out.";
            }

            return null;
        }

        private static string Point(int i) => "Point " + i.ToString();
    }
}
