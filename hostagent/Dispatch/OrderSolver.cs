using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>An order's content for one pod.</summary>
internal readonly record struct PodTarget(int Limit, uint Share, NodeCap Binding)
{
    internal static int Compare(int limitA, uint shareA, int limitB, uint shareB)
        => limitA != limitB ? limitA.CompareTo(limitB) : shareA.CompareTo(shareB);
}

/// <summary>
/// Step 7 of control.md, node caps from the top down: a child over its own cap is solved with its cap and taken out, its watts are
/// subtracted, and the rest is solved again until none binds. A node below its minimum load is given that first and the whole is solved
/// again; a minimum never adds watts to what a cap above or on it allows, it only takes them from its neighbours.
/// </summary>
internal sealed class OrderSolver(DispatchContext context, NodeBudgets budgets)
{
    private readonly HashSet<LimitNode> _pinned = [];

    internal PodTarget[] Targets { get; } = new PodTarget[context.Fleet.Pods.Count];

    /// <summary>Watts above standby that the targets ask, mW.</summary>
    internal long AskedMw { get; private set; }

    /// <summary>Highest number that any order may have (step 11), mJ/TH; 2^31−1 asks nothing.</summary>
    internal int CeilingMjPerTh { get; private set; } = int.MaxValue;

    /// <summary>Watts above standby that all pods would draw at the ceiling, mW.</summary>
    internal long CeilingMw => CeilingMjPerTh == int.MaxValue ? long.MaxValue / 4 : context.Fleet.Pods.Sum(p => context.Curve.AskedMw(p, CeilingMjPerTh, 0));

    /// <summary>Takes the lowest number that anybody gives.</summary>
    internal void SetCeiling() => CeilingMjPerTh = context.Numbers.Count == 0 ? int.MaxValue : Math.Max(0, context.Numbers.Min(n => n.CeilingMjPerTh));

    /// <summary>True if the present orders put a capped node below the site over its cap, or are above the number.</summary>
    internal bool PresentOrdersViolate()
        => context.Fleet.Pods.Any(p => p.HasOrder && IsAboveCeiling(p.Limit, p.Share)) || budgets.PresentOrdersViolate();

    /// <summary>Finds all pods' orders for a site budget above standby.</summary>
    internal void Solve(long budgetMw, NodeCap siteCap)
    {
        _pinned.Clear();
        do
        {
            AskedMw = 0;
            Solve(context.Tree.Site, budgetMw, 0, siteCap);
        }
        while (PinNext());

        foreach (PodRecord pod in context.Fleet.Pods)
        {
            // Step 11: the final order is the lower one. What it takes from a pod is not given to another, which would pay no better.
            PodTarget target = Targets[pod.Index];
            if (IsAboveCeiling(target.Limit, target.Share))
            {
                AskedMw -= Asked(pod) - context.Curve.AskedMw(pod, CeilingMjPerTh, 0);
                Targets[pod.Index] = new PodTarget(CeilingMjPerTh, 0, new NodeCap(double.PositiveInfinity, OrderClass.Economic, null));
            }
        }
    }

    private bool IsAboveCeiling(int limit, uint share) => CeilingMjPerTh != int.MaxValue && PodTarget.Compare(limit, share, CeilingMjPerTh, 0) > 0;

    private long Asked(PodRecord pod) => context.Curve.AskedMw(pod, Targets[pod.Index].Limit, Targets[pod.Index].Share);

    // A minimum that was given once stays given: each round pins one more node, so the rounds end.
    private bool PinNext()
    {
        foreach ((LimitNode node, NodeBudget own) in budgets.All)
        {
            if (own.LeastMw > 0 && !_pinned.Contains(node) && node.Pods.Sum(Asked) < own.LeastMw)
            {
                _pinned.Add(node);
                return true;
            }
        }

        return false;
    }

    private void Solve(LimitNode node, long budgetMw, long leastMw, NodeCap cap)
    {
        List<PodRecord> rest = [.. node.Pods];
        long room = SolvePinned(node, budgetMw, rest, cap);
        while (rest.Count > 0)
        {
            long least = leastMw - (budgetMw - room);
            (int limit, uint share) = least > 0
                ? context.Curve.SolveAtLeast(rest, least, room, out long asked)
                : context.Curve.Solve(rest, room, out asked);
            LimitNode? over = FirstOver(node, rest, limit, share);
            if (over is null)
            {
                foreach (PodRecord pod in rest)
                {
                    Targets[pod.Index] = new PodTarget(limit, share, cap);
                }

                AskedMw += asked;
                return;
            }

            // Pods of it that were taken out already are solved again with it.
            long again = over.Pods.Where(p => !rest.Contains(p)).Sum(Asked);
            AskedMw -= again;
            room = SolveChild(over, room + again, 0, cap);
            rest.RemoveAll(over.Pods.Contains);
        }
    }

    // Minimum loads come first, as far as the room goes.
    private long SolvePinned(LimitNode node, long roomMw, List<PodRecord> rest, NodeCap cap)
    {
        long room = roomMw;
        foreach (LimitNode child in node.Children)
        {
            if (_pinned.Contains(child))
            {
                room = SolveChild(child, room, budgets.All[child].LeastMw, cap);
                rest.RemoveAll(child.Pods.Contains);
            }
            else
            {
                // What is given to a grandchild counts for the child's own cap.
                long inner = budgets.All.TryGetValue(child, out NodeBudget? own) ? Math.Min(room, own.MostMw) : room;
                room -= inner - SolvePinned(child, inner, rest, cap);
            }
        }

        return room;
    }

    private long SolveChild(LimitNode child, long roomMw, long leastMw, NodeCap above)
    {
        NodeBudget own = budgets.All[child];
        long most = Math.Min(own.MostMw, Math.Max(roomMw, -1));
        long before = AskedMw;
        NodeCap binding = own.Cap.Holds && own.MostMw <= roomMw ? own.Cap : above;
        Solve(child, leastMw > 0 ? LeastOf(child, leastMw, most) : most, Math.Min(leastMw, Math.Max(most, 0)), binding);
        return Math.Max(roomMw < 0 ? roomMw : 0, roomMw - (AskedMw - before));
    }

    // The least budget that reaches the minimum: a number that asks just less would leave the node below it.
    private long LeastOf(LimitNode child, long leastMw, long mostMw)
    {
        if (mostMw <= leastMw)
        {
            return mostMw;
        }

        _ = context.Curve.SolveAtLeast(child.Pods, leastMw, mostMw, out long asked);
        return Math.Clamp(asked, leastMw, mostMw);
    }

    private LimitNode? FirstOver(LimitNode node, List<PodRecord> rest, int limit, uint share)
    {
        foreach (LimitNode child in node.Children)
        {
            if (!child.Pods.Any(rest.Contains))
            {
                continue;
            }

            if (budgets.All.TryGetValue(child, out NodeBudget? own) && own.MostMw < long.MaxValue)
            {
                // A pod that was taken out is held by its own cap and its target; the others follow this order.
                long asked = child.Pods.Sum(p => rest.Contains(p) ? context.Curve.AskedMw(p, limit, share) : Asked(p));
                if (asked > Math.Max(0, own.MostMw) || (own.MostMw < 0 && (limit, share) != (0, 0u)))
                {
                    return child;
                }
            }

            if (FirstOver(child, rest, limit, share) is { } below)
            {
                return below;
            }
        }

        return null;
    }
}
