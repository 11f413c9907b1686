using Ballast.Firmware.Power;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Power;

/// <summary>S07 from the counting of nonces to the stored latch: each of its parts on its own, in seconds.</summary>
public class LostHashTests
{
    private const int Ghs = 1071;

    /// <summary>Nonces as they are due, times a factor, until the rule trips; the time of that in ms, or -1.</summary>
    private static long LostAfter(double factor, int ticket, long ms, HashHealth? health = null)
    {
        health ??= new HashHealth();
        double nonces = 0;
        for (long now = 0; now <= ms; now += 20)
        {
            health.Step(now, true, (long)nonces, Ghs, ticket);
            if (health.Lost)
                return now;
            nonces += factor * 20 * Ghs / (ticket * 4295.0);
        }

        return -1;
    }

    [Fact]
    public void S07_fewer_than_half_of_the_expected_nonces_in_a_minute_is_lost()
    {
        Assert.InRange(LostAfter(0.45, 128, 120_000), HashHealth.WindowMs, HashHealth.WindowMs + 100);
        Assert.Equal(-1, LostAfter(0.55, 128, 3_600_000));
    }

    [Fact]
    public void S07_where_few_nonces_are_due_the_window_is_as_long_as_eighty_of_them()
    {
        // One in four seconds: 80 in 329 s.
        Assert.InRange(LostAfter(0.45, 1024, 600_000), 320_000, 340_000);
        Assert.Equal(-1, LostAfter(0.55, 1024, 3_600_000));
    }

    [Fact]
    public void S07_silence_is_ten_expected_intervals_where_they_are_longer_than_twenty_seconds()
    {
        Assert.InRange(LostAfter(0, 1024, 600_000), 41_000, 41_200);
        Assert.InRange(LostAfter(0, 128, 600_000), HashHealth.MinSilentMs, HashHealth.MinSilentMs + 40);
    }

    [Fact]
    public void S07_time_without_work_counts_for_nothing_and_a_new_start_is_judged_anew()
    {
        var health = new HashHealth();
        for (long now = 0; now < 3_600_000; now += 20)
            health.Step(now, now % 15_000 < 14_000, 0, Ghs, 128);
        Assert.False(health.Lost);
        Assert.True(LostAfter(0, 128, 60_000, health) >= 0);
        health.Reset();
        Assert.False(health.Lost);
        Assert.InRange(LostAfter(0, 128, 60_000, health), HashHealth.MinSilentMs, HashHealth.MinSilentMs + 40);
    }

    /// <summary>Chips that find a part of what they should, judged by the whole agent.</summary>
    private static (Bench Board, FakeMiner Chips) Running(double factor)
    {
        var feeder = new FakeMiner();
        var b = new Bench(miner: () => feeder);
        feeder.Rate = () => b.Fake.Chain.State == Hw.Asic.ChainState.Running ? b.Agent.Power.Ladder.HashGhsFor(b.Fake.Chain.FreqKhz) : 0;
        b.AdmitAndRun(leaseS: 3600);
        feeder.Factor = factor;
        return (b, feeder);
    }

    private static int Count(Bench b) => b.Link.Sent.Count(s => s.Topic.EndsWith("/event", StringComparison.Ordinal) && s.Payload.Contains("\"S07\"", StringComparison.Ordinal));

    [Fact]
    public void S07_chips_that_find_what_they_should_are_left_alone()
    {
        (Bench b, _) = Running(1);
        b.Run(900);
        Assert.Equal(1, b.Fake.Chain.Starts);
        Assert.Equal(0, Count(b));
    }

    [Theory]
    [InlineData(0.4, 30, 130)]
    [InlineData(0, 15, 26)]
    public void S07_chips_that_find_too_little_are_restarted_once_then_latched_off_and_a_restart_of_the_controller_keeps_it(double factor, int fromS, int toS)
    {
        (Bench b, _) = Running(factor);
        Assert.InRange(b.RunUntil(() => b.Fake.Chain.Starts == 2, 200), fromS, toS);
        Assert.True(b.Fake.Regulator.On, "the chain is restarted, the rail stays");
        Assert.Equal(SafetyRule.None, b.Snap.LatchedFault);

        // The second judgement begins with the second start: not at once, and not a third start.
        b.RunUntil(() => b.Snap.Mode is BoardMode.Running or BoardMode.Ramping, 10);
        Assert.InRange(b.RunUntil(() => b.Snap.LatchedFault == SafetyRule.S07, 200), 15, 150);
        Assert.False(b.Fake.Regulator.On);
        Assert.Equal(2, b.Fake.Chain.Starts);
        b.Run(5);
        Assert.Equal(2, Count(b));
        b.Restart();
        b.Run(120, () => Assert.False(b.Fake.Regulator.On));
        Assert.Equal(SafetyRule.S07, b.Snap.LatchedFault);
    }

    [Fact]
    public void S07_silent_chips_without_work_are_nobodys_fault()
    {
        (Bench b, FakeMiner chips) = Running(0);
        chips.HasWork = false;
        b.Run(900);
        Assert.Equal(1, b.Fake.Chain.Starts);
        Assert.Equal(0, Count(b));
    }

    [Fact]
    public void S07_a_chain_that_does_not_start_is_restarted_once_and_then_latched()
    {
        (Bench b, _) = Running(1);
        b.OrderNow(0, OrderClass.Emergency, leaseS: 3600);
        b.Run(5);
        b.Fake.Chain.FailStart = true;
        b.OrderNow(int.MaxValue, leaseS: 3600);
        b.RunUntil(() => b.Snap.LatchedFault == SafetyRule.S07, 60);
        Assert.Equal(3, b.Fake.Chain.Starts);
        Assert.False(b.Fake.Regulator.On);
    }

    [Fact]
    public void S07_restarts_more_than_ten_minutes_apart_are_no_fault_and_nearer_ones_are()
    {
        (Bench b, FakeMiner chips) = Running(1);
        for (int i = 0; i < 3; i++)
        {
            int starts = b.Fake.Chain.Starts;
            chips.Factor = 0;
            b.RunUntil(() => b.Fake.Chain.Starts > starts, 60);
            chips.Factor = 1;
            b.Run((SafetySupervisor.ChainRestartMemoryMs / 1000) + 10);
            Assert.Equal(SafetyRule.None, b.Snap.LatchedFault);
        }

        chips.Factor = 0;
        int last = b.Fake.Chain.Starts;
        b.RunUntil(() => b.Fake.Chain.Starts > last, 60);
        chips.Factor = 1;
        b.Run(60);
        chips.Factor = 0;
        b.RunUntil(() => b.Snap.LatchedFault == SafetyRule.S07, 60);
    }
}
