using Ballast.Virtual.Bench;

namespace Ballast.Virtual.Tests.Bench;

/// <summary>The host's choice against the best that watts can buy, and against what is common.</summary>
public sealed class ChoiceSiteTests
{
    [Fact]
    public void The_hosts_choice_for_30000_boards_loses_at_most_a_ten_thousandth_to_the_linear_program()
    {
        var site = new ChoiceSite(30_000);
        site.Build();
        for (int percent = 10; percent <= 90; percent += 20)
        {
            long cap = site.CapMw(percent);
            site.Choose(cap);
            Assert.InRange(1 - (site.Ordered() / site.Bound(cap)), -1e-12, 1e-4);
        }
    }

    [Fact]
    public void The_bound_is_above_every_way_to_spend_the_watts_and_reaches_everything_at_full()
    {
        var site = new ChoiceSite(300);
        site.Build();
        foreach (int percent in (int[])[0, 1, 20, 50, 80, 99])
        {
            long cap = site.CapMw(percent);
            site.Choose(cap);
            double bound = site.Bound(cap);
            foreach (double way in (double[])[site.Ordered(), site.Proportional(cap), site.OnOff(cap, true), site.OnOff(cap, false)])
                Assert.True(way <= bound * (1 + 1e-12));
        }

        site.Choose(site.FullMw);
        Assert.Equal(site.Ordered(), site.Bound(site.FullMw), 1e-3);
        Assert.Equal(site.Ordered(), site.OnOff(site.FullMw, true), 1e-3);
    }

    [Fact]
    public void At_half_the_watts_the_order_keeps_more_hash_rate_than_the_common_ways()
    {
        var site = new ChoiceSite(3_000);
        site.Build();
        long cap = site.CapMw(50);
        site.Choose(cap);
        Assert.True(site.Ordered() > site.Proportional(cap));
        Assert.True(site.Proportional(cap) > site.OnOff(cap, true));
        Assert.True(site.OnOff(cap, true) > site.OnOff(cap, false));
    }

    [Fact]
    public void Percentiles_are_of_the_nearest_rank()
    {
        var times = new Timings();
        for (int i = 100; i >= 1; i--)
            times.Add(i);
        Assert.Equal((50, 99, 100), (times.Median, times.P99, times.At(1)));
        Assert.True(double.IsNaN(new Timings().Median));
    }
}
