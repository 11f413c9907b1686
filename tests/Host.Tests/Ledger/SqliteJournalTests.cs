using Ballast.Host.Ledger;
using Ballast.Wire;

namespace Ballast.Host.Tests.Ledger;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_there_after_a_restart()
    {
        JournaledLimit limit = new() { EventId = "e1", Test = true, Profile = "p", EndedBy = "x", Record = "{}", Id = "a", Source = "rest", Node = "site", Class = OrderClass.Emergency, LimitW = 5, StartUtcMs = 7, EndUtcMs = null, RampUpWPerS = 2, Reason = "r", CreatedUtcMs = 6, State = "active", RequestKey = "k", RequestHash = "h" };
        using (SqliteJournal journal = new(_folder))
        {
            Assert.True(journal.Load().IsEmpty);
            Assert.True(journal.CommitEpoch(uint.MaxValue, 5));
            Assert.True(journal.SaveOrders([new JournaledOrder("p1", uint.MaxValue, 2, 3, OrderClass.Reliability, int.MaxValue, uint.MaxValue, 6)], 1.25, 99));
            Assert.True(journal.SaveLimit(limit));
            Assert.True(journal.SaveLimit(limit with { EventId = "e2", Id = "b", CreatedUtcMs = 7, State = "completed", RequestKey = null }));
            Assert.True(journal.SaveBoardPower("p1/b1", 12));
            Assert.True(journal.SaveBoardPower("p1/b2", 13));
            Assert.True(journal.SaveBoardPower("p1/b2", -1));
            Assert.True(journal.Note("x", "y", 1));
        }

        using SqliteJournal again = new(_folder);
        JournaledState state = again.Load();
        Assert.Equal(uint.MaxValue, state.Epoch);
        Assert.Equal(99, state.SentMs);
        Assert.Equal(1.25, state.Gain);
        Assert.Equal(new JournaledOrder("p1", uint.MaxValue, 2, 3, OrderClass.Reliability, int.MaxValue, uint.MaxValue, 6), Assert.Single(state.Orders));
        Assert.Equal(limit, Assert.Single(state.Limits));
        Assert.Equal(12, Assert.Single(state.BoardPowerW).Value);
        Assert.Equal(limit, again.FindByRequestKey("k"));
        Assert.Null(again.FindByRequestKey("none"));
    }

    [Fact]
    public void A_limit_that_replaces_another_of_its_id_is_another_event_and_the_first_keeps_its_request_key()
    {
        JournaledLimit first = new() { EventId = "e1", Id = "a", Source = "rest", Node = "site", CreatedUtcMs = 1, State = "active", RequestKey = "k1", RequestHash = "h1", Record = "{\"n\":1}" };
        using SqliteJournal journal = new(_folder);
        Assert.True(journal.SaveLimit(first));
        Assert.True(journal.SaveLimit(first with { State = "superseded", Record = "" }));
        Assert.True(journal.SaveLimit(first with { EventId = "e2", CreatedUtcMs = 2, RequestKey = "k2" }));
        Assert.Equal("e1", journal.FindByRequestKey("k1")!.EventId);
        Assert.Equal("superseded", journal.FindEvent("e1")!.State);
        Assert.Equal("{\"n\":1}", journal.FindEvent("e1")!.Record);
        Assert.Equal(["e2", "e1"], journal.Events(0, 10).Select(e => e.EventId));
        Assert.Equal(["e1"], journal.Events(1, 10).Select(e => e.EventId));
        Assert.Equal("e2", Assert.Single(journal.Load().Limits).EventId);
        Assert.True(journal.AppendSeries("e1", 60, [3, 4]));
        Assert.True(journal.AppendSeries("e1", 0, [1, 2]));
        Assert.Equal([1, 2, 3, 4], journal.Series("e1"));
        Assert.Empty(journal.Series("e2"));
    }

    [Fact]
    public void A_journal_of_the_first_layout_goes_on_with_its_limits_as_events()
    {
        using (Microsoft.Data.Sqlite.SqliteConnection old = new("Data Source=" + Path.Combine(_folder, "journal.db") + ";Pooling=False"))
        {
            SQLitePCL.Batteries_V2.Init();
            old.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = old.CreateCommand();
            command.CommandText = """
                CREATE TABLE limits(id TEXT NOT NULL, source TEXT NOT NULL, node TEXT NOT NULL, class INTEGER NOT NULL, limit_w REAL NOT NULL,
                  start_utc_ms INTEGER NOT NULL, end_utc_ms INTEGER, ramp_up_w_per_s REAL, reason TEXT NOT NULL, created_utc_ms INTEGER NOT NULL,
                  state TEXT NOT NULL, request_key TEXT, request_hash TEXT, PRIMARY KEY(source, id)) WITHOUT ROWID;
                INSERT INTO limits VALUES('a','rest','site',1,120,5,NULL,NULL,'why',4,'active','k','h');
                """;
            command.ExecuteNonQuery();
        }

        for (int open = 0; open < 2; open++)
        {
            using SqliteJournal journal = new(_folder);
            JournaledLimit kept = Assert.Single(journal.Load().Limits);
            Assert.Equal(("a", "rest", "site", OrderClass.Reliability, 120.0, 5L, "why", "k"), (kept.Id, kept.Source, kept.Node, kept.Class, kept.LimitW, kept.StartUtcMs, kept.Reason, kept.RequestKey));
        }
    }

    [Fact]
    public void A_write_that_fails_says_so_and_throws_nothing()
    {
        SqliteJournal journal = new(_folder);
        using (Microsoft.Data.Sqlite.SqliteConnection blocker = new("Data Source=" + Path.Combine(_folder, "journal.db") + ";Pooling=False"))
        {
            blocker.Open();
            using Microsoft.Data.Sqlite.SqliteTransaction held = blocker.BeginTransaction();
            using Microsoft.Data.Sqlite.SqliteCommand command = blocker.CreateCommand();
            command.CommandText = "INSERT INTO named VALUES('a','b')";
            command.ExecuteNonQuery();
            Assert.False(journal.CommitEpoch(1, 1));
            Assert.Contains("rises are refused", journal.Problem, StringComparison.Ordinal);
        }

        Assert.True(journal.CommitEpoch(2, 1));
        Assert.Null(journal.Problem);
        journal.Dispose();
    }
}
