using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Which circuit is never asked for, the last moment of a request, and what is left of it when the emergency is over.</summary>
public sealed class BreakerEndTests
{
    private static BreakerDesk Desk(ToySite site) => site.Dispatcher.Breakers;

    // One board of each pod keeps drawing, until 8.5 s into an emergency.
    private static ToySite Asked(double baseOfP1W)
    {
        ToySite site = new(change: o => o with { Pods = [.. o.Pods.Select(p => p with { Metered = true, BaseW = p.Id == "p1" ? baseOfP1W : 0 })] });
        site.UpAndRunning();
        site.Boards.First(b => b.Pod == "p1").Liar = true;
        site.Boards.First(b => b.Pod == "p2").Liar = true;
        site.Limit(0, "emergency");
        site.Run(8.5);
        return site;
    }

    private static BreakerRequest Of(ToySite site, string node) => Assert.Single(Desk(site).All, r => r.Node == node);

    [Fact]
    public void Step_10_a_pod_with_other_load_behind_its_meter_is_excluded_and_its_neighbour_is_not()
    {
        ToySite site = Asked(15);
        Assert.Equal((BreakerState.Excluded, BreakerState.Waiting), (Of(site, "p1").State, Of(site, "p2").State));
        Assert.NotNull(Desk(site).Answer(Of(site, "p1").Id, true, "do it"));
        Assert.Equal("p2", site.Dispatcher.Picture.BreakerRequest);
    }

    [Fact]
    public void Step_10_a_request_can_be_confirmed_until_its_last_moment_and_not_at_its_end()
    {
        ToySite site = Asked(0);
        string first = Of(site, "p1").Id;
        string second = Of(site, "p2").Id;
        site.Run((Of(site, "p1").ExpiresAt - site.Time.GetUtcNow()).TotalSeconds - 0.1);
        Assert.Null(Desk(site).Answer(first, true, "checked"));
        site.Run(0.1);
        Assert.NotNull(Desk(site).Answer(second, true, "too late"));
        Assert.Equal((BreakerState.Confirmed, BreakerState.Lapsed), (Of(site, "p1").State, Of(site, "p2").State));
    }

    [Fact]
    public void Step_10_with_the_emergency_every_alarm_of_a_breaker_ends()
    {
        ToySite site = Asked(0);
        Assert.Null(Desk(site).Answer(Of(site, "p1").Id, false, "it is being served"));
        site.Run(125);
        Assert.True(site.Context.Alarms.IsUp("breaker", "p1"));
        Assert.True(site.Context.Alarms.IsUp("breaker-lapsed", "p2"));
        site.Desk.Release("a", "rest", true);
        site.Run(5);
        Assert.DoesNotContain(site.Context.Alarms.All, a => a.Active && a.Code.StartsWith("breaker", StringComparison.Ordinal));
        Assert.Equal((BreakerState.Refused, BreakerState.Lapsed), (Of(site, "p1").State, Of(site, "p2").State));
    }
}
