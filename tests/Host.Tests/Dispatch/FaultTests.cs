using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Faults that a host must survive, by the names of the fault list.</summary>
public sealed class FaultTests
{
    [Fact]
    public void F1_a_broker_restart_moves_no_watt_and_every_pod_is_restated_within_a_second()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(90);
        double before = site.PowerW;
        double low = before, high = before;
        site.EachSecond = s => (low, high) = (Math.Min(low, s.PowerW), Math.Max(high, s.PowerW));
        site.BrokerDown();
        site.Run(20);
        int sent = site.Log.Count;
        site.Connect();
        site.Run(1);
        Assert.Equal(2, site.Log.Skip(sent).Where(s => s.Order is not null).Select(s => s.Topic).Distinct().Count());
        site.Run(60);
        Assert.True(high - low < 0.03 * before, low + " to " + high);
    }

    [Fact]
    public void F2_without_a_broker_all_boards_fall_at_lease_end_and_come_back_by_admission_only_S09_S10()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.BrokerDown();
        site.Run(75);
        Assert.True(site.PowerW <= site.StandbyW * 1.01);
        int sent = site.Log.Count;
        site.Connect();
        foreach (ToyBoard board in site.Boards)
        {
            board.Reconnect();
        }

        site.Run(200);
        int asked = site.Log.Skip(sent).Where(s => s.Set is { Kind: SetKind.Admit }).Select(s => s.Topic).Distinct().Count();
        Assert.True(asked == 24, asked + " asked; " + site.Dispatcher.Picture);
        Assert.True(site.PowerW > 0.9 * site.FullW);
    }

    [Fact]
    public void F3_the_standby_takes_over_before_the_lease_ends_with_a_higher_epoch_and_no_step()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(90);
        ToyHost second = new(site, "h2");
        site.Run(30);
        Assert.Equal(HostPhase.Passive, second.Dispatcher.Phase);
        uint epoch = site.Context.Sender.Epoch;
        double before = site.PowerW;
        double low = before, high = before;
        site.EachSecond = s => (low, high) = (Math.Min(low, s.PowerW), Math.Max(high, s.PowerW));
        site.KillHost();
        site.Run(50);
        Assert.Equal(HostPhase.Leading, second.Dispatcher.Phase);
        Assert.True(second.Context.Sender.Epoch > epoch);
        Assert.All(site.Boards, b => Assert.Equal(second.Context.Sender.Epoch, b.Epoch));
        Assert.All(site.Boards, b => Assert.True(b.Admitted));
        Assert.True(high - low < 0.03 * before, low + " to " + high);
    }

    [Fact]
    public void F13_of_two_hosts_the_higher_epoch_leads_and_the_other_stands_down_S18()
    {
        ToySite site = new ToySite().UpAndRunning();
        ToyHost second = new(site, "h2");
        site.Run(20);
        second.Dispatcher.Command(lead: true);
        site.Run(10);
        Assert.Equal(HostPhase.Passive, site.Dispatcher.Phase);
        Assert.Equal(HostPhase.Leading, second.Dispatcher.Phase);
        Assert.Equal(LimitOutcome.NotLeading, site.Limit(100).Outcome);
        site.Run(60);
        Assert.Equal(HostPhase.Passive, site.Dispatcher.Phase);
        Assert.All(site.Boards, b => Assert.Equal(second.Context.Sender.Epoch, b.Epoch));
    }

    [Fact]
    public void F13_three_boards_that_obey_a_higher_epoch_end_a_lead_that_saw_no_rival_and_one_only_stops_rises()
    {
        ToySite site = new ToySite().UpAndRunning();
        uint higher = site.Context.Sender.Epoch + 50;
        string ack = "{\"stream\":\"dispatch\",\"epoch\":" + higher + ",\"seq\":1,\"orderId\":1,\"result\":\"ignored\",\"reason\":\"epoch\",\"point\":0,\"effectiveMw\":0}";
        site.Deliver(site.Boards[0], "ack", ack);
        site.Run(2);
        Assert.Equal(HostPhase.Leading, site.Dispatcher.Phase);
        site.Deliver(site.Boards[1], "ack", ack);
        site.Deliver(site.Boards[2], "ack", ack);
        site.Run(1);
        Assert.Equal(HostPhase.Passive, site.Dispatcher.Phase);
    }

    [Fact]
    public void F13_a_kept_word_of_another_host_proves_nothing_until_it_is_renewed()
    {
        ToySite site = new(start: false);
        site.Kept["ballast/v1/demo/hosts/h9"] = Encoding.ASCII.GetBytes("{\"hostId\":\"h9\",\"epoch\":1772366500,\"online\":true}");
        site.Connect();
        site.Run(9);
        Assert.Equal(HostPhase.Leading, site.Dispatcher.Phase);
    }

    [Fact]
    public void F13_epochs_more_than_a_day_ahead_are_ignored_with_an_alarm()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Dispatcher.OnHost("h9", Encoding.ASCII.GetBytes("{\"hostId\":\"h9\",\"epoch\":4000000000,\"online\":true}"), false);
        site.Run(3);
        Assert.Equal(HostPhase.Leading, site.Dispatcher.Phase);
        Assert.True(site.Context.Alarms.IsUp("epoch-ahead", "h9"));
    }

    [Fact]
    public void F14_in_a_split_the_standby_starts_from_what_boards_hold_so_the_sum_stays_under_the_cap()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(90);
        ToyHost second = new(site, "h2");
        site.Run(20);
        Assert.Equal(LimitOutcome.Created, second.Desk.Take(Encoding.UTF8.GetBytes("{\"id\":\"g\",\"class\":\"economic\",\"limitW\":250}"), "grid", true, null, toStandby: true).Outcome);
        double worst = 0;
        site.EachSecond = s => worst = Math.Max(worst, s.PowerW);

        // The first host is cut off with nobody; it still believes that it leads.
        site.IsConnected = true;
        site.HostAlive = false;
        site.Run(120);
        Assert.Equal(HostPhase.Leading, second.Dispatcher.Phase);
        Assert.True(worst <= 250 * 1.02, "worst " + worst);
    }

    [Fact]
    public void F15_clock_steps_of_an_hour_move_no_watt_and_start_no_event_twice()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        LimitResult later = site.Limit(100, id: "later", extra: ",\"start\":\"" + site.Time.GetUtcNow().AddMinutes(90).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) + "\",\"durationS\":600");
        Assert.Equal(LimitOutcome.Created, later.Outcome);
        site.Run(90);
        double before = site.PowerW;
        site.Time.StepUtc(TimeSpan.FromHours(1));
        site.Run(60);
        Assert.InRange(site.PowerW, before - 8, 255);
        site.Time.StepUtc(TimeSpan.FromHours(-1));
        site.Run(60);
        Assert.InRange(site.PowerW, before - 8, 255);
        long lastSent = 0;
        Assert.All(site.Dispatches, d =>
        {
            Assert.True(d.Order!.SentMs >= lastSent);
            lastSent = d.Order.SentMs;
        });
        site.Time.StepUtc(TimeSpan.FromHours(1.5));
        site.Run(60);
        Assert.True(site.PowerW <= 102, site.PowerW + " " + later.Limit!.State + " " + later.Limit.Entry + site.Time.GetUtcNow());
        site.Time.StepUtc(TimeSpan.FromHours(0.5));
        site.Run(5);
        site.Time.StepUtc(TimeSpan.FromHours(-0.5));
        site.Run(120);
        Assert.Equal(EventState.Completed, site.Context.Limits.Find("later")!.State);
        Assert.True(site.PowerW > 200);
    }

    [Fact]
    public void F20_power_returns_to_the_whole_site_and_boards_are_admitted_in_stages_within_the_rate()
    {
        ToySite site = new ToySite(48, change: o => o with { RampUpWPerS = 5, SpreadS = 1, RampS = 1 }).UpAndRunning();
        foreach (ToyBoard board in site.Boards)
        {
            board.Reboot();
        }

        site.Run(15);
        double last = site.PowerW;
        double worst = 0;
        List<double> window = [last];
        site.EachSecond = s =>
        {
            window.Add(s.PowerW);
            if (window.Count > 20)
            {
                worst = Math.Max(worst, window[^1] - window[^20]);
            }
        };
        site.Run(400);
        Assert.True(site.PowerW > 0.95 * site.FullW);
        Assert.True(worst <= (5 * 20 * 1.3) + 25, "rose " + worst + " W in 20 s");
    }

    [Fact]
    public void F22_a_board_that_acknowledges_and_keeps_drawing_becomes_a_suspect_and_others_pay()
    {
        ToySite site = new ToySite(change: o => o with { Pods = [.. o.Pods.Select(p => p with { Boards = [.. p.Boards.Select(b => b with { NameplateW = 80 })] })] });
        ToyBoard liar = site.Boards[2];
        liar.Ladder = Ladder.TryCreate([800, 20_000, 45_000, 70_000], [0, 900, 1500, 2000], 4, out _)!;
        site.UpAndRunning();
        liar.Liar = true;
        site.Limit(160);
        site.Run(120);
        Assert.True(site.Context.Alarms.IsUp("suspect", liar.Name));
        Assert.True(site.PowerW <= 163.2, "power " + site.PowerW);
        liar.Liar = false;
        site.Run(150);
        Assert.False(site.Context.Alarms.IsUp("suspect", liar.Name));
    }

    [Fact]
    public void F23_frozen_telemetry_counts_at_nameplate_and_nonsense_changes_nothing()
    {
        ToySite site = new ToySite().UpAndRunning();
        ToyBoard mute = site.Boards[1];
        mute.Mute = true;
        site.Run(30);
        BoardRecord record = site.Context.Fleet.Find(mute.Name)!;
        Assert.Equal(record.NameplateMw, site.Context.Fleet.EstimateMw(record, site.Context.Clock.NowMs));
        mute.Mute = false;
        site.Run(15);
        long bad = site.Context.Fleet.BadMessages;
        foreach (string nonsense in new[] { "{\"mode\":\"running\",\"powerMw\":NaN}", "{\"mode\":\"running\",\"powerMw\":-5}", "{\"mode\":\"running\",\"powerMw\":99999999999}", "{", "[]", "{\"powerMw\":\"7\"}", "" })
        {
            site.Deliver(mute, "telemetry", nonsense);
            site.Deliver(mute, "state", nonsense);
            site.Deliver(mute, "birth", nonsense);
        }

        Assert.Equal(bad + 21, site.Context.Fleet.BadMessages);
        Assert.True(record.Online);
    }

    [Fact]
    public void F24_a_lost_meter_means_decrease_only_on_the_boards_sum_with_an_alarm()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.MeterWorks = false;
        site.Run(10);
        Assert.True(site.Context.Alarms.IsUp("meter-stale"));
        site.Limit(200, "reliability");
        site.Run(5);
        Assert.True(site.PowerW <= 204);
        site.MeterWorks = true;
        site.Run(5);
        Assert.False(site.Context.Alarms.IsUp("meter-stale"));
    }

    [Fact]
    public void F24_without_a_meter_the_boards_sum_over_the_cap_still_corrects_downward()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(120);
        site.MeterWorks = false;
        site.Run(5);
        double gain = site.Context.Gain.Gain;
        site.Boards.ForEach(b => b.Error = 1.3);
        site.Run(45);
        Assert.True(site.PowerW <= 255, "power " + site.PowerW);
        Assert.Equal(gain, site.Context.Gain.Gain);
    }

    [Fact]
    public void F25_when_meter_and_boards_disagree_the_larger_counts()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(90);
        site.MeterFactor = 0.8;
        site.Run(120);
        Assert.True(site.Context.Alarms.IsUp("meter-differs"));
        Assert.True(site.PowerW <= 255, "power " + site.PowerW);
    }

    [Fact]
    public void F34_a_limit_that_changes_or_ends_in_the_middle_is_followed_at_once_within_the_ramp()
    {
        ToySite site = new ToySite(change: o => o with { RampUpWPerS = 3, SpreadS = 2 }).UpAndRunning();
        site.Limit(200);
        site.Run(10);
        site.Limit(120);
        site.Run(20);
        Assert.True(site.PowerW <= 122.4);
        Assert.Equal(EventState.Superseded, site.Context.Limits.All[0].State);
        site.Desk.Release("a", "rest", true);
        double low = site.PowerW;
        site.Run(20);
        Assert.True(site.PowerW <= low + (20 * 3 * 1.3) + 20);
    }

    [Fact]
    public void F35_of_conflicting_sources_the_smallest_holds_and_the_reason_is_shown()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Desk.Take(Encoding.UTF8.GetBytes("{\"id\":\"g\",\"class\":\"reliability\",\"limitW\":200,\"reason\":\"feeder\"}"), "grid", true, null);
        site.Desk.Take(Encoding.UTF8.GetBytes("{\"id\":\"p\",\"class\":\"economic\",\"limitW\":300,\"reason\":\"price\"}"), "price", true, null);
        site.Run(30);
        Assert.Equal("feeder", site.Dispatcher.Picture.Cap.Limit!.Entry.Reason);
        Assert.True(site.PowerW <= 204);
    }

    [Fact]
    public void F36_a_board_that_derates_while_it_ramps_up_keeps_its_reservation_and_nothing_overshoots()
    {
        ToySite site = new ToySite(40).UpAndRunning();
        site.Limit(300);
        site.Run(60);
        site.Desk.Release("a", "rest", true);
        site.Limit(500, id: "b");
        site.Run(30);
        foreach (ToyBoard board in site.Boards.Take(8))
        {
            board.Idle = true;
        }

        double worst = 0;
        site.EachSecond = s => worst = Math.Max(worst, s.PowerW);
        site.Run(120);
        foreach (ToyBoard board in site.Boards)
        {
            board.Idle = false;
        }

        site.Run(120);
        Assert.True(worst <= 515, "worst " + worst);
    }

    [Fact]
    public void F40_boards_of_an_unknown_contract_version_count_at_nameplate_and_are_not_admitted()
    {
        ToySite site = new(start: false);
        ToyBoard odd = site.Boards[0];
        odd.Mute = true;
        site.Connect();
        string birth = odd.Birth().Replace("\"contract\":1", "\"contract\":2,\"novelty\":{\"a\":[1,2]}", StringComparison.Ordinal);
        site.Run(20);
        site.Deliver(odd, "birth", birth);
        site.Deliver(odd, "state", odd.State());
        site.Run(60);
        Assert.False(odd.Admitted);
        Assert.Equal(23, site.Boards.Count(b => b.Admitted));
        BoardRecord record = site.Context.Fleet.Find(odd.Name)!;
        Assert.Equal(record.NameplateMw, site.Context.Fleet.EstimateMw(record, site.Context.Clock.NowMs));
    }

    [Fact]
    public void A_changed_serial_is_alarmed_and_not_admitted()
    {
        ToySite site = new();
        site.Boards[0].Serial = "other";
        site.Run(60);
        Assert.False(site.Boards[0].Admitted);
        Assert.True(site.Context.Alarms.IsUp("serial", site.Boards[0].Name));
    }
}
