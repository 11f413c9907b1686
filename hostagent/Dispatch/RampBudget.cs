using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Watts that may still rise now: for the site, and for every node whose limit names a `rampUpWPerS` of its own. A limit's rate holds
/// while it is active and while its watts come back; of several the slowest holds.
/// </summary>
internal sealed class RampBudget(DispatchContext context)
{
    private const long BurstMs = 5000;

    private readonly Dictionary<LimitNode, double> _tokensMw = [];

    /// <summary>Rate of the site now, W/s.</summary>
    internal double SiteWPerS => Math.Min(context.RampUpWPerS, RateOf(context.Tree.Site) ?? double.PositiveInfinity);

    /// <summary>Forgets what was saved up.</summary>
    internal void Clear() => _tokensMw.Clear();

    /// <summary>Time passed.</summary>
    internal void Step(long dtMs)
    {
        Grow(context.Tree.Site, SiteWPerS, dtMs);
        HashSet<LimitNode> named = [];
        foreach (ActiveLimit limit in context.Limits.Open)
        {
            if (Counts(limit) && limit.Node.Kind is NodeKind.Feeder or NodeKind.Pod && named.Add(limit.Node))
            {
                Grow(limit.Node, RateOf(limit.Node)!.Value, dtMs);
            }
        }

        foreach (LimitNode node in _tokensMw.Keys.Where(n => n.Kind != NodeKind.Site && !named.Contains(n)).ToList())
        {
            _tokensMw.Remove(node);
        }
    }

    /// <summary>What the site may rise, mW.</summary>
    internal long SiteMw => TokensOf(context.Tree.Site) ?? 0;

    /// <summary>What a node may rise, mW; null if it has no rate of its own.</summary>
    internal long? TokensOf(LimitNode node) => _tokensMw.TryGetValue(node, out double tokens) ? (long)tokens : null;

    /// <summary>Takes what orders granted a pod.</summary>
    internal void Spend(PodRecord pod, long mw)
    {
        for (LimitNode? node = context.Tree.Of(pod); node is not null; node = node.Parent)
        {
            if (_tokensMw.TryGetValue(node, out double tokens))
            {
                _tokensMw[node] = tokens - mw;
            }
        }
    }

    /// <summary>True if a pod may rise by so much.</summary>
    internal bool Allows(PodRecord pod, long mw)
    {
        for (LimitNode? node = context.Tree.Of(pod); node is not null; node = node.Parent)
        {
            if (_tokensMw.TryGetValue(node, out double tokens) && tokens < mw)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Counts(ActiveLimit limit) => limit.State is EventState.Active or EventState.Restoring && limit.Entry.RampUpWPerS is not null;

    private double? RateOf(LimitNode node)
    {
        double? rate = null;
        foreach (ActiveLimit limit in context.Limits.Open)
        {
            if (limit.Node == node && Counts(limit))
            {
                rate = Math.Min(rate ?? double.PositiveInfinity, limit.Entry.RampUpWPerS!.Value);
            }
        }

        return rate;
    }

    // Enough must come together for the largest board, or it would never be admitted.
    private void Grow(LimitNode node, double wPerS, long dtMs)
        => _tokensMw[node] = Math.Min(_tokensMw.GetValueOrDefault(node) + (wPerS * dtMs), Math.Max(wPerS * BurstMs, context.Curve.LargestBoardMw * 1.1));
}
