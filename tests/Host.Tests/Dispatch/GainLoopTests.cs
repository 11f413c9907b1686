using Ballast.Host.Dispatch;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>The gain's arithmetic (control.md, step 4), second by second: 1,000 W predicted and ordered of 1,000 W.</summary>
public sealed class GainLoopTests
{
    private const long FallMs = 5_000;
    private const long RiseMs = 45_000;
    private readonly GainLoop _gain = new();

    private void Step(long nowMs, double meterW, double capW = 4000, double orderedW = 1000, double predictedW = 1000, bool falling = false, long boardsSettleMs = 0)
        => _gain.Step(new GainInput(nowMs, meterW, capW, 0, predictedW, orderedW, 1000, FallMs, RiseMs, falling, boardsSettleMs, false));

    // The first order counts as a rise.
    private void Settle()
    {
        Step(0, 1100);
        Step(RiseMs, 1100);
        Assert.True(_gain.Settled);
        Assert.Equal(1.10, _gain.Gain, 9);
    }

    [Theory]
    [InlineData(1200, 1.13)]
    [InlineData(1090, 1.098)]
    [InlineData(1050, 1.09)]
    [InlineData(500, 1.09)]
    public void Settled_it_follows_upward_by_three_tenths_and_downward_slowly(double meterW, double expected)
    {
        Settle();
        Step(RiseMs + 1000, meterW);
        Assert.Equal(expected, _gain.Gain, 9);
    }

    [Fact]
    public void Unsettled_and_over_the_cap_it_jumps_and_not_again_within_4_s()
    {
        Step(0, 1200, capW: 1100);
        Assert.Equal(1.2, _gain.Gain, 9);
        Step(3_999, 1300, capW: 1100);
        Assert.Equal(1.2, _gain.Gain, 9);
        Step(4_000, 1300, capW: 1100);
        Assert.Equal(1.3, _gain.Gain, 9);
    }

    [Theory]
    [InlineData(1200, false)]
    [InlineData(1100, true)]
    public void Unsettled_it_stays_while_the_meter_keeps_the_cap_or_a_fall_is_under_way(double capW, bool falling)
    {
        Step(0, 1200, capW, falling: falling);
        Assert.Equal(1.10, _gain.Gain, 9);
    }

    [Theory]
    [InlineData(981, 0)]
    [InlineData(980, FallMs)]
    [InlineData(1019, 0)]
    [InlineData(1020, RiseMs)]
    public void A_change_of_two_percent_unsettles_for_the_delay_of_its_direction(double orderedW, long delayMs)
    {
        Settle();
        long now = RiseMs + 1000;
        Step(now, 1100, orderedW: orderedW);
        Assert.Equal(delayMs == 0, _gain.Settled);
        Step(now + delayMs - 1, 1100, orderedW: orderedW);
        Assert.Equal(delayMs == 0, _gain.Settled);
        Step(now + delayMs, 1100, orderedW: orderedW);
        Assert.True(_gain.Settled);
    }

    [Fact]
    public void Boards_that_idle_or_return_unsettle_it()
    {
        Settle();
        Step(RiseMs + 1000, 1200, boardsSettleMs: RiseMs + 1001);
        Assert.False(_gain.Settled);
        Assert.Equal(1.10, _gain.Gain, 9);
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, 2.0)]
    public void A_tenth_of_full_is_too_little_to_learn_from(double predictedW, double? ratio)
        => Assert.Equal(ratio, GainLoop.Ratio((2 * predictedW) + 7, 7, predictedW, 1000));
}
