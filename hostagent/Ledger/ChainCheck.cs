using System.Globalization;
using System.Text.Json;

namespace Ballast.Host.Ledger;

/// <summary>
/// Follows a chain record by record and stops at the first that is wrong. Used by the audit, and by the host when it opens its ledger.
/// </summary>
internal sealed class ChainCheck
{
    private bool _started;

    /// <summary>Begins at the first record of a segment.</summary>
    /// <param name="segment">Its segment.</param>
    /// <param name="first">Its number.</param>
    /// <param name="previous">Hash before it.</param>
    internal ChainCheck(long segment, long first, string previous)
    {
        (Segment, First, Next, Previous, Head) = (segment, first, first, previous, previous);
    }

    internal long Segment { get; private set; }

    internal long First { get; private set; }

    internal long Next { get; private set; }

    /// <summary>Hash before the segment.</summary>
    internal string Previous { get; private set; }

    /// <summary>Hash of the last record.</summary>
    internal string Head { get; private set; }

    internal Dictionary<string, long> Kinds { get; private set; } = [];

    /// <summary>UTC day of the segment's first record.</summary>
    internal string Day { get; private set; } = "";

    /// <summary>Key that the segment names.</summary>
    internal string Key { get; private set; } = "";

    internal LedgerState State { get; } = new();

    internal long Records { get; private set; }

    /// <summary>Last record that a signed head in the chain covers; 0 for none.</summary>
    internal long SealedTo { get; private set; }

    /// <summary>Keys that signed heads in the chain.</summary>
    internal HashSet<string> SealKeys { get; } = [];

    /// <summary>Time of the last segment's first record, UTC ms.</summary>
    internal long SegmentUtcMs { get; private set; }

    internal static string DayOf(long utcMs) => DateTimeOffset.FromUnixTimeMilliseconds(utcMs).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Takes the next record; null if it follows.</summary>
    internal LedgerFault? Take(long number, string line, string hash)
    {
        LedgerFault Fault(string what) => new(Segment, number, what);
        if (number != Next)
        {
            return new LedgerFault(Segment, Next, string.Create(CultureInfo.InvariantCulture, $"is missing; the next one that is there is {number}."));
        }

        if (LedgerHash.Next(Head, line) != hash)
        {
            return Fault("its hash is not that of its text after the record before it: the text, the hash or the record before it was changed.");
        }

        if (LedgerRecord.Parse(line) is not { } record || record.Number != number)
        {
            return Fault("its text is not a record with this number.");
        }

        bool begins = !_started || record.Segment == Segment + 1;
        if (record.Segment != Segment && !begins)
        {
            return Fault(string.Create(CultureInfo.InvariantCulture, $"it says segment {record.Segment}."));
        }

        if (!_started && record.Segment != Segment)
        {
            return Fault(string.Create(CultureInfo.InvariantCulture, $"it says segment {record.Segment}, and segment {Segment} should begin here."));
        }

        if (begins != (record.Kind == RecordKind.State))
        {
            return Fault(begins ? "a segment must begin with a record of kind state." : "a record of kind state stands inside a segment.");
        }

        if (begins && Begin(record) is { } wrong)
        {
            return Fault(wrong);
        }

        if (record.Kind == RecordKind.Seal && Sealed(record) is { } unsealed)
        {
            return Fault(unsealed);
        }

        if (!State.Apply(record))
        {
            return Fault("its body is not that of kind " + record.Kind + ".");
        }

        _started = true;
        Head = hash;
        Next++;
        Records++;
        Kinds[record.Kind] = Kinds.GetValueOrDefault(record.Kind) + 1;
        return null;
    }

    /// <summary>Compares with a closed segment's anchor; null if it is that segment's.</summary>
    internal LedgerFault? Compare(SegmentAnchor anchor)
    {
        string? what = anchor.Segment != Segment ? "the anchor is for another segment."
            : anchor.First != First || anchor.Last != Next - 1 ? string.Create(CultureInfo.InvariantCulture, $"the anchor counts records {anchor.First} to {anchor.Last}, there are {First} to {Next - 1}.")
            : anchor.Previous != Previous || anchor.Head != Head ? "the anchor's hashes are not those of the records."
            : anchor.Day != Day ? "the anchor's day is not that of the records."
            : !anchor.Kinds.OrderBy(k => k.Key, StringComparer.Ordinal).SequenceEqual(Kinds.OrderBy(k => k.Key, StringComparer.Ordinal)) ? "the anchor's summary is not that of the records."
            : null;
        return what is null ? null : new LedgerFault(Segment, 0, what);
    }

    /// <summary>Goes on after a segment of which only the anchor is left.</summary>
    internal static ChainCheck After(SegmentAnchor anchor) => new(anchor.Segment + 1, anchor.Last + 1, anchor.Head);

    private string? Sealed(LedgerRecord record)
    {
        SealBody body;
        try
        {
            body = record.Read<SealBody>();
        }
        catch (JsonException)
        {
            return "its body is not that of kind seal.";
        }

        if (body.Head is null || body.Key is null || body.Signature is null || !LedgerKey.Verify(body.Key, body.Head, body.Signature))
        {
            return "it is a signed head, and the signature is not that of its key: it was changed.";
        }

        if (body.Head != new LedgerHead(Segment, Next - 1, Head).ToString())
        {
            return "it is the signed head of other records than stand before it: one before this was changed after it had been signed.";
        }

        SealedTo = Next - 1;
        SealKeys.Add(body.Key);
        return null;
    }

    private string? Begin(LedgerRecord record)
    {
        StateBody body;
        try
        {
            body = record.Read<StateBody>();
        }
        catch (JsonException)
        {
            return "its body is not that of kind state.";
        }

        if (_started)
        {
            State.KeepEndedDays = body.KeepEndedDays;
            if (LedgerJson.Text(State.Body(body.Key)) != record.Body.GetRawText())
            {
                return "the state that begins this segment does not follow from the records before it.";
            }
        }

        Segment = record.Segment;
        First = record.Number;
        Previous = Head;
        Kinds = [];
        (Day, SegmentUtcMs) = (DayOf(record.UtcMs), record.UtcMs);
        Key = body.Key;
        return null;
    }
}
