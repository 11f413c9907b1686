using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>control.md, Journal: what an outage kept off the disk is written again by the host itself (F31).</summary>
public sealed class JournalRetryTests
{
    [Fact]
    public void F31_a_limit_that_missed_the_disk_is_written_although_another_write_has_succeeded_since()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Journal.Fails = true;
        LimitResult fall = site.Limit(200);
        Assert.Equal(LimitOutcome.NotDurable, fall.Outcome);
        site.Journal.Fails = false;

        // Something else clears the problem: the limit is still not there.
        Assert.True(site.Journal.Note("other", "", 0));
        Assert.Null(site.Journal.Problem);
        Assert.DoesNotContain(site.Journal.Load().Limits, l => l.LimitW == 200);
        site.Run(7);
        Assert.True(fall.Limit!.Durable);
        Assert.Contains(site.Journal.Load().Limits, l => l.LimitW == 200);
    }

    [Fact]
    public void F31_every_limit_of_an_outage_is_written_and_a_host_that_starts_then_has_them_all()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Journal.Fails = true;
        site.Limit(300, id: "a");
        site.Limit(80, node: "p1", id: "b");
        site.Limit(10, node: "p2/b01", id: "c");
        site.Run(20);
        site.Journal.Fails = false;
        site.Run(7);
        Assert.All(site.Context.Limits.All, l => Assert.True(l.Durable, l.Entry.Id));
        site.KillHost();
        site.NewHost();
        Assert.Equal(["a", "b", "c"], site.Context.Limits.Open.Select(l => l.Entry.Id).Order());
    }

    [Fact]
    public void F31_a_hold_that_missed_the_disk_is_written_and_outlives_a_restart()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Journal.Fails = true;
        Assert.False(site.Dispatcher.SetHold(true));
        Assert.True(site.Dispatcher.Held);
        site.Journal.Fails = false;
        Assert.True(site.Journal.Note("other", "", 0));
        site.Run(7);
        site.KillHost();
        site.NewHost();
        Assert.True(site.Dispatcher.Held);
    }

    [Fact]
    public void F31_a_hold_that_could_not_be_lifted_stays_after_the_outage()
    {
        ToySite site = new ToySite().UpAndRunning();
        Assert.True(site.Dispatcher.SetHold(true));
        site.Journal.Fails = true;
        Assert.False(site.Dispatcher.SetHold(false));
        site.Run(7);
        site.Journal.Fails = false;
        site.Run(7);
        Assert.True(site.Dispatcher.Held);
        site.KillHost();
        site.NewHost();
        Assert.True(site.Dispatcher.Held);
    }
}
