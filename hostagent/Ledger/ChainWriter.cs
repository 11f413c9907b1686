using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>
/// Appends records, begins a segment with each UTC day, and signs the one that ended. What a failed transaction appended is forgotten.
/// </summary>
internal sealed class ChainWriter(LedgerKey key, string site, TimeProvider time)
{
    private OpenSegment _at = new(0, "", 1, LedgerHead.ZeroHash, 1, LedgerHead.ZeroHash, []);

    /// <summary>The last record that is on the disk.</summary>
    internal LedgerHead Head { get; private set; } = LedgerHead.Empty;

    /// <summary>What was wrong when the ledger was opened, or null.</summary>
    internal LedgerFault? Found { get; private set; }

    /// <summary>Goes on where the ledger ends.</summary>
    internal void Open(SqliteConnection connection, LedgerState tables)
    {
        SegmentAnchor? last = ChainTables.Anchors(connection) is [.., var row] ? SegmentAnchor.Parse(row.Line) : null;
        ChainCheck chain = last is null ? new ChainCheck(1, 1, LedgerHead.ZeroHash) : ChainCheck.After(last);
        (long next, string head) = (chain.Next, chain.Head);
        foreach ((long number, string line, string hash) in ChainTables.Records(connection, chain.Next))
        {
            Found ??= chain.Take(number, line, hash);

            // The host goes on behind a broken record: the audit names the break, and control must not stop for it.
            (next, head) = (number + 1, hash);
        }

        if (Found is null && chain.Records > 0 && StateTables.Differ(chain.State, tables))
        {
            Found = new LedgerFault(0, 0, "The tables of what holds now differ from what the records say.");
        }

        _at = new OpenSegment(next > 1 ? chain.Segment : 0, chain.Day, chain.First, chain.Previous, next, head, chain.Kinds);
        Head = new LedgerHead(_at.Segment, next - 1, head);
    }

    /// <summary>Begins a write.</summary>
    internal Draft Begin(SqliteTransaction transaction) => new(this, transaction);

    private long UtcMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private SegmentAnchor Anchor(OpenSegment at)
        => new(site, at.Segment, at.Day, at.First, at.Next - 1, at.Previous, at.Head, new SortedDictionary<string, long>(at.Kinds, StringComparer.Ordinal), key.Public);

    /// <summary>The records of one transaction.</summary>
    internal sealed class Draft(ChainWriter owner, SqliteTransaction transaction)
    {
        private OpenSegment _at = owner._at with { Kinds = new Dictionary<string, long>(owner._at.Kinds) };

        /// <summary>Begins a segment if the UTC day is a later one; days never go back with the clock.</summary>
        /// <returns>The segment's time, UTC ms, or null if none began.</returns>
        internal long? BeginDay(LedgerState state)
        {
            long utcMs = owner.UtcMs();
            string today = ChainCheck.DayOf(utcMs);
            if (string.CompareOrdinal(today, _at.Day) <= 0)
            {
                return null;
            }

            if (_at.Segment > 0)
            {
                string line = owner.Anchor(_at).Line();
                ChainTables.Anchor(transaction, _at.Segment, line, owner.Sign(line));
            }

            _at = new OpenSegment(_at.Segment + 1, today, _at.Next, _at.Head, _at.Next, _at.Head, []);
            Add(RecordKind.State, LedgerJson.Text(state.Body(owner.Public)), utcMs);
            return utcMs;
        }

        /// <summary>Signs what stands in the chain until here.</summary>
        internal void Seal()
        {
            if (_at.Next > 1)
            {
                string head = new LedgerHead(_at.Segment, _at.Next - 1, _at.Head).ToString();
                Add(RecordKind.Seal, LedgerJson.Text(new SealBody(head, owner.Public, owner.Sign(head))));
            }
        }

        internal void Add(string kind, string body) => Add(kind, body, owner.UtcMs());

        /// <summary>The transaction is on the disk.</summary>
        internal void Keep()
        {
            owner._at = _at;
            owner.Head = new LedgerHead(_at.Segment, _at.Next - 1, _at.Head);
        }

        private void Add(string kind, string body, long utcMs)
        {
            string line = LedgerRecord.Line(_at.Next, _at.Segment, utcMs, kind, body);
            string hash = LedgerHash.Next(_at.Head, line);
            ChainTables.Add(transaction, _at.Next, line, hash);
            _at.Kinds[kind] = _at.Kinds.GetValueOrDefault(kind) + 1;
            _at = _at with { Next = _at.Next + 1, Head = hash };
        }
    }

    private string Sign(string line) => key.Sign(line);

    private string Public => key.Public;

    private sealed record OpenSegment(long Segment, string Day, long First, string Previous, long Next, string Head, Dictionary<string, long> Kinds);
}
