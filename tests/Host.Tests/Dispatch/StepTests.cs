using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>The numbered steps of control.md, one by one.</summary>
public sealed class StepTests
{
    [Fact]
    public void A_first_start_admits_all_and_ramps_up_within_the_rate()
    {
        ToySite site = new();
        double before = 0;
        double worst = 0;
        site.EachSecond = s =>
        {
            worst = Math.Max(worst, s.PowerW - before);
            before = s.PowerW;
        };
        site.UpAndRunning();
        Assert.Equal(HostPhase.Leading, site.Dispatcher.Phase);
        Assert.True(worst < site.FullW / 4, "steepest second: " + worst);
        Assert.True(site.NowMs > 45_000, "up after " + site.NowMs);
    }

    [Fact]
    public void Step_1_the_smallest_of_overlapping_limits_holds_S12()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(300, id: "a");
        site.Limit(200, id: "b");
        site.Run(60);
        Assert.InRange(site.PowerW, 150, 204);
        site.Desk.Release("b", "rest", true);
        site.Run(120);
        Assert.InRange(site.PowerW, 240, 306);
    }

    [Theory]
    [InlineData("economic", 19)]
    [InlineData("reliability", 5)]
    [InlineData("emergency", 1)]
    public void Step_9_metered_power_meets_the_cap_within_the_class_delay_S16(string orderClass, int seconds)
    {
        ToySite site = new ToySite(ladderErrorSpread: 0.05).UpAndRunning();
        site.Limit(200, orderClass);
        site.Run(seconds);
        for (int i = 0; i < 60; i++)
        {
            Assert.True(site.PowerW <= 200 * 1.03, "at second " + i + ": " + site.PowerW);
            site.Run(1);
        }
    }

    [Fact]
    public void Step_6_a_caps_fall_is_one_order_per_pod()
    {
        ToySite site = new ToySite().UpAndRunning();
        int before = site.Log.Count;
        site.Limit(200);
        List<Sent> orders = [.. site.Log.Skip(before).Where(s => s.Order is not null)];
        Assert.Equal(2, orders.Count);
        Assert.Equal(orders[0].Order!.LimitMjPerTh, orders[1].Order!.LimitMjPerTh);
        Assert.All(orders, o => Assert.Equal(1, o.Qos));
    }

    [Fact]
    public void Step_6_a_rise_keeps_the_rate_and_never_overshoots()
    {
        ToySite site = new ToySite(change: o => o with { RampUpWPerS = 4, SpreadS = 5 }).UpAndRunning();
        site.Limit(100);
        site.Run(60);
        double low = site.PowerW;
        site.Desk.Release("a", "rest", true);
        site.Run(20);
        Assert.True(site.PowerW < low + (4 * 20 * 1.25) + 20, "rose to " + site.PowerW + " from " + low);
        site.Run(300);
        Assert.True(site.PowerW > 0.97 * site.FullW);
    }

    [Fact]
    public void Step_2_a_stale_meter_lets_power_fall_and_never_rise_S17()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(200);
        site.Run(60);
        site.MeterWorks = false;
        site.Run(60);
        double before = site.PowerW;
        site.Desk.Release("a", "rest", true);
        site.Run(120);
        Assert.True(site.PowerW <= before + 0.5);
        Assert.True(site.Context.Alarms.IsUp("meter-stale"));
        site.Limit(120, id: "b");
        site.Run(20);
        Assert.True(site.PowerW <= 123);
        site.Desk.Release("b", "rest", true);
        site.MeterWorks = true;
        site.Run(240);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void Step_2_without_a_meter_the_estimates_stand_for_it()
    {
        ToySite site = new ToySite(change: o => o with { Meter = o.Meter with { Configured = false } }).UpAndRunning();
        site.Limit(200);
        site.Run(60);
        Assert.InRange(site.PowerW, 150, 204);
    }

    [Fact]
    public void Step_3_idle_boards_keep_their_watts_reserved_so_their_return_cannot_overshoot()
    {
        ToySite site = new ToySite(40).UpAndRunning();
        site.Limit(400);
        site.Run(60);
        foreach (ToyBoard board in site.Boards.Take(12))
        {
            board.Idle = true;
        }

        site.Run(120);
        foreach (ToyBoard board in site.Boards)
        {
            board.Idle = false;
        }

        double worst = 0;
        int over = 0;
        site.EachSecond = s =>
        {
            worst = Math.Max(worst, s.PowerW);
            over += s.PowerW > 408 ? 1 : 0;
        };
        site.Run(120);
        Assert.True(worst <= 400 * 1.06 && over <= 19, "worst " + worst + ", over for " + over + " s");
    }

    [Fact]
    public void Step_4_the_gain_learns_that_boards_draw_more_than_they_say()
    {
        ToySite site = new ToySite().UpAndRunning();
        foreach (ToyBoard board in site.Boards)
        {
            board.Error = 1.2;
        }

        site.Limit(250);
        site.Run(300);
        Assert.InRange(site.Context.Gain.Gain, 1.15, 1.3);
        Assert.True(site.PowerW <= 255);
        Assert.True(site.PowerW > 210, "used only " + site.PowerW);
    }

    [Fact]
    public void Step_4_the_gain_stays_within_its_bounds_and_alarms_there()
    {
        GainLoop gain = new();
        for (int i = 0; i < 200; i++)
        {
            gain.Step(new GainInput(i * 1000, 3000, 4000, 0, 1000, 1000, 1000, 1000, 1000, false, -10_000, false));
        }

        Assert.Equal(1.5, gain.Gain);
        Assert.True(gain.AtBound);
        for (int i = 200; i < 400; i++)
        {
            gain.Step(new GainInput(i * 1000, 100, 4000, 0, 1000, 1000, 1000, 1000, 1000, false, -10_000, false));
        }

        Assert.Equal(0.9, gain.Gain, 3);
        Assert.True(gain.AtBound);
    }

    [Theory]
    [InlineData(true, 1000.0, 1000)]
    [InlineData(false, null, 1000)]
    [InlineData(false, 1300.0, 50)]
    public void Step_4_the_gain_is_frozen_in_an_emergency_with_a_stale_meter_and_near_zero(bool frozen, double? meter, double predicted)
    {
        GainLoop gain = new();
        for (int i = 0; i < 60; i++)
        {
            gain.Step(new GainInput(i * 1000, meter, 4000, 0, predicted, predicted, 1000, 1000, 1000, false, -10_000, frozen));
        }

        Assert.Equal(GainLoop.FirstGain, gain.Gain);
    }

    [Fact]
    public void Step_4_down_is_never_delayed_while_unsettled()
    {
        GainLoop gain = new();
        gain.Step(new GainInput(0, 1300, 1200, 0, 1000, 1000, 1000, 60_000, 60_000, false, 0, false));
        Assert.Equal(1.3, gain.Gain, 3);
    }

    [Fact]
    public void Step_6a_the_order_with_the_reservation_goes_out_before_the_admission_and_its_seq_is_named()
    {
        ToySite site = new();
        site.Run(30, () => site.Log.Any(s => s.Set is { Kind: SetKind.Admit }));
        int admit = site.Log.FindIndex(s => s.Set is { Kind: SetKind.Admit });
        SetMessage set = site.Log[admit].Set!;
        string pod = site.Log[admit].Topic.Split('/')[3];
        Sent order = site.Log.Take(admit).Last(s => s.Topic == "ballast/v1/demo/" + pod + "/dispatch");
        Assert.Equal(order.Order!.Seq, set.AfterSeq);
        Assert.Equal(order.Order.Epoch, set.Epoch);
    }

    [Fact]
    public void Step_6a_under_a_binding_cap_others_come_down_before_a_board_is_admitted()
    {
        ToySite site = new(change: o => o with { SpreadS = 2 });
        ToyBoard late = site.Boards[^1];
        late.Online = false;
        site.UpAndRunning();
        site.Limit(250);
        site.Run(90);
        late.Online = true;
        late.Reconnect();
        double worst = 0;
        site.EachSecond = s => worst = Math.Max(worst, s.PowerW);
        site.Run(120);
        Assert.True(late.Admitted);
        Assert.True(worst <= 250 * 1.02, "worst " + worst);
    }

    [Fact]
    public void Step_6a_a_deaf_board_is_tried_three_times_and_left_out()
    {
        ToySite site = new();
        ToyBoard deaf = site.Boards[3];
        deaf.Deaf = true;
        site.Run(60);
        Assert.Equal(3, site.Log.Count(s => s.Set is { Kind: SetKind.Admit } && s.Topic.Contains(deaf.Name, StringComparison.Ordinal)));
        Assert.True(site.Context.Alarms.IsUp("not-admitted", deaf.Name));
        Assert.Equal(23, site.Context.Curve.Boards);
    }

    [Fact]
    public void Step_6a_nobody_is_admitted_in_an_emergency()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(0, "emergency");
        site.Boards[5].Reboot();
        int before = site.Log.Count;
        site.Run(90);
        Assert.DoesNotContain(site.Log.Skip(before), s => s.Set is { Kind: SetKind.Admit });
        Assert.All(site.Log.Skip(before).Where(s => s.Order is not null), s => Assert.Equal(OrderClass.Emergency, s.Order!.Class));
    }

    [Fact]
    public void Step_7_a_pods_own_cap_binds_and_the_rest_gets_the_watts()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(60, node: "p1", id: "pod");
        site.Limit(250);
        site.Run(240);
        double p1 = site.Boards.Where(b => b.Pod == "p1").Sum(b => b.PowerMw) / 1000;
        Assert.True(p1 <= 61.2, "p1 " + p1);
        Assert.InRange(site.PowerW, 215, 255);
    }

    [Fact]
    public void Step_7_a_boards_cap_is_a_powerW_order()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(10, node: "p1/b00");
        site.Run(60);
        Assert.Equal(10, site.Boards.First(b => b.Name == "p1/b00").PowerW);
        site.Desk.Release("a", "rest", true);
        site.Run(20);
        Assert.Equal(-1, site.Boards.First(b => b.Name == "p1/b00").PowerW);
    }

    [Fact]
    public void Step_8_steady_watts_leave_the_order_alone()
    {
        ToySite site = new ToySite(ladderErrorSpread: 0.1).UpAndRunning();
        site.Limit(250);
        site.Run(300);
        long before = site.Dispatcher.Picture.OrderChanges;
        site.Run(600);
        Assert.True(site.Dispatcher.Picture.OrderChanges - before <= 8, "changes: " + (site.Dispatcher.Picture.OrderChanges - before));
    }

    [Fact]
    public void Step_9_falls_are_published_before_they_are_journaled_and_rises_after_S19()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Journal.Log.Clear();
        site.Limit(200);
        int publish = site.Journal.Log.FindIndex(l => l.EndsWith("/dispatch", StringComparison.Ordinal));
        Assert.True(publish < site.Journal.Log.IndexOf("orders"));
        Assert.True(publish < site.Journal.Log.FindIndex(l => l.StartsWith("limit", StringComparison.Ordinal)));
        site.Run(60);
        site.Desk.Release("a", "rest", true);
        site.Journal.Log.Clear();
        uint id = site.Log.Last(s => s.Order is not null).Order!.OrderId;
        site.Run(30, () => site.Log.Last(s => s.Order is not null).Order!.OrderId != id);
        int rise = site.Journal.Log.FindLastIndex(l => l.EndsWith("/dispatch", StringComparison.Ordinal));
        Assert.Contains("orders", site.Journal.Log.Take(rise));
    }

    [Fact]
    public void Step_10_an_emergency_goes_out_at_0_100_and_300_ms_at_QoS_0_and_once_at_QoS_1_each_with_its_own_seq()
    {
        ToySite site = new ToySite().UpAndRunning();
        int before = site.Log.Count;
        long start = site.NowMs;
        site.Limit(0, "emergency");
        site.Run(1);
        List<Sent> orders = [.. site.Log.Skip(before).Where(s => s.Topic == "ballast/v1/demo/p1/dispatch")];
        Assert.Equal([(0L, 0), (0L, 1), (100L, 0), (300L, 0)], orders.Select(o => (o.AtMs - start, o.Qos)));
        Assert.Equal(4, orders.Select(o => o.Order!.Seq).Distinct().Count());
        Assert.Single(orders.Select(o => o.Order!.OrderId).Distinct());
        Assert.True(site.PowerW <= site.StandbyW * 1.001);
    }

    [Fact]
    public void Step_10_after_an_emergency_nothing_rises_before_its_release()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(100, "emergency");
        site.Run(2);
        double low = site.PowerW;
        double worst = 0;
        site.EachSecond = s => worst = Math.Max(worst, s.PowerW);
        site.Run(120);
        Assert.True(worst <= low + 0.1);
        site.Desk.Release("a", "rest", true);
        site.Run(240);
        Assert.True(site.PowerW > 0.95 * site.FullW, "came back to " + site.PowerW);
    }

    [Fact]
    public void Step_10_a_board_above_its_order_is_set_to_0_after_4_s_and_a_breaker_is_asked_for_after_7_s()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Boards[4].Liar = true;
        site.Limit(0, "emergency");
        site.Run(3.5);
        Assert.DoesNotContain(site.Log, s => s.Set is { Kind: SetKind.PowerW });
        site.Run(2.5);
        Sent cut = Assert.Single(site.Log, s => s.Set is { Kind: SetKind.PowerW });
        Assert.Contains(site.Boards[4].Name, cut.Topic, StringComparison.Ordinal);
        Assert.Null(site.Dispatcher.Picture.BreakerRequest);
        site.Run(2.5);
        Assert.Equal("site", site.Dispatcher.Picture.BreakerRequest);
    }

    [Fact]
    public void A_cap_below_the_floor_is_accepted_and_reported_unreachable_with_the_floor()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult result = site.Limit(5);
        site.Run(30);
        Assert.Equal(LimitOutcome.Created, result.Outcome);
        Assert.True(result.Limit!.Unreachable);
        Assert.True(site.Dispatcher.Picture.FloorW >= site.StandbyW - 0.1);
        Assert.True(site.PowerW <= site.StandbyW * 1.01);
    }

    [Fact]
    public void Orders_are_repeated_every_10_s_with_a_new_seq_and_the_same_order_id()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(200);
        int before = site.Log.Count;
        site.Run(30);
        List<Sent> p1 = [.. site.Log.Skip(before).Where(s => s.Topic == "ballast/v1/demo/p1/dispatch")];
        Assert.InRange(p1.Count, 2, 5);
        Assert.Equal(p1.Count, p1.Select(o => o.Order!.Seq).Distinct().Count());
    }

    [Fact]
    public void A_fresh_birth_restates_the_pod_within_a_second_and_a_kept_one_does_not()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Run(20, () => site.NowMs - site.Log.Last(s => s.Topic.EndsWith("p1/dispatch", StringComparison.Ordinal)).AtMs == 5000);
        int before = site.Log.Count;
        site.Deliver(site.Boards.First(b => b.Pod == "p1"), "birth", site.Boards[0].Birth(), retained: true);
        site.Run(1.5);
        Assert.DoesNotContain(site.Log.Skip(before), s => s.Topic.EndsWith("p1/dispatch", StringComparison.Ordinal));
        site.Deliver(site.Boards.First(b => b.Pod == "p1"), "birth", site.Boards[0].Birth());
        site.Run(1);
        Assert.Contains(site.Log.Skip(before), s => s.Topic.EndsWith("p1/dispatch", StringComparison.Ordinal));
    }
}
