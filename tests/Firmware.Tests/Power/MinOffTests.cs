using Ballast.Firmware.Agent;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Power;

/// <summary>The shortest time off: it delays a start from sleep, and nothing else.</summary>
public class MinOffTests
{
    private const int MinOffMs = 30_000;

    [Fact]
    public void S15_a_start_from_sleep_waits_until_the_shortest_time_off_has_passed()
    {
        Bench b = Running();
        b.OrderNow(0, OrderClass.Emergency);
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        b.Run(2);
        b.OrderNow(int.MaxValue, spreadS: 0);
        b.Run(27.5);
        Assert.False(b.Fake.Regulator.On);
        Assert.Equal("waiting for its moment to start", b.Snap.Reason);
        b.RunUntil(() => b.Fake.Regulator.On, 6);
    }

    [Fact]
    public void S15_the_random_part_counts_from_the_end_of_the_time_off_and_repeated_orders_do_not_move_it()
    {
        List<double> starts = [];
        for (uint seed = 1; seed <= 6; seed++)
        {
            Bench b = Running(seed: seed);
            b.OrderNow(0, OrderClass.Emergency);
            b.RunUntil(() => !b.Fake.Regulator.On, 1);
            long off = b.Clock.NowMs;
            b.OrderNow(int.MaxValue, spreadS: 20);
            while (!b.Fake.Regulator.On)
            {
                Assert.True(b.Clock.NowMs - off < MinOffMs + 26_000, "put off for ever");
                b.Run(1);
                b.OrderNow(int.MaxValue, spreadS: 20);
            }

            starts.Add((b.Clock.NowMs - off) / 1000.0);
        }

        Assert.All(starts, s => Assert.True(s >= 30, s + " s"));
        Assert.True(starts.Max() - starts.Min() > 3, "all together: " + string.Join(", ", starts));
    }

    [Fact]
    public void S15_power_that_a_fault_took_counts_as_well()
    {
        Bench b = Running();
        b.Fake.Regulator.Faults = Hw.Parts.RegulatorFaults.OutputOverCurrent;
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        long off = b.Clock.NowMs;
        b.RunUntil(() => b.Fake.Regulator.On, 120);
        Assert.True(b.Clock.NowMs - off >= MinOffMs, "after " + (b.Clock.NowMs - off) + " ms");
    }

    [Fact]
    public void S12_a_fall_and_an_emergency_are_never_delayed_not_even_right_after_a_start()
    {
        Bench b = Running();
        b.OrderNow(0, OrderClass.Emergency);
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        b.OrderNow(int.MaxValue, spreadS: 0);
        b.RunUntil(() => b.Fake.Regulator.On, 40);
        b.OrderNow(0, OrderClass.Emergency);
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        b.OrderNow(int.MaxValue, spreadS: 0);
        b.Run(5);
        b.OrderNow(0);
        b.Run(60);
        Assert.False(b.Fake.Regulator.On);
        Assert.Equal(BoardMode.Asleep, b.Snap.Mode);
        Assert.NotEqual("waiting for its moment to start", b.Snap.Reason);
    }

    [Fact]
    public void S15_a_rise_from_one_powered_point_to_another_does_not_wait()
    {
        Bench b = Running();
        b.OrderNow(b.Agent.Power.Ladder.Ladder.CostMjPerTh(2), rampS: 2);
        b.Run(10);
        Assert.True(b.Fake.Regulator.On);
        int low = b.Fake.Chain.FreqKhz;
        b.OrderNow(int.MaxValue, rampS: 2, spreadS: 0);
        b.Run(5);
        Assert.True(b.Fake.Chain.FreqKhz > low, b.Fake.Chain.FreqKhz + " kHz");
    }

    [Fact]
    public void A_restart_of_the_controller_keeps_no_memory_of_the_time_off()
    {
        Bench b = Running();
        b.OrderNow(0, OrderClass.Emergency);
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        b.Restart();
        b.Admit();
        b.RunUntil(() => b.Fake.Regulator.On, 12);
    }

    [Theory]
    [InlineData(45, 45)]
    [InlineData(5, 30)]
    [InlineData(-7, 30)]
    [InlineData(int.MaxValue, 30)]
    public void A_setting_only_lengthens_the_boards_own_time(int settingS, int expectedS)
    {
        Bench b = Running(change: s => s.MinOffS = settingS);
        b.OrderNow(0, OrderClass.Emergency);
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        b.OrderNow(int.MaxValue, spreadS: 0, leaseS: 600);
        b.Run(expectedS - 1);
        Assert.False(b.Fake.Regulator.On);
        b.RunUntil(() => b.Fake.Regulator.On, 7);
    }

    private static Bench Running(uint seed = 7, Action<BoardSettings>? change = null)
    {
        Bench b = new(seed: seed, change: change, minOffMs: MinOffMs);
        b.AdmitAndRun();
        return b;
    }
}
