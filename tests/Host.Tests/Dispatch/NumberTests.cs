using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Step 11 of control.md: numbers and standing caps beside limits.</summary>
public sealed class NumberTests
{
    private sealed class Number(int ceiling) : INumberSource
    {
        public int CeilingMjPerTh { get; set; } = ceiling;

        public string Why => "test";
    }

    private static (ToySite Site, Number Number) With(int ceiling, Func<Options.SiteOptions, Options.SiteOptions>? change = null)
    {
        ToySite site = new ToySite(change: change).UpAndRunning();
        Number number = new(ceiling);
        site.Context.Numbers.Add(number);
        return (site, number);
    }

    [Fact]
    public void Step11_a_number_takes_off_exactly_what_costs_as_much_or_more_and_gives_it_back_by_the_ramp()
    {
        (ToySite site, Number number) = With(15_000);
        site.Run(40);
        double expected = site.Boards.Sum(b => b.Ladder.PowerMw(b.Ladder.Choose(15_000, 0, b.RankAtZero))) / 1000.0;
        Assert.InRange(expected, 100, 0.9 * site.FullW);
        Assert.Equal(expected, site.PowerW, 0.5);
        Assert.All(site.Context.Fleet.Pods, p => Assert.Equal((15_000, 0u), (p.Limit, p.Share)));
        number.CeilingMjPerTh = int.MaxValue;
        double before = site.PowerW;
        site.Run(3);
        Assert.True(site.PowerW < before + (3.1 * site.Context.RampUpWPerS), "the rise must be ramped");
        site.Run(200);
        Assert.True(site.PowerW > 0.97 * site.FullW);
    }

    [Theory]
    [InlineData(15_000, 300, 300)]
    [InlineData(15_000, 100, 100)]
    [InlineData(0, 300, 20)]
    public void Step11_of_number_and_cap_the_lower_holds(int ceiling, double capW, double atMostW)
    {
        (ToySite site, _) = With(ceiling);
        site.Limit(capW);
        site.Run(60);
        Assert.True(site.PowerW <= (atMostW * 1.02) + 1, "power " + site.PowerW);
        Assert.All(site.Context.Fleet.Pods, p => Assert.True((p.Limit, p.Share).CompareTo((ceiling, 0u)) <= 0, "order " + p.Limit));
    }

    [Fact]
    public void Step11_watts_that_one_pods_cap_frees_are_not_given_to_another_above_the_number()
    {
        (ToySite site, _) = With(12_500);
        site.Limit(30, node: "p1");
        site.Run(60);
        Assert.Equal((12_500, 0u), (site.Context.Fleet.Pods[1].Limit, site.Context.Fleet.Pods[1].Share));
    }

    [Fact]
    public void F35_a_standing_cap_beside_a_limit_the_smaller_holds_and_says_why()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(300);
        site.Context.Limits.SetStanding("air", new StandingCap("air", site.Context.Tree.Site, 200, OrderClass.Reliability, "intake air 38.0 °C"));
        site.Dispatcher.CapChanged();
        site.Run(20);
        Assert.True(site.PowerW <= 204);
        Assert.Equal("intake air 38.0 °C", site.Dispatcher.Picture.Cap.Standing!.Why);
        site.Context.Limits.SetStanding("air", null);
        site.Run(100);
        Assert.InRange(site.PowerW, 250, 306);
        Assert.Equal("a", site.Dispatcher.Picture.Cap.Limit!.Entry.Id);
    }
}
