using Ballast.Host.Dispatch;
using Ballast.Virtual.InProcess;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Power;

namespace Ballast.Virtual.Tests.InProcess;

/// <summary>Faults of the list that need a site: real host, real agents, simulated time.</summary>
public sealed class SiteFaultTests
{
    [Fact]
    public void F3_the_host_dies_and_a_standby_takes_over_before_leases_end_without_a_step()
    {
        using InProcessSite site = AtFull();
        InProcessHost standby = site.AddHost("h2");
        standby.Start();
        site.RunFor(30_000);
        Assert.True(site.Host.Leads && !standby.Leads);
        uint before = site.Host.Core.Context.Sender.Epoch;
        List<long> meter = [];
        site.Sampled += (_, mw) => meter.Add(mw);

        site.Host.Kill();
        Assert.True(site.RunUntil(() => standby.Leads, 40_000), Text(site));
        Assert.True(standby.Core.Context.Sender.Epoch > before);
        site.RunFor(120_000);
        Assert.All(meter, mw => Assert.InRange(mw, site.FullMw * 0.97, site.FullMw * 1.03));

        // And it commands: a cap given to it is met.
        long cap = site.FullMw / 2_000;
        site.SetCap(cap, GridClass.Reliability);
        site.RunFor(30_000);
        Assert.InRange(site.PowerMw, 0, cap * 1_020);
        Assert.True(site.Oracle.Held, Text(site));
    }

    [Fact]
    public void F14_a_split_broker_leaves_the_sum_of_both_sides_under_the_cap_and_heals_to_one_leader()
    {
        using InProcessSite site = AtFull();
        InProcessHost other = site.AddHost("h2");
        other.Start();
        site.RunFor(30_000);
        long cap = (site.FullMw + site.FloorMw) / 2_000;
        site.SetCap(cap, GridClass.Economic);
        site.RunFor(40_000);
        Assert.InRange(site.PowerMw, 0, cap * 1_020);
        long highest = 0;
        site.Sampled += (_, mw) => highest = Math.Max(highest, mw);

        // Pod p2 and the second host on one side; the first host, pod p1, meter and oracle on the other.
        site.Broker.Split(client => client.Contains("-p2-", StringComparison.Ordinal) || client.EndsWith("-h2", StringComparison.Ordinal));
        Assert.True(site.RunUntil(() => other.Leads, 60_000), Text(site));
        Assert.True(site.Host.Leads);
        site.RunFor(180_000);
        Assert.InRange(highest, 0, cap * 1_020);

        site.Broker.Heal();
        site.RunFor(60_000);
        Assert.True(site.Host.Leads != other.Leads, Text(site));
        uint epoch = site.Leader.Core.Context.Sender.Epoch;
        site.RunFor(120_000);
        Assert.All(site.Boards, b => Assert.Equal(epoch, b.Agent.Snapshot.DispatchEpoch));
        Assert.InRange(highest, 0, cap * 1_020);
    }

