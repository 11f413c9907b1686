using Ballast.Host.Ledger;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Tests.Ledger;

/// <summary>
/// Copies of one ledger for somebody to damage: segments 1 and 2 are files (records 1 to 11 and 12 to 21), 3 is closed and in the database
/// (22 to 31), 4 is open (32 to 41), and all of it is sealed.
/// </summary>
public sealed class TamperedLedger : IDisposable
{
    private readonly LedgerFolder _whole = new();
    private int _copies;

    public TamperedLedger()
    {
        using (SqliteJournal journal = _whole.Open(keepSegments: 1))
        {
            for (uint day = 1; day <= 4; day++)
            {
                if (day > 1)
                {
                    _whole.NextDay();
                }

                _whole.Day(journal, day);
            }

            Assert.Null(journal.RollUp());
            Assert.Null(journal.RollUp());
            Head = journal.Head;
        }

        Key = LedgerKey.ReadPublic(Path.Combine(_whole.Path, LedgerKey.PublicName))!;
        Assert.Equal(0, Audit(_ => { }).ExitCode);
    }

    /// <summary>Public key of the ledger.</summary>
    internal string Key { get; }

    /// <summary>Its last record.</summary>
    internal LedgerHead Head { get; }

    public void Dispose() => _whole.Dispose();

    /// <summary>Damages a copy, and audits that.</summary>
    internal AuditReport Audit(Action<string> tamper, AuditInputs? inputs = null)
    {
        string copy = Path.Combine(_whole.Path, "copy-" + Interlocked.Increment(ref _copies));
        Directory.CreateDirectory(Path.Combine(copy, SegmentFile.FolderName));
        foreach (string file in Directory.GetFiles(_whole.Path).Concat(Directory.GetFiles(_whole.Segments)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetRelativePath(_whole.Path, file)));
        }

        tamper(copy);
        return LedgerAudit.Verify(copy, inputs);
    }

    /// <summary>Changes the tables, and takes the seal off: without it the change would be found by the database's hash alone.</summary>
    internal static void Sql(string folder, string sql, object? values = null)
    {
        using (SqliteConnection db = SqliteJournal.Connect(DatabaseOf(folder)))
        {
            Assert.True(db.Execute(sql, values) > 0, sql);
            db.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        File.Delete(LedgerSeal.PathFor(DatabaseOf(folder)));
    }

    /// <summary>The file of a segment.</summary>
    internal static string FileOf(string folder, int segment) => Directory.GetFiles(Path.Combine(folder, SegmentFile.FolderName)).Order().ElementAt(segment - 1);

    /// <summary>Changes lines of a segment's file; the first record is line 0.</summary>
    internal static void Lines(string folder, int segment, Action<List<string>> change)
    {
        string path = FileOf(folder, segment);
        List<string> lines = [.. File.ReadAllText(path).Split('\n')];
        change(lines);
        File.WriteAllText(path, string.Join('\n', lines));
    }

    internal static string DatabaseOf(string folder) => Path.Combine(folder, SqliteJournal.FileName);

    /// <summary>An anchor of the table, read and written anew by somebody with a key of his own.</summary>
    internal static void SignAnew(string folder, int segment, Func<SegmentAnchor, SegmentAnchor> change)
    {
        using LedgerFolder thief = new();
        using LedgerKey own = LedgerKey.Open(thief.Path);
        string line;
        using (SqliteConnection db = SqliteJournal.Connect(DatabaseOf(folder)))
        {
            line = db.QuerySingle<string>("SELECT line FROM anchors WHERE segment=@segment", new { segment });
        }

        line = (change(SegmentAnchor.Parse(line)!) with { Key = own.Public }).Line();
        Sql(folder, "UPDATE anchors SET line=@line, signature=@signature WHERE segment=@segment", new { line, signature = own.Sign(line), segment });
    }
}
