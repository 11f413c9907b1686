namespace Ballast.Virtual.Oracle;

/// <summary>Contract section 7, written again from its text: what the oracle expects a board to choose.</summary>
public static class ChoiceReference
{
    /// <summary>The power that a board may draw under an order, mW.</summary>
    /// <param name="powerMw">Ladder powers, sleep first.</param>
    /// <param name="hashGhs">Ladder hash rates.</param>
    /// <param name="name">"pod/board".</param>
    /// <param name="order">The order.</param>
    public static long PowerMw(IReadOnlyList<int> powerMw, IReadOnlyList<int> hashGhs, string name, SeenMessage order)
    {
        var hull = new List<int> { 0 };
        for (int i = 1; i < powerMw.Count; i++)
        {
            while (hull.Count > 1)
            {
                int b = hull[^1];
                int a = hull[^2];
                long left = (long)(powerMw[b] - powerMw[a]) * (hashGhs[i] - hashGhs[b]);
                long right = (long)(powerMw[i] - powerMw[b]) * (hashGhs[b] - hashGhs[a]);
                if (left < right)
                    break;
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(i);
        }

        uint rank = Rank(name) - order.Salt;
        long previous = 0;
        int chosen = 0;
        for (int k = 1; k < hull.Count; k++)
        {
            long dPower = powerMw[hull[k]] - powerMw[hull[k - 1]];
            long dHash = hashGhs[hull[k]] - hashGhs[hull[k - 1]];
            long cost = dPower <= 0 ? 1 : ((dPower * 1000) + dHash - 1) / dHash;
            cost = Math.Max(Math.Min(cost, int.MaxValue - 1), previous);
            previous = cost;
            if (cost > order.LimitMjPerTh || (cost == order.LimitMjPerTh && rank >= order.Share))
                break;
            chosen = hull[k];
        }

        return powerMw[chosen];
    }

    /// <summary>A board's place on the circle before the salt turns it.</summary>
    public static uint Rank(string name)
    {
        uint h = 2166136261;
        foreach (char c in name)
            h = (h ^ (byte)c) * 16777619;
        h ^= h >> 16;
        h *= 0x85EBCA6B;
        h ^= h >> 13;
        h *= 0xC2B2AE35;
        h ^= h >> 16;
        return h;
    }
}
