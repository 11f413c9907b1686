using Ballast.Host.Ledger;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Tests.Ledger;

/// <summary>
/// F32: the write-ahead log cut at every byte of the last two transactions. What comes back is always the state after the last whole
/// one, so never a higher cap than the last record says.
/// </summary>
public sealed class TornJournalTests : IDisposable
{
    private readonly LedgerFolder _folder = new();
    private readonly string _torn = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "ballast-torn-" + Guid.NewGuid().ToString("N"))).FullName;

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_torn, recursive: true);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void F32_cut_at_every_byte_of_the_last_two_transactions_the_last_whole_record_holds() => Cut(1);

    [Fact]
    public void F32_cut_at_a_sample_of_the_bytes_and_at_each_end_the_last_whole_record_holds() => Cut(13);

    private void Cut(int step)
    {
        (byte[] log, long[] ends, string[] states, double[] caps) = Write();
        using LedgerKey key = LedgerKey.Open(_torn);
        for (long cut = log.Length; cut >= ends[0]; cut--)
        {
            if (cut % step != 0 && !ends.Any(e => Math.Abs(e - cut) <= 1))
            {
                continue;
            }

            Put(log, cut);
            using SqliteConnection db = SqliteJournal.Connect(Path.Combine(_torn, SqliteJournal.FileName), SqliteOpenMode.ReadWrite);
            db.Execute("PRAGMA synchronous=OFF");
            LedgerState found = StateTables.Load(db);
            ChainWriter chain = new(key, "demo", _folder.Time);
            chain.Open(db, found);
            int whole = ends.Count(e => e <= cut) - 1;
            Assert.True(chain.Found is null, "cut at " + cut + ": " + chain.Found);
            Assert.True(states[whole] == LedgerJson.Text(found.Body("")), "cut at " + cut + " of " + log.Length);
            Assert.Equal(caps[whole], found.Open.Values.Min(l => l.LimitW));
        }
    }

    [Fact]
    public void F32_a_host_starts_from_a_log_cut_anywhere_and_its_ledger_proves_itself()
    {
        (byte[] log, long[] ends, _, double[] caps) = Write();
        foreach (string file in (string[])[LedgerKey.PrivateName, LedgerKey.PublicName])
        {
            File.Copy(Path.Combine(_folder.Path, file), Path.Combine(_torn, file));
        }

        for (long cut = log.Length; cut >= ends[0]; cut -= 211)
        {
            Put(log, cut);
            using (SqliteJournal journal = new(_torn, new JournalOptions { Site = "demo", Time = _folder.Time }))
            {
                Assert.Null(journal.OpenFinding);
                Assert.Equal(caps[ends.Count(e => e <= cut) - 1], journal.Load().Limits.Min(l => l.LimitW));
                Assert.True(journal.CommitEpoch(99, 1));
            }

            Assert.Equal(0, LedgerAudit.Verify(_torn).ExitCode);
        }
    }

    // The database, its log, where the last transactions end in the log, and the state after each.
    private (byte[] Log, long[] Ends, string[] States, double[] Caps) Write()
    {
        using SqliteJournal journal = _folder.Open(pageSize: 512);
        Assert.True(journal.CommitEpoch(7, 1));
        Assert.True(journal.SaveLimit(_folder.Limit("a", 300)));
        List<long> ends = [];
        List<string> states = [];
        List<double> caps = [];
        void Note()
        {
            ends.Add(new FileInfo(_folder.Database + "-wal").Length);
            using LedgerCopy copy = LedgerCopy.Make(_folder.Database);
            using SqliteConnection db = SqliteJournal.Connect(copy.Path);
            LedgerState state = StateTables.Load(db);
            states.Add(LedgerJson.Text(state.Body("")));
            caps.Add(state.Open.Values.Min(l => l.LimitW));
        }

        Note();
        Assert.True(journal.SaveLimit(_folder.Limit("a", 900) with { EventId = "e-a" }));
        Note();
        Assert.True(journal.SaveLimit(_folder.Limit("b", 100)));
        Note();
        Assert.Equal([300, 900, 100], caps);
        File.Copy(_folder.Database, Path.Combine(_torn, "kept.db"));
        byte[] log = File.ReadAllBytes(_folder.Database + "-wal");
        Assert.Equal(ends[^1], log.Length);
        return (log, [.. ends], [.. states], [.. caps]);
    }

    private void Put(byte[] log, long cut)
    {
        string database = Path.Combine(_torn, SqliteJournal.FileName);
        File.Delete(LedgerSeal.PathFor(database));
        File.Delete(database + "-shm");
        File.Copy(Path.Combine(_torn, "kept.db"), database, overwrite: true);
        using FileStream file = new(database + "-wal", FileMode.Create);
        file.Write(log.AsSpan(0, (int)cut));
    }
}
