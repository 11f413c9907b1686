using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>
/// control.md: floorW is base, standby and cooling of all. A board that goes to sleep draws P[0] until it has cooled, however little it
/// drew when it last slept: those watts are part of what a cap must cover.
/// </summary>
public sealed class CoolingReserveTests
{
    private static ToySite Cooled(Func<SiteOptions, SiteOptions>? change = null)
    {
        ToySite site = new(48, 2, change: o => (change?.Invoke(o) ?? o) with { SpreadS = 1, RampS = 2, RampUpWPerS = 200 });
        site.Boards.ForEach(b => b.CooledMw = 400);
        site.UpAndRunning();

        // A cap that never binds: the pod has learned its gain, too.
        site.Limit(1000, node: "p1", id: "wide");

        // All sleep long enough that the host knows what they draw then, and wake again.
        site.Limit(0, id: "sleep");
        site.Run(150);
        Assert.InRange(site.PowerW, 19, 20);
        site.Desk.Release("sleep", "rest", true);
        site.Run(120);
        Assert.True(site.PowerW > 0.97 * site.FullW, "back at " + site.PowerW);
        return site;
    }

    [Theory]
    [InlineData("site", 200)]
    [InlineData("p1", 100)]
    public void Step_6_the_one_order_of_a_fall_counts_boards_that_it_sends_to_sleep_with_their_fans_at_full(string node, int cap)
    {
        ToySite site = Cooled();
        site.Limit(cap, "reliability", node);

        // What the boards draw at the points that this order gives them.
        double orderedW = 0;
        foreach (ToyBoard board in site.Boards.Where(b => node == "site" || b.Pod == node))
        {
            DispatchOrder order = site.Dispatches.Last(s => s.Topic.EndsWith("/" + board.Pod + "/dispatch", StringComparison.Ordinal)).Order!;
            orderedW += board.Ladder.PowerMw(board.Ladder.Choose(order.LimitMjPerTh, order.Share, board.RankAtZero - order.Salt)) / 1000.0;
        }

        Assert.InRange(orderedW, 0.9 * cap, 1.02 * cap);
        site.Run(5);
        for (int i = 0; i < 60; i++)
        {
            double power = site.Boards.Where(b => node == "site" || b.Pod == node).Sum(b => b.PowerMw) / 1000;
            Assert.True(power <= 1.02 * cap, power + " W after " + (5 + i) + " s");
            site.Run(1);
        }
    }

    [Fact]
    public void The_floor_counts_standby_with_the_fans_at_full_whatever_the_boards_draw_now()
    {
        ToySite site = Cooled(o => o with { BaseW = 7 });
        Assert.Equal(45.4, site.Dispatcher.Picture.FloorW, 1);
        site.Limit(0, id: "sleep");
        site.Run(150);
        Assert.True(site.PowerW < 20);
        Assert.Equal(45.4, site.Dispatcher.Picture.FloorW, 1);
        Assert.True(site.Dispatcher.Picture.Unreachable);
        site.Limit(45, id: "sleep");
        Assert.True(site.Dispatcher.Picture.Unreachable);
        site.Limit(46, id: "sleep");
        Assert.False(site.Dispatcher.Picture.Unreachable);
    }

    [Theory]
    [InlineData("site", 150)]
    [InlineData("site", 220)]
    [InlineData("site", 300)]
    [InlineData("site", 400)]
    [InlineData("p1", 75)]
    [InlineData("p1", 150)]
    public void A_rise_counts_boards_that_it_wakes_with_their_fans_at_full(string node, int cap)
    {
        ToySite site = new(24, 2, change: o => o with { SpreadS = 1, RampS = 2, RampUpWPerS = 200 });
        site.Boards.ForEach(b =>
        {
            // A quarter of full power is standby, and half of that goes once the board has cooled.
            b.Ladder = Ladder.TryCreate([4500, 8500, 12000, 15000, 18000], [0, 450, 750, 960, 1100], 5, out _)!;
            b.CooledMw = 2250;
        });
        site.UpAndRunning();
        site.Limit(0, id: "sleep");
        site.Run(150);
        Assert.InRange(site.PowerW, 53, 55);
        if (node != "site")
        {
            site.Limit(cap, node: node);
            site.Desk.Release("sleep", "rest", true);
        }
        else
        {
            site.Limit(cap, id: "sleep");
        }

        double Drawn() => site.Boards.Where(b => node == "site" || b.Pod == node).Sum(b => b.PowerMw) / 1000;
        double worst = 0;
        for (int i = 0; i < 240; i++)
        {
            site.Run(1);
            worst = Math.Max(worst, Drawn());
        }

        Assert.True(worst <= cap, $"{worst:0.0} W drawn under {cap} W");
        Assert.True(Drawn() > (0.99 * cap) - 12, $"only {Drawn():0.0} W of {cap} W used");
    }
}
