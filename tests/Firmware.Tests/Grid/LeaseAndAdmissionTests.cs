using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Grid;

/// <summary>Contract section 5: lease, failsafe, admission, restart. Rules S09 to S12 and S15.</summary>
public class LeaseAndAdmissionTests
{
    [Fact]
    public void S09_F2_F3_silence_ends_in_failsafe_within_a_second_of_the_lease()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 60);
        long end = b.Snap.LeaseEndMs;
        b.RunUntil(() => !b.Fake.Regulator.On, 61);
        Assert.InRange(b.Clock.NowMs, end, end + 1000);
        Assert.False(b.Snap.Admitted);
        Assert.Equal(LimitedBy.Failsafe, b.Snap.LimitedBy);
        b.Run(1);
        Assert.Equal("S09", (string?)b.Link.Last("/event")!["rule"]);
    }

    [Fact]
    public void S09_the_fall_is_spread_by_rank_and_not_after_an_emergency()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderId++;
        b.Send(b.Order(int.MaxValue, leaseS: 20, failSpreadS: 30));
        b.Step();
        long turn = b.Snap.LeaseEndMs + (long)(((ulong)b.Agent.Orders.Rank * 30_000) >> 32);
        Assert.True(turn > b.Snap.LeaseEndMs + 100);
        b.RunUntil(() => !b.Snap.Admitted, 60);
        Assert.InRange(b.Clock.NowMs, turn, turn + 40);

        b.Admit();
        b.OrderId++;
        DispatchOrder o = b.Order(int.MaxValue, OrderClass.Emergency, leaseS: 20, failSpreadS: 30);
        b.Send(o);
        b.Step();
        long end = b.Snap.LeaseEndMs;
        b.RunUntil(() => !b.Snap.Admitted, 60);
        Assert.InRange(b.Clock.NowMs, end, end + 40);
    }

    [Fact]
    public void S09_an_order_between_lease_end_and_the_turn_renews_it()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderId++;
        b.Send(b.Order(int.MaxValue, leaseS: 20, failSpreadS: 3600));
        b.Step();
        b.Run(21);
        Assert.True(b.Clock.NowMs > b.Snap.LeaseEndMs);
        Assert.True(b.Snap.Admitted);
        b.OrderNow(int.MaxValue);
        Assert.True(b.Snap.LeaseEndMs > b.Clock.NowMs);
        b.Run(30);
        Assert.True(b.Fake.Regulator.On);
    }

    [Fact]
    public void S09_F5_failsafe_never_ends_by_time()
    {
        var b = new Bench(failsafeW: 12);
        b.AdmitAndRun(leaseS: 60);
        b.RunUntil(() => !b.Snap.Admitted, 80);
        int failsafe = b.Agent.Power.Ladder.Ladder.PowerPoint(12, out _);
        Assert.InRange(failsafe, 1, 4);
        b.Run(3600, () => Assert.True(b.Snap.EffectivePoint <= failsafe));
        Assert.Equal(failsafe, b.Snap.EffectivePoint);
        Assert.Equal(BoardMode.Running, b.Snap.Mode);
        Assert.True(b.Fake.TrueMw <= 12_000);
    }

    [Fact]
    public void S09_the_fall_keeps_a_last_order_below_failsafe()
    {
        var b = new Bench(failsafeW: 12);
        b.AdmitAndRun(leaseS: 60);
        b.OrderNow(0, leaseS: 20);
        b.Run(30);
        Assert.Equal(0, b.Snap.EffectivePoint);
        b.Run(600, () => Assert.Equal(0, b.Snap.EffectivePoint));
    }

    [Fact]
    public void S10_F4_after_failsafe_an_order_alone_does_not_raise()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 20);
        b.RunUntil(() => !b.Snap.Admitted, 30);
        b.Link.ConnectCount++;
        for (int i = 0; i < 20; i++)
        {
            b.OrderNow(int.MaxValue);
            b.Run(5, () => Assert.False(b.Fake.Regulator.On));
        }
    }

    [Fact]
    public void S10_an_admission_with_an_older_nonce_is_ignored()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 20);
        uint old = b.Snap.BootNonce;
        b.RunUntil(() => !b.Snap.Admitted, 30);
        Assert.NotEqual(old, b.Snap.BootNonce);
        b.OrderNow(int.MaxValue);
        SetMessage m = b.Message(SetKind.Admit);
        m.BootNonce = old;
        b.Send(m);
        b.Run(5);
        Assert.False(b.Snap.Admitted);
        Assert.Contains(b.Link.Sent, s => s.Topic.EndsWith("/ack", StringComparison.Ordinal) && s.Payload.Contains("\"result\":\"ignored\",\"reason\":\"another bootNonce\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S10_admission_needs_both_messages_in_either_order(bool admitFirst)
    {
        var b = new Bench();
        b.Step();
        DispatchOrder o = b.Order(int.MaxValue);
        SetMessage m = b.Message(SetKind.Admit);
        m.BootNonce = b.Snap.BootNonce;
        m.AfterSeq = o.Seq;
        if (admitFirst)
            b.Send(m);
        else
            b.Send(o);
        b.Run(1);
        Assert.False(b.Snap.Admitted);
        if (admitFirst)
            b.Send(o);
        else
            b.Send(m);
        b.Run(1);
        Assert.True(b.Snap.Admitted);
    }

    [Fact]
    public void S10_admission_needs_a_dispatch_of_its_epoch_and_seq()
    {
        var b = new Bench();
        b.Step();
        SetMessage m = b.Message(SetKind.Admit);
        m.BootNonce = b.Snap.BootNonce;
        m.AfterSeq = 1000;
        b.Send(m);
        b.OrderNow(int.MaxValue);
        Assert.False(b.Snap.Admitted);
        b.Epoch = 99;
        b.Seq = 2000;
        b.OrderNow(int.MaxValue);
        Assert.False(b.Snap.Admitted);
        b.Epoch = 101;
        b.OrderNow(int.MaxValue);
        Assert.False(b.Snap.Admitted);
    }

    [Fact]
    public void S10_admission_needs_a_running_lease()
    {
        var b = new Bench();
        b.Step();
        uint after = b.Seq;
        b.OrderNow(int.MaxValue, leaseS: 5);
        uint nonce = b.Snap.BootNonce;
        b.Run(6);
        Assert.NotEqual(nonce, b.Snap.BootNonce);
        SetMessage m = b.Message(SetKind.Admit);
        m.BootNonce = b.Snap.BootNonce;
        m.AfterSeq = after;
        b.Send(m);
        b.Run(1);
        Assert.False(b.Snap.Admitted);
    }

    [Fact]
    public void Admission_survives_a_reconnect_a_new_epoch_an_emergency_and_idling()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Link.IsConnected = false;
        b.Run(5);
        b.Link.IsConnected = true;
        b.Link.ConnectCount++;
        b.Run(1);
        b.Epoch++;
        b.OrderNow(0, OrderClass.Emergency, leaseS: 600);
        b.Run(100);
        b.OrderNow(int.MaxValue, leaseS: 600);
        Assert.True(b.Snap.Admitted);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
    }

    [Fact]
    public void S11_F18_a_restart_during_an_order_comes_back_asleep_and_latched()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderNow(0, OrderClass.Emergency);
        b.Restart();
        b.Run(60);
        Assert.False(b.Fake.Regulator.On);
        Assert.False(b.Snap.Admitted);
        Assert.True(b.Snap.LatchDispatch);
        Assert.Equal(0, b.Snap.LeaseEndMs);
        Assert.Equal("emergency-dispatch", (string?)b.Link.Last("/state")!["latches"]![0]);
    }

    [Fact]
    public void S11_a_board_restarted_at_every_tick_of_an_order_sequence_comes_back_at_or_below_its_order()
    {
        // Failsafe above sleep, so that coming back too high is possible at all.
        (int Tick, Action<Bench> Do)[] script =
        [
            (10, b => b.Admit()),
            (500, b => b.OrderNow(b.Agent.Power.Ladder.Ladder.CostMjPerTh(2))),
            (600, b => b.OrderNow(0)),
            (700, b => b.OrderNow(int.MaxValue)),
            (800, b => b.OrderNow(0, OrderClass.Reliability)),
            (900, b => b.OrderNow(int.MaxValue)),
            (950, b => Power(b, 16)),
            (1000, b => b.OrderNow(0, OrderClass.Emergency)),
            (1100, b => b.OrderNow(int.MaxValue)),
            (1200, b => Power(b, 0)),
        ];
        var b = new Bench(failsafeW: 12);
        int latchedTicks = 0;
        for (int tick = 0; tick < 1300; tick++)
        {
            foreach ((int t, Action<Bench> act) in script)
                if (t == tick)
                    act(b);
            b.Step();

            // The run goes on; what starts anew is a second board over what is stored at this tick.
            int failsafe = b.Agent.Orders.FailsafePoint;
            int before = b.Snap.EffectivePoint;
            var again = new Bench(failsafeW: 12, store: b.Store.Copy());
            again.Run(0.1);
            Assert.True(again.Snap.EffectivePoint <= Math.Min(before, failsafe), $"tick {tick}: {before} before, {again.Snap.EffectivePoint} after");
            Assert.Equal(b.Snap.LatchDispatch, again.Snap.LatchDispatch);
            Assert.False(again.Snap.Admitted);
            latchedTicks += b.Snap.LatchDispatch ? 1 : 0;
        }

        Assert.InRange(latchedTicks, 1, 1299);

        static void Power(Bench b, int w)
        {
            SetMessage m = b.Message(SetKind.PowerW);
            m.PowerW = w;
            b.Send(m);
            b.Step();
        }
    }

    [Fact]
    public void S11_old_messages_cannot_wake_a_restarted_board()
    {
        var b = new Bench();
        b.Step();
        var messages = new List<(string, byte[])>();
        uint after = b.Seq;
        messages.Add((Bench.Dispatch, b.Send(b.Order(int.MaxValue))));
        SetMessage m = b.Message(SetKind.Admit);
        m.BootNonce = b.Snap.BootNonce;
        m.AfterSeq = after;
        messages.Add((Bench.Set, b.Send(m)));
        messages.Add((Bench.Dispatch, b.Send(b.Order(int.MaxValue))));
        b.Run(30);
        Assert.True(b.Fake.Regulator.On);
        b.Restart();
        b.Step();
        foreach ((string topic, byte[] payload) in messages)
            b.Link.Deliver(topic, payload);
        b.Run(60, () => Assert.False(b.Fake.Regulator.On));
    }

    [Fact]
    public void S12_the_smallest_of_all_limits_binds_and_is_named()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        SetMessage m = b.Message(SetKind.PowerW);
        m.PowerW = 14;
        b.Send(m);
        b.Step();
        Assert.Equal(LimitedBy.PowerW, b.Snap.LimitedBy);
        int capped = b.Snap.EffectivePoint;
        Assert.InRange(capped, 1, 4);
        b.OrderNow(0);
        Assert.Equal(LimitedBy.PodOrder, b.Snap.LimitedBy);
        b.OrderNow(int.MaxValue);
        Assert.Equal(LimitedBy.PowerW, b.Snap.LimitedBy);
        SetMessage lockout = b.Message(SetKind.Lockout);
        lockout.Value = 1;
        b.Send(lockout);
        b.Step();
        Assert.Equal(LimitedBy.LockOut, b.Snap.LimitedBy);
        Assert.False(b.Fake.Regulator.On);
        Assert.False(b.Snap.Admitted);
    }

    [Fact]
    public void F6_a_power_cap_outlives_the_lease_of_an_order_and_a_restart_until_released()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        SetMessage m = b.Message(SetKind.PowerW);
        m.PowerW = 14;
        b.Send(m);
        b.Run(300);
        int capped = b.Snap.EffectivePoint;
        Assert.InRange(capped, 1, 4);
        b.RunUntil(() => !b.Snap.Admitted, 3700);
        b.Admit(leaseS: 3600);
        Assert.Equal(capped, b.Snap.EffectivePoint);
        b.Restart();
        b.Step();
        b.Admit(leaseS: 3600);
        Assert.Equal(capped, b.Snap.EffectivePoint);
        Assert.Equal(14, (int)b.Link.Last("/state")!["powerW"]!);
        b.Send(b.Message(SetKind.Release));
        b.Step();
        Assert.Equal(5, b.Snap.EffectivePoint);
        b.Run(1);
        Assert.Null(b.Link.Last("/state")!["powerW"]);
    }

    [Fact]
    public void An_emergency_cap_latches_its_own_stream_only()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        SetMessage m = b.Message(SetKind.PowerW);
        m.Class = OrderClass.Emergency;
        b.Send(m);
        b.Step();
        Assert.True(b.Snap.LatchSet);
        Assert.False(b.Fake.Regulator.On);
        b.OrderNow(int.MaxValue);
        Assert.True(b.Snap.LatchSet);
        b.Send(b.Message(SetKind.Release));
        b.Step();
        Assert.False(b.Snap.LatchSet);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 90);
    }

    [Fact]
    public void F1_a_broker_restart_shorter_than_the_lease_makes_no_step()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 60);
        int mw = b.Fake.TrueMw;
        b.Link.IsConnected = false;
        b.Run(20, () => Assert.Equal(mw, b.Fake.TrueMw));
        b.Link.IsConnected = true;
        b.Link.ConnectCount++;
        b.OrderNow(int.MaxValue, leaseS: 60);
        b.Run(40, () => Assert.Equal(mw, b.Fake.TrueMw));
    }

    [Fact]
    public void F20_S15_boards_that_start_together_rise_at_different_times()
    {
        var starts = new List<double>();
        for (uint seed = 1; seed <= 20; seed++)
        {
            var b = new Bench(failsafeW: 12, seed: seed * 7919);
            starts.Add(b.RunUntil(() => b.Fake.Regulator.On, 40));
        }

        Assert.True(starts.Max() - starts.Min() > 10, $"{starts.Min():F1}…{starts.Max():F1} s");
        Assert.True(starts.Select(s => Math.Round(s)).Distinct().Count() > 10);
    }
}