    [Fact]
    public void F20_the_supply_of_the_whole_site_returns_at_once_and_boards_come_back_in_random_order_no_faster_than_the_ramp()
    {
        using InProcessSite site = AtFull();
        site.CutSupply();
        site.RunFor(120_000);
        Assert.Equal(0, site.PowerMw);
        List<long> meter = [];
        Dictionary<string, long> wakes = [];
        site.Sampled += (now, mw) =>
        {
            meter.Add(mw);
            foreach (PowerBoard board in site.Boards.Where(b => b.Model.FreqKhz > 0))
                wakes.TryAdd(board.Facts.Board + board.Facts.Pod, now);
        };

        site.RestoreSupply();
        site.RunFor(15_000);
        Assert.InRange(site.PowerMw, 0, site.FloorMw * 1.05);
        Assert.True(site.RunUntil(() => site.PowerMw > 0.95 * site.FullMw, 400_000), Text(site));

        // The whole site in 60 s is the fastest that the host orders; boards add their own random start and ramp.
        double perS = (site.FullMw - site.FloorMw) / 60.0;
        for (int i = 20; i < meter.Count; i++)
            Assert.True(meter[i] - meter[i - 20] <= perS * 20 * 1.5, $"rose by {(meter[i] - meter[i - 20]) / 1000} W in 20 s");
        Assert.Equal(site.Boards.Count, wakes.Count);
        Assert.True(wakes.Values.Distinct().Count() > site.Boards.Count / 3, "boards start together");
        Assert.Empty(site.Oracle.Findings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void F22_a_board_that_acknowledges_but_does_not_shed_is_found_and_others_shed_for_it(bool unseen)
    {
        using InProcessSite site = AtFull();
        PowerBoard liar = site.Boards[3];
        liar.Model.StuckMw = liar.PowerMw;
        liar.Model.StuckUnseen = unseen;
        long cap = (site.FullMw + (3 * site.FloorMw)) / 4_000;
        site.SetCap(cap, GridClass.Reliability);
        site.RunFor(90_000);
        Assert.InRange(site.PowerMw, 0, cap * 1_020);

        // Its own regulator shows it: this board is suspected. Only the meter shows it: meter and boards differ.
        var host = site.Host.Core.Context;
        Assert.True(unseen ? host.Alarms.IsUp("meter-differs") : host.Alarms.All.Any(a => a.Active && a.Text.Contains(liar.Identity.Board, StringComparison.Ordinal)), Text(site));
        Assert.All(site.Oracle.Findings, f => Assert.True(f.Where == "site" || f.Where.EndsWith(liar.Identity.Board, StringComparison.Ordinal), f.Text));
    }

    [Theory]
    [InlineData(0, BreakerState.Waiting)]
    [InlineData(40, BreakerState.Excluded)] // Load that is not boards may be cooling: its breaker is never asked for.
    public void F22_in_an_emergency_a_breaker_is_asked_for_when_a_board_goes_on_drawing(int baseW, BreakerState state)
    {
        using InProcessSite site = AtFull(baseW);
        site.Boards[3].Model.StuckMw = site.Boards[3].PowerMw;
        site.SetCap(0, GridClass.Emergency);
        site.RunFor(5_000);
        Assert.Empty(site.Host.Core.Dispatcher.Breakers.All);
        site.RunFor(15_000);
        BreakerRequest request = Assert.Single(site.Host.Core.Dispatcher.Breakers.All);
        Assert.Equal(state, request.State);
        Assert.Equal([site.Boards[3].Identity.Pod + "/" + site.Boards[3].Identity.Board], request.Boards);
        Assert.Equal(state == BreakerState.Waiting, site.Host.Picture.BreakerRequest is not null);
    }

    [Fact]
    public void F24_without_the_site_meter_power_may_only_fall_and_rises_again_when_it_is_back()
    {
        using InProcessSite site = AtFull();
        long cap = (site.FullMw + site.FloorMw) / 2_000;
        site.SetCap(cap, GridClass.Economic);
        site.RunFor(60_000);
        site.MeterSilent = true;
        site.RunFor(10_000);
        long before = site.PowerMw;
        site.Release();
        site.RunFor(120_000);
        Assert.InRange(site.PowerMw, 0, before * 1.01);
        Assert.True(site.Host.Core.Context.Alarms.IsUp("meter-stale"));

        long lower = (site.FullMw + (4 * site.FloorMw)) / 5_000;
        site.SetCap(lower, GridClass.Reliability);
        site.RunFor(15_000);
        Assert.InRange(site.PowerMw, 0, lower * 1_020);

        site.Release();
        site.MeterSilent = false;
        Assert.True(site.RunUntil(() => site.PowerMw > 0.95 * site.FullMw, 240_000), Text(site));
        Assert.True(site.Oracle.Held, Text(site));
    }

    [Fact]
    public void F25_when_meter_and_boards_disagree_the_larger_one_counts()
    {
        using InProcessSite site = AtFull();
        long cap = (site.FullMw + site.FloorMw) / 2_000;
        site.SetCap(cap, GridClass.Economic);
        site.RunFor(60_000);

        // A meter that shows a fifth too little must not let power rise over the cap for long.
        site.MeterFactor = 0.8;
        site.RunFor(240_000);
        Assert.True(site.Host.Core.Context.Alarms.IsUp("meter-differs"));
        Assert.InRange(site.PowerMw, 0, cap * 1_060);
    }

    [Fact]
    public void F37_a_brief_dip_is_ridden_through_and_a_long_one_does_not_bring_all_boards_back_together()
    {
        using InProcessSite site = AtFull();
        long before = site.PowerMw;
        foreach (PowerBoard board in site.Boards)
            board.Model.DroopMilliVolts = 5_000;
        site.RunFor(140);
        foreach (PowerBoard board in site.Boards)
            board.Model.DroopMilliVolts = 0;
        site.RunFor(5_000);
        Assert.InRange(site.PowerMw, before * 0.99, before * 1.01);

        foreach (PowerBoard board in site.Boards)
            board.Model.DroopMilliVolts = 5_000;
        site.RunFor(3_000);
        Assert.All(site.Boards, b => Assert.Equal(0, b.Model.RailMilliVolts));
        foreach (PowerBoard board in site.Boards)
            board.Model.DroopMilliVolts = 0;
        List<int> on = [];
        site.Sampled += (_, _) => on.Add(site.Boards.Count(b => b.Model.RailMilliVolts > 0));
        Assert.True(site.RunUntil(() => site.PowerMw > 0.95 * site.FullMw, 240_000), Text(site));
        Assert.True(on.Zip(on.Skip(1), (a, b) => b - a).Max() <= site.Boards.Count / 4, "boards restart together: " + string.Join(' ', on.Take(40)));
        Assert.True(site.Oracle.Held, Text(site));
    }

    private static InProcessSite AtFull(int baseW = 40)
    {
        var site = new InProcessSite(new InProcessOptions { Boards = 24, BaseW = baseW, Description = PlantBoard.Describe() });
        Assert.True(site.RunUntil(() => site.PowerMw > 0.95 * site.FullMw, 240_000), Text(site));
        site.RunFor(20_000);
        return site;
    }

    private static string Text(InProcessSite site) => InProcessSiteTests.Text(site);
}
