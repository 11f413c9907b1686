using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;

namespace Ballast.EndToEnd;

/// <summary>Virtual boards, broker, pool and oracle with orders given by hand: what a board must leave, and what the oracle must see.</summary>
public class BoardsTests
{
    [Fact]
    public async Task Boards_hash_for_the_pool_and_obey_signed_orders()
    {
        await using var site = new VirtualSite(new SiteOptions { Boards = 4, WithHost = false, RestMs = 2_000 });
        site.Start();
        HandHost host = await RunningAsync(site);
        await Wait.UntilAsync(site, () => site.Pool.Ledger.Accepted >= 8, "8 accepted shares");

        host.Publish(host.Dispatch(0, GridClass.Emergency, 2));
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.PowerMw < 3_000), "all boards asleep");
        await Wait.SecondsAsync(2);
        Assert.Empty(site.Oracle.Findings);
        Assert.Equal(0, site.Pool.Ledger.Rejected);
        await Wait.UntilAsync(site, () => site.Oracle.BoardsUnderCommand == 4, "all boards under command");
    }

    internal static async Task<HandHost> RunningAsync(VirtualSite site)
    {
        var host = new HandHost(site);
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.Link.IsConnected), "all boards connected");
        await Wait.SecondsAsync(0.5);
        host.AdmitAll();
        await Wait.UntilAsync(site, () => site.Fleet.PowerMw > site.Fleet.Boards.Count * 16_000L, "all boards at full power");
        return host;
    }
}
