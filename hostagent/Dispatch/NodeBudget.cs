using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>What holds for a node below the site in one decision, mW above standby.</summary>
internal sealed class NodeBudget
{
    /// <summary>Cap of the node; does not hold if only a ramp or a minimum does.</summary>
    internal NodeCap Cap { get; init; }

    /// <summary>Most that its boards may be ordered; negative is out of reach.</summary>
    internal long MostMw { get; set; } = long.MaxValue;

    /// <summary>Least that they should be ordered; 0 is none. Caps, ramps and numbers win over it.</summary>
    internal long LeastMw { get; set; }
}
