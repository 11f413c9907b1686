using System.Text.Json;
using System.Text.Json.Serialization;
using Ballast.Wire;

namespace Ballast.Host.Ledger;

/// <summary>Kinds of records.</summary>
public static class RecordKind
{
    /// <summary>First record of every segment: everything that holds then.</summary>
    public const string State = "state";

    /// <summary>A host opened the ledger.</summary>
    public const string Open = "open";

    /// <summary>An epoch was committed.</summary>
    public const string Epoch = "epoch";

    /// <summary>Orders changed.</summary>
    public const string Orders = "orders";

    /// <summary>A limit, new or changed.</summary>
    public const string Limit = "limit";

    /// <summary>A part of an event's series of watts.</summary>
    public const string Series = "series";

    /// <summary>A time for which a source that speaks all the time, a surplus, the air or prices, made the cap or the number.</summary>
    public const string Cap = "cap";

    /// <summary>A powerW order to one board.</summary>
    public const string BoardPower = "boardPower";

    /// <summary>A named value.</summary>
    public const string Value = "value";

    /// <summary>Something for people.</summary>
    public const string Note = "note";

    /// <summary>The head before it, signed.</summary>
    public const string Seal = "seal";

    /// <summary>Writes before this one were lost.</summary>
    public const string Gap = "gap";

    /// <summary>Somebody changed something, or tried to.</summary>
    public const string Audit = "audit";

    /// <summary>Energy of one interval.</summary>
    public const string Energy = "energy";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [State, Open, Epoch, Orders, Limit, Series, Cap, BoardPower, Value, Note, Seal, Gap, Audit, Energy];

    /// <summary>A sentence for a kind that there is not: a filter by it would find nothing and look like a ledger without such records.</summary>
    public static string? Problem(string? kind) => kind is null || All.Contains(kind) ? null : "kind is '" + kind + "': use one of " + string.Join(", ", All) + ".";
}

internal sealed record OpenBody(int Version, string Site, string Host, string Key);

/// <summary>Head: of the record before this one. Signature: over that text.</summary>
internal sealed record SealBody(string Head, string Key, string Signature);

internal sealed record EpochBody(uint Epoch, long SentMs);

/// <summary>Pods with the same order share a group; per pod: [orderId, seq].</summary>
internal sealed record OrderGroup(uint Epoch, OrderClass Class, int LimitMjPerTh, uint Share, uint Salt, SortedDictionary<string, uint[]> Pods);

internal sealed record OrdersBody(double Gain, long SentMs, IReadOnlyList<OrderGroup> Orders);

internal sealed record BoardPowerBody(string Board, int? PowerW);

/// <summary>Samples in base 64, as the event wrote them.</summary>
internal sealed record SeriesBody(string EventId, int Part, byte[] Samples);

internal sealed record ValueBody(string Name, string Value);

internal sealed record NoteBody(string What, string Text, long UtcMs);

/// <summary>Lost: how many writes failed; Kinds: of the last of them, oldest first.</summary>
internal sealed record GapBody(long FromUtcMs, long ToUtcMs, long Lost, string Why, IReadOnlyList<string> Kinds);

/// <summary>Limits: those that are not over. Ended ones stay readable for KeepEndedDays.</summary>
internal sealed record StateBody(
    uint Epoch, long SentMs, double Gain, IReadOnlyList<OrderGroup> Orders, IReadOnlyList<JournaledLimit> Limits,
    SortedDictionary<string, int> BoardPowerW, SortedDictionary<string, string> Values, int KeepEndedDays, string Key);

internal static class LedgerJson
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    internal static string Text<T>(T body) => JsonSerializer.Serialize(body, Options);
}
