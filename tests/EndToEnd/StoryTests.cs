using Ballast.Virtual.Demo;
using Ballast.Virtual.Site;

namespace Ballast.EndToEnd;

/// <summary>The demo's story with the real host, broker and pool, and few boards.</summary>
public class StoryTests
{
    [Fact]
    public async Task Site_is_admitted_curtailed_cut_and_released_and_keeps_its_orders_over_a_broker_restart()
    {
        var story = new StoryOptions { Once = true, BrokerRestart = true };
        await using var site = new VirtualSite(new SiteOptions { Boards = 5, RestMs = 2_000, Times = story.TimesFor(5 * 18) });
        site.Start();
        StoryResult result = await new Story(site, story, TestContext.Current.SendDiagnosticMessage).PlayAsync(TestContext.Current.CancellationToken);
        Assert.True(result.Passed, string.Join('\n', [.. result.Problems, .. result.Facts, Wait.Describe(site)]));
        Assert.True(site.Pool.Ledger.Accepted >= 20, Wait.Describe(site));
        Assert.All(site.Observer.Boards.Values, b => Assert.True(b.Online));
    }
}
