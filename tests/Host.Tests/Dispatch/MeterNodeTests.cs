using System.Globalization;
using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>STATE per metered node: a meter, a gain, agreement and suspects of its own.</summary>
public sealed class MeterNodeTests
{
    private static ToySite Metered(double p1Error = 1)
    {
        ToySite site = new(40, 2, change: o => o with { SpreadS = 2, Pods = [.. o.Pods.Select(p => p with { Metered = true })] });
        foreach (ToyBoard board in site.Boards.Where(b => b.Pod == "p1"))
        {
            board.Error = p1Error;
        }

        site.EachSecond = s => PodMeters(s);
        return site.UpAndRunning();
    }

    private static void PodMeters(ToySite site, string? silent = null)
    {
        foreach (string pod in new[] { "p1", "p2" }.Where(p => p != silent))
        {
            double watts = Watts(site, pod);
            long sent = site.NowMs;
            site.At(400, () => site.Context.Meters.Take(pod, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"powerW\":{watts:0.0},\"sent\":{sent}}}")), site.Context.Clock.NowMs));
        }
    }

    private static double Watts(ToySite site, string pod) => site.Boards.Where(b => b.Pod == pod).Sum(b => b.PowerMw) / 1000;

    private static double Gain(ToySite site, string pod) => site.Context.Meters.Of(site.Context.Tree.Find(pod)!).Gain.Gain;

    [Fact]
    public void Step_4_each_metered_node_learns_its_own_gain_and_its_cap_uses_it()
    {
        ToySite site = Metered(p1Error: 1.25);
        site.Limit(250, node: "p1", id: "one");
        site.Limit(250, node: "p2", id: "two");
        site.Run(240);
        Assert.InRange(Gain(site, "p1"), 1.18, 1.3);
        Assert.InRange(Gain(site, "p2"), 0.9, 1.06);
        Assert.True(Watts(site, "p1") <= 255, "p1 " + Watts(site, "p1"));
        Assert.InRange(Watts(site, "p2"), 215, 255);
    }

    [Fact]
    public void Step_4_a_capped_pod_without_a_meter_goes_by_its_boards_sum_and_not_below_the_sites_gain()
    {
        ToySite site = new(40, 2, change: o => o with { SpreadS = 2 });
        foreach (ToyBoard board in site.Boards.Where(b => b.Pod == "p1"))
        {
            board.Error = 1.25;
        }

        site.UpAndRunning();
        site.Limit(250, node: "p1", id: "one");
        site.Run(240);
        MeteredNode node = site.Context.Meters.Of(site.Context.Tree.Find("p1")!);
        Assert.Contains("estimated", node.Quality, StringComparison.Ordinal);
        Assert.True(Watts(site, "p1") <= 255, "p1 " + Watts(site, "p1"));
    }

    [Fact]
    public void Step_2_a_pods_silent_meter_is_alarmed_by_name_and_its_boards_sum_stands_for_it()
    {
        ToySite site = Metered();
        site.Limit(200, node: "p1", id: "one");
        site.Run(60);
        site.EachSecond = s => PodMeters(s, "p1");
        site.Run(10);
        Assert.True(site.Context.Alarms.IsUp("meter-stale", "p1"));
        Assert.False(site.Context.Alarms.IsUp("meter-stale"));
        site.Limit(120, node: "p1", id: "one");
        site.Run(40);
        Assert.True(Watts(site, "p1") <= 122.4, "p1 " + Watts(site, "p1"));
        site.EachSecond = s => PodMeters(s);
        site.Run(5);
        Assert.False(site.Context.Alarms.IsUp("meter-stale", "p1"));
    }

    [Fact]
    public void Step_10_the_breaker_of_the_smallest_metered_node_is_asked_for()
    {
        ToySite site = Metered();
        site.Boards.First(b => b.Pod == "p2").Liar = true;
        site.Limit(0, "emergency");
        site.Run(8.5);
        Assert.Equal("p2", site.Dispatcher.Picture.BreakerRequest);
    }

    [Fact]
    public void F22_a_suspects_watts_are_taken_from_the_pod_that_it_hangs_on()
    {
        ToySite site = Metered();
        ToyBoard liar = site.Boards.First(b => b.Pod == "p1");
        site.Context.Fleet.Find(liar.Name)!.Suspect = true;
        liar.Liar = true;
        site.Limit(150, node: "p1", id: "one");
        site.Run(60);
        Assert.True(Watts(site, "p1") <= 153, "p1 " + Watts(site, "p1"));
        Assert.True(Watts(site, "p2") > 330, "p2 " + Watts(site, "p2"));
    }

    [Fact]
    public void A_readings_bounds_are_those_of_the_pod_and_a_pod_without_a_meter_takes_none_S14()
    {
        ToySite site = new(24, 2, change: o => o with { Pods = [.. o.Pods.Select((p, i) => p with { Metered = i == 0 })] });
        Assert.True(site.Context.Meters.Take("p1", "{\"powerW\":100,\"sent\":5}"u8, 0));
        Assert.False(site.Context.Meters.Take("p1", "{\"powerW\":5000,\"sent\":6}"u8, 0));
        Assert.False(site.Context.Meters.Take("p2", "{\"powerW\":100,\"sent\":5}"u8, 0));
        Assert.False(site.Context.Meters.Take("nowhere", "{\"powerW\":100,\"sent\":5}"u8, 0));
    }

    [Fact]
    public void Standby_is_believed_as_reported_only_after_a_minute_of_sleep_and_a_fall_reserves_the_fans()
    {
        // Ladders say 4 W asleep with fans at full; cooled boards draw 2.4 W.
        ToySite site = new(24, 2, change: o => o with { SpreadS = 2 });
        foreach (ToyBoard board in site.Boards)
        {
            board.Ladder = Ballast.Wire.Ladder.TryCreate([4000, 9000, 13_000, 17_000], [0, 450, 800, 1100], 4, out _)!;
            board.CooledMw = 2400;
        }

        site.UpAndRunning();
        site.Limit(190);
        double worst = 0;
        long start = site.NowMs;
        site.EachSecond = s => worst = s.NowMs - start > 21_000 ? Math.Max(worst, s.PowerW) : worst;
        site.Run(60);
        double early = site.PowerW;
        site.Run(200);
        Assert.True(worst <= 190 * 1.02, "worst " + worst);
        Assert.True(site.PowerW > early - 1 && site.PowerW > 0.93 * 190, "early " + early + " late " + site.PowerW);
        Assert.False(site.Context.Alarms.IsUp("gain"));
        Assert.InRange(site.Context.Gain.Gain, 0.95, 1.05);
    }
}
