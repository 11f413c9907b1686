using Ballast.Host.Signals;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Signals;

/// <summary>F15: the machine's wall clock is set while the host runs.</summary>
public sealed class ClockWatchTests
{
    [Theory]
    [InlineData(2000, true)]
    [InlineData(-2000, true)]
    [InlineData(1999, false)]
    [InlineData(-1999, false)]
    public void F15_a_clock_set_forward_or_back_is_noticed_and_what_a_time_service_corrects_is_not(int stepMs, bool noticed)
    {
        ToySite site = new ToySite(4, 1).UpAndRunning();
        SourceBook book = SourceSite.Book(site);
        book.Watch();
        site.Time.StepUtc(TimeSpan.FromMilliseconds(stepMs));
        book.Watch();
        Assert.Equal(noticed, site.Context.Alarms.IsUp("clock-step"));
    }
}
