using System.Text;
using Ballast.Mqtt;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;

namespace Ballast.EndToEnd;

/// <summary>Faults planted into a running site: the oracle must see those that do harm, and be silent about those that boards withstand.</summary>
public class PlantedFaultTests
{
    [Fact]
    public async Task Oracle_finds_the_board_that_acknowledges_and_keeps_drawing_and_the_one_whose_order_was_lost()
    {
        await using var site = new VirtualSite(new SiteOptions { Boards = 3, WithHost = false, RestMs = 2_000 });
        site.Start();
        HandHost host = await BoardsTests.RunningAsync(site);
        VirtualBoard liar = site.Fleet.Boards[0];
        VirtualBoard deaf = site.Fleet.Boards[1];
        site.Fleet.Do(() =>
        {
            liar.StuckMw = liar.PowerMw;
            deaf.Link.Drop = topic => topic.EndsWith("/dispatch", StringComparison.Ordinal);
        });

        site.Oracle.OnCap(site.Clock.NowMs, 0, GridClass.Emergency);
        host.Publish(host.Dispatch(0, GridClass.Emergency, 2));
        string[] expected = ["S16 site", "effective p1/b01", "applied p1/b02"];
        await Wait.UntilAsync(site, () => !expected.Except(Found(site)).Any(), "findings about the liar and the lost order");
        await Wait.UntilAsync(site, () => site.Observer.Boards["p1/b01"].AppliedOrderId == 2, "the liar's acknowledgement");
        Assert.DoesNotContain(Found(site), f => f.Contains("p1/b03", StringComparison.Ordinal));
    }

    [Fact]
    public async Task S14_replayed_stale_forged_and_retained_orders_change_nothing()
    {
        await using var site = new VirtualSite(new SiteOptions { Boards = 3, WithHost = false, RestMs = 2_000 });
        site.Start();
        HandHost host = await BoardsTests.RunningAsync(site);
        (string topic, byte[] everything) = host.Dispatch(HandHost.Everything, orderId: 2);
        host.Publish((topic, everything));
        await Wait.SecondsAsync(1);
        host.Publish(host.Dispatch(0, GridClass.Reliability, 3));
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.PowerMw < 3_000), "all boards asleep");

        long before = Rejects(site);
        host.Publish((topic, everything));
        host.Publish(host.Dispatch(HandHost.Everything, orderId: 4, sentAgoMs: HandHost.StaleMs));
        byte[] forged = host.Dispatch(HandHost.Everything, orderId: 5).Message;
        forged[^3] = forged[^3] == (byte)'0' ? (byte)'1' : (byte)'0';
        host.Publish((topic, forged));
        host.Publish((topic, Encoding.ASCII.GetBytes("{\"kid\":1,\"class\":\"economic\"}")));
        await Wait.UntilAsync(site, () => Rejects(site) == before + 12, "4 rejects on each of 3 boards");

        // A retained copy waits at the broker for whoever connects next.
        Assert.Equal(MqttPublishResult.Taken, site.Observer.Link.Publish(topic, host.Dispatch(HandHost.Everything, orderId: 6, sentAgoMs: HandHost.StaleMs).Message, 1, true));
        await Wait.SecondsAsync(0.5);
        site.Fleet.Do(() => site.Fleet.Boards[2].Link.Abort());
        await Wait.UntilAsync(site, () => site.Fleet.Boards[2].Link.IsConnected, "b03 connected again");
        await Wait.SecondsAsync(2);
        Assert.Empty(site.Oracle.Findings);
        Assert.True(site.Fleet.Boards.All(b => b.PowerMw < 3_000), Wait.Describe(site));
        Assert.True(site.Oracle.MessagesToLeave >= 5);
    }

    [Fact]
    public async Task S11_board_that_restarts_without_memory_cannot_be_woken_by_what_was_sent_before()
    {
        await using var site = new VirtualSite(new SiteOptions { Boards = 2, WithHost = false, RestMs = 2_000 });
        site.Start();
        HandHost host = await BoardsTests.RunningAsync(site);
        IReadOnlyList<(string Topic, byte[] Payload)> captured = host.Sent;
        site.Fleet.Do(site.Fleet.Boards[1].Restart);
        await Wait.UntilAsync(site, () => site.Fleet.Boards[1].Link.IsConnected, "b02 connected again");
        foreach ((string topic, byte[] payload) in captured)
            host.Publish((topic, payload));
        await Wait.SecondsAsync(6);
        Assert.False(site.Fleet.Boards[1].Agent.Snapshot.Admitted);
        Assert.True(site.Fleet.Boards[1].PowerMw < 3_000, Wait.Describe(site));
        Assert.True(site.Fleet.Boards[0].PowerMw > 16_000, Wait.Describe(site));
        Assert.DoesNotContain(site.Oracle.Findings, f => f.Rule is "S15" or "S10" or "effective" or "S12");
    }

    private static IEnumerable<string> Found(VirtualSite site) => site.Oracle.Findings.Select(f => $"{f.Rule} {f.Where}");

    private static long Rejects(VirtualSite site) => site.Fleet.Boards.Sum(b => b.Agent.Snapshot.Rejects.Sum(r => (long)r));
}
