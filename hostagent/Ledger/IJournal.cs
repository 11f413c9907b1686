using System.Text.Json.Serialization;
using Ballast.Wire;

namespace Ballast.Host.Ledger;

/// <summary>A pod's order as the journal keeps it.</summary>
public sealed record JournaledOrder(string Pod, uint Epoch, uint Seq, uint OrderId, OrderClass Class, int LimitMjPerTh, uint Share, uint Salt);

/// <summary>A limit as the journal keeps it. Times are UTC milliseconds.</summary>
public sealed record JournaledLimit
{
    /// <summary>Id that the source gave, or that the host drew.</summary>
    public required string Id { get; init; }

    /// <summary>Who set it.</summary>
    public required string Source { get; init; }

    /// <summary>Node that it holds for.</summary>
    public required string Node { get; init; }

    /// <summary>Class.</summary>
    public OrderClass Class { get; init; }

    /// <summary>Watts.</summary>
    public double LimitW { get; init; }

    /// <summary>Start.</summary>
    public long StartUtcMs { get; init; }

    /// <summary>End; null is until replaced or released.</summary>
    public long? EndUtcMs { get; init; }

    /// <summary>Rate of the rise after it, W/s; null is the site's.</summary>
    public double? RampUpWPerS { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When it was taken.</summary>
    public long CreatedUtcMs { get; init; }

    /// <summary>State of its event.</summary>
    public string State { get; init; } = "scheduled";

    /// <summary>Idempotency key of the request that made it, or null.</summary>
    public string? RequestKey { get; init; }

    /// <summary>SHA-256 of that request's body, hex, or null.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Id of its event, never used again; a limit that replaces another of the same id is another event.</summary>
    public required string EventId { get; init; }

    /// <summary>True for a drill.</summary>
    public bool Test { get; init; }

    /// <summary>Response profile that it was set by, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>What ended it and why; null while it holds.</summary>
    public string? EndedBy { get; init; }

    /// <summary>The event's record as JSON, as it stood at this write; "" keeps what the journal has.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string Record { get; init; } = "";
}

/// <summary>What a host finds when it starts.</summary>
public sealed record JournaledState
{
    /// <summary>Highest epoch that this store has led with.</summary>
    public uint Epoch { get; init; }

    /// <summary>Last <c>sent</c> that was journaled, ms.</summary>
    public long SentMs { get; init; }

    /// <summary>Gain at that time.</summary>
    public double Gain { get; init; } = 1.10;

    /// <summary>True if no order was ever journaled.</summary>
    public bool IsEmpty => Orders.Count == 0;

    /// <summary>Last order per pod.</summary>
    public IReadOnlyList<JournaledOrder> Orders { get; init; } = [];

    /// <summary>All limits that were not at their end.</summary>
    public IReadOnlyList<JournaledLimit> Limits { get; init; } = [];

    /// <summary>powerW orders to single boards that hold, by "pod/board".</summary>
    public IReadOnlyDictionary<string, int> BoardPowerW { get; init; } = new Dictionary<string, int>();

    /// <summary>Named values: `hold`, and `seq/{source}/{kid}`.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Where what must survive a crash is kept. Every write is on the disk when it returns true; false means that it is not, and the
/// caller raises nothing (S19). No method throws.
/// </summary>
public interface IJournal : IDisposable
{
    /// <summary>Null if the last write succeeded; otherwise a sentence.</summary>
    string? Problem { get; }

    /// <summary>Where the chain stands: given with every acknowledgement and export, so that nobody can rewrite what came before.</summary>
    LedgerHead Head => LedgerHead.Empty;

    /// <summary>Reads everything.</summary>
    JournaledState Load();

    /// <summary>Commits an epoch before anything is published under it.</summary>
    bool CommitEpoch(uint epoch, long sentMs);

    /// <summary>Keeps the orders that hold now.</summary>
    bool SaveOrders(IReadOnlyList<JournaledOrder> orders, double gain, long sentMs);

    /// <summary>Keeps a limit and its event's record, new or changed; the event id says which.</summary>
    bool SaveLimit(JournaledLimit limit);

    /// <summary>Adds a part of an event's series of watts; parts are read back in order.</summary>
    bool AppendSeries(string eventId, int part, ReadOnlySpan<byte> samples);

    /// <summary>Events, open and ended, the newest first.</summary>
    IReadOnlyList<JournaledLimit> Events(int skip, int take);

    /// <summary>One event, or null.</summary>
    JournaledLimit? FindEvent(string eventId);

    /// <summary>The series of an event, all parts in a row; empty if there is none.</summary>
    byte[] Series(string eventId);

    /// <summary>Finds the limit that a request with this idempotency key made, ended ones included.</summary>
    JournaledLimit? FindByRequestKey(string key);

    /// <summary>Keeps a powerW order to one board; -1 removes it.</summary>
    bool SaveBoardPower(string board, int powerW);

    /// <summary>Keeps a named value.</summary>
    bool SaveValue(string name, string value);

    /// <summary>Keeps something that explains and changes no state, such as energy. Its JSON is the record's body.</summary>
    bool Record<T>(string kind, T body) => Note(kind, "", 0);

    /// <summary>Records of one kind that have not moved to files yet, the newest first. Only <see cref="RecordKind.Audit"/> is quick to find.</summary>
    IReadOnlyList<LedgerRecord> Records(string kind, int skip, int take);

    /// <summary>Notes something that a person should see later.</summary>
    bool Note(string kind, string text, long utcMs);
}
