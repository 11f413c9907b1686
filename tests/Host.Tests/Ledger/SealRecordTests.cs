using Ballast.Host.Ledger;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Tests.Ledger;

/// <summary>Signed heads inside the chain: what stands before one cannot be written anew by somebody without the key, on the same day either.</summary>
public sealed class SealRecordTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SqliteJournal Open() => new(_folder.Path, new JournalOptions { Site = "demo", Host = "h1", Time = _folder.Time, SealMinutes = 15 });

    private static void Note(SqliteJournal journal, string text) => Assert.True(journal.Note("test", text, 1));

    [Fact]
    public void A_head_is_signed_at_most_once_in_its_interval_and_the_audit_says_what_is_left()
    {
        using (SqliteJournal journal = Open())
        {
            for (int minute = 0; minute < 40; minute++)
            {
                Note(journal, "n" + minute);
                _folder.Time.Advance(60_000);
            }

            Assert.Equal(3, journal.Records(RecordKind.Seal, 0, 100).Count);
        }

        // As after a kill: nothing but what the records themselves prove.
        File.Delete(_folder.Database + ".seal");
        AuditReport report = LedgerAudit.Verify(_folder.Path);
        Assert.Null(report.Fault);
        Assert.Contains(report.Unproven, u => u.StartsWith("records 35 to 45: no signature covers them yet", StringComparison.Ordinal));
        using (SqliteJournal again = Open())
        {
            // The next start signs what the run before it left.
            Assert.Equal(4, again.Records(RecordKind.Seal, 0, 100).Count);
        }
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(40, false)]
    public void A_history_written_anew_without_the_key_is_found_up_to_the_last_signed_head(int minute, bool found)
    {
        using (SqliteJournal journal = Open())
        {
            for (int i = 0; i < 42; i++)
            {
                Note(journal, "n" + i);
                _folder.Time.Advance(60_000);
            }
        }

        File.Delete(_folder.Database + ".seal");
        WriteAnew("\"text\":\"n" + minute + "\"", "\"text\":\"x" + minute + "\"");
        AuditReport report = LedgerAudit.Verify(_folder.Path);
        Assert.Equal(found, report.Fault is not null);
        if (found)
        {
            Assert.Contains("was changed after it had been signed", report.Fault!.ToString(), StringComparison.Ordinal);
        }
    }

    // What somebody with the file can do: change a record, and all hashes behind it.
    private void WriteAnew(string old, string now)
    {
        using SqliteConnection connection = SqliteJournal.Connect(_folder.Database);
        string head = LedgerHead.ZeroHash;
        foreach ((long number, string line, string _) in ChainTables.Records(connection, 1).ToList())
        {
            string changed = line.Replace(old, now, StringComparison.Ordinal);
            head = LedgerHash.Next(head, changed);
            connection.Execute("UPDATE records SET line=@changed, hash=@head WHERE number=@number", new { changed, head, number });
        }
    }
}
