using System.Globalization;

namespace Ballast.Host.Ledger;

/// <summary>The first thing that is wrong in a ledger.</summary>
/// <param name="Segment">Segment, 0 if it is no record that is wrong.</param>
/// <param name="Number">Record, 0 if it is no record that is wrong.</param>
/// <param name="What">What differs, a sentence.</param>
public sealed record LedgerFault(long Segment, long Number, string What)
{
    /// <inheritdoc/>
    public override string ToString() => Number > 0
        ? string.Create(CultureInfo.InvariantCulture, $"segment {Segment}, record {Number}: {What}")
        : Segment > 0 ? string.Create(CultureInfo.InvariantCulture, $"segment {Segment}: {What}") : What;
}
