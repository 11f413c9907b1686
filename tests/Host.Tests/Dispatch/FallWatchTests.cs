using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>A fall that a full inbox or a broker's queue swallowed is said again within seconds, and only then.</summary>
public sealed class FallWatchTests
{
    private static ToySite Up(int repeatS = 10) => new ToySite(24, 2, 1, o => o with { RampS = 5, SpreadS = 5, RampUpWPerS = 50, RepeatS = repeatS }).UpAndRunning();

    private static List<Sent> After(ToySite site, string pod, long sinceMs, double forS)
        => [.. site.Dispatches.Where(d => d.Topic.EndsWith("/" + pod + "/dispatch", StringComparison.Ordinal) && d.AtMs >= sinceMs && d.AtMs <= sinceMs + (forS * 1000))];

    [Theory]
    [InlineData("economic")]
    [InlineData("reliability")]
    [InlineData("emergency")]
    public void F29_a_fall_that_a_full_inbox_swallowed_reaches_its_board_within_3_s_and_settles_no_later_S16(string orderClass)
    {
        foreach (ToyBoard victim in Up().Boards.Take(8))
        {
            ToySite site = Up();
            long began = site.NowMs;
            site.Loses = (board, _) => board.Name == victim.Name && site.NowMs - began < 800;
            Assert.Equal(LimitOutcome.Created, site.Limit(0.5 * site.FullW, orderClass).Outcome);
            double settlesIn = site.Dispatcher.Picture.SettlesInMs;
            ToyBoard board = site.Boards.Single(b => b.Name == victim.Name);
            site.Run(3);
            Sent first = After(site, board.Pod, began, 0)[^1];
            Assert.Equal(first.Order!.OrderId, board.OrderId);
            Assert.True(site.Dispatcher.Picture.SettlesInMs <= Math.Max(0, settlesIn - 2000), "the copy moved the settling time");
            List<Sent> sent = After(site, board.Pod, began + 400, 2.6);
            Assert.InRange(sent.Count, 1, 2);
            Assert.All(sent, d => Assert.Equal((first.Order.OrderId, first.Order.LimitMjPerTh, first.Order.Share), (d.Order!.OrderId, d.Order.LimitMjPerTh, d.Order.Share)));
            Assert.True(sent[0].Order!.Seq > first.Order.Seq);
        }
    }

    [Fact]
    public void A_fall_that_every_board_has_answered_is_said_once_until_the_ordinary_repeat()
    {
        ToySite site = Up();
        site.GoOffline(site.Boards[0]);
        site.Run(90);
        long began = site.NowMs;

        // So little that most boards keep their point, and have nothing else to say.
        site.Limit(0.85 * site.FullW, "reliability");
        site.Run(9.8);
        Assert.All(["p1", "p2"], pod => Assert.Single(After(site, pod, began, 9.8)));
        site.Run(0.5);
        Assert.All(["p1", "p2"], pod => Assert.Equal(2, After(site, pod, began, 10.3).Count));
    }

    [Fact]
    public void F30_a_board_that_never_answers_costs_its_pod_four_more_messages_at_least_a_second_apart_and_holds_nothing_up()
    {
        ToySite site = Up(repeatS: 20);
        site.Boards[0].Deaf = true;
        long began = site.NowMs;

        // Nothing is left to correct downward, so the content stays.
        site.Limit(0, "reliability");
        site.Run(19);
        List<Sent> deaf = After(site, site.Boards[0].Pod, began, 19);
        Assert.Equal(1 + 4, deaf.Count);
        Assert.All(deaf, d => Assert.Equal(deaf[0].Order!.OrderId, d.Order!.OrderId));
        Assert.All(deaf.Zip(deaf.Skip(1)), p => Assert.True(p.Second.AtMs - p.First.AtMs >= 1000));
        Assert.Equal(0, site.Dispatcher.Picture.SettlesInMs);
    }

    [Fact]
    public void F1_a_fall_decided_while_the_broker_was_away_is_watched_from_its_first_transmission()
    {
        ToySite site = Up();
        site.BrokerDown();
        site.Run(5);
        site.Limit(0.5 * site.FullW, "reliability");
        site.Run(10);
        site.Connect();
        long back = site.NowMs;
        ToyBoard victim = site.Boards[3];
        site.Loses = (board, _) => board == victim && site.NowMs - back < 800;
        site.Run(4);
        uint orderId = After(site, victim.Pod, back, 4)[^1].Order!.OrderId;
        Assert.Equal(orderId, victim.OrderId);
    }
}
