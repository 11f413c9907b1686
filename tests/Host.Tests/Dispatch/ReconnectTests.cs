using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>A fall that was decided while nobody could hear it begins with the reconnect, and is settled so much later.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public void F1_a_fall_that_boards_hear_only_after_the_outage_ramps_in_peace_and_teaches_the_gain_nothing_S16()
    {
        ToySite site = new ToySite(24, 2, 1, o => o with { RampS = 15, SpreadS = 5, RampUpWPerS = 50 }).UpAndRunning();
        double gain = site.Context.Gain.Gain;
        site.BrokerDown();
        site.Run(3);
        site.Limit(0.5 * site.FullW);
        site.Run(30);
        site.Connect();
        long back = site.NowMs;
        site.Run(18);
        Assert.True(site.Dispatcher.Picture.SettlesInMs > 0, "the fall counts as settled while it ramps");
        Assert.Single(site.Dispatches.Where(d => d.AtMs >= back && d.Topic.Contains("/p1/", StringComparison.Ordinal)).Select(d => d.Order!.OrderId).Distinct());
        Assert.InRange(site.Context.Gain.Gain, gain - 0.02, gain + 0.02);
        site.Run(60);
        Assert.InRange(site.PowerW, 0.4 * site.FullW, 0.51 * site.FullW);
    }
}
