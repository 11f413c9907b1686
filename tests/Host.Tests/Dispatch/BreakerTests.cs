using Ballast.Host.Dispatch;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Breaker requests: one a node, with a timeout, void without a person's word, never for a circuit that may feed cooling.</summary>
public sealed class BreakerTests
{
    private static BreakerDesk Desk(ToySite site) => site.Dispatcher.Breakers;

    private static ToySite Asked(Func<SiteOptions, SiteOptions>? change = null, double baseW = 0)
    {
        ToySite site = new(change: change) { BaseW = baseW };
        site.UpAndRunning();
        site.Boards[4].Liar = true;
        site.Limit(0, "emergency");
        site.Run(8.5);
        return site;
    }

    [Fact]
    public void Step_10_a_request_names_node_and_boards_waits_for_a_person_and_is_kept_in_the_journal()
    {
        ToySite site = Asked();
        BreakerRequest request = Assert.Single(Desk(site).All);
        Assert.Equal("site", request.Node);
        Assert.Equal(BreakerState.Waiting, request.State);
        Assert.Equal([site.Boards[4].Name], request.Boards);
        Assert.Equal(BreakerDesk.TimeoutMs, (request.ExpiresAt - request.AskedAt).TotalMilliseconds);
        Assert.True(site.Context.Alarms.IsUp("breaker", "site"));
        Assert.Contains("note breaker", site.Journal.Log);
        site.Run(30);
        Assert.Single(Desk(site).All);
    }

    [Fact]
    public void Step_10_confirmed_it_says_that_the_breaker_is_to_be_opened_and_that_the_host_opens_nothing()
    {
        ToySite site = Asked();
        int notes = site.Journal.Log.Count(l => l == "note breaker");
        Assert.Null(Desk(site).Answer("br1", true, "checked"));
        BreakerRequest request = Desk(site).Find("br1")!;
        Assert.Equal((BreakerState.Confirmed, "checked"), (request.State, request.Reason));
        Assert.Contains("Open the breaker of site now", Assert.Single(site.Context.Alarms.All, a => a is { Code: "breaker", Active: true }).Text, StringComparison.Ordinal);
        Assert.Contains("Ballast opens nothing", request.Told, StringComparison.Ordinal);
        Assert.Equal(notes + 1, site.Journal.Log.Count(l => l == "note breaker"));
        Assert.Equal("site", Desk(site).Nodes);
        Assert.NotNull(Desk(site).Answer("br1", false, "twice"));
        Assert.Equal(BreakerState.Confirmed, Desk(site).Find("br1")!.State);
        site.Run(200);
        Assert.Equal(BreakerState.Confirmed, Desk(site).Find("br1")!.State);
    }

    [Fact]
    public void Step_10_refused_it_is_not_asked_again_in_the_same_emergency()
    {
        ToySite site = Asked();
        Assert.Null(Desk(site).Answer("br1", false, "rack 4 is being served"));
        site.Run(200);
        Assert.Equal(BreakerState.Refused, Assert.Single(Desk(site).All).State);
        Assert.Null(Desk(site).Nodes);
        Assert.False(site.Context.Alarms.IsUp("breaker-lapsed", "site"));
    }

    [Fact]
    public void Step_10_unconfirmed_it_lapses_after_its_timeout_with_an_alarm_also_while_the_broker_is_gone()
    {
        ToySite site = Asked();
        site.Run((BreakerDesk.TimeoutMs / 1000.0) - 5);
        Assert.Equal(BreakerState.Waiting, Desk(site).Find("br1")!.State);
        site.BrokerDown();
        site.Run(6);
        Assert.NotNull(Desk(site).Answer("br1", true, "too late"));
        Assert.Equal(BreakerState.Lapsed, Desk(site).Find("br1")!.State);
        Assert.True(site.Context.Alarms.IsUp("breaker-lapsed", "site"));
        Assert.Null(Desk(site).Nodes);
    }

    [Fact]
    public void Step_10_it_is_withdrawn_when_the_emergency_ends_and_the_next_one_asks_anew()
    {
        ToySite site = Asked();
        site.Desk.Release("a", "rest", true);
        site.Run(30);
        Assert.Equal(BreakerState.Withdrawn, Desk(site).Find("br1")!.State);
        Assert.False(site.Context.Alarms.IsUp("breaker", "site"));
        site.Limit(0, "emergency", id: "b");
        site.Run(9);
        Assert.Equal(["br1", "br2"], Desk(site).All.Select(r => r.Id));
        Assert.Equal(BreakerState.Waiting, Desk(site).Find("br2")!.State);
    }

    [Fact]
    public void Step_10_a_circuit_that_may_feed_cooling_is_never_asked_for_and_cannot_be_confirmed()
    {
        ToySite site = Asked(o => o with { BaseW = 40 }, baseW: 40);
        BreakerRequest request = Assert.Single(Desk(site).All);
        Assert.Equal(BreakerState.Excluded, request.State);
        Assert.Null(site.Dispatcher.Picture.BreakerRequest);
        Assert.NotNull(Desk(site).Answer("br1", true, "do it"));
        Assert.Equal(BreakerState.Excluded, Desk(site).Find("br1")!.State);
        Assert.True(site.Context.Alarms.IsUp("breaker", "site"));
    }
}
