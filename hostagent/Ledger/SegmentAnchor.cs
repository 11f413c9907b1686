using System.Text.Json;

namespace Ballast.Host.Ledger;

/// <summary>
/// The signed head of a closed segment: what is left of it after roll-up, with a count of its records by kind as a summary.
/// </summary>
/// <param name="Site">Site.</param>
/// <param name="Segment">Number, from 1, without gaps.</param>
/// <param name="Day">UTC day, yyyy-MM-dd.</param>
/// <param name="First">Number of its first record.</param>
/// <param name="Last">Number of its last record.</param>
/// <param name="Previous">Hash before the first.</param>
/// <param name="Head">Hash of the last.</param>
/// <param name="Kinds">Records by kind.</param>
/// <param name="Key">Public key, DER in base 64.</param>
public sealed record SegmentAnchor(
    string Site, long Segment, string Day, long First, long Last, string Previous, string Head, IReadOnlyDictionary<string, long> Kinds, string Key)
{
    /// <summary>Reads a line; null if it is not an anchor.</summary>
    public static SegmentAnchor? Parse(string line)
    {
        try
        {
            SegmentAnchor? anchor = JsonSerializer.Deserialize<SegmentAnchor>(line, LedgerJson.Options);
            return anchor is { Head: not null, Previous: not null, Key: not null, Day: not null, Kinds: not null } ? anchor : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal string Line() => LedgerJson.Text(this);
}
