using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Contract section 1: a pod is restated within a second of what asks for it, and at most once a second.</summary>
public sealed class RestateTests
{
    private static List<Sent> To(ToySite site, string pod, long sinceMs)
        => [.. site.Dispatches.Where(s => s.AtMs >= sinceMs && s.Topic.EndsWith("/" + pod + "/dispatch", StringComparison.Ordinal))];

    [Fact]
    public void F1_births_that_rain_restate_their_pod_once_a_second_and_no_other_pod()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Run(20, () => site.NowMs - To(site, "p1", 0)[^1].AtMs == 1500 && site.NowMs - To(site, "p2", 0)[^1].AtMs < 5000);
        long start = site.NowMs;
        ToyBoard board = site.Boards.First(b => b.Pod == "p1");
        for (int i = 0; i < 35; i++)
        {
            site.Deliver(board, "birth", board.Birth());
            site.Run(0.1);
        }

        // Nothing asks any more: what is still due leaves, and then only ordinary repeats.
        site.Run(1.2);
        List<Sent> orders = To(site, "p1", start);
        Assert.InRange(orders[0].AtMs - start, 0, 1000);
        Assert.InRange(orders.Count, 4, 5);
        Assert.All(orders.Zip(orders.Skip(1)), pair => Assert.InRange(pair.Second.AtMs - pair.First.AtMs, 1000, 1100));
        Assert.Single(orders.Select(o => o.Order!.OrderId).Distinct());
        Assert.Empty(To(site, "p2", start));
        int before = To(site, "p1", start).Count;
        site.Run(8);
        Assert.Equal(before, To(site, "p1", start).Count);
    }

    [Fact]
    public void F1_a_link_that_comes_and_goes_restates_no_more_often()
    {
        ToySite site = new ToySite().UpAndRunning();
        long start = site.NowMs;
        for (int i = 0; i < 15; i++)
        {
            site.BrokerDown();
            site.Run(0.1);
            site.Connect();
            site.Run(0.1);
        }

        site.Run(1.5);
        foreach (string pod in new[] { "p1", "p2" })
        {
            List<Sent> orders = To(site, pod, start);
            Assert.InRange(orders.Count, 2, 6);
            Assert.All(orders.Zip(orders.Skip(1)), pair => Assert.True(pair.Second.AtMs - pair.First.AtMs >= 1000, pod + " after " + (pair.Second.AtMs - pair.First.AtMs) + " ms"));
        }
    }
}
