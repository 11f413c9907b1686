using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Ledger;

/// <summary>F31: the record cannot be written, whatever the reason, and can be again.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Ways to break the disk under a record, by the word that the sentence about it has.
    private static void Break(SqliteJournal journal, string way)
    {
        if (way == "readonly")
        {
            journal.ReadOnly(true);
            return;
        }

        // No page more, and what is free in those that there are is used up.
        journal.LimitPages(1);
        while (journal.Note("filler", "", 1))
        {
        }
    }

    private static void Mend(SqliteJournal journal, string way)
    {
        if (way == "readonly")
        {
            journal.ReadOnly(false);
        }
        else
        {
            journal.LimitPages(1_000_000);
        }
    }

    [Theory]
    [InlineData("readonly")]
    [InlineData("disk is full")]
    public void F31_falls_go_on_rises_wait_and_the_chain_says_later_what_is_missing_S19(string way)
    {
        using (SqliteJournal journal = _folder.Open())
        {
            ToySite site = new ToySite(store: journal).UpAndRunning();
            Assert.Equal(LimitOutcome.Created, site.Limit(300, id: "before").Outcome);
            site.Run(30);
            Break(journal, way);
            LedgerHead before = journal.Head;
            LimitResult fall = site.Limit(200, id: "fall");
            Assert.Equal(LimitOutcome.NotDurable, fall.Outcome);
            site.Run(30);
            Assert.True(site.PowerW <= 204, site.PowerW + " W");
            Assert.True(site.Context.Alarms.IsUp("journal"));
            Assert.Contains(way, journal.Problem, StringComparison.Ordinal);
            Assert.Equal(LimitOutcome.JournalDown, site.Desk.Release("fall", "rest", true).Outcome);
            Assert.Equal(LimitOutcome.JournalDown, site.Limit(250, id: "fall").Outcome);
            site.Run(120);
            Assert.True(site.PowerW <= 204, "rose to " + site.PowerW + " W");
            Assert.Equal(before, journal.Head);
            Assert.False(fall.Limit!.Durable);

            // Nobody does anything: the host itself finds out.
            Mend(journal, way);
            site.Run(10);
            Assert.True(fall.Limit.Durable);
            Assert.Null(journal.Problem);
            Assert.False(site.Context.Alarms.IsUp("journal"));
            Assert.Contains(journal.Load().Limits, l => l.LimitW == 200);
            LedgerRecord gap = Assert.Single(journal.Records(RecordKind.Gap, 0, 10));
            Assert.True(gap.Body.GetProperty("lost").GetInt64() >= 3);
            Assert.Contains(way == "readonly" ? way : "full", gap.Body.GetProperty("why").GetString(), StringComparison.Ordinal);
            Assert.Equal(LimitOutcome.Released, site.Desk.Release("fall", "rest", true).Outcome);
            Assert.Equal(LimitOutcome.Released, site.Desk.Release("before", "rest", true).Outcome);
            site.Run(300);
            Assert.True(site.PowerW > 0.95 * site.FullW, "ended at " + site.PowerW);
        }

        Assert.Equal(0, LedgerAudit.Verify(_folder.Path).ExitCode);
    }
}
