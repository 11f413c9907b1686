using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Who shows only the first alarms shows those that are up.</summary>
public sealed class AlarmOrderTests
{
    [Fact]
    public void Alarms_that_are_up_come_before_newer_ones_that_are_over()
    {
        FakeTime time = new();
        AlarmBook alarms = new(new HostClock(time));
        alarms.Set(true, "meter", "The meter is silent.");
        time.Advance(1000);
        alarms.Set(true, "gain", "The gain is at its bound.");
        for (int i = 0; i < 100; i++)
        {
            time.Advance(1000);
            alarms.Set(true, "over", "Soon over.", "b" + i);
            alarms.Set(false, "over", "", "b" + i);
        }

        Assert.Equal(["gain", "meter"], alarms.All.Take(2).Select(a => a.Code));
        Assert.Equal(["b99", "b98"], alarms.All.Skip(2).Take(2).Select(a => a.Subject));
    }
}
