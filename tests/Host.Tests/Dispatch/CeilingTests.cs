using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Step 11 of control.md: a number instead of watts, and reasons that hold rises.</summary>
public sealed class CeilingTests
{
    private sealed class Price : INumberSource
    {
        public int CeilingMjPerTh { get; set; } = int.MaxValue;

        public string Why => "power costs more than hashing earns";
    }

    private static (ToySite Site, Price Price) Make()
    {
        ToySite site = new ToySite(change: o => o with { RampUpWPerS = 5, SpreadS = 2 }).UpAndRunning();
        Price price = new();
        site.Context.Numbers.Add(price);
        return (site, price);
    }

    [Fact]
    public void Step_11_a_number_lowers_every_pod_within_a_second_and_lifting_it_comes_back_by_the_ramp()
    {
        (ToySite site, Price price) = Make();
        price.CeilingMjPerTh = 0;
        site.Run(1.5);
        Assert.All(site.Context.Fleet.Pods, p => Assert.Equal((0, 0u), (p.Limit, p.Share)));
        site.Run(30);
        Assert.True(site.PowerW <= site.StandbyW * 1.01, "still " + site.PowerW);
        price.CeilingMjPerTh = int.MaxValue;
        site.Run(25);
        Assert.True(site.PowerW <= site.StandbyW + (25 * 5 * 1.2) + 20, "rose to " + site.PowerW);
        site.Run(200);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void Step_11_the_final_order_is_the_lower_by_limit_and_share_of_cap_and_number()
    {
        (ToySite site, Price price) = Make();
        site.Limit(300);
        site.Run(60);
        PodRecord pod = site.Context.Fleet.Pods[0];
        int byCap = pod.Limit;
        price.CeilingMjPerTh = byCap + 500;
        site.Run(5);
        Assert.InRange(pod.Limit, byCap - 50, byCap + 500);
        price.CeilingMjPerTh = pod.Limit - 1;
        site.Run(1.5);
        Assert.Equal((price.CeilingMjPerTh, 0u), (pod.Limit, pod.Share));
        Assert.True(site.PowerW <= 306);
    }

    [Fact]
    public void Step_11_an_emergency_wins_over_every_number()
    {
        (ToySite site, Price price) = Make();
        price.CeilingMjPerTh = int.MaxValue - 1;
        site.Limit(0, "emergency");
        site.Run(1);
        Assert.True(site.PowerW <= site.StandbyW * 1.001);
    }

    [Fact]
    public void A_source_that_was_not_read_again_holds_rises_and_falls_go_on_S17()
    {
        (ToySite site, _) = Make();
        site.Limit(200);
        site.Run(60);
        site.Context.RiseHolds.Set("price", "The price has not been read since the start.");
        site.Desk.Release("a", "rest", true);
        site.Run(60);
        Assert.True(site.PowerW <= 204);
        site.Limit(150, id: "b");
        site.Run(30);
        Assert.True(site.PowerW <= 153);
        site.Desk.Release("b", "rest", true);
        site.Context.RiseHolds.Set("price", null);
        site.Run(200);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }
}
