using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Ballast.Wire;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>The tables of what holds now. Each write happens in the transaction of the record that explains it.</summary>
internal static class StateTables
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
        CREATE TABLE IF NOT EXISTS named(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    // A journal of the first layout kept one row per source and id, named values among its own, and notes beside.
    private const string LimitsOfFirstLayout = """
        INSERT OR IGNORE INTO events SELECT source || '-' || id || '-' || created_utc_ms, id, source, node, class, limit_w, start_utc_ms, end_utc_ms,
          ramp_up_w_per_s, reason, created_utc_ms, state, request_key, request_hash, 0, NULL, NULL, '' FROM limits;
        DROP TABLE limits;
        """;

    private const string RestOfFirstLayout = """
        INSERT OR IGNORE INTO named SELECT name, value FROM meta WHERE name NOT IN ('epoch','sent','gain');
        DELETE FROM meta WHERE name NOT IN ('epoch','sent','gain');
        DROP TABLE IF EXISTS notes;
        """;

    private const string Columns = """
        event_id AS EventId, test AS Test, profile AS Profile, ended_by AS EndedBy, record AS Record, id AS Id, source AS Source, node AS Node,
        class AS Class, limit_w AS LimitW, start_utc_ms AS StartUtcMs, end_utc_ms AS EndUtcMs, ramp_up_w_per_s AS RampUpWPerS, reason AS Reason,
        created_utc_ms AS CreatedUtcMs, state AS State, request_key AS RequestKey, request_hash AS RequestHash
        """;

    private const string IsOpen = "state IN ('scheduled','active','restoring')";

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    internal static void Create(SqliteConnection connection)
    {
        connection.Execute(Schema);
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE name='limits'") > 0)
        {
            connection.Execute(LimitsOfFirstLayout);
        }

        connection.Execute(RestOfFirstLayout);
    }

    /// <summary>Reads what holds; of the events those that are not over.</summary>
    internal static LedgerState Load(SqliteConnection connection)
    {
        LedgerState state = new() { RemembersEnded = false };
        Dictionary<string, string> meta = Pairs(connection, "meta");
        state.Set(
            uint.Parse(meta.GetValueOrDefault("epoch", "0"), Invariant),
            new OrdersBody(
                double.Parse(meta.GetValueOrDefault("gain", "1.1"), Invariant),
                long.Parse(meta.GetValueOrDefault("sent", "0"), Invariant),
                LedgerState.Group(connection.Query<(string Pod, long Epoch, long Seq, long OrderId, long Class, long Limit, long Share, long Salt)>(
                    "SELECT pod, epoch, seq, order_id, class, limit_mj_per_th, share, salt FROM orders")
                    .Select(o => new JournaledOrder(o.Pod, (uint)o.Epoch, (uint)o.Seq, (uint)o.OrderId, (OrderClass)o.Class, (int)o.Limit, (uint)o.Share, (uint)o.Salt)))));
        foreach (JournaledLimit limit in connection.Query<JournaledLimit>("SELECT " + Columns + " FROM events WHERE " + IsOpen))
        {
            state.Set(limit);
        }

        foreach ((string board, long watts) in connection.Query<(string Board, long PowerW)>("SELECT board, power_w FROM board_power"))
        {
            state.BoardPowerW[board] = (int)watts;
        }

        foreach ((string name, string value) in Pairs(connection, "named"))
        {
            state.Values[name] = value;
        }

        return state;
    }

    /// <summary>True if what holds differs; how long ended events are kept is no part of it.</summary>
    internal static bool Differ(LedgerState records, LedgerState tables)
        => LedgerJson.Text(records.Body("") with { KeepEndedDays = 0 }) != LedgerJson.Text(tables.Body("") with { KeepEndedDays = 0 });

    internal static void SaveEpoch(SqliteTransaction transaction, uint epoch, long sentMs)
    {
        Pair(transaction, "meta", "epoch", epoch.ToString(Invariant));
        Pair(transaction, "meta", "sent", sentMs.ToString(Invariant));
    }

    internal static void SaveOrders(SqliteTransaction transaction, IEnumerable<JournaledOrder> orders, double gain, long sentMs)
    {
        // One statement for all pods: a hundred of them one by one cost the loop ten times as long.
        transaction.Connection!.Execute(
            """
            INSERT INTO orders SELECT value->>'Pod', value->>'Epoch', value->>'Seq', value->>'OrderId', value->>'Class', value->>'LimitMjPerTh', value->>'Share', value->>'Salt'
            FROM json_each(@json) WHERE true
            ON CONFLICT(pod) DO UPDATE SET epoch=excluded.epoch, seq=excluded.seq, order_id=excluded.order_id, class=excluded.class,
              limit_mj_per_th=excluded.limit_mj_per_th, share=excluded.share, salt=excluded.salt
            """,
            new { json = JsonSerializer.Serialize(orders) },
            transaction);

        Pair(transaction, "meta", "gain", gain.ToString("R", Invariant));
        Pair(transaction, "meta", "sent", sentMs.ToString(Invariant));
    }

    internal static void SaveLimit(SqliteTransaction transaction, JournaledLimit limit) => transaction.Connection!.Execute(
        """
        INSERT OR REPLACE INTO events VALUES(@EventId, @Id, @Source, @Node, @Class, @LimitW, @StartUtcMs, @EndUtcMs, @RampUpWPerS, @Reason, @CreatedUtcMs,
          @State, @RequestKey, @RequestHash, @Test, @Profile, @EndedBy, @Record)
        """,
        limit,
        transaction);

    internal static void SaveSeries(SqliteTransaction transaction, SeriesBody body)
        => transaction.Connection!.Execute("INSERT OR REPLACE INTO event_series VALUES(@EventId, @Part, @Samples)", body, transaction);

    /// <summary>Drops events that are over and older than the journal keeps them; their records stay in the segments.</summary>
    internal static void Forget(SqliteTransaction transaction, long beforeUtcMs) => transaction.Connection!.Execute(
        "DELETE FROM events WHERE created_utc_ms < @beforeUtcMs AND NOT " + IsOpen + "; DELETE FROM event_series WHERE event_id NOT IN (SELECT event_id FROM events)",
        new { beforeUtcMs },
        transaction);

    internal static void SaveBoardPower(SqliteTransaction transaction, BoardPowerBody body) => transaction.Connection!.Execute(
        body.PowerW is null
            ? "DELETE FROM board_power WHERE board=@Board"
            : "INSERT INTO board_power VALUES(@Board, @PowerW) ON CONFLICT(board) DO UPDATE SET power_w=@PowerW",
        new { body.Board, body.PowerW },
        transaction);

    internal static void SaveValue(SqliteTransaction transaction, string name, string value) => Pair(transaction, "named", name, value);

    internal static JournaledLimit? FindByRequestKey(SqliteConnection connection, string key)
        => connection.QueryFirstOrDefault<JournaledLimit>("SELECT " + Columns + " FROM events WHERE request_key=@key", new { key });

    internal static JournaledLimit? FindEvent(SqliteConnection connection, string eventId)
        => connection.QueryFirstOrDefault<JournaledLimit>("SELECT " + Columns + " FROM events WHERE event_id=@eventId", new { eventId });

    internal static IReadOnlyList<JournaledLimit> Events(SqliteConnection connection, int skip, int take)
        => [.. connection.Query<JournaledLimit>("SELECT " + Columns + " FROM events ORDER BY created_utc_ms DESC, event_id DESC LIMIT @take OFFSET @skip", new { skip, take })];

    internal static byte[] Series(SqliteConnection connection, string eventId)
        => [.. connection.Query<byte[]>("SELECT samples FROM event_series WHERE event_id=@eventId ORDER BY part", new { eventId }).SelectMany(p => p)];

    /// <summary>Digest of every event that is over.</summary>
    internal static IEnumerable<(string EventId, string Digest)> EndedDigests(SqliteConnection connection)
        => connection.Query<JournaledLimit>("SELECT " + Columns + " FROM events WHERE NOT " + IsOpen, buffered: false).Select(l => (l.EventId, LedgerState.Digest(l)));

    /// <summary>Digest of every part of a series.</summary>
    internal static IEnumerable<(string EventId, int Part, string Digest)> SeriesDigests(SqliteConnection connection)
        => connection.Query<(string, long, byte[])>("SELECT event_id, part, samples FROM event_series", buffered: false)
            .Select(r => (r.Item1, (int)r.Item2, Convert.ToHexStringLower(SHA256.HashData(r.Item3))));

    private static Dictionary<string, string> Pairs(SqliteConnection connection, string table)
        => connection.Query<(string Name, string Value)>("SELECT name, value FROM " + table).ToDictionary(m => m.Name, m => m.Value);

    private static void Pair(SqliteTransaction transaction, string table, string name, string value)
        => transaction.Connection!.Execute("INSERT INTO " + table + " VALUES(@name, @value) ON CONFLICT(name) DO UPDATE SET value=@value", new { name, value }, transaction);
}
