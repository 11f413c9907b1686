using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Host.Options;

namespace Ballast.Host.Dispatch;

/// <summary>All nodes with a gain of their own: the site, pods with a meter, and nodes below the site that are capped.</summary>
public sealed class MeterBook
{
    private readonly SiteTree _tree;
    private readonly Dictionary<LimitNode, MeteredNode> _nodes = [];

    /// <summary>Makes the nodes of the configured meters.</summary>
    public MeterBook(SiteOptions options, SiteTree tree)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tree);
        _tree = tree;
        SiteMeter = new SiteMeter();
        Site = new MeteredNode(tree.Site, options.Meter.Configured ? SiteMeter : null, options.BaseW);
        _nodes[tree.Site] = Site;
        foreach (PodSection pod in options.Pods.Where(p => p.Metered))
        {
            LimitNode node = tree.Find(pod.Id)!;
            _nodes[node] = new MeteredNode(node, new SiteMeter(), pod.BaseW);
        }
    }

    /// <summary>The site.</summary>
    public MeteredNode Site { get; }

    /// <summary>The site's meter, whether it is configured or not.</summary>
    public SiteMeter SiteMeter { get; }

    /// <summary>All with a state.</summary>
    public IReadOnlyCollection<MeteredNode> All => _nodes.Values;

    /// <summary>A node's, made when a cap first needs it.</summary>
    public MeteredNode Of(LimitNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!_nodes.TryGetValue(node, out MeteredNode? known))
        {
            _nodes[node] = known = new MeteredNode(node, null, node.BaseW);
        }

        return known;
    }

    /// <summary>A node's, or null.</summary>
    public MeteredNode? Find(LimitNode node) => _nodes.GetValueOrDefault(node);

    /// <summary>A reading on `{pod}/meter`. False if that pod has no meter in the configuration, or the reading is refused (S14).</summary>
    public bool Take(string pod, ReadOnlySpan<byte> json, long nowMs)
        => _tree.Find(pod) is { Kind: NodeKind.Pod } node && Find(node) is { Meter: { } meter } own
            && meter.Take(json, nowMs, (node.Pods[0].BoardList.Sum(b => b.NameplateMw) / 1000.0 * 1.2) + own.BaseW);

    /// <summary>The smallest metered node that a board hangs on: what a breaker would be asked for.</summary>
    public LimitNode SmallestMetered(BoardRecord board)
    {
        ArgumentNullException.ThrowIfNull(board);
        LimitNode node = _tree.Of(board.Pod);
        return Find(node) is { Meter: not null } ? node : _tree.Site;
    }
}
