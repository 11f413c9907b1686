using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>
/// The journal in one SQLite file: write-ahead log, synchronous FULL, one writer. Every change is a record in a hash chain, and the
/// tables of what holds now are written in the same transaction (README.md).
/// </summary>
public sealed class SqliteJournal : IJournal
{
    /// <summary>Name of the database in the folder.</summary>
    public const string FileName = "journal.db";

    private const int LostKindsKept = 64;

    private readonly SqliteConnection _connection;
    private readonly FileStream _lock;
    private readonly LedgerKey _key;
    private readonly ChainWriter _chain;
    private readonly JournalOptions _options;
    private readonly LedgerState _state;
    private readonly Queue<string> _lostKinds = [];
    private bool _closed;
    private long? _sealedAt;
    private long _lost;
    private long _lostSinceUtcMs;
    private string _lostWhy = "";

    static SqliteJournal() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens or makes the ledger.</summary>
    /// <param name="folder">Folder for its files; made if missing.</param>
    /// <param name="options">How it is kept.</param>
    /// <exception cref="SqliteException">The file cannot be opened: the host must not start without it.</exception>
    /// <exception cref="LedgerHeldException">Another host has it open.</exception>
    /// <exception cref="IOException">Its files cannot be made or read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key file is no key.</exception>
    public SqliteJournal(string folder, JournalOptions? options = null)
    {
        _options = options ?? new JournalOptions();
        Folder = folder;
        Directory.CreateDirectory(folder);
        _lock = LedgerLock.Take(folder) ?? throw new LedgerHeldException(folder);
        try
        {
            _key = LedgerKey.Open(folder);
            if (File.Exists(LedgerSeal.PathFor(Database)) && File.Exists(Database))
            {
                LedgerSeal.Check(Database, out string? wrong);
                OpenFinding = wrong is null ? null : "The ledger was changed while no host ran: " + wrong;
            }

            File.Delete(LedgerSeal.PathFor(Database));
            _connection = Connect(Database);
            _connection.Execute("PRAGMA page_size=" + _options.PageSize.ToString(System.Globalization.CultureInfo.InvariantCulture) + "; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=200; PRAGMA wal_autocheckpoint=4000;");
            _connection.Execute(ChainTables.Schema);
            StateTables.Create(_connection);
            _state = StateTables.Load(_connection);
            _state.KeepEndedDays = _options.KeepEndedDays;
            _chain = new ChainWriter(_key, _options.Site, _options.Time);
            _chain.Open(_connection, _state);
            OpenFinding ??= _chain.Found is null ? null : "The ledger does not prove what it says: " + _chain.Found;
            Append(RecordKind.Open, new OpenBody(1, _options.Site, _options.Host, _key.Public), _ => { }, () => { });
        }
        catch
        {
            _connection?.Dispose();
            _key?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Folder of all files.</summary>
    public string Folder { get; }

    /// <summary>Key that signs it: SubjectPublicKeyInfo, DER in base 64.</summary>
    public string PublicKey => _key.Public;

    /// <summary>What was wrong with the ledger when it was opened, a sentence; or null.</summary>
    public string? OpenFinding { get; }

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public LedgerHead Head => _chain.Head;

    private string Database => Path.Combine(Folder, FileName);

    /// <inheritdoc/>
    public JournaledState Load() => _state.Snapshot();

    /// <inheritdoc/>
    public bool CommitEpoch(uint epoch, long sentMs) => Append(
        RecordKind.Epoch,
        new EpochBody(epoch, sentMs),
        transaction => StateTables.SaveEpoch(transaction, epoch, sentMs),
        () => _state.Set(new EpochBody(epoch, sentMs)));

    /// <inheritdoc/>
    public bool SaveOrders(IReadOnlyList<JournaledOrder> orders, double gain, long sentMs)
    {
        // A repeat has a new seq and nothing else: the record names content that changed.
        List<JournaledOrder> changed = [.. orders.Where(o => !_state.Orders.TryGetValue(o.Pod, out JournaledOrder? kept) || kept with { Seq = o.Seq } != o)];
        OrdersBody body = new(gain, sentMs, LedgerState.Group(changed));
        return Append(RecordKind.Orders, body, transaction => StateTables.SaveOrders(transaction, changed, gain, sentMs), () => _state.Set(body));
    }

    /// <inheritdoc/>
    public bool SaveLimit(JournaledLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);

        // A record holds the whole event, so that it reads the same without this database.
        JournaledLimit whole = limit.Record.Length > 0 ? limit : limit with { Record = FindEvent(limit.EventId)?.Record ?? "" };
        return Append(RecordKind.Limit, whole, transaction => StateTables.SaveLimit(transaction, whole), () => _state.Set(whole));
    }

    /// <inheritdoc/>
    public bool AppendSeries(string eventId, int part, ReadOnlySpan<byte> samples)
    {
        SeriesBody body = new(eventId, part, samples.ToArray());
        return Append(RecordKind.Series, body, transaction => StateTables.SaveSeries(transaction, body), () => { });
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournaledLimit> Events(int skip, int take) => Read<IReadOnlyList<JournaledLimit>>([], () => StateTables.Events(_connection, skip, take));

    /// <inheritdoc/>
    public JournaledLimit? FindEvent(string eventId) => Read(null, () => StateTables.FindEvent(_connection, eventId));

    /// <inheritdoc/>
    public byte[] Series(string eventId) => Read<byte[]>([], () => StateTables.Series(_connection, eventId));

    /// <inheritdoc/>
    public JournaledLimit? FindByRequestKey(string key) => Read(null, () => StateTables.FindByRequestKey(_connection, key));

    /// <inheritdoc/>
    public bool SaveBoardPower(string board, int powerW)
    {
        BoardPowerBody body = new(board, powerW < 0 ? null : powerW);
        return Append(RecordKind.BoardPower, body, transaction => StateTables.SaveBoardPower(transaction, body), () => _state.Set(body));
    }

    /// <inheritdoc/>
    public bool SaveValue(string name, string value) => Append(
        RecordKind.Value, new ValueBody(name, value), transaction => StateTables.SaveValue(transaction, name, value), () => _state.Values[name] = value);

    /// <inheritdoc/>
    public bool Record<T>(string kind, T body) => Append(kind, body, _ => { }, () => { });

    /// <inheritdoc/>
    public IReadOnlyList<LedgerRecord> Records(string kind, int skip, int take) => Read<IReadOnlyList<LedgerRecord>>([], () => ChainTables.OfKind(_connection, kind, skip, take));

    /// <inheritdoc/>
    public bool Note(string kind, string text, long utcMs) => Append(RecordKind.Note, new NoteBody(kind, text, utcMs), _ => { }, () => { });

    /// <summary>Moves old segments to files. Call it from any thread, about once an hour; it never holds a write for long.</summary>
    /// <returns>Null if it went well, otherwise a sentence.</returns>
    public string? RollUp()
    {
        try
        {
            LedgerArchive.Roll(Folder, _options.KeepSegments);
            return null;
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            return "Old segments of the ledger could not be moved to files (" + error.Message.TrimEnd('.') + "): free disk space or repair the folder; they stay in the database until then.";
        }
    }

    /// <summary>Moves what the write-ahead log holds into the database. Call it from any thread, every few seconds; writes go on meanwhile.</summary>
    /// <returns>Null if it went well, otherwise a sentence.</returns>
    public string? Fold()
    {
        try
        {
            using SqliteConnection beside = Connect(Database, SqliteOpenMode.ReadWrite);
            beside.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            return null;
        }
        catch (SqliteException error)
        {
            return Sentence(error);
        }
    }

    /// <summary>Closes the ledger and seals the file: from then on every byte of it is covered.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        bool folded = false;
        try
        {
            // Busy, not folded: a reader is still there, and the file is left without a seal.
            folded = _connection.QueryFirst<(long Busy, long Log, long Done)>("PRAGMA wal_checkpoint(TRUNCATE)").Busy == 0;
        }
        catch (SqliteException error)
        {
            Problem = Sentence(error);
        }

        _connection.Dispose();
        if (folded && !File.Exists(Database + "-wal"))
        {
            try
            {
                LedgerSeal.Write(Database, Head, _options.Time.GetUtcNow().ToUnixTimeMilliseconds(), _key);
            }
            catch (IOException)
            {
                // No room for the seal: the audit says that the file is not sealed.
            }
        }

        _key.Dispose();
        _lock.Dispose();
    }

    /// <summary>A disk that is full, without one: the file may not grow over this many pages.</summary>
    internal void LimitPages(long pages) => _connection.Execute("PRAGMA max_page_count=" + pages.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A file system that takes no writes, without one.</summary>
    internal void ReadOnly(bool on) => _connection.Execute("PRAGMA query_only=" + (on ? "1" : "0"));

    internal static SqliteConnection Connect(string database, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        // The library itself retries while the file is busy, for DefaultTimeout seconds; the host's loop cannot wait longer.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = database, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());
        connection.Open();
        return connection;
    }

    private static string Sentence(SqliteException error)
        => "The journal cannot be written (" + error.Message.TrimEnd('.') + "): free disk space or repair the folder; until then rises are refused.";

    private bool Append<T>(string kind, T body, Action<SqliteTransaction> tables, Action mirror)
    {
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            ChainWriter.Draft draft = _chain.Begin(transaction);
            if (draft.BeginDay(_state) is { } today)
            {
                StateTables.Forget(transaction, today - (_options.KeepEndedDays * 86_400_000L));
            }

            // By the monotonic clock; the first write of a run signs what the run before it left.
            bool seals = _options.SealMinutes > 0 && (_sealedAt is not { } at || _options.Time.GetElapsedTime(at).TotalMinutes >= _options.SealMinutes);
            if (seals)
            {
                draft.Seal();
            }

            if (_lost > 0)
            {
                draft.Add(RecordKind.Gap, LedgerJson.Text(new GapBody(_lostSinceUtcMs, UtcMs(), _lost, _lostWhy, [.. _lostKinds])));
            }

            draft.Add(kind, LedgerJson.Text(body));
            tables(transaction);
            transaction.Commit();
            draft.Keep();
            mirror();
            _sealedAt = seals ? _options.Time.GetTimestamp() : _sealedAt;
            _lost = 0;
            _lostKinds.Clear();
            Problem = null;
            return true;
        }
        catch (SqliteException error)
        {
            Lose(kind, error);
            return false;
        }
    }

    // What a full disk swallows is counted, so that the chain can say that something is missing (F31).
    private void Lose(string kind, SqliteException error)
    {
        Problem = Sentence(error);
        if (_lost++ == 0)
        {
            (_lostSinceUtcMs, _lostWhy) = (UtcMs(), error.Message);
        }

        _lostKinds.Enqueue(kind);
        if (_lostKinds.Count > LostKindsKept)
        {
            _lostKinds.Dequeue();
        }
    }

    private T Read<T>(T none, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException error)
        {
            Problem = Sentence(error);
            return none;
        }
    }

    private long UtcMs() => _options.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
