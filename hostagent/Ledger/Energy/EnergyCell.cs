namespace Ballast.Host.Ledger;

/// <summary>
/// Energy of one board or meter in the running interval. A sample holds until the next one, at most <c>holdMs</c>: what lies behind
/// that is a gap, and a gap has no energy. 64 bytes a board.
/// </summary>
/// <param name="holdMs">Freshness of a sample, ms.</param>
public sealed class EnergyCell(int holdMs)
{
    private long _powerMw = -1;
    private long _fromMs;
    private long _untilMs;
    private long _microJ;
    private int _coveredMs;

    /// <summary>Takes a sample.</summary>
    /// <param name="powerMw">Power, mW; negative is no value, and begins a gap.</param>
    /// <param name="nowMs">Host's monotonic ms.</param>
    public void Sample(long powerMw, long nowMs)
    {
        Accrue(nowMs);
        (_powerMw, _fromMs, _untilMs) = (powerMw, nowMs, nowMs + holdMs);
    }

    /// <summary>Ends the interval and begins the next; a sample that still holds goes on.</summary>
    /// <param name="nowMs">Host's monotonic ms.</param>
    /// <returns>Energy, mWh, and the time that samples cover, ms.</returns>
    public (long MWh, int CoveredMs) Close(long nowMs)
    {
        Accrue(nowMs);

        // 1 mWh = 3.6 J.
        (long MWh, int) closed = ((_microJ + 1_800_000) / 3_600_000, _coveredMs);
        (_microJ, _coveredMs) = (0, 0);
        return closed;
    }

    private void Accrue(long nowMs)
    {
        long until = Math.Min(nowMs, _untilMs);
        if (_powerMw >= 0 && until > _fromMs)
        {
            _microJ += _powerMw * (until - _fromMs);
            _coveredMs += (int)(until - _fromMs);
        }

        _fromMs = Math.Max(_fromMs, nowMs);
    }
}
