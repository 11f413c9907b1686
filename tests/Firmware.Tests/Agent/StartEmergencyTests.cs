using Ballast.Hw.Asic;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>Whoever wants power off while a board is on its way up finds it off, whatever the board was about to do.</summary>
public class StartEmergencyTests
{
    private static Bench Rising()
    {
        var b = new Bench();
        b.Admit(leaseS: 600);
        return b;
    }

    /// <summary>Ticks until the board runs, so that every moment of the start is met.</summary>
    private static int Ticks()
    {
        Bench b = Rising();
        int ticks = 0;
        for (; b.Snap.Mode != BoardMode.Running; ticks++)
            b.Step();
        return ticks;
    }

    private static void OffAtEveryTick(Action<Bench> cut, int within)
    {
        int ticks = Ticks();
        Assert.True(ticks > 60);
        for (int at = 0; at <= ticks; at += at < 120 ? 1 : 7)
        {
            Bench b = Rising();
            for (int i = 0; i < at; i++)
                b.Step();
            cut(b);
            for (int i = 0; i < within; i++)
                b.Step();
            int tick = at;
            b.Run(20, () => Assert.False(b.Fake.Regulator.On, $"power on after a cut {tick} ticks into the start"));
            Assert.Equal(ChainState.Off, b.Fake.Chain.State);
        }
    }

    [Fact]
    public void S12_an_emergency_at_any_tick_of_a_start_has_power_off_in_the_step_that_receives_it() =>
        OffAtEveryTick(b =>
        {
            b.OrderId++;
            b.Send(b.Order(0, OrderClass.Emergency));
        }, 1);

    [Fact]
    public void S12_a_lock_out_at_any_tick_of_a_start_has_power_off_in_the_step_that_receives_it() =>
        OffAtEveryTick(b =>
        {
            SetMessage m = b.Message(SetKind.Lockout);
            m.Value = 1;
            b.Send(m);
        }, 1);

    [Fact]
    public void S13_the_curtail_input_at_any_tick_of_a_start_has_power_off_within_100_ms() =>
        OffAtEveryTick(b => b.Fake.Curtail.IsHigh = false, 5);

    [Fact]
    public void S06_a_regulator_that_will_not_go_off_is_told_every_tick_and_its_chips_are_in_reset()
    {
        Bench b = Rising();
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        b.Fake.Regulator.RefusesOff = true;
        b.OrderNow(0, OrderClass.Emergency);
        b.Run(10, () => Assert.Equal(ChainState.Off, b.Fake.Chain.State));
        Assert.True(b.Snap.Powered, "what is not off is not reported as off");
        b.Fake.Regulator.RefusesOff = false;
        b.Step();
        Assert.False(b.Fake.Regulator.On);
    }

    [Theory]
    [InlineData(0x7FFF_FFFFL)]
    [InlineData(0xFFFF_FFFFL)]
    public void S09_S15_a_board_lives_through_the_moment_in_which_32_bits_of_milliseconds_are_over(long at)
    {
        var b = new Bench(failsafeW: 5);
        b.Clock.NowMs = at - 90_000;
        b.Restart();
        b.AdmitAndRun(leaseS: 60);

        // Repeats renew the lease over the edge; then silence.
        while (b.Clock.NowMs < at + 10_000)
        {
            b.OrderNow(int.MaxValue, leaseS: 60);
            b.Run(5);
            Assert.True(b.Snap.Admitted);
            Assert.Equal(BoardMode.Running, b.Snap.Mode);
        }

        b.Run(54);
        Assert.True(b.Snap.Admitted);
        b.Run(2);
        Assert.False(b.Snap.Admitted);
        b.Run(60);
        Assert.Equal(0, b.Rejected(Reject.Time));
        Assert.True(b.Snap.EffectiveMw <= 5000);
    }
}
