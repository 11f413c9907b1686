using Ballast.Host.Dispatch;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Which words of a meter count (control.md, step 2).</summary>
public sealed class SiteMeterTests
{
    private readonly SiteMeter _meter = new();

    [Fact]
    public void F20_S17_a_sample_is_fresh_for_3_s_since_it_arrived()
    {
        Assert.False(_meter.IsFresh(0));
        Assert.True(_meter.Take(100, 1, 50_000, 1000));
        Assert.True(_meter.IsFresh(53_000));
        Assert.False(_meter.IsFresh(53_001));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1000, true)]
    [InlineData(1000.1, false)]
    [InlineData(-0.1, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void Only_watts_that_the_site_can_draw_count(double watts, bool taken)
    {
        Assert.Equal(taken, _meter.Take(watts, 1, 50_000, 1000));
        Assert.Equal(taken ? 0 : 1, _meter.Refused);
        Assert.Equal(taken ? watts : 0, _meter.Watts);
        Assert.Equal(taken, _meter.IsFresh(50_000));
    }

    [Fact]
    public void A_sample_that_is_not_newer_renews_nothing_until_its_gateway_was_silent_for_10_s()
    {
        Assert.True(_meter.Take(100, 5, 50_000, 1000));
        Assert.False(_meter.Take(200, 5, 51_000, 1000));
        Assert.False(_meter.Take(200, 4, 60_000, 1000));
        Assert.Equal(100, _meter.Watts);
        Assert.False(_meter.IsFresh(60_000));

        // It may have started again; the very same word is a copy all the same.
        Assert.False(_meter.Take(200, 5, 60_001, 1000));
        Assert.False(_meter.Take(200, -1, 60_001, 1000));
        Assert.True(_meter.Take(200, 4, 60_001, 1000));
    }
}
