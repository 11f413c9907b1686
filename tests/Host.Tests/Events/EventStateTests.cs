using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Events;

/// <summary>The state machine of <see cref="EventState"/>: every way that its picture draws, and no other.</summary>
public sealed class EventStateTests
{
    private static readonly HashSet<(EventState, EventState)> Drawn =
    [
        (EventState.Scheduled, EventState.Active), (EventState.Scheduled, EventState.Cancelled), (EventState.Scheduled, EventState.Superseded),
        (EventState.Active, EventState.Restoring), (EventState.Active, EventState.Cancelled), (EventState.Active, EventState.Superseded),
        (EventState.Restoring, EventState.Completed), (EventState.Restoring, EventState.CompletedWithFailures),
        (EventState.Restoring, EventState.CompletedUnproven),
        (EventState.Restoring, EventState.Cancelled), (EventState.Restoring, EventState.Superseded),
    ];

    [Fact]
    public void Only_the_drawn_ways_exist_and_any_other_changes_nothing()
    {
        LimitNode site = new ToySite(start: false).Context.Tree.Site;
        foreach (EventState from in Enum.GetValues<EventState>())
        {
            foreach (EventState to in Enum.GetValues<EventState>())
            {
                ActiveLimit limit = new(new JournaledLimit { EventId = "e", Id = "a", Source = "s", Node = "site" }, site, from);
                bool went = limit.Go(to);
                Assert.Equal(Drawn.Contains((from, to)), went);
                Assert.Equal(went ? to : from, limit.State);
            }
        }
    }

    [Fact]
    public void Names_are_those_of_the_control_text_and_read_back()
    {
        Assert.Equal(["scheduled", "active", "restoring", "completed", "completed_with_failures", "cancelled", "superseded", "completed_unproven"], EventStates.AllNames);
        Assert.All(Enum.GetValues<EventState>(), s => Assert.Equal(s, EventStates.Parse(EventStates.NameOf(s))));
        Assert.Null(EventStates.Parse("over"));
    }
}
