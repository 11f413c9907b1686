using System.Globalization;
using System.Text.Json;

namespace Ballast.Host.Ledger;

/// <summary>
/// One record. Its line is `{"number":N,"segment":S,"utcMs":T,"kind":"K","body":{…}}` without white space, stored and hashed as it
/// was written; nobody has to write JSON the same way again to check it.
/// </summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Segment">Daily segment, from 1.</param>
/// <param name="UtcMs">Wall clock of the write, ms; may step back with the clock.</param>
/// <param name="Kind">One of <see cref="RecordKind"/>.</param>
/// <param name="Body">Members by kind.</param>
public sealed record LedgerRecord(long Number, long Segment, long UtcMs, string Kind, JsonElement Body)
{
    internal static string Line(long number, long segment, long utcMs, string kind, string body)
        => string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number},\"segment\":{segment},\"utcMs\":{utcMs},\"kind\":\"{kind}\",\"body\":{body}}}");

    /// <summary>Reads a line; null if it is not a record, or not written as this program writes.</summary>
    public static LedgerRecord? Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            LedgerRecord record = new(
                root.GetProperty("number").GetInt64(),
                root.GetProperty("segment").GetInt64(),
                root.GetProperty("utcMs").GetInt64(),
                root.GetProperty("kind").GetString()!,
                root.GetProperty("body").Clone());
            return Line(record.Number, record.Segment, record.UtcMs, record.Kind, record.Body.GetRawText()) == line ? record : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    internal T Read<T>() => Body.Deserialize<T>(LedgerJson.Options) ?? throw new JsonException("The body of record " + Number.ToString(CultureInfo.InvariantCulture) + " is empty.");
}
