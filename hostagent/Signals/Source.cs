using System.Globalization;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Signals;

/// <summary>What all sources keep: when they spoke, what was refused, and which limits are theirs.</summary>
public abstract class Source : ISource
{
    private readonly string _kind;
    private DateTimeOffset? _heardUtc;
    private long _taken;
    private long _refused;
    private string _lastRefusal = "";

    /// <summary>Makes a source that has not spoken.</summary>
    protected Source(string id, string kind, DispatchContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Id = id;
        _kind = kind;
        Context = context;
        StartMs = context.Clock.NowMs;
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <summary>The host.</summary>
    protected DispatchContext Context { get; }

    /// <summary>Host's ms of the last word; null before the first of this run.</summary>
    protected long? HeardMs { get; private set; }

    /// <summary>Host's ms of the start: silence counts from here.</summary>
    protected long StartMs { get; private set; }

    /// <inheritdoc/>
    public virtual void Start(JournaledState journaled) => StartMs = Context.Clock.NowMs;

    /// <inheritdoc/>
    public abstract void Tick();

    /// <inheritdoc/>
    public abstract SourceView View();

    /// <inheritdoc/>
    public abstract SourceTest Test(ReadOnlyMemory<byte> body);

    /// <summary>Invariant text of a number, for reasons.</summary>
    protected static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Notes a word.</summary>
    protected void Hear(bool taken = true)
    {
        HeardMs = Context.Clock.NowMs;
        _heardUtc = Context.Clock.UtcNow;
        _taken += taken ? 1 : 0;
    }

    /// <summary>Notes a refusal; nothing else changes (S14, F7).</summary>
    protected void Refuse(string sentence)
    {
        _refused++;
        _lastRefusal = sentence;
    }

    /// <summary>True if it has been silent for longer than its freshness.</summary>
    protected bool IsStale(double freshS) => Context.Clock.NowMs - (HeardMs ?? StartMs) > freshS * 1000;

    /// <summary>Quality of a source that must speak within <paramref name="freshS"/>.</summary>
    protected string QualityWithin(double freshS) => IsStale(freshS) ? SourceQuality.Stale : HeardMs is null ? SourceQuality.Waiting : SourceQuality.Good;

    /// <summary>The part of the view that is the same for all.</summary>
    protected SourceView Common(string quality) => new()
    {
        Id = Id,
        Kind = _kind,
        Quality = quality,
        LastSpoke = _heardUtc,
        AgeMs = HeardMs is { } at ? Context.Clock.NowMs - at : null,
        Taken = _taken,
        Refused = _refused,
        LastRefusal = _lastRefusal,
    };

    /// <summary>Adds the smallest limit that is in force for this source's name.</summary>
    protected SourceView WithLimits(SourceView view, Func<ActiveLimit, bool> mine)
    {
        ActiveLimit? least = Context.Limits.All.Where(l => l.State == EventState.Active && mine(l)).MinBy(l => l.LimitW);
        ActiveLimit? next = Context.Limits.All.Where(l => l.State == EventState.Scheduled && mine(l)).MinBy(l => l.Entry.StartUtcMs);
        return view with
        {
            Node = least?.Node.Id ?? view.Node,
            AsksW = least?.LimitW,
            Why = least is null ? "asks nothing now" : "limit " + least.Entry.Id + (least.Entry.Reason.Length > 0 ? ": " + least.Entry.Reason : ""),
            NextChange = least?.Entry.EndUtcMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end)
                : next is not null ? DateTimeOffset.FromUnixTimeMilliseconds(next.Entry.StartUtcMs) : null,
        };
    }

    /// <summary>Watts for sentences, W.</summary>
    protected static string Watts(double w) => w.ToString("0.#", CultureInfo.InvariantCulture) + " W";
}
