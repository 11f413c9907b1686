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
        JournaledLimit limit = new() { Id = "a", Source = "rest", Node = "site", Class = OrderClass.Emergency, LimitW = 5, StartUtcMs = 7, EndUtcMs = null, RampUpWPerS = 2, Reason = "r", CreatedUtcMs = 6, State = "active", RequestKey = "k", RequestHash = "h" };
        using (SqliteJournal journal = new(_folder))
        {
            Assert.True(journal.Load().IsEmpty);
            Assert.True(journal.CommitEpoch(uint.MaxValue, 5));
            Assert.True(journal.SaveOrders([new JournaledOrder("p1", uint.MaxValue, 2, 3, OrderClass.Reliability, int.MaxValue, uint.MaxValue, 6)], 1.25, 99));
            Assert.True(journal.SaveLimit(limit));
            Assert.True(journal.SaveLimit(limit with { Id = "b", State = "completed", RequestKey = null }));
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
    public void A_write_that_fails_says_so_and_throws_nothing()
    {
        SqliteJournal journal = new(_folder);
        using (Microsoft.Data.Sqlite.SqliteConnection blocker = new("Data Source=" + Path.Combine(_folder, "journal.db") + ";Pooling=False"))
        {
            blocker.Open();
            using Microsoft.Data.Sqlite.SqliteTransaction held = blocker.BeginTransaction();
            using Microsoft.Data.Sqlite.SqliteCommand command = blocker.CreateCommand();
            command.CommandText = "INSERT INTO notes(utc_ms, kind, text) VALUES(1,'a','b')";
            command.ExecuteNonQuery();
            Assert.False(journal.CommitEpoch(1, 1));
            Assert.Contains("rises are refused", journal.Problem, StringComparison.Ordinal);
        }

        Assert.True(journal.CommitEpoch(2, 1));
        Assert.Null(journal.Problem);
        journal.Dispose();
    }
}
