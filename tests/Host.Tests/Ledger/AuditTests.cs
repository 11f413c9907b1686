using Ballast.Host.Ledger;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Tests.Ledger;

public sealed class AuditTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_ledger_of_three_days_proves_itself_before_and_after_roll_up()
    {
        using (SqliteJournal journal = _folder.Open(keepSegments: 1))
        {
            for (uint day = 1; day <= 4; day++)
            {
                _folder.Day(journal, day);
                _folder.NextDay();
            }

            Assert.Null(journal.RollUp());
            Assert.Equal(2, Directory.GetFiles(_folder.Segments, "*.ledger").Length);
            Assert.Null(journal.RollUp());
            Assert.Contains("a host is writing it", Audit().Unproven[0], StringComparison.Ordinal);
            Assert.Contains("no signature covers them yet", Audit().Unproven[1], StringComparison.Ordinal);
            Assert.Single(Audit(new AuditInputs { Head = journal.Head }).Unproven);
        }

        AuditReport report = Audit();
        Assert.Null(report.Fault);
        Assert.Empty(report.Unproven);
        Assert.Equal(0, report.ExitCode);
        Assert.StartsWith("41 records in 4 segments follow from each other", report.Proven[0], StringComparison.Ordinal);
        using (SqliteConnection db = SqliteJournal.Connect(_folder.Database, SqliteOpenMode.ReadOnly))
        {
            Assert.Equal(22, ChainTables.FirstNumber(db));
        }

        // Without its file a segment is only its signed head, and the audit says so.
        File.Delete(Directory.GetFiles(_folder.Segments).Order().First());
        AuditReport rolled = Audit();
        Assert.Null(rolled.Fault);
        Assert.Equal(3, rolled.ExitCode);
        Assert.Contains("segment 1 (2026-03-01, records 1 to 11)", rolled.Unproven[0], StringComparison.Ordinal);
        Assert.Equal(["1 ended events: their records are in segments that are not here", "1 parts of series: their records are in segments that are not here"], rolled.Unproven.Skip(1));
    }

    [Fact]
    public void Ended_events_leave_their_table_in_time_and_the_chain_still_proves_what_is_in_it()
    {
        using (SqliteJournal journal = _folder.Open(keepEndedDays: 7))
        {
            _folder.Day(journal, 1);
            for (int i = 0; i < 9; i++)
            {
                _folder.NextDay();
                Assert.True(journal.Note("day", "", i));
            }

            Assert.Null(journal.FindByRequestKey("key-l1"));
            Assert.Empty(journal.Series("e-l1"));
        }

        Assert.Equal(0, Audit().ExitCode);
    }

    [Fact]
    public void A_clock_that_steps_back_stays_in_the_segment()
    {
        using (SqliteJournal journal = _folder.Open())
        {
            _folder.Day(journal, 1);
            _folder.NextDay();
            _folder.Day(journal, 2);
            _folder.Time.StepUtc(TimeSpan.FromDays(-3));
            _folder.Day(journal, 3);
            Assert.Equal(2, journal.Head.Segment);
        }

        Assert.Equal(0, Audit().ExitCode);
    }

    [Fact]
    public void A_changed_record_is_named_even_if_its_own_hash_was_changed_with_it()
    {
        Write(2);
        Tamper("UPDATE records SET line=replace(line,'\"limitW\":500','\"limitW\":900') WHERE number=5");
        Assert.Equal((1, 5), At(Audit().Fault));
        (string line, string hash) = Query("SELECT line, hash FROM records WHERE number=5");
        string before = Query("SELECT line, hash FROM records WHERE number=4").Hash;
        Tamper("UPDATE records SET hash='" + LedgerHash.Next(before, line) + "' WHERE number=5");
        Assert.NotEqual(hash, LedgerHash.Next(before, line));
        Assert.Equal((1, 6), At(Audit().Fault));
        Assert.Contains("the record before it was changed", Audit().Fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_record_a_removed_end_and_changed_tables_are_found()
    {
        LedgerHead head = Write(2);
        Assert.Equal(0, Audit(new AuditInputs { Head = head }).ExitCode);
        string copy = _folder.Path + "-copy";
        Directory.CreateDirectory(copy);
        void Case(string sql, string expected, AuditInputs? inputs = null)
        {
            foreach (string file in Directory.GetFiles(_folder.Path))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
            }

            Tamper(sql, Path.Combine(copy, SqliteJournal.FileName));
            File.Delete(Path.Combine(copy, SqliteJournal.FileName + ".seal"));
            Assert.Contains(expected, LedgerAudit.Verify(copy, inputs).Fault?.ToString() ?? "nothing", StringComparison.Ordinal);
        }

        Case("DELETE FROM records WHERE number=5", "segment 1, record 5: is missing");
        Case("DELETE FROM records WHERE number=(SELECT max(number) FROM records)", "records were removed at its end", new AuditInputs { Head = head });
        Case("UPDATE events SET limit_w=501", "the row of event 'e-l1'");
        Case("DELETE FROM events WHERE event_id='e-l2'", "the row of event 'e-l2' is missing");
        Case("UPDATE event_series SET samples=x'00' WHERE event_id='e-l2'", "part 0 of the series of event 'e-l2'");
        Case("UPDATE events SET state='active' WHERE event_id='e-l1'", "the tables of orders, limits");
        Case("UPDATE orders SET share=1", "the tables of orders, limits");
        Case("DELETE FROM board_power", "the tables of orders, limits");
        Case("UPDATE meta SET value='1.3' WHERE name='gain'", "the tables of orders, limits");
        Case("UPDATE named SET value='x'", "the tables of orders, limits");
        Case("UPDATE anchors SET line=replace(line,'\"last\":11','\"last\":10')", "segment 1: its anchor or the signature of it was changed");
        Case("UPDATE anchors SET signature=replace(signature,'a','b')", "segment 1: its anchor or the signature of it was changed");
        Case("DELETE FROM anchors", "segment 1: it is closed, but its anchor is not here");
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public void Another_key_and_a_head_that_is_not_in_the_chain_are_refused()
    {
        LedgerHead head = Write(2);
        string own = LedgerKey.ReadPublic(Path.Combine(_folder.Path, LedgerKey.PublicName))!;
        Assert.Equal(0, Audit(new AuditInputs { Key = own, Head = head }).ExitCode);
        using LedgerFolder other = new();
        other.Open().Dispose();
        string foreign = LedgerKey.ReadPublic(Path.Combine(other.Path, LedgerKey.PublicName))!;
        Assert.Contains("another key", Audit(new AuditInputs { Key = foreign }).Fault!.What, StringComparison.Ordinal);
        Assert.Contains("its hash is not that", Audit(new AuditInputs { Head = head with { Hash = LedgerHead.ZeroHash } }).Fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void The_private_key_is_readable_by_its_owner_only()
    {
        Write(1);
        string path = Path.Combine(_folder.Path, LedgerKey.PrivateName);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Write(1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(Path.Combine(_folder.Path, LedgerKey.PublicName)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_host_on_the_same_folder_is_turned_away_and_an_audit_turns_nobody_away()
    {
        using SqliteJournal first = _folder.Open();
        LedgerHeldException error = Assert.Throws<LedgerHeldException>(() => _folder.Open());
        Assert.Contains("Another host is running on the folder", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, Audit().ExitCode);
        Assert.True(first.Note("still", "writing", 1));
    }

    [Fact]
    public void A_file_that_changed_while_no_host_ran_is_reported_at_the_start()
    {
        Write(1);
        Tamper("UPDATE records SET line=replace(line,'rest released','rest RELEASED')");
        using SqliteJournal journal = _folder.Open();
        Assert.Contains("changed while no host ran", journal.OpenFinding, StringComparison.Ordinal);
        journal.Dispose();
        using SqliteJournal again = _folder.Open();
        Assert.Contains("segment 1, record 11", again.OpenFinding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_of_the_first_version_is_taken_over()
    {
        using (SqliteConnection db = SqliteJournal.Connect(_folder.Database))
        {
            db.Execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; INSERT INTO meta VALUES('epoch','7'),('hold','1'); CREATE TABLE notes(id INTEGER PRIMARY KEY, utc_ms INTEGER, kind TEXT, text TEXT)");
        }

        using (SqliteJournal journal = _folder.Open())
        {
            Assert.Equal(7u, journal.Load().Epoch);
            Assert.Equal("1", journal.Load().Values["hold"]);
        }

        Assert.Equal(0, Audit().ExitCode);
    }

    private AuditReport Audit(AuditInputs? inputs = null) => LedgerAudit.Verify(_folder.Path, inputs);

    private static (long Segment, long Number) At(LedgerFault? fault) => (fault?.Segment ?? 0, fault?.Number ?? 0);

    private LedgerHead Write(uint days)
    {
        using SqliteJournal journal = _folder.Open();
        for (uint day = 1; day <= days; day++)
        {
            _folder.Day(journal, day);
            if (day < days)
            {
                _folder.NextDay();
            }
        }

        return journal.Head;
    }

    private void Tamper(string sql, string? database = null)
    {
        using SqliteConnection db = SqliteJournal.Connect(database ?? _folder.Database);
        Assert.True(db.Execute(sql) > 0, sql);
        db.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private (string Line, string Hash) Query(string sql)
    {
        using SqliteConnection db = SqliteJournal.Connect(_folder.Database);
        return db.QuerySingle<(string, string)>(sql);
    }
}
