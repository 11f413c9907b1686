using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Ledger;

/// <summary>F31: the disk is full, and has room again.</summary>
public sealed class DiskFullTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void F31_a_full_disk_refuses_writes_and_the_chain_says_later_what_it_swallowed()
    {
        using (SqliteJournal journal = _folder.Open())
        {
            _folder.Day(journal, 1);
            LedgerHead before = journal.Head;
            journal.LimitPages(1);
            Assert.False(journal.Note("filler", new string('x', 20_000), 1));
            Assert.False(journal.SaveLimit(_folder.Limit("lost", 50) with { Reason = new string('x', 20_000) }));
            Assert.False(journal.SaveValue("long", new string('x', 20_000)));
            Assert.Contains("rises are refused", journal.Problem, StringComparison.Ordinal);
            Assert.Contains("disk is full", journal.Problem, StringComparison.Ordinal);
            Assert.Equal(before, journal.Head);
            Assert.DoesNotContain(journal.Load().Limits, l => l.Id == "lost");

            journal.LimitPages(1_000_000);
            Assert.True(journal.SaveLimit(_folder.Limit("after", 60)));
            Assert.Null(journal.Problem);
            Assert.Equal(before.Number + 2, journal.Head.Number);
        }

        Assert.Equal(0, LedgerAudit.Verify(_folder.Path).ExitCode);
        using StringWriter text = new();
        LedgerExport.Write(_folder.Database, _folder.Path, text, new ExportFilter(RecordKind.Gap, null, null), ExportFormat.Csv);
        Assert.Contains("\"\"lost\"\":3", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("[\"\"note\"\",\"\"limit\"\",\"\"value\"\"]", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void F31_falls_go_on_without_being_durable_rises_wait_and_all_of_it_is_kept_when_there_is_room_again()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Journal.Fails = true;
        LimitResult fall = site.Limit(200);
        Assert.Equal(LimitOutcome.NotDurable, fall.Outcome);
        site.Run(30);
        Assert.True(site.PowerW <= 204);
        Assert.True(site.Context.Alarms.IsUp("journal"));
        Assert.False(fall.Limit!.Durable);

        // Nobody does anything: the host itself finds out that there is room again.
        site.Journal.Fails = false;
        site.Run(10);
        Assert.True(fall.Limit.Durable);
        Assert.Null(site.Journal.Problem);
        Assert.False(site.Context.Alarms.IsUp("journal"));
        Assert.Contains(site.Journal.Load().Limits, l => l.LimitW == 200);
    }

    [Fact]
    public void F31_a_rise_without_any_limit_comes_back_by_itself_after_an_outage_S19()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(200, extra: ",\"durationS\":60");
        site.Run(40);
        site.Journal.Fails = true;
        site.Run(120);
        Assert.True(site.PowerW <= 204, "rose to " + site.PowerW + " without a journal");
        site.Journal.Fails = false;
        site.Run(300);
        Assert.True(site.PowerW > 0.95 * site.FullW, "ended at " + site.PowerW);
    }
}
