using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Signals;

/// <summary>
/// Anything that limits come from: REST, a signed signal, a schedule, a price, a surplus, a contact, a sensor. Owned by the host's loop.
/// Its loss never releases; a stale one means min(current, its fallback) (contract section 6, S17).
/// </summary>
public interface ISource
{
    /// <summary>Id, [a-z0-9-]{1,32}, unlike all other sources.</summary>
    string Id { get; }

    /// <summary>Takes what the journal holds; called once before <see cref="Tick"/>.</summary>
    void Start(JournaledState journaled);

    /// <summary>Looks at the time; called once a second.</summary>
    void Tick();

    /// <summary>What it last said, how old that is, and what it asks now.</summary>
    SourceView View();

    /// <summary>Tries it end to end and says what would come of it. Nothing changes: no limit, no counter.</summary>
    /// <param name="body">What to try; empty tries the link or the present word.</param>
    SourceTest Test(ReadOnlyMemory<byte> body);
}

/// <summary>What came of a test.</summary>
/// <param name="Good">True if the source would work now.</param>
/// <param name="Sentence">What was found, or what to do about it.</param>
/// <param name="WouldAskW">Watts that it would ask, or null.</param>
/// <param name="WouldAskMjPerTh">Number that it would ask, or null.</param>
public sealed record SourceTest(bool Good, string Sentence, double? WouldAskW = null, int? WouldAskMjPerTh = null)
{
    /// <summary>What is wrong with the body that was tried; null if nothing is.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public RequestFault? Fault { get; init; }

    /// <summary>A body that the source refuses.</summary>
    public static SourceTest Refused(string field, string sentence) => new(false, sentence) { Fault = new RequestFault(field, sentence) };

    /// <summary>A body that the source refuses.</summary>
    public static SourceTest Refused(RequestFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Refused(fault.Field, fault.Sentence);
    }
}

/// <summary>How good a source's word is now.</summary>
public static class SourceQuality
{
    /// <summary>It spoke within its freshness.</summary>
    public const string Good = "good";

    /// <summary>It was silent for longer: min(current, fallback) holds.</summary>
    public const string Stale = "stale";

    /// <summary>It has not spoken since the start; nothing rises before it has, or before its freshness is over.</summary>
    public const string Waiting = "waiting";

    /// <summary>It has nothing to say and need not.</summary>
    public const string Idle = "idle";
}

/// <summary>A source as the API shows it.</summary>
public sealed record SourceView
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Kind: rest, signal, schedule, price, surplus, contact, air, meter, home.</summary>
    public required string Kind { get; init; }

    /// <summary>good, stale, waiting or idle.</summary>
    public required string Quality { get; init; }

    /// <summary>When it last spoke; null if not in this run.</summary>
    public DateTimeOffset? LastSpoke { get; init; }

    /// <summary>Age of its last word, ms.</summary>
    public long? AgeMs { get; init; }

    /// <summary>How long its word counts, s; null needs no word.</summary>
    public double? FreshS { get; init; }

    /// <summary>What holds in addition while it is stale, W.</summary>
    public double? FallbackW { get; init; }

    /// <summary>What holds in addition while it is stale, mJ/TH.</summary>
    public int? FallbackMjPerTh { get; init; }

    /// <summary>True while the fallback holds.</summary>
    public bool FallbackHolds { get; init; }

    /// <summary>True if it may release and raise.</summary>
    public bool MayRaise { get; init; }

    /// <summary>Node that it asks for.</summary>
    public string? Node { get; init; }

    /// <summary>What it asks now, W; null asks nothing in watts.</summary>
    public double? AsksW { get; init; }

    /// <summary>What it asks now, mJ/TH; null asks nothing as a number.</summary>
    public int? AsksMjPerTh { get; init; }

    /// <summary>Why it asks that.</summary>
    public string Why { get; init; } = "";

    /// <summary>Over which brokers it was heard; null where there is only one.</summary>
    public string? Via { get; init; }

    /// <summary>When it next changes by itself; null if it does not know.</summary>
    public DateTimeOffset? NextChange { get; init; }

    /// <summary>Words taken since the start.</summary>
    public long Taken { get; init; }

    /// <summary>Words refused since the start.</summary>
    public long Refused { get; init; }

    /// <summary>Why the last one was refused.</summary>
    public string LastRefusal { get; init; } = "";
}
