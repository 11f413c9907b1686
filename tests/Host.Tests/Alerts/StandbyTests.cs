using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Alerts;

/// <summary>A host that stands by says so, and the one that leads notices when it does not any more.</summary>
public sealed class StandbyTests
{
    private readonly ToySite _site = new ToySite(6, 1).UpAndRunning();

    private bool Gone => _site.Context.Alarms.IsUp("standby-gone", "h2");

    [Fact]
    public void A_standby_that_falls_silent_is_an_alarm_and_its_return_ends_it()
    {
        ToyHost second = new(_site, "h2");
        _site.Run(60);
        Assert.Equal((HostPhase.Leading, HostPhase.Passive, false), (_site.Dispatcher.Phase, second.Dispatcher.Phase, Gone));
        Assert.Equal("{\"hostId\":\"h2\",\"epoch\":0,\"online\":true}", System.Text.Encoding.ASCII.GetString(_site.Kept[second.Dispatcher.HostTopic]));
        _site.Second = null;
        _site.Run(25);
        Assert.True(Gone);
        _ = new ToyHost(_site, "h2");
        _site.Run(40);
        Assert.False(Gone);
    }

    [Fact]
    public void A_site_with_one_host_has_no_such_alarm_and_a_kept_word_of_a_standby_delays_nobody()
    {
        _site.Run(60);
        Assert.DoesNotContain(_site.Context.Alarms.Active, a => a.Code == "standby-gone");
        _site.Dispatcher.OnHost("h3", "{\"hostId\":\"h3\",\"epoch\":0,\"online\":true}"u8, true);
        _site.Run(60);
        Assert.Equal(HostPhase.Leading, _site.Dispatcher.Phase);
        Assert.False(_site.Context.Alarms.IsUp("standby-gone", "h3"));
    }

    [Fact]
    public void Two_that_stand_by_do_not_wait_for_each_other_S18()
    {
        // h0 stands by on an operator's word and has the smaller id; h2 must still take over.
        ToyHost second = new(_site, "h2");
        _site.Run(30);
        _site.Dispatcher.Command(lead: false);
        Assert.Equal(HostPhase.Passive, _site.Dispatcher.Phase);
        _site.Run(40);
        Assert.Equal((HostPhase.Passive, HostPhase.Leading), (_site.Dispatcher.Phase, second.Dispatcher.Phase));
    }
}
