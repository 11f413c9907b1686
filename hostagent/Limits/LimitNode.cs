using Ballast.Host.Fleet;

namespace Ballast.Host.Limits;

/// <summary>What a limit can hold for.</summary>
public enum NodeKind
{
    /// <summary>The whole site.</summary>
    Site,

    /// <summary>A feeder.</summary>
    Feeder,

    /// <summary>A pod.</summary>
    Pod,

    /// <summary>A board.</summary>
    Board,
}

/// <summary>A node of the tree site → feeder → pod → board. A child's watts count for its parents too.</summary>
public sealed class LimitNode
{
    internal LimitNode(NodeKind kind, string id, LimitNode? parent, double? lastingCapW)
    {
        Kind = kind;
        Id = id;
        Parent = parent;
        LastingCapW = lastingCapW;
    }

    /// <summary>Kind.</summary>
    public NodeKind Kind { get; }

    /// <summary>"site", a feeder's or pod's id, or "pod/board".</summary>
    public string Id { get; }

    /// <summary>The node above, null for the site.</summary>
    public LimitNode? Parent { get; }

    /// <summary>Cap that always holds, W, or null.</summary>
    public double? LastingCapW { get; }

    /// <summary>
    /// Load that the node should not go below, W; 0 is none. It decides how watts are shared under a cap: a node below it takes from its
    /// neighbours. It never adds watts: caps on the node or above it win, and so do emergencies, numbers and boards that are not there.
    /// </summary>
    public double MinW { get; init; }

    /// <summary>Load behind the node that is not boards, W; part of the site's.</summary>
    public double BaseW { get; init; }

    /// <summary>Children other than boards.</summary>
    public IReadOnlyList<LimitNode> Children => ChildList;

    internal List<LimitNode> ChildList { get; } = [];

    /// <summary>Pods at or below this node; empty for a board.</summary>
    internal List<PodRecord> Pods { get; } = [];

    /// <summary>The board, for a board's node.</summary>
    internal BoardRecord? Board { get; init; }
}
