using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Boards take turns also where orders change all the time, as under a surplus; a step is a fall that goes out anyway.</summary>
public sealed class RotationTests
{
    private const int ChangeEveryS = 20;
    private const int RotateMinutes = 10;
    private const int Hours = 2;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void S16_boards_take_turns_under_a_cap_that_never_rests_and_every_step_only_falls(int seed)
    {
        ToySite site = new(64, 2, seed, change: o => o with { SpreadS = 2, RotateMinutes = RotateMinutes, RampUpWPerS = 200 });
        Ladder same = ToySite.MakeLadder(new Random(3));
        site.Boards.ForEach(b => b.Ladder = same);
        site.UpAndRunning();

        // A surplus: no event, and never the same for long enough that anything settles.
        Random random = new(seed);
        Queue<double> lately = new([1e9]);
        int second = 0;
        double worst = 0;
        site.EachSecond = s =>
        {
            if (second++ % ChangeEveryS == 0)
            {
                double watts = 300 + (random.NextDouble() * 400);
                s.Context.Limits.SetStanding("sun", new StandingCap("sun", s.Context.Tree.Site, watts, OrderClass.Economic, "surplus"));
                s.Dispatcher.CapChanged();
            }

            // S16: from the class delay on, the smallest of what was asked meanwhile; here the largest of that time bounds it.
            lately.Enqueue(s.Context.Limits.CapOf(s.Context.Tree.Site).W);
            if (lately.Count > 20)
            {
                lately.Dequeue();
                worst = Math.Max(worst, s.PowerW / lately.Max());
            }
        };
        int from = site.Log.Count;
        site.Run(Hours * 3600);
        Assert.True(worst <= 1.02, "worst " + worst);

        List<DispatchOrder> orders = [.. site.Log.Skip(from).Where(l => l.Topic.Contains("/p1/", StringComparison.Ordinal)).Select(l => l.Order).OfType<DispatchOrder>()];
        List<(DispatchOrder Before, DispatchOrder After)> turns = [.. orders.Zip(orders.Skip(1)).Where(p => p.First.Salt != p.Second.Salt)];
        Assert.InRange(turns.Count, (Hours * 60 / RotateMinutes) - 2, Hours * 60 / RotateMinutes);
        Assert.All(turns, t => Assert.All(
            site.Boards.Where(b => b.Pod == "p1"),
            b => Assert.True(Point(b, t.After) <= Point(b, t.Before), b.Name + " would wake")));
    }

    [Fact]
    public void Nobody_takes_turns_while_an_event_holds_however_often_orders_change()
    {
        ToySite site = new(64, 2, change: o => o with { SpreadS = 2, RotateMinutes = 2, RampUpWPerS = 200 });
        site.UpAndRunning();
        site.Limit(600);
        site.Run(10);
        uint salt = site.Context.Salt;
        int second = 0;
        site.EachSecond = s =>
        {
            if (second++ % ChangeEveryS == 0)
            {
                s.Context.Limits.SetStanding("sun", new StandingCap("sun", s.Context.Tree.Site, 300 + (second % 200), OrderClass.Economic, "surplus"));
                s.Dispatcher.CapChanged();
            }
        };
        site.Run(900);
        Assert.Equal(salt, site.Context.Salt);
    }

    private static int Point(ToyBoard board, DispatchOrder order) => board.Ladder.Choose(order.LimitMjPerTh, order.Share, board.RankAtZero - order.Salt);
}
