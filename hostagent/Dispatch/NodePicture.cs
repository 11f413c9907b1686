using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>What holds at a node in the last decision, and why. Watts above standby unless named otherwise.</summary>
/// <param name="Cap">Cap of the node itself.</param>
/// <param name="DrawnW">Metered watts, or what stands for them, with base and standby.</param>
/// <param name="Quality">Where that comes from.</param>
/// <param name="Gain">Gain of the node's own meter, or null.</param>
/// <param name="UnsteeredW">Standby and boards that no order moves.</param>
/// <param name="FloorW">What no order moves, as the site's floor counts it: base, standby as the ladders say, boards outside the curve.</param>
/// <param name="OrderedW">Ordered watts.</param>
/// <param name="FullW">Watts with everything on.</param>
/// <param name="ExcessW">What suspects draw above their orders; it is taken from the node's other boards.</param>
/// <param name="MinHolds">Null without a minimum load; else whether the orders reach it.</param>
/// <param name="MinWhy">What wins over the minimum load, or null.</param>
public sealed record NodePicture(
    NodeCap Cap, double DrawnW, string Quality, double? Gain, double UnsteeredW, double FloorW, double OrderedW, double FullW, double ExcessW, bool? MinHolds, string? MinWhy);

/// <content>What holds where.</content>
public sealed partial class SiteDispatcher
{
    /// <summary>A node as the last decision saw it.</summary>
    public NodePicture PictureOf(LimitNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        FleetSums sums = _membership.Of(node);
        MeteredNode? metered = _context.Meters.Find(node);
        string? why = MinWhy(node, sums);
        return new NodePicture(
            _context.Limits.CapOf(node),
            metered?.Watts ?? node.BaseW + (sums.EstimateMw / 1000.0),
            metered?.Quality ?? "estimated: the sum of its boards",
            metered?.Gain.Gain,
            sums.UnsteeredMw / 1000.0,
            node.BaseW + ((sums.FixedMw + node.Pods.Sum(_context.Curve.StandbyOf)) / 1000.0),
            sums.OrderedMw / 1000.0,
            sums.FullMw / 1000.0,
            sums.ExcessMw / 1000.0,
            _context.Tree.HasMinimum(node) ? why is null : null,
            why);
    }

    // Caps win over minimum loads, and so does everything else that keeps boards down; it is named here.
    private string? MinWhy(LimitNode node, FleetSums sums)
    {
        long least = _budgets.All.TryGetValue(node, out NodeBudget? own) ? own.LeastMw : (long)((node.MinW - node.BaseW) * 1000) - sums.UnsteeredMw;
        if (!_context.Tree.HasMinimum(node) || sums.OrderedMw >= least)
        {
            return null;
        }

        if (own is not null && own.MostMw < least)
        {
            return own.Cap.Holds ? "Its own cap wins (" + own.Cap.Why + ")." : "Its watts come back by the rate that its limit names.";
        }

        if (sums.FullMw < least)
        {
            return "Its boards cannot draw that much now: they are away, not admitted, locked out or unsteered.";
        }

        for (LimitNode? above = node.Kind == NodeKind.Site ? node : node.Parent; above is not null; above = above.Parent)
        {
            if (_context.Limits.CapOf(above) is { Holds: true } cap)
            {
                return "The cap of " + above.Id + " wins (" + cap.Why + ").";
            }
        }

        return _solver.CeilingMjPerTh < int.MaxValue ? "The number that a price gives wins." : "Its watts are still coming back by the site's ramp.";
    }
}
