using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Restarts in the middle of an event, a journal that fails, and the right to raise.</summary>
public sealed class RestartAndRightsTests
{
    [Fact]
    public void A_journal_that_fails_lets_power_fall_and_refuses_rises_S19()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Journal.Fails = true;
        LimitResult fall = site.Limit(200);
        site.Run(30);
        Assert.Equal(LimitOutcome.NotDurable, fall.Outcome);
        Assert.True(site.PowerW <= 204);
        Assert.Equal(LimitOutcome.JournalDown, site.Desk.Release("a", "rest", true).Outcome);
        site.Run(60);
        Assert.True(site.PowerW <= 204);
        Assert.True(site.Context.Alarms.IsUp("journal"));
        site.Journal.Fails = false;
        Assert.Equal(LimitOutcome.Released, site.Desk.Release("a", "rest", true).Outcome);
        site.Run(240);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(40)]
    [InlineData(100)]
    public void A_restart_in_any_phase_of_an_event_makes_no_step_and_the_event_completes(int afterS)
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(220, extra: ",\"durationS\":150");
        site.Run(afterS);
        site.HostAlive = false;
        site.Run(3);
        double before = site.PowerW;
        double high = before;
        site.EachSecond = s => high = Math.Max(high, s.PowerW);
        site.NewHost();
        site.Run(20);
        Assert.True(high <= Math.Max(before + 1, 224.4), "before " + before + " high " + high);
        Assert.All(site.Boards, b => Assert.True(b.Admitted));
        site.EachSecond = null;
        site.Run(400);
        Assert.True(site.PowerW > 0.95 * site.FullW, "ended at " + site.PowerW);
        Assert.Equal(EventState.Completed, site.Context.Limits.Find("a")!.State);
    }

    [Fact]
    public void The_right_to_raise_is_needed_to_release_to_end_by_itself_and_to_replace_by_more()
    {
        ToySite site = new ToySite().UpAndRunning();
        Assert.Equal(LimitOutcome.Created, site.Limit(300, mayRaise: false).Outcome);
        Assert.Equal(LimitOutcome.Created, site.Limit(200, mayRaise: false).Outcome);
        Assert.Equal("limitW", site.Limit(250, mayRaise: false).Fault!.Field);
        Assert.Equal("durationS", site.Limit(100, extra: ",\"durationS\":5", mayRaise: false).Fault!.Field);
        Assert.Equal(LimitOutcome.Forbidden, site.Desk.Release("a", "rest", false).Outcome);
        site.Run(30);
        Assert.True(site.PowerW <= 204);
    }

    [Fact]
    public void Leaving_an_emergency_is_a_rise_journaled_first_and_not_on_a_stale_meter_S17_S19()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(200, "emergency");
        site.Run(5);
        double low = site.PowerW;
        site.MeterWorks = false;
        site.Run(5);
        site.Desk.Release("a", "rest", true);
        site.Run(60);
        Assert.True(site.PowerW <= low + 0.1, low + " rose to " + site.PowerW);
        site.Journal.Log.Clear();
        site.MeterWorks = true;
        site.Run(30, () => site.Log[^1].Order is { Class: not OrderClass.Emergency });
        int freed = site.Journal.Log.FindLastIndex(l => l.EndsWith("/dispatch", StringComparison.Ordinal));
        Assert.Contains("orders", site.Journal.Log.Take(freed));
        site.Run(200);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void An_emergency_on_one_pod_leaves_the_others_alone()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(0, "emergency", node: "p1");
        site.Run(2);
        Assert.True(site.Boards.Where(b => b.Pod == "p1").All(b => b.PowerMw < 1000));
        Assert.True(site.Boards.Where(b => b.Pod == "p2").All(b => b.PowerMw > 10_000));
        Assert.All(site.Log.Where(s => s.AtMs >= site.NowMs - 2000 && s.Topic.EndsWith("p2/dispatch", StringComparison.Ordinal)), s => Assert.NotEqual(OrderClass.Emergency, s.Order!.Class));
    }
}
