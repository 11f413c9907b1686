namespace Ballast.Virtual.Oracle;

/// <summary>Stalls of the machine itself. A deadline that a stall fell into moves by its length; every stall is reported.</summary>
public sealed class StallLog
{
    private readonly List<(long EndMs, long LengthMs)> _stalls = [];

    /// <summary>Number of stalls.</summary>
    public int Count => _stalls.Count;

    /// <summary>Longest stall, ms.</summary>
    public long LongestMs => _stalls.Count == 0 ? 0 : _stalls.Max(s => s.LengthMs);

    /// <summary>Adds a stall that ended now.</summary>
    public void Add(long nowMs, long lengthMs) => _stalls.Add((nowMs, lengthMs));

    /// <summary>Time lost to stalls that ended at or after <paramref name="sinceMs"/>, ms.</summary>
    public long LostSince(long sinceMs)
    {
        long lost = 0;
        for (int i = _stalls.Count - 1; i >= 0 && _stalls[i].EndMs >= sinceMs; i--)
            lost += Math.Min(_stalls[i].LengthMs, _stalls[i].EndMs - sinceMs);
        return lost;
    }
}
