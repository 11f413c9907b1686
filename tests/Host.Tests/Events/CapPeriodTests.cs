using Ballast.Host.Events;
using Ballast.Host.Options;
using Ballast.Host.Tests.Faults;

namespace Ballast.Host.Tests.Events;

/// <summary>What a surplus or prices limited is in the ledger, once for each time without a break.</summary>
public sealed class CapPeriodTests
{
    private static CoreSite Site() => new CoreSite(change: o => o with { Surplus = [new SurplusSection { Id = "sun", FreshS = 300, FallbackW = 10_000 }] });

    private static List<CapPeriod> Periods(CoreSite site) => [.. ((MemoryJournal)site.Journal).Bodies.OfType<CapPeriod>()];

    private static void Sun(CoreSite site, double watts, int seconds)
    {
        for (int i = 0; i < seconds; i += 5)
        {
            site.Say("surplus", "{\"powerW\":" + watts + ",\"sent\":" + site.NowMs + "}");
            site.Run(5, 500);
        }
    }

    [Fact]
    public void A_surplus_that_binds_is_one_record_with_its_lowest_and_highest_watts()
    {
        CoreSite site = Site();
        Sun(site, 60, 120);
        Sun(site, 40, 60);
        Assert.Empty(Periods(site));
        site.Limit(20);

        // The limit is smaller now: the surplus asks on, and makes nothing.
        Sun(site, 50, 90);
        CapPeriod period = Assert.Single(Periods(site));
        Assert.Equal(("sun", "site", "W", 40d, false), (period.Source, period.Node, period.Unit, period.Lowest, period.GoesOn));
        Assert.Equal(60, period.Highest);
        Assert.InRange(period.ToUtcMs - period.FromUtcMs, 150_000, 185_000);
    }

    [Fact]
    public void A_pause_of_less_than_a_minute_is_none_and_a_long_time_is_cut_every_hour()
    {
        CoreSite site = Site();
        Sun(site, 40, 600);
        site.Limit(20, extra: ",\"durationS\":30");
        Sun(site, 40, 3600 + 1200);
        CapPeriod hour = Assert.Single(Periods(site));
        Assert.True(hour.GoesOn);
        Assert.InRange(hour.ToUtcMs - hour.FromUtcMs, 3_590_000, 3_610_000);
        site.Core.End();
        Assert.Equal(2, Periods(site).Count);
        Assert.False(Periods(site)[1].GoesOn);
        Assert.Equal(hour.ToUtcMs + 1000, Periods(site)[1].FromUtcMs, 1500d);
    }

    [Fact]
    public void The_highest_number_that_prices_gave_is_recorded()
    {
        CoreSite site = new(change: o => o with { Price = new PriceSection { HashPricePerPhDay = 45, FallbackMjPerTh = 20_000 } });
        site.Run(30);
        site.Core.End();
        CapPeriod period = Assert.Single(Periods(site));
        Assert.Equal(("price", "mJ/TH", 20_000d), (period.Source, period.Unit, period.Last));
    }
}
