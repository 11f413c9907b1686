using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>What a host that takes over must not assume, and what it may: the hold after a takeover.</summary>
public sealed class HandOverTests
{
    private static (ToySite Site, ToyHost Second) Up()
    {
        ToySite site = new ToySite().UpAndRunning();
        ToyHost second = new(site, "h2");
        site.Run(30);
        Assert.Equal((HostPhase.Leading, HostPhase.Passive), (site.Dispatcher.Phase, second.Dispatcher.Phase));
        return (site, second);
    }

    [Fact]
    public void S18_after_a_host_that_stopped_with_nothing_open_its_successor_holds_nothing()
    {
        (ToySite site, ToyHost second) = Up();
        site.Dispatcher.Stop();
        site.HostAlive = false;
        site.Run(60);
        Assert.Equal((HostPhase.Leading, false), (second.Dispatcher.Phase, second.Dispatcher.Held));
        Assert.False(second.Context.Alarms.IsUp("taken-over"));
    }

    [Fact]
    public void S18_after_an_operator_told_the_first_host_to_stand_by_its_successor_holds_nothing()
    {
        (ToySite site, ToyHost second) = Up();
        site.Dispatcher.Command(lead: false);
        site.Run(60);
        Assert.Equal((HostPhase.Passive, HostPhase.Leading, false), (site.Dispatcher.Phase, second.Dispatcher.Phase, second.Dispatcher.Held));
    }

    [Theory]
    [InlineData("limit")]
    [InlineData("hold")]
    [InlineData("killed")]
    [InlineData("limit, killed after standing by")]
    public void S18_whatever_its_predecessor_may_have_been_told_a_successor_holds(string what)
    {
        (ToySite site, ToyHost second) = Up();
        if (what.StartsWith("limit", StringComparison.Ordinal))
        {
            site.Limit(250);
            site.Run(60);
        }

        if (what == "hold")
        {
            site.Dispatcher.SetHold(true);
        }

        if (what.EndsWith("by", StringComparison.Ordinal))
        {
            site.Dispatcher.Command(lead: false);
            site.Run(2);
        }

        if (what.Contains("killed", StringComparison.Ordinal))
        {
            site.KillHost();
        }
        else
        {
            site.Dispatcher.Stop();
            site.HostAlive = false;
        }

        site.Run(60);
        Assert.Equal((HostPhase.Leading, true), (second.Dispatcher.Phase, second.Dispatcher.Held));
    }
}
