using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Limits;

/// <summary>A limit that holds for a node which a new configuration does not name any more.</summary>
public sealed class HomelessLimitTests
{
    private static ToySite Site(MemoryJournal? journal, params FeederSection[] feeders) => new(change: o => o with { Feeders = feeders }, store: journal);

    [Fact]
    public void A_limit_whose_node_is_gone_from_the_configuration_holds_every_rise_until_an_operator_lifts_it_S19()
    {
        ToySite before = Site(null, new FeederSection { Id = "f1", Pods = ["p1"] }).UpAndRunning();
        LimitResult taken = before.Limit(60, node: "f1", id: "feeder");
        before.Run(30);
        ToySite after = Site(before.Journal);
        Assert.True(after.Dispatcher.Held);
        Assert.True(after.Context.Alarms.IsUp("limit-lost"));
        Assert.Empty(before.Journal.Load().Limits);
        Assert.Equal("cancelled", before.Journal.FindEvent(taken.Limit!.Entry.EventId)!.State);
        Assert.Contains("'f1' is not in the configuration any more", before.Journal.FindEvent(taken.Limit.Entry.EventId)!.EndedBy, StringComparison.Ordinal);
        double was = after.PowerW;
        after.Run(200);
        Assert.True(after.PowerW <= was * 1.01, "rose from " + was + " to " + after.PowerW);

        // It is the hold that stays over a restart, until somebody lifts it; then it is over for good.
        after.NewHost();
        Assert.True(after.Dispatcher.Held);
        Assert.True(after.Dispatcher.SetHold(false));
        Assert.False(after.Context.Alarms.IsUp("limit-lost"));
        after.NewHost();
        Assert.False(after.Dispatcher.Held);
    }
}
