using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>
/// Proves a ledger, or names the first record that is wrong. It changes nothing: a database is read from a copy, and one that a host
/// writes is copied by SQLite's own backup.
/// </summary>
public sealed class LedgerAudit
{
    private readonly AuditInputs _inputs;
    private readonly List<string> _proven = [];
    private readonly List<string> _unproven = [];
    private readonly HashSet<string> _keys = [];
    private LedgerHead _head = LedgerHead.Empty;
    private bool _headSeen;
    private long _records;
    private long _segments;
    private long _openFirst;
    private bool _sealed;

    static LedgerAudit() => SQLitePCL.Batteries_V2.Init();

    private LedgerAudit(AuditInputs inputs) => _inputs = inputs;

    /// <summary>Proves a ledger's folder, a database (a backup) or a segment's file.</summary>
    /// <exception cref="IOException">The path cannot be read.</exception>
    public static AuditReport Verify(string path, AuditInputs? inputs = null)
    {
        LedgerAudit audit = new(inputs ?? new AuditInputs());
        LedgerFault? fault;
        if (Directory.Exists(path))
        {
            fault = audit.Database(Path.Combine(path, SqliteJournal.FileName), path);
        }
        else if (!File.Exists(path))
        {
            throw new FileNotFoundException("There is no ledger at '" + path + "'.", path);
        }
        else
        {
            fault = SqliteFile.Is(path) ? audit.Database(path, null)
                : File.Exists(LedgerSeal.PathFor(path)) ? audit.Export(path)
                : audit.Segment(path);
        }

        return audit.Report(fault);
    }

