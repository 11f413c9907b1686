using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Signals;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.HomeAssistant;

/// <summary>The values that are sent against what the descriptions promise: Home Assistant logs an error for each that breaks it.</summary>
public sealed class HomeValueTests
{
    private static readonly SiteOptions Site = ToySite.MakeOptions(4, 2);

    private static IEnumerable<string> Faults(HomeState state)
        => HomeDiscovery.Messages(Site, new HomeAssistantSection()).SelectMany(m => HomeRules.ValueFaults(m.Payload, state.Payload()));

    [Fact]
    public void Every_mode_and_every_missing_value_is_within_what_was_described()
    {
        long most = HomeDiscovery.MaxW(Site);
        Assert.All(HomeState.Modes, mode => Assert.Empty(Faults(new HomeState(mode, most, null, 0, 0, null, 0, 0, false))));
        Assert.Empty(Faults(new HomeState("free", 0, 0, -5.5, 1.25, 20.5, 1e6, 0, true)));
    }

    [Fact]
    public void What_is_not_within_it_is_found()
    {
        long most = HomeDiscovery.MaxW(Site);
        Assert.Equal(["mode is none of the options"], Faults(new HomeState("asleep", most, null, 0, 0, null, 0, 0, false)));
        Assert.Equal(["capAskedW is out of the number's range"], Faults(new HomeState("free", most + 1, null, 0, 0, null, 0, 0, false)));
        Assert.Equal(["capAskedW is out of the number's range"], Faults(new HomeState("free", -1, null, 0, 0, null, 0, 0, false)));
        byte[] power = HomeDiscovery.Messages(Site, new HomeAssistantSection()).Single(m => m.Topic.EndsWith("_power/config", StringComparison.Ordinal)).Payload;
        Assert.Equal(["powerW is no number"], HomeRules.ValueFaults(power, "{\"powerW\":\"much\"}"u8.ToArray()));
        Assert.Equal(["powerW is not sent"], HomeRules.ValueFaults(power, "{}"u8.ToArray()));
    }

    [Fact]
    public void A_cap_from_before_the_site_shrank_is_shown_within_the_range_and_ends_at_the_largest_value()
    {
        ToySite site = new ToySite(change: o => o with { HomeAssistant = new HomeAssistantSection { MayRaise = true } }).UpAndRunning();
        HomeSource home = SourceSite.Book(site).Home!;
        long most = HomeDiscovery.MaxW(site.Options);
        JsonObject larger = new() { ["id"] = "cap", ["class"] = "economic", ["limitW"] = most + 500 };
        Assert.Equal(LimitOutcome.Created, site.Desk.Take(Encoding.UTF8.GetBytes(larger.ToJsonString()), HomeTopics.SourceId, true, null).Outcome);
        Assert.Equal(most, home.AskedW);
        Assert.Single(site.Context.Limits.Open);
        site.Run(15);
        Assert.True(home.Take(HomeTopics.Cap, Encoding.ASCII.GetBytes(most.ToString(CultureInfo.InvariantCulture)), false).Taken);
        site.Run(200);
        Assert.DoesNotContain(site.Context.Limits.Open, l => l.State == EventState.Active);
    }
}
