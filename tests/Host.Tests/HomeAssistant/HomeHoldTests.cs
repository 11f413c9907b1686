using System.Globalization;
using System.Text;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Options;
using Ballast.Host.Tests.Signals;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.HomeAssistant;

/// <summary>After a cap that rose or ended in Home Assistant nothing rises for the debounce (contract section 6: rises only).</summary>
public sealed class HomeHoldTests
{
    private const int DebounceS = 40;

    private readonly ToySite _site;
    private readonly HomeSource _home;
    private readonly double _orderedW;

    public HomeHoldTests()
    {
        _site = new ToySite(change: o => o with { SpreadS = 1, RampS = 2, HomeAssistant = new HomeAssistantSection { MayRaise = true, DebounceS = DebounceS } }).UpAndRunning();
        _home = SourceSite.Book(_site).Home!;
        Cap("200");
        _site.Run(60);
        _orderedW = _site.Dispatcher.Picture.OrderedW;
    }

    private void Cap(string watts) => Assert.True(_home.Take(HomeTopics.Cap, Encoding.ASCII.GetBytes(watts), false).Taken);

    private void NothingRisesForTheDebounceAndThenItDoes()
    {
        _site.Run(DebounceS - 1);
        Assert.True(_site.Dispatcher.Picture.OrderedW <= _orderedW, "rose within the debounce");
        _site.Run(30);
        Assert.True(_site.Dispatcher.Picture.OrderedW > _orderedW, "does not rise after it");
    }

    [Fact]
    public void A_cap_that_rises_holds_rises()
    {
        Cap("300");
        NothingRisesForTheDebounceAndThenItDoes();
    }

    [Fact]
    public void A_cap_that_ends_holds_rises()
    {
        Cap(HomeDiscovery.MaxW(_site.Options).ToString(CultureInfo.InvariantCulture));
        NothingRisesForTheDebounceAndThenItDoes();
    }

    [Fact]
    public void A_fall_within_the_debounce_is_not_held()
    {
        Cap("300");
        _site.Run(2);
        _site.Limit(100, id: "other");
        Assert.True(_site.Dispatcher.Picture.OrderedW < 0.6 * _orderedW);
    }
}
