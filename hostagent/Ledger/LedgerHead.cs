using System.Globalization;

namespace Ballast.Host.Ledger;

/// <summary>
/// Where the chain stands: whoever holds one can later show that the ledger was changed before it. Written `segment/number/hash`.
/// </summary>
/// <param name="Segment">Number of the daily segment, from 1.</param>
/// <param name="Number">Number of the last record, from 1; 0 is an empty ledger.</param>
/// <param name="Hash">Its hash, 64 lower-case hex digits.</param>
public sealed record LedgerHead(long Segment, long Number, string Hash)
{
    /// <summary>Hash before the first record: 32 zero bytes.</summary>
    public const string ZeroHash = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Head of a ledger without records.</summary>
    public static LedgerHead Empty { get; } = new(0, 0, ZeroHash);

    /// <summary>Reads what <see cref="ToString"/> wrote; null if it is not that.</summary>
    public static LedgerHead? Parse(string? text)
    {
        string[] parts = (text ?? "").Split('/');
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long segment)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && LedgerHash.IsHex(parts[2])
                ? new LedgerHead(segment, number, parts[2])
                : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Segment}/{Number}/{Hash}");
}
