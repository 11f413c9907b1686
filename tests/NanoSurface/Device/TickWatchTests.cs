using Ballast.Firmware.Start;

namespace Ballast.Device.Tests;

/// <summary>S08: the supervisor acts after five of its own runs without a new tick.</summary>
public sealed class TickWatchTests
{
    [Fact]
    public void S08_acts_in_the_fifth_run_without_a_tick()
    {
        var watch = new TickWatch();
        Assert.False(watch.Step(1));
        for (int run = 1; run < TickWatch.Limit; run++)
        {
            Assert.False(watch.Step(1));
        }

        Assert.True(watch.Step(1));
        Assert.True(watch.Step(1));
    }

    [Fact]
    public void S08_one_tick_in_time_starts_the_count_again()
    {
        var watch = new TickWatch();
        for (int tick = 1; tick < 100; tick++)
        {
            for (int run = 0; run < TickWatch.Limit; run++)
            {
                Assert.False(watch.Step(tick));
            }
        }
    }

    [Fact]
    public void S08_a_loop_that_never_ticked_counts_too()
    {
        var watch = new TickWatch();
        int runs = 1;
        while (!watch.Step(0))
        {
            runs++;
        }

        Assert.Equal(TickWatch.Limit, runs);
    }

    [Fact]
    public void S08_the_tick_counter_may_wrap()
    {
        var watch = new TickWatch();
        Assert.False(watch.Step(int.MaxValue));
        Assert.False(watch.Step(int.MinValue));
    }
}
