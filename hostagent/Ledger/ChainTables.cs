using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>Records and anchors in SQLite.</summary>
internal static class ChainTables
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS records(number INTEGER PRIMARY KEY, line TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS records_audit ON records(number) WHERE instr(substr(line,1,120),'"kind":"audit",') > 0;
        CREATE TABLE IF NOT EXISTS anchors(segment INTEGER PRIMARY KEY, line TEXT NOT NULL, signature TEXT NOT NULL) STRICT;
        """;

    internal static void Add(SqliteTransaction transaction, long number, string line, string hash)
        => transaction.Connection!.Execute("INSERT INTO records VALUES(@number, @line, @hash)", new { number, line, hash }, transaction);

    internal static void Anchor(SqliteTransaction transaction, long segment, string line, string signature)
        => transaction.Connection!.Execute("INSERT INTO anchors VALUES(@segment, @line, @signature)", new { segment, line, signature }, transaction);

    /// <summary>Records in order, read as they are asked for.</summary>
    internal static IEnumerable<(long Number, string Line, string Hash)> Records(SqliteConnection connection, long first, long last = long.MaxValue)
        => connection.Query<(long, string, string)>(
            "SELECT number, line, hash FROM records WHERE number BETWEEN @first AND @last ORDER BY number", new { first, last }, buffered: false);

    /// <summary>Records of one kind, the newest first. The kind stands among the first characters of a line; for audit the index has it.</summary>
    internal static IReadOnlyList<LedgerRecord> OfKind(SqliteConnection connection, string kind, int skip, int take)
    {
        string condition = kind == RecordKind.Audit ? "instr(substr(line,1,120),'\"kind\":\"audit\",') > 0" : "line LIKE '%,\"kind\":\"' || @kind || '\",\"body\":%'";
        return [.. connection.Query<string>("SELECT line FROM records WHERE " + condition + " ORDER BY number DESC LIMIT @take OFFSET @skip", new { kind, skip, take })
            .Select(LedgerRecord.Parse).OfType<LedgerRecord>().Where(r => r.Kind == kind)];
    }

    internal static IReadOnlyList<(long Segment, string Line, string Signature)> Anchors(SqliteConnection connection)
        => [.. connection.Query<(long, string, string)>("SELECT segment, line, signature FROM anchors ORDER BY segment")];

    internal static LedgerHead Head(SqliteConnection connection)
        => connection.Query<(long Number, string Line, string Hash)>("SELECT number, line, hash FROM records ORDER BY number DESC LIMIT 1")
            .Select(r => new LedgerHead(LedgerRecord.Parse(r.Line)?.Segment ?? 0, r.Number, r.Hash)).FirstOrDefault() ?? LedgerHead.Empty;

    internal static long FirstNumber(SqliteConnection connection) => connection.ExecuteScalar<long?>("SELECT min(number) FROM records") ?? 0;
}
