using Ballast.Wire;

namespace Ballast.Host.Limits;

/// <summary>
/// What a source that speaks all the time asks of a node: a surplus, a temperature. It replaces itself without being an event each time,
/// and it combines with all limits by the smallest (S12).
/// </summary>
/// <param name="Source">Who asks.</param>
/// <param name="Node">Where.</param>
/// <param name="W">Watts, 0 or more.</param>
/// <param name="Class">How fast the watts go when it falls; not emergency, which needs a limit with a record.</param>
/// <param name="Why">For people.</param>
public sealed record StandingCap(string Source, LimitNode Node, double W, OrderClass Class, string Why);
