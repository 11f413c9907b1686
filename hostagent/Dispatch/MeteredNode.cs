using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>
/// STATE per metered node of control.md: its meter, its gain, and whether meter and boards agree. A capped node without a meter has one
/// too: the sum of its boards' estimates stands for the meter, labelled.
/// </summary>
public sealed class MeteredNode
{
    private const long DisagreeMs = 30_000;

    private long _disagreeSinceMs = long.MaxValue;

    internal MeteredNode(LimitNode node, SiteMeter? meter, double baseW)
    {
        Node = node;
        Meter = meter;
        BaseW = baseW;
    }

    /// <summary>The node.</summary>
    public LimitNode Node { get; }

    /// <summary>Its meter, or null: the boards' sum stands for it.</summary>
    public SiteMeter? Meter { get; }

    /// <summary>Metered load behind it that is not boards, W.</summary>
    public double BaseW { get; }

    /// <summary>Its gain.</summary>
    public GainLoop Gain { get; } = new();

    /// <summary>Watts to go by, W.</summary>
    public double Watts { get; private set; }

    /// <summary>False: its configured meter is silent, and the boards' sum stands for it, for falls only (S17).</summary>
    public bool Fresh { get; private set; }

    /// <summary>What the page says about <see cref="Watts"/>.</summary>
    public string Quality => Meter is null ? "estimated: no meter is configured" : Fresh ? "metered" : "stale: the boards' sum stands for it";

    // The larger of meter and boards is used when they disagree for long (F25).
    internal void Read(AlarmBook alarms, long estimateMw, long nowMs)
    {
        double estimate = BaseW + (estimateMw / 1000.0);
        Watts = estimate;
        Fresh = true;
        if (Meter is null)
        {
            return;
        }

        string subject = Node.Kind == NodeKind.Site ? "" : Node.Id;
        string what = Node.Kind == NodeKind.Site ? "The site meter" : "The meter of " + Node.Id;
        Fresh = Meter.IsFresh(nowMs);
        alarms.Set(!Fresh, "meter-stale", what + " is silent or implausible: power may only fall until it is back. Check the meter gateway.", subject);
        if (!Fresh)
        {
            _disagreeSinceMs = long.MaxValue;
            return;
        }

        double metered = Meter.Watts;
        bool differs = Math.Abs(metered - estimate) > 0.05 * Math.Max(metered, estimate);
        _disagreeSinceMs = differs ? Math.Min(_disagreeSinceMs, nowMs) : long.MaxValue;
        bool alarm = differs && nowMs - _disagreeSinceMs >= DisagreeMs;
        alarms.Set(alarm, "meter-differs", what + " and its boards differ by more than 5 % for 30 s: the larger value is used. Check meter, baseW and the boards' sensors.", subject);
        Watts = alarm ? Math.Max(metered, estimate) : metered;
    }
}
