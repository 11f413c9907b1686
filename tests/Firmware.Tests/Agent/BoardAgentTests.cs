using Ballast.Firmware.Power;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

public class BoardAgentTests
{
    [Fact]
    public void S01_first_step_makes_outputs_safe_before_the_link_is_used()
    {
        var b = new Bench();
        b.Fake.Regulator.Enable(true);
        b.Fake.Chain.Start();
        b.Step();
        Assert.False(b.Fake.Regulator.On);
        Assert.Equal(["rail on", "chain start", "chain stop", "rail off"], b.Fake.Log);
    }

    [Fact]
    public void F8_first_boot_stays_asleep_until_ordered_and_admitted()
    {
        var b = new Bench();
        b.Run(120);
        Assert.Equal(BoardMode.Asleep, b.Snap.Mode);
        Assert.Equal(LimitedBy.Failsafe, b.Snap.LimitedBy);
        b.OrderNow(int.MaxValue);
        b.Run(30);
        Assert.Equal(BoardMode.Asleep, b.Snap.Mode);
        Assert.False(b.Fake.Regulator.On);
        b.Admit();
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
    }

    [Fact]
    public void S02_starts_fans_then_rail_then_chips_and_stops_in_reverse()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Fake.Log.Clear();
        b.OrderNow(0, OrderClass.Emergency);
        Assert.Equal(["chain stop", "rail off"], b.Fake.Log);
        Assert.Equal(100, b.Fake.Fans.Duty);
    }

    [Fact]
    public void S15_admitted_board_rises_ramps_and_hashes_at_the_ordered_point()
    {
        var b = new Bench();
        b.Admit();
        bool rampedInSteps = true;
        int last = 0;
        b.RunUntil(
            () =>
            {
                int khz = b.Fake.Chain.FreqKhz;
                rampedInSteps &= khz - last <= 50_000;
                last = khz;
                return b.Snap.Mode == BoardMode.Running;
            },
            60);
        Assert.True(rampedInSteps);
        Assert.Equal(600_000, b.Fake.Chain.FreqKhz);
        Assert.Equal(1200, b.Fake.Regulator.MilliVolts);
        Assert.Equal(5, b.Snap.EffectivePoint);
        Assert.Equal(LimitedBy.Nameplate, b.Snap.LimitedBy);
    }

    [Fact]
    public void Emergency_cuts_in_the_step_that_receives_it()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderNow(0, OrderClass.Emergency);
        Assert.False(b.Fake.Regulator.On);
        Assert.True(b.Snap.LatchDispatch);
        Assert.Equal(LimitedBy.Latch, b.Snap.LimitedBy);
    }

    [Fact]
    public void Emergency_latch_holds_until_a_fresh_order_of_another_class()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.OrderNow(0, OrderClass.Emergency);
        b.OrderNow(int.MaxValue, OrderClass.Emergency);
        b.Run(40);
        Assert.False(b.Fake.Regulator.On);
        b.OrderNow(int.MaxValue);
        Assert.False(b.Snap.LatchDispatch);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
    }

    [Fact]
    public void Emergency_leaves_a_board_alone_whose_point_does_not_fall()
    {
        var b = new Bench();
        int limit = b.Agent.Power.Ladder.Ladder.CostMjPerTh(2);
        b.AdmitAndRun(limit);
        int point = b.Snap.EffectivePoint;
        Assert.True(point is > 0 and < 5);
        b.OrderNow(int.MaxValue, OrderClass.Emergency);
        b.Run(40);
        Assert.Equal(point, b.Snap.EffectivePoint);
        Assert.False(b.Snap.LatchDispatch);
    }

    [Fact]
    public void Economic_fall_ramps_over_its_time()
    {
        var b = new Bench();
        b.AdmitAndRun();
        int full = b.Fake.TrueMw;
        b.OrderNow(0, rampS: 10);
        b.Run(5);
        Assert.True(b.Fake.Regulator.On);
        Assert.InRange(b.Fake.TrueMw, 1600, full - 2000);
        b.Run(6);
        Assert.False(b.Fake.Regulator.On);
    }

    [Fact]
    public void S12_a_fall_during_a_rise_stops_the_climb_at_once()
    {
        var b = new Bench();
        b.Admit();
        b.OrderNow(int.MaxValue, rampS: 0, spreadS: 0);
        b.RunUntil(() => b.Fake.Chain.FreqKhz > 300_000, 60);
        b.OrderNow(b.Agent.Power.Ladder.Ladder.CostMjPerTh(2), rampS: 30);
        int goal = b.Agent.Power.Ladder.FreqKhz(b.Snap.EffectivePoint);
        b.Run(45, () => Assert.True(b.Fake.Chain.FreqKhz <= goal));
        Assert.Equal(goal, b.Fake.Chain.FreqKhz);
    }

    [Fact]
    public void Reliability_goes_through_sleep_when_stepping_takes_too_long()
    {
        var b = new Bench();
        b.AdmitAndRun();
        int low = b.Agent.Power.Ladder.Ladder.CostMjPerTh(2);
        b.OrderNow(low, OrderClass.Reliability, rampS: 1);
        b.RunUntil(() => !b.Fake.Regulator.On, 1.2);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        Assert.Equal(b.Agent.Power.Ladder.FreqKhz(b.Snap.EffectivePoint), b.Fake.Chain.FreqKhz);
    }

    [Fact]
    public void Reliability_steps_down_when_there_is_time()
    {
        var b = new Bench();
        b.AdmitAndRun();
        int low = b.Agent.Power.Ladder.Ladder.CostMjPerTh(2);
        b.OrderNow(low, OrderClass.Reliability, rampS: 10);
        b.Run(5, () => Assert.True(b.Fake.Regulator.On));
        Assert.Equal(b.Agent.Power.Ladder.FreqKhz(b.Snap.EffectivePoint), b.Fake.Chain.FreqKhz);
    }

    [Fact]
    public void Standalone_board_runs_its_nominal_point_without_a_host()
    {
        var b = new Bench(enrolled: false);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        Assert.Equal(500_000, b.Fake.Chain.FreqKhz);
        Assert.Equal(LimitedBy.OwnSetting, b.Snap.LimitedBy);
    }

    [Fact]
    public void S13_F38_curtail_input_sheds_within_100_ms_and_releases_after_a_minute()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Fake.Curtail.IsHigh = false;
        double took = b.RunUntil(() => !b.Fake.Regulator.On, 0.1);
        Assert.InRange(took, 0, 0.1);
        b.Fake.Curtail.IsHigh = true;
        b.Run(55);
        Assert.False(b.Fake.Regulator.On);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
    }

    [Fact]
    public void S01_a_failure_in_the_loop_makes_outputs_safe_and_asks_for_a_restart()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Fake.Board.Description.Limits = null!;
        b.Fake.Board.ChipTemperature = null!;
        b.Clock.NowMs += 200;
        b.Agent.Step();
        Assert.NotNull(b.Agent.Failure);
        Assert.True(b.Agent.RebootRequested);
        Assert.False(b.Fake.Regulator.On);
    }

    [Fact]
    public void Birth_and_state_come_after_each_connect_in_this_order()
    {
        var b = new Bench();
        b.Run(1);
        Assert.Equal(["ballast/v1/s1/p1/b01/birth", "ballast/v1/s1/p1/b01/state"], b.Link.Sent.Take(2).Select(s => s.Topic));
        b.Link.Sent.Clear();
        b.Link.ConnectCount++;
        b.Step();
        Assert.Equal(["ballast/v1/s1/p1/b01/birth", "ballast/v1/s1/p1/b01/state"], b.Link.Sent.Take(2).Select(s => s.Topic));
        Assert.All(b.Link.Sent.Take(2), s => Assert.True(s.Retain && s.Qos == 1));
        Assert.Equal("""{"online":false,"boardSerial":"SN-1"}""", b.Link.Will);
    }

    [Fact]
    public void Telemetry_comes_every_10_s_and_never_more_often_than_once_a_second()
    {
        var b = new Bench();
        b.AdmitAndRun();
        b.Link.Sent.Clear();
        b.Run(100);
        long[] at = [.. b.Link.Sent.Where(s => s.Topic.EndsWith("/telemetry", StringComparison.Ordinal)).Select(s => s.AtMs)];
        Assert.InRange(at.Length, 9, 12);
        for (int i = 1; i < at.Length; i++)
            Assert.InRange(at[i] - at[i - 1], 1000, 10_020);
    }

    [Fact]
    public void S03_overheating_latches_over_a_restart_until_released()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Fake.Sensor.MilliC = 76_000;
        double took = b.RunUntil(() => !b.Fake.Regulator.On, 0.5);
        Assert.InRange(took, 0, 0.5);
        Assert.Equal(SafetyRule.S03, b.Snap.LatchedFault);
        b.Fake.Sensor.MilliC = 30_000;
        b.Run(120);
        Assert.Equal(SafetyRule.S03, b.Snap.LatchedFault);
        b.Restart();
        b.Admit(leaseS: 3600);
        b.Run(30);
        Assert.Equal(SafetyRule.S03, b.Snap.LatchedFault);
        Assert.False(b.Fake.Regulator.On);
        b.Send(b.Message(SetKind.ClearFault));
        b.Step();
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
    }
}
