using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>What leaves the host and under which class (control.md, steps 5, 6, 9 and 10).</summary>
public sealed class SendingTests
{
    private static DispatchOrder Last(ToySite site, string pod) => site.Dispatches.Last(s => s.Topic.EndsWith("/" + pod + "/dispatch", StringComparison.Ordinal)).Order!;

    [Fact]
    public void Step_5_one_percent_below_the_cap_stays_free()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 1, RampS = 1 }).UpAndRunning();
        double worst = 0;
        for (int watts = 390; watts >= 150; watts -= 40)
        {
            site.Limit(watts);
            site.Run(60);
            worst = Math.Max(worst, site.PowerW / watts);
        }

        Assert.InRange(worst, 0.97, 0.9901);
    }

    [Fact]
    public void Step_10_while_an_emergency_holds_every_order_below_it_has_that_class_even_where_nothing_falls()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(150, id: "low");
        site.Run(60);
        (int limit, uint share) = (Last(site, "p1").LimitMjPerTh, Last(site, "p1").Share);
        site.Limit(300, "emergency", id: "high");
        site.Run(2);
        Assert.All(["p1", "p2"], pod => Assert.Equal(OrderClass.Emergency, Last(site, pod).Class));
        Assert.Equal((limit, share), (Last(site, "p1").LimitMjPerTh, Last(site, "p1").Share));
    }

    [Fact]
    public void S15_one_pod_does_not_rise_while_the_fall_of_another_settles()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 1 }).UpAndRunning();
        site.Limit(100, node: "p2", id: "y");
        site.Run(60);
        int before = Last(site, "p2").LimitMjPerTh;
        site.Limit(100, node: "p1", id: "x");
        Assert.Equal(LimitOutcome.Released, site.Desk.Release("y", "rest", true).Outcome);
        site.Run(site.Options.RampS + 2);
        Assert.True(Last(site, "p2").LimitMjPerTh <= before, "p2 rose while p1 was falling");
        site.Run(60);
        Assert.True(Last(site, "p2").LimitMjPerTh > before);
    }

    [Fact]
    public void A_release_never_has_the_class_emergency()
    {
        ToySite site = new ToySite(4, 1).UpAndRunning();
        Assert.True(site.Context.Sender.SendRelease(site.Context.Fleet.Boards[0], OrderClass.Emergency));
        Assert.Equal((SetKind.Release, OrderClass.Reliability), (site.Log[^1].Set!.Kind, site.Log[^1].Set!.Class));
    }

    [Fact]
    public void F27_S18_a_revoked_board_and_a_host_that_does_not_lead_send_nothing()
    {
        ToySite site = new ToySite(4, 1).UpAndRunning();
        BoardRecord board = site.Context.Fleet.Boards[0];
        int before = site.Log.Count;
        board.Revoked = true;
        Assert.False(site.Context.Sender.SendAdmit(board, 1));
        board.Revoked = false;
        site.Context.Sender.StandDown();
        Assert.False(site.Context.Sender.SendAdmit(board, 1));
        Assert.False(site.Context.Sender.SendDispatch(board.Pod, 1));
        Assert.Equal(before, site.Log.Count);
    }

    [Fact]
    public void S11_a_restarted_host_lets_nothing_rise_for_a_lease_after_it_has_heard_all_boards()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 1, RampS = 1 }).UpAndRunning();
        site.Limit(200);
        site.Run(60);
        site.HostAlive = false;
        site.Run(3);
        site.NewHost();
        site.Run(14);
        Assert.Equal(LimitOutcome.Released, site.Desk.Release("a", "rest", true).Outcome);
        site.Run(site.Options.LeaseS - 16);
        Assert.True(site.PowerW <= 204, "rose to " + site.PowerW);
        site.Run(120);
        Assert.True(site.PowerW > 0.95 * site.FullW, "stayed at " + site.PowerW);
    }
}
