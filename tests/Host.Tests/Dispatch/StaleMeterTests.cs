using System.Globalization;
using System.Text;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>
/// Step 5 of control.md under a stale meter: what is ordered counts with a gain of at least 1, and nothing that the meter said last makes
/// room (S17). The boards' sum replaces it for falls.
/// </summary>
public sealed class StaleMeterTests
{
    /// <param name="error">What boards draw, and say that they draw, against their ladders.</param>
    private static ToySite Site(double error)
    {
        ToySite site = new ToySite(60, 2, change: o => o with { SpreadS = 1, RampS = 2, RampUpWPerS = 100 }).UpAndRunning();
        foreach (ToyBoard board in site.Boards)
        {
            board.Error = error;
        }

        site.Limit(0.7 * site.FullW);
        site.Run(180);
        return site;
    }

    private static double MostOrderedW(ToySite site, double capW) => (0.99 * capW) - site.StandbyW;

    [Theory]
    [InlineData("site")]
    [InlineData("p1")]
    public void Step_5_a_gain_below_1_makes_no_room_while_the_meter_is_stale_S17(string node)
    {
        ToySite site = Site(0.93);
        double cap = Math.Round(0.4 * site.FullW) / (node == "site" ? 1 : 2);
        double Standby() => site.Boards.Where(b => node == "site" || b.Pod == node).Sum(b => b.Ladder.PowerMw(0)) / 1000.0;
        double Ordered() => node == "site" ? site.Dispatcher.Picture.OrderedW : site.Context.Fleet.Pods[0].OrderedMw / 1000.0;
        Assert.InRange(site.Context.Gain.Gain, 0.9, 0.96);

        // With a meter the learned gain counts: more may be ordered than the ladders say.
        site.Limit(cap, node: node, id: "fresh");
        site.Run(120);
        if (node == "site")
        {
            Assert.True(Ordered() > (0.99 * cap) - Standby(), "the gain made no room with a fresh meter");
        }

        site.MeterWorks = false;
        site.Run(5);
        double lower = Math.Round(0.8 * cap);
        site.Limit(lower, node: node, id: "stale");
        Assert.False(site.Dispatcher.Picture.MeterFresh);
        Assert.True(Ordered() <= (0.99 * lower) - Standby() + 0.01, "ordered " + Ordered());
        site.Run(60);
        Assert.True(Ordered() <= (0.99 * lower) - Standby() + 0.01, "ordered " + Ordered());
    }

    [Fact]
    public void Step_5_a_meter_that_falls_silent_takes_back_what_a_low_gain_had_given_and_gives_nothing_S17()
    {
        ToySite site = Site(0.93);
        double cap = Math.Round(0.7 * site.FullW);
        double before = site.Dispatcher.Picture.OrderedW;
        Assert.True(before > MostOrderedW(site, cap));
        site.MeterWorks = false;
        site.Run(5);
        double gain = site.Context.Gain.Gain;
        double worst = 0;
        for (int i = 0; i < 90; i++)
        {
            site.Run(1);
            worst = Math.Max(worst, site.Dispatcher.Picture.OrderedW);
        }

        Assert.True(worst <= MostOrderedW(site, cap) + 0.01, "ordered " + worst + " of " + MostOrderedW(site, cap));
        Assert.Equal(gain, site.Context.Gain.Gain);
    }

    [Fact]
    public void S17_the_boards_sum_over_the_cap_lowers_power_and_teaches_the_gain_nothing()
    {
        ToySite site = Site(1);
        double cap = Math.Round(0.7 * site.FullW);
        site.MeterWorks = false;
        site.Run(5);
        double gain = site.Context.Gain.Gain;

        // From here on they draw a tenth more than their ladders say, and report it.
        foreach (ToyBoard board in site.Boards)
        {
            board.Error = 1.1;
        }

        site.Run(60);
        Assert.True(site.PowerW <= cap, site.PowerW + " W over a cap of " + cap);
        Assert.Equal(gain, site.Context.Gain.Gain);
        double ordered = site.Dispatcher.Picture.OrderedW;

        // They draw less than their ladders say: nothing rises on their word.
        foreach (ToyBoard board in site.Boards)
        {
            board.Error = 0.8;
        }

        site.Run(120);
        Assert.True(site.Dispatcher.Picture.OrderedW <= ordered);
        Assert.Equal(gain, site.Context.Gain.Gain);
    }

    [Fact]
    public void Step_5_a_pods_own_stale_meter_counts_with_a_gain_of_at_least_1_too_S17()
    {
        bool works = true;
        ToySite site = new(60, 2, change: o => o with { SpreadS = 1, RampS = 2, RampUpWPerS = 100, Pods = [.. o.Pods.Select(p => p with { Metered = p.Id == "p1" })] })
        {
            EachSecond = s =>
            {
                double watts = s.Boards.Where(b => b.Pod == "p1").Sum(b => b.PowerMw) / 1000;
                long sent = s.NowMs;
                if (works)
                {
                    s.At(300, () => s.Context.Meters.Take("p1", Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"powerW\":{watts:0.0},\"sent\":{sent}}}")), s.Context.Clock.NowMs));
                }
            },
        };
        site.UpAndRunning();
        foreach (ToyBoard board in site.Boards.Where(b => b.Pod == "p1"))
        {
            board.Error = 0.92;
        }

        site.Limit(300, node: "p1");
        site.Run(120);
        Assert.InRange(site.Context.Meters.Of(site.Context.Tree.Find("p1")!).Gain.Gain, 0.9, 0.96);
        works = false;
        site.Run(5);
        site.Limit(240, node: "p1");
        double standby = site.Boards.Where(b => b.Pod == "p1").Sum(b => b.Ladder.PowerMw(0)) / 1000.0;
        double most = (0.99 * 240) - standby;
        Assert.InRange(site.Context.Fleet.Pods[0].OrderedMw / 1000.0, 0.95 * most, most + 0.01);
        site.Run(60);
        Assert.InRange(site.Context.Fleet.Pods[0].OrderedMw / 1000.0, 0.95 * most, most + 0.01);
    }
}
