using Ballast.Wire;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>The journal in one SQLite file: write-ahead log, synchronous FULL, one writer.</summary>
public sealed class SqliteJournal : IJournal
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS orders(pod TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, order_id INTEGER NOT NULL,
          class INTEGER NOT NULL, limit_mj_per_th INTEGER NOT NULL, share INTEGER NOT NULL, salt INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS events(event_id TEXT PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, node TEXT NOT NULL, class INTEGER NOT NULL,
          limit_w REAL NOT NULL, start_utc_ms INTEGER NOT NULL, end_utc_ms INTEGER, ramp_up_w_per_s REAL, reason TEXT NOT NULL,
          created_utc_ms INTEGER NOT NULL, state TEXT NOT NULL, request_key TEXT, request_hash TEXT, test INTEGER NOT NULL, profile TEXT,
          ended_by TEXT, record TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS events_request ON events(request_key) WHERE request_key IS NOT NULL;
        CREATE INDEX IF NOT EXISTS events_created ON events(created_utc_ms);
        CREATE INDEX IF NOT EXISTS events_open ON events(state) WHERE state IN ('scheduled','active','restoring');
        CREATE TABLE IF NOT EXISTS event_series(event_id TEXT NOT NULL, part INTEGER NOT NULL, samples BLOB NOT NULL, PRIMARY KEY(event_id, part)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS board_power(board TEXT PRIMARY KEY, power_w INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS notes(id INTEGER PRIMARY KEY, utc_ms INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
        """;

    // A journal of the first layout kept one row per source and id; its limits go on as events.
    private const string FromFirstLayout = """
        INSERT OR IGNORE INTO events SELECT source || '-' || id || '-' || created_utc_ms, id, source, node, class, limit_w, start_utc_ms, end_utc_ms,
          ramp_up_w_per_s, reason, created_utc_ms, state, request_key, request_hash, 0, NULL, NULL, '' FROM limits;
        DROP TABLE limits;
        """;

    private const string LimitColumns = """
        event_id AS EventId, test AS Test, profile AS Profile, ended_by AS EndedBy, record AS Record, id AS Id, source AS Source, node AS Node, class AS Class, limit_w AS LimitW, start_utc_ms AS StartUtcMs, end_utc_ms AS EndUtcMs,
        ramp_up_w_per_s AS RampUpWPerS, reason AS Reason, created_utc_ms AS CreatedUtcMs, state AS State, request_key AS RequestKey,
        request_hash AS RequestHash
        """;

    private readonly SqliteConnection _connection;

    static SqliteJournal() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens or makes the file.</summary>
    /// <param name="folder">Folder for the file; made if missing.</param>
    /// <exception cref="SqliteException">The file cannot be opened: the host must not start without it.</exception>
    public SqliteJournal(string folder)
    {
        Directory.CreateDirectory(folder);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "journal.db"), Pooling = false }.ToString());
        _connection.Open();
        _connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=200;");
        _connection.Execute(Schema);
        if (_connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE name='limits'") > 0)
        {
            _connection.Execute(FromFirstLayout);
        }
    }

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public JournaledState Load()
    {
        Dictionary<string, string> meta = _connection.Query<(string Name, string Value)>("SELECT name, value FROM meta").ToDictionary(m => m.Name, m => m.Value);
        return new JournaledState
        {
            Epoch = meta.TryGetValue("epoch", out string? epoch) ? uint.Parse(epoch, Invariant) : 0,
            SentMs = meta.TryGetValue("sent", out string? sent) ? long.Parse(sent, Invariant) : 0,
            Gain = meta.TryGetValue("gain", out string? gain) ? double.Parse(gain, Invariant) : 1.10,
            Orders = [.. _connection.Query<(string Pod, long Epoch, long Seq, long OrderId, long Class, long Limit, long Share, long Salt)>(
                "SELECT pod, epoch, seq, order_id, class, limit_mj_per_th, share, salt FROM orders")
                .Select(o => new JournaledOrder(o.Pod, (uint)o.Epoch, (uint)o.Seq, (uint)o.OrderId, (OrderClass)o.Class, (int)o.Limit, (uint)o.Share, (uint)o.Salt))],
            Limits = [.. _connection.Query<JournaledLimit>(
                "SELECT " + LimitColumns + " FROM events WHERE state IN ('scheduled','active','restoring') ORDER BY created_utc_ms")],
            Values = meta,
            BoardPowerW = _connection.Query<(string Board, long PowerW)>("SELECT board, power_w FROM board_power").ToDictionary(b => b.Board, b => (int)b.PowerW),
        };
    }

    /// <inheritdoc/>
    public bool CommitEpoch(uint epoch, long sentMs) => Write(transaction =>
    {
        Meta("epoch", epoch.ToString(Invariant), transaction);
        Meta("sent", sentMs.ToString(Invariant), transaction);
    });

    /// <inheritdoc/>
    public bool SaveOrders(IReadOnlyList<JournaledOrder> orders, double gain, long sentMs) => Write(transaction =>
    {
        foreach (JournaledOrder order in orders)
        {
            _connection.Execute(
                """
                INSERT INTO orders VALUES(@Pod, @Epoch, @Seq, @OrderId, @Class, @LimitMjPerTh, @Share, @Salt)
                ON CONFLICT(pod) DO UPDATE SET epoch=@Epoch, seq=@Seq, order_id=@OrderId, class=@Class, limit_mj_per_th=@LimitMjPerTh, share=@Share, salt=@Salt
                """,
                new { order.Pod, Epoch = (long)order.Epoch, Seq = (long)order.Seq, OrderId = (long)order.OrderId, Class = (int)order.Class, order.LimitMjPerTh, Share = (long)order.Share, Salt = (long)order.Salt },
                transaction);
        }

        Meta("gain", gain.ToString("R", Invariant), transaction);
        Meta("sent", sentMs.ToString(Invariant), transaction);
    });

    /// <inheritdoc/>
    public bool SaveLimit(JournaledLimit limit) => Write(transaction => _connection.Execute(
        """
        INSERT INTO events VALUES(@EventId, @Id, @Source, @Node, @Class, @LimitW, @StartUtcMs, @EndUtcMs, @RampUpWPerS, @Reason, @CreatedUtcMs, @State,
          @RequestKey, @RequestHash, @Test, @Profile, @EndedBy, @Record)
        ON CONFLICT(event_id) DO UPDATE SET end_utc_ms=@EndUtcMs, state=@State, ended_by=@EndedBy, record=CASE @Record WHEN '' THEN record ELSE @Record END
        """,
        limit,
        transaction));

    /// <inheritdoc/>
    public bool AppendSeries(string eventId, int part, ReadOnlySpan<byte> samples)
    {
        byte[] bytes = samples.ToArray();
        return Write(transaction => _connection.Execute("INSERT OR REPLACE INTO event_series VALUES(@eventId, @part, @bytes)", new { eventId, part, bytes }, transaction));
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournaledLimit> Events(int skip, int take) => Read<IReadOnlyList<JournaledLimit>>([], () =>
        [.. _connection.Query<JournaledLimit>("SELECT " + LimitColumns + " FROM events ORDER BY created_utc_ms DESC, event_id DESC LIMIT @take OFFSET @skip", new { skip, take })]);

    /// <inheritdoc/>
    public JournaledLimit? FindEvent(string eventId)
        => Read(null, () => _connection.QueryFirstOrDefault<JournaledLimit>("SELECT " + LimitColumns + " FROM events WHERE event_id=@eventId", new { eventId }));

    /// <inheritdoc/>
    public byte[] Series(string eventId)
        => Read<byte[]>([], () => [.. _connection.Query<byte[]>("SELECT samples FROM event_series WHERE event_id=@eventId ORDER BY part", new { eventId }).SelectMany(p => p)]);

    /// <inheritdoc/>
    public JournaledLimit? FindByRequestKey(string key)
        => Read(null, () => _connection.QueryFirstOrDefault<JournaledLimit>("SELECT " + LimitColumns + " FROM events WHERE request_key=@key", new { key }));

    /// <inheritdoc/>
    public bool SaveBoardPower(string board, int powerW) => Write(transaction => _connection.Execute(
        powerW < 0
            ? "DELETE FROM board_power WHERE board=@board"
            : "INSERT INTO board_power VALUES(@board, @powerW) ON CONFLICT(board) DO UPDATE SET power_w=@powerW",
        new { board, powerW },
        transaction));

    /// <inheritdoc/>
    public bool SaveValue(string name, string value) => Write(transaction => Meta(name, value, transaction));

    /// <inheritdoc/>
    public bool Note(string kind, string text, long utcMs)
        => Write(transaction => _connection.Execute("INSERT INTO notes(utc_ms, kind, text) VALUES(@utcMs, @kind, @text)", new { utcMs, kind, text }, transaction));

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static string Sentence(SqliteException error)
        => "The journal cannot be written (" + error.Message.TrimEnd('.') + "): free disk space or repair the folder; until then rises are refused.";

    private void Meta(string name, string value, SqliteTransaction transaction)
        => _connection.Execute("INSERT INTO meta VALUES(@name, @value) ON CONFLICT(name) DO UPDATE SET value=@value", new { name, value }, transaction);

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

    private bool Write(Action<SqliteTransaction> work)
    {
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            work(transaction);
            transaction.Commit();
            Problem = null;
            return true;
        }
        catch (SqliteException error)
        {
            Problem = Sentence(error);
            return false;
        }
    }
}