    private AuditReport Report(LedgerFault? fault)
    {
        fault ??= WrongKey();
        if (fault is null && _inputs.Head is { } wanted && !_headSeen)
        {
            fault = wanted.Number > _head.Number
                ? new LedgerFault(_head.Segment, _head.Number, string.Create(CultureInfo.InvariantCulture, $"the ledger ends here, but an acknowledgement names record {wanted.Number}: records were removed at its end, or an older copy was put back."))
                : new LedgerFault(wanted.Segment, wanted.Number, "its hash is not that of the acknowledgement, or its segment is no longer here: the chain from there on may have been written anew.");
        }

        if (fault is null && _openFirst > 0 && _openFirst <= _head.Number && !_sealed && _inputs.Head?.Number != _head.Number)
        {
            _unproven.Add(string.Create(CultureInfo.InvariantCulture, $"records {_openFirst} to {_head.Number}: no signature covers them yet; give a head from an acknowledgement with --head"));
        }

        if (fault is null)
        {
            _proven.InsertRange(0, _records == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{_records} record{(_records == 1 ? "" : "s")} in {_segments} segment{(_segments == 1 ? "" : "s")} follow from each other")]);
            if (_inputs.Head is not null)
            {
                _proven.Add("the given head is part of the chain");
            }

            foreach (string key in _keys)
            {
                _proven.Add((_inputs.Key is null ? "signed by the key that the ledger names, compare it with the one you were given: " : "signed by the given key: ") + Fingerprint(key));
            }
        }

        return new AuditReport { Fault = fault, Proven = _proven, Unproven = _unproven, Head = _head };
    }

    private LedgerFault? WrongKey()
        => _inputs.Key is { } given && _keys.FirstOrDefault(k => k != given) is { } other
            ? new LedgerFault(0, 0, "The ledger is signed by another key (" + Fingerprint(other) + ") than the given one (" + Fingerprint(given) + ").")
            : null;

    /// <summary>SHA-256 of a public key, hex.</summary>
    public static string Fingerprint(string publicKey) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(publicKey)));

    private LedgerFault? Segment(string path)
    {
        LedgerFault? fault = SegmentFile.Check(path, null, Saw, out SegmentAnchor? anchor, out _);
        if (anchor is not null)
        {
            _segments++;
            _keys.Add(anchor.Key);
            _unproven.AddRange(anchor.First > 1 ? ["what came before this segment: only its first state record says so"] : []);
        }

        return fault;
    }

    private LedgerFault? Export(string path)
    {
        LedgerSeal? seal = LedgerSeal.Check(path, out string? wrong);
        if (wrong is not null || LedgerHead.Parse(seal!.Head) is not { } head)
        {
            return new LedgerFault(0, 0, wrong ?? "The seal names no head.");
        }

        _keys.Add(seal.Key);
        Saw(head, counts: false);
        _proven.Add("every byte of the file is as it was when it was written from a ledger with this head");
        return null;
    }

    private LedgerFault? Database(string database, string? folder)
    {
        if (!File.Exists(database))
        {
            return new LedgerFault(0, 0, "There is no '" + database + "'.");
        }

        using LedgerCopy copy = LedgerCopy.Make(database);
        LedgerFault? fault;
        try
        {
            using SqliteConnection connection = SqliteJournal.Connect(copy.Path, SqliteOpenMode.ReadWrite);
            fault = Chain(connection, folder) ?? Pages(connection);
        }
        catch (Exception error) when (error is not (IOException or UnauthorizedAccessException))
        {
            // A damaged page can break a reader in any way; whatever it is, the audit must name it and not end by it.
            fault = new LedgerFault(_head.Segment, 0, "the database cannot be read behind record " + _head.Number.ToString(CultureInfo.InvariantCulture) + " (" + error.Message + ").");
        }

        return fault ?? Seal(database, copy.Live);
    }

    private LedgerFault? Chain(SqliteConnection connection, string? folder)
    {
        ChainCheck chain = new(1, 1, LedgerHead.ZeroHash);
        bool stateKnown = true;
        long firstHere = ChainTables.FirstNumber(connection);
        long closed = 0;
        foreach ((long number, string line, string signature) in ChainTables.Anchors(connection))
        {
            if (SegmentAnchor.Parse(line) is not { } anchor || anchor.Segment != number || !LedgerKey.Verify(anchor.Key, line, signature))
            {
                return new LedgerFault(number, 0, "its anchor or the signature of it was changed.");
            }

            if (number != closed + 1)
            {
                return NoAnchor(closed + 1);
            }

            closed = number;
            _keys.Add(anchor.Key);
            string file = folder is null ? "" : SegmentFile.PathFor(folder, anchor);
            bool here = firstHere > 0 && firstHere <= anchor.First;
            if (here)
            {
                if (Take(connection, chain, anchor.First, anchor.Last) is { } fault)
                {
                    return fault;
                }
            }
            else if (File.Exists(file))
            {
                if (SegmentFile.Check(file, chain, Saw, out _, out _) is { } fault)
                {
                    return fault;
                }
            }

            if (here || File.Exists(file))
            {
                _segments++;
                if (chain.Compare(anchor) is { } differs)
                {
                    return differs;
                }
            }
            else if (folder is not null && firstHere > anchor.First && firstHere <= anchor.Last)
            {
                // Roll-up takes a segment's records out only while its file is there.
                return new LedgerFault(number, anchor.First, string.Create(CultureInfo.InvariantCulture, $"is missing; the next one that is there is {firstHere}."));
            }
            else
            {
                // Only the signed head is left: it must continue the chain, and what follows begins from it.
                if (anchor.Previous != chain.Head || anchor.First != chain.Next)
                {
                    return new LedgerFault(number, 0, "its anchor does not follow from the segment before it.");
                }

                _unproven.Add(string.Create(CultureInfo.InvariantCulture, $"segment {number} ({anchor.Day}, records {anchor.First} to {anchor.Last}): its records are not here, only its signed head"));
                chain = ChainCheck.After(anchor);
                stateKnown = false;
                Saw(new LedgerHead(anchor.Segment, anchor.Last, anchor.Head), counts: false);
            }
        }

        if (Take(connection, chain, chain.Next, long.MaxValue) is { } broken)
        {
            return broken;
        }

        if (chain.Segment != closed + 1)
        {
            return NoAnchor(closed + 1);
        }

        _segments++;
        _openFirst = Math.Max(chain.First, chain.SealedTo + 1);
        _keys.UnionWith(chain.SealKeys);
        if (_inputs.Key is { } given && chain.Key != given)
        {
            return new LedgerFault(chain.Segment, 0, "it names another key (" + Fingerprint(chain.Key) + ") than the given one (" + Fingerprint(given) + ").");
        }

        if (!stateKnown)
        {
            _proven.Add("states from the first segment that is here on follow from each other");
        }

        return StateTables.Differ(chain.State, StateTables.Load(connection))
            ? new LedgerFault(chain.Segment, 0, "the tables of orders, limits, epoch and values are not what the records make of them.")
            : Ended(connection, chain) ?? Series(connection, chain);
    }

    private static LedgerFault NoAnchor(long segment) => new(segment, 0, "it is closed, but its anchor is not here.");

    // Of an event that ended in a segment that is not here, the table's row is all there is.
    private LedgerFault? Ended(SqliteConnection connection, ChainCheck chain)
    {
        long unknown = 0;
        HashSet<string> seen = [];
        foreach ((string id, string digest) in StateTables.EndedDigests(connection))
        {
            seen.Add(id);
            if (!chain.State.Ended.TryGetValue(id, out EndedMark mark))
            {
                unknown++;
            }
            else if (mark.Digest != digest)
            {
                return new LedgerFault(chain.Segment, 0, "the row of event '" + id + "' is not what its records make of it.");
            }
        }

        long keptSince = chain.SegmentUtcMs - (chain.State.KeepEndedDays * 86_400_000L);
        string? gone = chain.State.Ended.Where(e => e.Value.CreatedUtcMs >= keptSince && !seen.Contains(e.Key)).Select(e => e.Key).FirstOrDefault();
        if (gone is not null)
        {
            return new LedgerFault(chain.Segment, 0, "the row of event '" + gone + "' is missing.");
        }

        return Unknown(unknown, "ended events");
    }

    private LedgerFault? Series(SqliteConnection connection, ChainCheck chain)
    {
        long unknown = 0;
        foreach ((string id, int part, string digest) in StateTables.SeriesDigests(connection))
        {
            if (!chain.State.Series.TryGetValue((id, part), out string? recorded))
            {
                unknown++;
            }
            else if (recorded != digest)
            {
                return new LedgerFault(chain.Segment, 0, string.Create(CultureInfo.InvariantCulture, $"part {part} of the series of event '{id}' is not what its record says."));
            }
        }

        return Unknown(unknown, "parts of series");
    }

    private LedgerFault? Unknown(long count, string what)
    {
        if (count > 0 && _unproven.Count == 0)
        {
            return new LedgerFault(0, 0, string.Create(CultureInfo.InvariantCulture, $"{count} {what} in the tables have no record."));
        }

        _unproven.AddRange(count > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{count} {what}: their records are in segments that are not here")] : []);
        return null;
    }

    private LedgerFault? Take(SqliteConnection connection, ChainCheck chain, long first, long last)
    {
        foreach ((long number, string line, string hash) in ChainTables.Records(connection, first, last))
        {
            if (chain.Take(number, line, hash) is { } fault)
            {
                return fault;
            }

            Saw(new LedgerHead(chain.Segment, number, hash));
        }

        return null;
    }

    private static LedgerFault? Pages(SqliteConnection connection)
    {
        string result = connection.QueryFirst<string>("PRAGMA integrity_check");
        return result == "ok" ? null : new LedgerFault(0, 0, "SQLite finds the database damaged: " + result.Split('\n')[^1]);
    }

    private LedgerFault? Seal(string database, bool live)
    {
        if (live)
        {
            _unproven.Add("bytes of the database outside its records: a host is writing it (audit a backup, or after the host has stopped)");
            return null;
        }

        if (!File.Exists(LedgerSeal.PathFor(database)))
        {
            _unproven.Add("bytes of the database outside its records: it has no seal, because the host was killed or the seal was removed");
            return null;
        }

        LedgerSeal? seal = LedgerSeal.Check(database, out string? wrong);
        if (wrong is not null)
        {
            return new LedgerFault(0, 0, wrong);
        }

        // A reader may leave an empty one.
        if (new FileInfo(database + "-wal") is { Exists: true, Length: > 0 })
        {
            return new LedgerFault(0, 0, "'" + database + "-wal' stands beside a sealed database: something wrote to it after it was closed.");
        }

        _keys.Add(seal!.Key);
        if (seal.Head != _head.ToString())
        {
            return new LedgerFault(_head.Segment, _head.Number, "the seal names another head: " + seal.Head + ".");
        }

        _sealed = true;
        _proven.Add("every byte of the database is as it was when it was sealed");
        return null;
    }

    private void Saw(LedgerHead head) => Saw(head, counts: true);

    private void Saw(LedgerHead head, bool counts)
    {
        _head = head;
        _records += counts ? 1 : 0;
        _headSeen |= _inputs.Head is { } wanted && wanted.Number == head.Number && wanted.Hash == head.Hash;
    }
}
