using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Works out caps, ramps and minimum loads of the nodes below the site for one decision, each with the gain of its own meter. A node
/// without a meter goes by its boards' sum, and not below the site's gain: what the site's meter sees may be in any pod.
/// </summary>
internal sealed class NodeBudgets(DispatchContext context, Membership membership, RampBudget ramps)
{
    private const double FallBand = 0.003;

    private readonly Dictionary<LimitNode, NodeBudget> _nodes = [];

    internal IReadOnlyDictionary<LimitNode, NodeBudget> All => _nodes;

    /// <param name="siteGain">Gain of the site.</param>
    /// <param name="resolve">True: a limit changed, so nothing is too small to correct.</param>
    internal void Set(double siteGain, bool resolve)
    {
        _nodes.Clear();
        Dictionary<LimitNode, long> spared = Spared();
        foreach (LimitNode node in context.Tree.Groups)
        {
            if (node.Kind == NodeKind.Site)
            {
                continue;
            }

            NodeCap cap = context.Limits.CapOf(node);
            if (!cap.Holds && !context.Tree.HasMinimum(node) && ramps.TokensOf(node) is null && !spared.ContainsKey(node))
            {
                continue;
            }

            FleetSums sums = membership.Of(node);
            NodeBudget budget = new() { Cap = cap };
            if (cap.Holds)
            {
                Cap(node, cap, sums, siteGain, resolve, budget);
            }

            if (ramps.TokensOf(node) is { } tokens)
            {
                budget.MostMw = Math.Min(budget.MostMw, sums.OrderedMw + tokens);
            }

            budget.LeastMw = Math.Max(spared.GetValueOrDefault(node), Math.Max(LeastForNode(node, sums, siteGain), LeastForBoards(node)));
            _nodes[node] = budget;
        }
    }

    /// <summary>True if the present orders put a node over its cap.</summary>
    internal bool PresentOrdersViolate()
    {
        foreach ((LimitNode node, NodeBudget budget) in _nodes)
        {
            if (budget.MostMw < long.MaxValue && AskedMw(node) > Math.Max(0, budget.MostMw))
            {
                return true;
            }
        }

        return false;
    }

    private void Cap(LimitNode node, NodeCap cap, FleetSums sums, double siteGain, bool resolve, NodeBudget budget)
    {
        MeteredNode own = context.Meters.Of(node);
        double gain = own.Meter is not null && own.Fresh ? own.Gain.Gain : Math.Max(Math.Max(own.Gain.Gain, siteGain), own.Fresh ? 0 : 1);
        double room = (0.99 * cap.W * 1000) - (own.BaseW * 1000) - sums.UnsteeredMw - sums.ExcessMw;
        long most = (long)sums.Fits(room, gain, resolve);
        // Step 8: an excess within the band stays, also when somebody else's rise has all orders worked out anew.
        long asked = AskedMw(node);
        bool waits = !resolve && own.Watts <= cap.W && most >= 0 && asked > most && asked - most < FallBand * sums.FullMw;
        budget.MostMw = waits ? asked : most;
        if (cap.Limit is not null)
        {
            cap.Limit.Unreachable = room < 0;
        }
    }

    // What the present orders ask of a node.
    private long AskedMw(LimitNode node) => node.Pods.Sum(p => p.HasOrder ? context.Curve.AskedMw(p, p.Limit, p.Share) : 0);

    // A pod that an operator took out of an event keeps what its number before the event asks, as a minimum that its neighbours pay for;
    // it comes back to that no faster than the site may rise. Nobody is spared from an emergency.
    private Dictionary<LimitNode, long> Spared()
    {
        Dictionary<LimitNode, long> least = [];
        foreach ((PodRecord pod, Events.PodNumber number) in context.Events.Spared())
        {
            LimitNode node = context.Tree.Of(pod);
            if (!context.Limits.IsEmergency(node))
            {
                least[node] = Math.Min(context.Curve.AskedMw(pod, number.Limit, number.Share), membership.Of(node).OrderedMw + Math.Max(0, ramps.SiteMw));
            }
        }

        return least;
    }

    private long LeastForNode(LimitNode node, FleetSums sums, double siteGain)
    {
        double gain = Math.Min(1, context.Meters.Find(node) is { } own ? own.Gain.Gain : siteGain);
        double leastMw = ((node.MinW - node.BaseW) * 1000) - sums.UnsteeredMw;
        return leastMw > 0 ? (long)(leastMw / gain) : 0;
    }

    // A board's minimum needs the number at which it takes that point; its pod gets what that number asks.
    private long LeastForBoards(LimitNode node)
    {
        long least = 0;
        foreach ((BoardRecord board, double minW) in context.Tree.BoardMinimums(node))
        {
            if (!board.InCurve || !board.Online || board.AgreedLadder is not { HullCount: > 1 } ladder)
            {
                continue;
            }

            int k = 1;
            while (k < ladder.HullCount - 1 && ladder.PowerMw(ladder.HullPoint(k)) < minW * 1000)
            {
                k++;
            }

            ulong key = PodCurve.Key(ladder.CostMjPerTh(k), board.RankAtZero - context.Salt) + 1;
            least = Math.Max(least, context.Curve.AskedMw(node.Pods[0], (int)(key >> 32), (uint)key));
        }

        return least;
    }
}
