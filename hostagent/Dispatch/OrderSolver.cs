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
/// subtracted, and the rest is solved again until none binds.
/// </summary>
internal sealed class OrderSolver(DispatchContext context)
{
    private readonly Dictionary<LimitNode, (NodeCap Cap, long BudgetMw)> _capped = [];

    internal PodTarget[] Targets { get; } = new PodTarget[context.Fleet.Pods.Count];

    /// <summary>Watts above standby that the targets ask, mW.</summary>
    internal long AskedMw { get; private set; }

    /// <summary>Highest number that any order may have (step 11), mJ/TH; 2^31−1 asks nothing.</summary>
    internal int CeilingMjPerTh { get; private set; } = int.MaxValue;

    /// <summary>Watts above standby that all pods would draw at the ceiling, mW.</summary>
    internal long CeilingMw => CeilingMjPerTh == int.MaxValue ? long.MaxValue / 4 : context.Fleet.Pods.Sum(p => context.Curve.AskedMw(p, CeilingMjPerTh, 0));

    /// <summary>Takes the lowest number that anybody gives.</summary>
    internal void SetCeiling() => CeilingMjPerTh = context.Numbers.Count == 0 ? int.MaxValue : Math.Max(0, context.Numbers.Min(n => n.CeilingMjPerTh));

    /// <summary>Notes which nodes below the site are capped, and what that leaves for their boards above standby.</summary>
    /// <param name="unsteeredMw">Watts of a node's boards that its orders do not move, mW.</param>
    /// <param name="gain">Gain to divide by.</param>
    internal void SetCaps(Func<LimitNode, long> unsteeredMw, double gain)
    {
        _capped.Clear();
        foreach (LimitNode node in context.Tree.Groups)
        {
            if (node.Kind == NodeKind.Site)
            {
                continue;
            }

            NodeCap cap = context.Limits.CapOf(node);
            if (cap.Holds)
            {
                long budget = (long)(((0.99 * cap.W * 1000) - unsteeredMw(node)) / gain);
                _capped[node] = (cap, budget);
                if (cap.Limit is not null)
                {
                    cap.Limit.Unreachable = budget < 0;
                }
            }
        }
    }

    /// <summary>True if the present orders put a capped node below the site over its cap, or are above the number.</summary>
    internal bool PresentOrdersViolate()
        => context.Fleet.Pods.Any(p => p.HasOrder && IsAboveCeiling(p.Limit, p.Share)) || _capped.Any(c => c.Key.Pods.Sum(p => context.Curve.AskedMw(p, p.Limit, p.Share)) > Math.Max(0, c.Value.BudgetMw));

    /// <summary>Finds all pods' orders for a site budget above standby.</summary>
    internal void Solve(long budgetMw, NodeCap siteCap)
    {
        AskedMw = 0;
        Solve(context.Tree.Site, budgetMw, siteCap);
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            // Step 11: the final order is the lower one. What it takes from a pod is not given to another, which would pay no better.
            PodTarget target = Targets[pod.Index];
            if (IsAboveCeiling(target.Limit, target.Share))
            {
                AskedMw -= context.Curve.AskedMw(pod, target.Limit, target.Share) - context.Curve.AskedMw(pod, CeilingMjPerTh, 0);
                Targets[pod.Index] = new PodTarget(CeilingMjPerTh, 0, new NodeCap(double.PositiveInfinity, OrderClass.Economic, null));
            }
        }
    }

    private bool IsAboveCeiling(int limit, uint share) => CeilingMjPerTh != int.MaxValue && PodTarget.Compare(limit, share, CeilingMjPerTh, 0) > 0;

    private void Solve(LimitNode node, long budgetMw, NodeCap cap)
    {
        List<PodRecord> rest = [.. node.Pods];
        long room = budgetMw;
        while (true)
        {
            (int limit, uint share) = context.Curve.Solve(rest, room, out long asked);
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
            long again = Taken(over, rest);
            AskedMw -= again;
            room += again;
            (NodeCap childCap, long childBudget) = _capped[over];
            long before = AskedMw;
            Solve(over, Math.Min(childBudget, Math.Max(room, -1)), childCap);
            room = Math.Max(room < 0 ? room : 0, room - (AskedMw - before));
            rest.RemoveAll(over.Pods.Contains);
            if (rest.Count == 0)
            {
                return;
            }
        }
    }

    private long Taken(LimitNode node, List<PodRecord> rest)
    {
        long sum = 0;
        foreach (PodRecord pod in node.Pods)
        {
            sum += rest.Contains(pod) ? 0 : context.Curve.AskedMw(pod, Targets[pod.Index].Limit, Targets[pod.Index].Share);
        }

        return sum;
    }

    private LimitNode? FirstOver(LimitNode node, List<PodRecord> rest, int limit, uint share)
    {
        foreach (LimitNode child in node.Children)
        {
            if (_capped.TryGetValue(child, out (NodeCap Cap, long BudgetMw) own))
            {
                // A pod that was taken out is held by its own cap and its target; the others follow this order.
                long asked = child.Pods.Sum(p => rest.Contains(p)
                    ? context.Curve.AskedMw(p, limit, share)
                    : context.Curve.AskedMw(p, Targets[p.Index].Limit, Targets[p.Index].Share));
                if (asked > Math.Max(0, own.BudgetMw) && child.Pods.Any(rest.Contains))
                {
                    return child;
                }

                if (own.BudgetMw < 0 && (limit, share) != (0, 0u) && child.Pods.Any(rest.Contains))
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
