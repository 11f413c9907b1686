namespace Ballast.Virtual.Oracle;

/// <summary>
/// S16 for the site: each cap in force is a limit with a deadline. A lower cap gets its deadline from the first order that follows it,
/// or from the time by which the host must have ordered; later orders do not move it.
/// </summary>
internal sealed class SiteWatch(OracleOptions options, StallLog stalls)
{
    private readonly List<Limit> _limits = [];
    private readonly Dictionary<string, long> _lastOrderId = [];
    private long _floorMw;

    /// <summary>Meter samples that were compared with a cap after its deadline.</summary>
    public int SamplesChecked { get; private set; }

    /// <summary>Standby and cooling of all boards known so far, which no order can take away, mW. The base load comes on top.</summary>
    public void SetFloor(long standbyMw) => _floorMw = options.BaseMw + standbyMw;

    /// <summary>The grid side asked for a cap, or released it with null.</summary>
    public void Cap(long nowMs, long? capMw, GridClass gridClass)
    {
        if (capMw is not { } cap)
        {
            _limits.Clear();
            return;
        }

        // A rise takes over the deadlines of what it replaces; a fall stands beside the older, weaker limits.
        List<Limit> lower = [.. _limits.Where(l => l.CapMw <= cap)];
        _limits.RemoveAll(l => l.CapMw <= cap);
        if (lower.Count > 0)
            _limits.Add(lower.MaxBy(l => l.DeadlineMs)! with { CapMw = cap });
        else
            _limits.Add(new Limit(cap, gridClass, nowMs, nowMs + options.OrderWithinMs + GridClasses.SettleMs(gridClass, 15), false));
    }

    /// <summary>An order with new content was published: it starts the clock of limits that have waited for one.</summary>
    public void Order(SeenMessage order)
    {
        if (_lastOrderId.TryGetValue(order.Pod, out long last) && last == order.OrderId)
            return;
        _lastOrderId[order.Pod] = order.OrderId;
        for (int i = 0; i < _limits.Count; i++)
        {
            Limit limit = _limits[i];
            if (limit.Ordered)
                continue;
            long startMs = Math.Min(order.AtMs, limit.SinceMs + options.OrderWithinMs);
            _limits[i] = limit with { Ordered = true, DeadlineMs = startMs + GridClasses.SettleMs(limit.Class, order.RampS) };
        }
    }

    /// <summary>Compares a meter sample; null if it is within every limit that is due.</summary>
    public Finding? Sample(long nowMs, long meterMw)
    {
        foreach (Limit limit in _limits)
        {
            long lostMs = stalls.LostSince(limit.SinceMs);
            if (nowMs <= limit.DeadlineMs + lostMs)
                continue;
            SamplesChecked++;
            long allowedMw = Math.Max(limit.CapMw, _floorMw) * 102 / 100;
            allowedMw += meterMw * options.MeterClassPerMille / 1000;
            if (meterMw > allowedMw)
            {
                return new Finding(nowMs, "S16", "site",
                    $"The meter reads {meterMw / 1000.0:0.0} W, {(nowMs - limit.DeadlineMs) / 1000.0:0.0} s after the {GridClasses.Name(limit.Class)} cap of {limit.CapMw / 1000.0:0.0} W was due; allowed are {allowedMw / 1000.0:0.0} W.");
            }
        }

        return null;
    }

    private sealed record Limit(long CapMw, GridClass Class, long SinceMs, long DeadlineMs, bool Ordered);
}
