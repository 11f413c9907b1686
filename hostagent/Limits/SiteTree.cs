using Ballast.Host.Fleet;
using Ballast.Host.Options;

namespace Ballast.Host.Limits;

/// <summary>The nodes of a site. Board nodes are made when a limit first names them.</summary>
public sealed class SiteTree
{
    private readonly FleetBook _fleet;
    private readonly Dictionary<string, LimitNode> _nodes = [];
    private readonly List<LimitNode> _cappedBoards = [];
    private readonly LimitNode[] _ofPod;
    private readonly Dictionary<LimitNode, List<(BoardRecord Board, double MinW)>> _boardMinimums = [];

    /// <summary>Builds the tree of a configuration.</summary>
    public SiteTree(SiteOptions options, FleetBook fleet)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fleet);
        _fleet = fleet;
        Site = new LimitNode(NodeKind.Site, "site", null, options.CapW) { MinW = options.MinW, BaseW = options.BaseW };
        Site.Pods.AddRange(fleet.Pods);
        _nodes[Site.Id] = Site;
        _ofPod = new LimitNode[fleet.Pods.Count];
        Dictionary<string, LimitNode> feederOf = [];
        foreach (FeederSection section in options.Feeders)
        {
            LimitNode feeder = new(NodeKind.Feeder, section.Id, Site, section.CapW)
            {
                MinW = section.MinW,
                BaseW = options.Pods.Where(p => section.Pods.Contains(p.Id)).Sum(p => p.BaseW),
            };
            Site.ChildList.Add(feeder);
            _nodes[feeder.Id] = feeder;
            foreach (string pod in section.Pods)
            {
                feederOf[pod] = feeder;
                feeder.Pods.Add(fleet.FindPod(pod)!);
            }
        }

        foreach (PodSection section in options.Pods)
        {
            LimitNode parent = feederOf.GetValueOrDefault(section.Id, Site);
            LimitNode pod = new(NodeKind.Pod, section.Id, parent, section.CapW) { MinW = section.MinW, BaseW = section.BaseW };
            pod.Pods.Add(fleet.FindPod(section.Id)!);
            parent.ChildList.Add(pod);
            _nodes[pod.Id] = pod;
            _ofPod[pod.Pods[0].Index] = pod;
            foreach (BoardSection board in section.Boards.Where(b => b.CapW is not null || b.MinW > 0))
            {
                AddBoard(pod, board);
            }
        }
    }

    /// <summary>The root.</summary>
    public LimitNode Site { get; }

    /// <summary>All nodes but boards, parents before children.</summary>
    public IEnumerable<LimitNode> Groups => _nodes.Values.Where(n => n.Kind != NodeKind.Board);

    /// <summary>Boards with a lasting cap.</summary>
    public IReadOnlyList<LimitNode> CappedBoards => _cappedBoards;

    /// <summary>True if the node, or a board of this pod, has a minimum load.</summary>
    public bool HasMinimum(LimitNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.MinW > 0 || _boardMinimums.ContainsKey(node);
    }

    /// <summary>Boards of a pod with a minimum load, W.</summary>
    internal IReadOnlyList<(BoardRecord Board, double MinW)> BoardMinimums(LimitNode pod) => _boardMinimums.GetValueOrDefault(pod) ?? [];

    /// <summary>A pod's node.</summary>
    public LimitNode Of(PodRecord pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return _ofPod[pod.Index];
    }

    /// <summary>Finds a node by "site", the site's own id, a feeder, a pod or "pod/board".</summary>
    public LimitNode? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id == _fleet.Site)
        {
            return Site;
        }

        if (_nodes.TryGetValue(id, out LimitNode? node))
        {
            return node;
        }

        if (_fleet.Find(id) is not { } board)
        {
            return null;
        }

        node = new LimitNode(NodeKind.Board, id, _nodes[board.Pod.Id], null) { Board = board };
        _nodes[id] = node;
        return node;
    }

    private void AddBoard(LimitNode pod, BoardSection section)
    {
        string id = pod.Id + "/" + section.Id;
        LimitNode node = new(NodeKind.Board, id, pod, section.CapW) { Board = _fleet.Find(id), MinW = section.MinW };
        _nodes[id] = node;
        if (section.CapW is not null)
        {
            _cappedBoards.Add(node);
        }

        if (section.MinW > 0)
        {
            if (!_boardMinimums.TryGetValue(pod, out List<(BoardRecord, double)>? known))
            {
                _boardMinimums[pod] = known = [];
            }

            known.Add((node.Board!, section.MinW));
        }
    }
}
