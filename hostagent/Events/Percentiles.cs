namespace Ballast.Host.Events;

/// <summary>Times of many boards, ms, from the publication of the order.</summary>
/// <param name="Boards">Boards that were timed.</param>
/// <param name="P50Ms">Half of them were faster.</param>
/// <param name="P90Ms">Nine of ten were at most as slow.</param>
/// <param name="P99Ms">99 of a hundred were at most as slow.</param>
/// <param name="MaxMs">The slowest.</param>
public sealed record Percentiles(int Boards, int P50Ms, int P90Ms, int P99Ms, int MaxMs)
{
    /// <summary>By nearest rank; null if there are none.</summary>
    public static Percentiles? Of(List<int> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        if (times.Count == 0)
        {
            return null;
        }

        times.Sort();
        int At(int percent) => times[Math.Max(0, (((times.Count * percent) + 99) / 100) - 1)];
        return new Percentiles(times.Count, At(50), At(90), At(99), times[^1]);
    }
}
