using Ballast.Firmware.Agent;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Grid;

/// <summary>S11 part by part: what a board holds before it is admitted, what of it is stored, and that nothing but an admission raises it.</summary>
public class RestartPowerTests
{
    private static void Power(Bench b, int watts)
    {
        SetMessage m = b.Message(SetKind.PowerW);
        m.PowerW = watts;
        b.Send(m);
        b.Step();
    }

    private static void Release(Bench b)
    {
        b.Send(b.Message(SetKind.Release));
        b.Step();
    }

    private static int Watts(Bench b) => b.Snap.EffectivePoint == 0 ? 0 : b.Snap.EffectiveMw / 1000;

    /// <summary>Failsafe in the middle of the ladder: both too high and too low can be seen.</summary>
    private static Bench AtFailsafe()
    {
        var b = new Bench(failsafeW: 12);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        Assert.InRange(Watts(b), 8, 12);
        return b;
    }

    [Fact]
    public void S11_an_order_before_admission_lowers_what_is_held_and_a_higher_one_does_not_raise_it_again()
    {
        Bench b = AtFailsafe();
        b.OrderNow(0, leaseS: 600);
        b.RunUntil(() => !b.Fake.Regulator.On, 10);
        b.OrderNow(int.MaxValue, leaseS: 600);
        b.Run(90, () => Assert.False(b.Fake.Regulator.On));
        b.Restart();
        b.Run(90, () => Assert.False(b.Fake.Regulator.On));
    }

    [Fact]
    public void S11_a_cap_that_ends_before_admission_raises_nothing_not_even_after_a_restart()
    {
        Bench b = AtFailsafe();
        Power(b, 0);
        b.RunUntil(() => !b.Fake.Regulator.On, 30);
        Release(b);
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
        b.Restart();
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
    }

    [Fact]
    public void S11_a_cap_that_held_at_the_restart_and_ends_afterwards_raises_nothing()
    {
        Bench b = AtFailsafe();
        b.AdmitAndRun();
        Power(b, 3);
        b.RunUntil(() => !b.Fake.Regulator.On, 30);
        b.Restart();
        b.Run(5);
        Release(b);
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
    }

    [Fact]
    public void S11_what_a_lease_end_found_is_held_below_failsafe_although_the_failsafe_is_raised_later()
    {
        Bench b = AtFailsafe();
        b.AdmitAndRun(leaseS: 30);
        b.RunUntil(() => !b.Snap.Admitted, 40);
        int held = Watts(b);
        b.Agent.SetFailsafe(30);
        b.Run(60, () => Assert.Equal(held, Watts(b)));

        // Its next start is its next start: what is stored never was above the failsafe of its time.
        b.Restart();
        b.Run(60, () => Assert.True(Watts(b) <= held));
    }

    [Fact]
    public void S11_a_fall_that_the_store_refused_is_stored_as_soon_as_it_takes_one()
    {
        Bench b = AtFailsafe();
        b.Store.Refuses = true;
        Power(b, 0);
        b.Run(5);
        b.Store.Refuses = false;
        b.Run((RecordKeeper.RetryMs / 1000) + 1);
        b.Restart();
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
        Assert.True(b.Agent.Record.HasPowerW);
    }

    [Fact]
    public void S11_a_setting_that_the_store_refused_is_stored_as_soon_as_it_takes_one()
    {
        Bench b = AtFailsafe();
        b.Store.Refuses = true;
        b.Agent.Record.OwnPoint = 2;
        b.Agent.SaveSettings();
        b.Run(5);
        b.Store.Refuses = false;
        b.Run((RecordKeeper.RetryMs / 1000) + 1);
        b.Restart();
        Assert.Equal(2, b.Agent.Record.OwnPoint);
    }

    [Fact]
    public void S11_an_action_that_cannot_be_stored_first_is_not_done()
    {
        Bench b = AtFailsafe();
        b.Store.Refuses = true;
        SetMessage m = b.Message(SetKind.Lockout);
        m.Value = 1;
        b.Send(m);
        b.Run(1);
        Assert.False(b.Agent.Record.LockedOut);
        Assert.Equal("rejected", (string?)b.Link.Last("/ack")!["result"]);
    }

    [Fact]
    public void S11_latch_lock_out_and_cap_of_the_set_stream_survive_a_restart_each_on_its_own()
    {
        Bench latched = AtFailsafe();
        SetMessage m = latched.Message(SetKind.PowerW);
        m.Class = OrderClass.Emergency;
        latched.Send(m);
        latched.Step();
        latched.Restart();
        latched.Run(30, () => Assert.False(latched.Fake.Regulator.On));
        Assert.True(latched.Snap.LatchSet);

        Bench locked = AtFailsafe();
        m = locked.Message(SetKind.Lockout);
        m.Value = 1;
        locked.Send(m);
        locked.Step();
        locked.Restart();
        locked.Run(30, () => Assert.False(locked.Fake.Regulator.On));
        Assert.Equal(LimitedBy.LockOut, locked.Snap.LimitedBy);

        Bench capped = AtFailsafe();
        Power(capped, 9);
        int cap = capped.Agent.Record.PowerW;
        capped.Restart();
        capped.Run(30);
        Assert.True(capped.Agent.Record.HasPowerW);
        Assert.Equal(cap, capped.Agent.Record.PowerW);
    }

    [Fact]
    public void S10_every_start_and_every_lease_end_draws_another_nonce()
    {
        Bench b = AtFailsafe();
        List<uint> nonces = [b.Snap.BootNonce];
        for (int i = 0; i < 4; i++)
        {
            b.AdmitAndRun(leaseS: 30);
            b.RunUntil(() => !b.Snap.Admitted, 40);
            nonces.Add(b.Snap.BootNonce);
            b.Restart();
            b.Run(1);
            nonces.Add(b.Snap.BootNonce);
        }

        Assert.Equal(nonces.Count, nonces.Distinct().Count());
    }

    [Fact]
    public void S11_what_may_be_started_with_rises_in_the_store_once_an_hour_at_most()
    {
        Bench b = AtFailsafe();
        b.AdmitAndRun(leaseS: 3600);
        b.OrderNow(0, leaseS: 3600);
        b.Run(5);
        Assert.Equal(0, b.Agent.Record.StartMw);
        b.OrderNow(int.MaxValue, leaseS: 3600);

        // Other writes come; none takes the rise with it before the hour is over.
        for (int i = 0; i < 5; i++)
        {
            b.Run(5);
            b.Agent.SaveSettings();
        }

        Assert.Equal(0, b.Agent.Record.StartMw);
    }
}
