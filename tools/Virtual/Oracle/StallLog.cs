namespace Ballast.Virtual.Oracle;

/// <summary>
/// Stalls of the machine itself. A deadline that a stall fell into moves by its length; every stall is reported. One that several watchers saw
/// counts once.
/// </summary>
public sealed class StallLog
{
    private readonly List<(long StartMs, long EndMs)> _stalls = [];

    /// <summary>Number of stalls.</summary>
    public int Count => _stalls.Count;

    /// <summary>Longest stall, ms.</summary>
    public long LongestMs => _stalls.Count == 0 ? 0 : _stalls.Max(s => s.EndMs - s.StartMs);

    /// <summary>Adds a stall that ended now.</summary>
    public void Add(long nowMs, long lengthMs)
    {
        (long startMs, long endMs) = (nowMs - lengthMs, nowMs);
        while (_stalls.Count > 0 && _stalls[^1].EndMs >= startMs)
        {
            startMs = Math.Min(startMs, _stalls[^1].StartMs);
            endMs = Math.Max(endMs, _stalls[^1].EndMs);
            _stalls.RemoveAt(_stalls.Count - 1);
        }

        _stalls.Add((startMs, endMs));
    }

    /// <summary>Time lost to stalls that ended at or after <paramref name="sinceMs"/>, ms.</summary>
    public long LostSince(long sinceMs)
    {
        long lost = 0;
        for (int i = _stalls.Count - 1; i >= 0 && _stalls[i].EndMs >= sinceMs; i--)
            lost += _stalls[i].EndMs - Math.Max(_stalls[i].StartMs, sinceMs);
        return lost;
    }
}
