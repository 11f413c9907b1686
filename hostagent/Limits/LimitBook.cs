using Ballast.Wire;

namespace Ballast.Host.Limits;

/// <summary>The cap of a node now, and why.</summary>
/// <param name="W">Watts; +∞ if nothing limits the node.</param>
/// <param name="Class">Class of what binds.</param>
/// <param name="Limit">The limit that binds, or null: the lasting cap or nothing.</param>
public readonly record struct NodeCap(double W, OrderClass Class, ActiveLimit? Limit)
{
    /// <summary>The standing cap that binds, or null.</summary>
    public StandingCap? Standing { get; init; }

    /// <summary>True if anything limits the node.</summary>
    public bool Holds => W < double.PositiveInfinity;

    /// <summary>A sentence: what makes the cap.</summary>
    public string Why => !Holds ? "nothing limits it"
        : Limit is { } limit ? (limit.Entry.Test ? "TEST: " : "") + "limit " + limit.Entry.Id + " of " + limit.Entry.Source + (limit.Entry.Reason.Length > 0 ? ": " + limit.Entry.Reason : "")
        : Standing is { } standing ? standing.Source + ": " + standing.Why : "lasting limit of the configuration";
}

/// <summary>All limits and what they make together: the smallest wins (S12).</summary>
public sealed class LimitBook
{
    /// <summary>Most limits that may be open at once; emergencies may be twice as many.</summary>
    public const int MostOpen = 1000;

    private const int EndedKept = 500;

    private readonly List<ActiveLimit> _limits = [];
    private readonly Dictionary<string, StandingCap> _standing = [];
    private long _nextChangeUtcMs = long.MinValue;

    /// <summary>All limits of this run, ended ones included until they are forgotten.</summary>
    public IReadOnlyList<ActiveLimit> All => _limits;

    /// <summary>What sources that speak all the time ask now.</summary>
    public IReadOnlyCollection<StandingCap> Standing => _standing.Values;

    /// <summary>Replaces what a source asks; null asks nothing any more.</summary>
    public void SetStanding(string source, StandingCap? cap)
    {
        if (cap is null)
        {
            _standing.Remove(source);
        }
        else
        {
            _standing[source] = cap;
        }
    }

    /// <summary>Those that hold or will.</summary>
    public IEnumerable<ActiveLimit> Open => _limits.Where(l => l.IsOpen);

    /// <summary>Finds one by source and id.</summary>
    public ActiveLimit? Find(string source, string id) => _limits.LastOrDefault(l => l.Entry.Source == source && l.Entry.Id == id);

    /// <summary>Finds one by id alone, the newest first.</summary>
    public ActiveLimit? Find(string id) => _limits.LastOrDefault(l => l.Entry.Id == id);

    /// <summary>Adds a limit. One with the same source and id that is still open is superseded.</summary>
    /// <returns>The superseded one, or null.</returns>
    public ActiveLimit? Add(ActiveLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ActiveLimit? old = Open.LastOrDefault(l => l.Entry.Source == limit.Entry.Source && l.Entry.Id == limit.Entry.Id);
        old?.Go(EventState.Superseded);

        _limits.Add(limit);
        _nextChangeUtcMs = long.MinValue;
        if (_limits.Count > EndedKept + _limits.Count(l => l.IsOpen))
        {
            _limits.RemoveAll(l => !l.IsOpen);
        }

        return old;
    }

    /// <summary>True if one more limit of this source and id would be too many: what somebody sets by the thousand must not fill the memory.</summary>
    internal bool IsFull(string source, string id, OrderClass orderClass)
        => _limits.Count >= MostOpen && Open.Count() >= (orderClass == OrderClass.Emergency ? 2 * MostOpen : MostOpen)
            && Open.LastOrDefault(l => l.Entry.Source == source && l.Entry.Id == id) is null;

    /// <summary>Looks at what would be if one more limit held, and takes it out again. The one that it would replace is hidden meanwhile.</summary>
    internal T With<T>(ActiveLimit trial, Func<T> look)
    {
        ActiveLimit? old = Open.LastOrDefault(l => l.Entry.Source == trial.Entry.Source && l.Entry.Id == trial.Entry.Id);
        int at = old is null ? _limits.Count : _limits.IndexOf(old);
        if (old is null)
        {
            _limits.Add(trial);
        }
        else
        {
            _limits[at] = trial;
        }

        try
        {
            return look();
        }
        finally
        {
            if (old is null)
            {
                _limits.RemoveAt(at);
            }
            else
            {
                _limits[at] = old;
            }
        }
    }

    /// <summary>The smallest active limit on a node itself, not its parents.</summary>
    public NodeCap CapOf(LimitNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        NodeCap cap = node.LastingCapW is { } lasting ? new NodeCap(lasting, OrderClass.Reliability, null) : new NodeCap(double.PositiveInfinity, OrderClass.Economic, null);
        foreach (ActiveLimit limit in _limits)
        {
            if (limit.State == EventState.Active && limit.Node == node
                && (limit.LimitW < cap.W || (limit.LimitW == cap.W && limit.Class > cap.Class)))
            {
                cap = new NodeCap(limit.LimitW, limit.Class, limit);
            }
        }

        foreach (StandingCap standing in _standing.Values)
        {
            if (standing.Node == node && standing.W < cap.W)
            {
                cap = new NodeCap(standing.W, standing.Class, null) { Standing = standing };
            }
        }

        return cap;
    }

    /// <summary>True if an emergency holds on the node or above it; then nothing below rises.</summary>
    public bool IsEmergency(LimitNode node)
    {
        for (LimitNode? at = node; at is not null; at = at.Parent)
        {
            foreach (ActiveLimit limit in _limits)
            {
                if (limit.State == EventState.Active && limit.Class == OrderClass.Emergency && limit.Node == at)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Starts and ends limits by the wall clock.</summary>
    /// <returns>Those that changed.</returns>
    internal List<ActiveLimit> Advance(long utcMs)
    {
        if (utcMs < _nextChangeUtcMs)
        {
            return [];
        }

        _nextChangeUtcMs = long.MaxValue;
        List<ActiveLimit> changed = [];
        foreach (ActiveLimit limit in _limits)
        {
            bool starts = limit.State == EventState.Scheduled && utcMs >= limit.Entry.StartUtcMs && limit.Go(EventState.Active);
            bool ends = limit.State == EventState.Active && limit.Entry.EndUtcMs is { } end && utcMs >= end && limit.Go(EventState.Restoring);
            if (ends)
            {
                limit.Entry = limit.Entry with { EndedBy = limit.Entry.EndedBy ?? "its duration is over" };
            }

            if (starts || ends)
            {
                changed.Add(limit);
            }

            _nextChangeUtcMs = Math.Min(_nextChangeUtcMs, limit.State switch
            {
                EventState.Scheduled => limit.Entry.StartUtcMs,
                EventState.Active => limit.Entry.EndUtcMs ?? long.MaxValue,
                _ => long.MaxValue,
            });
        }

        return changed;
    }
}
