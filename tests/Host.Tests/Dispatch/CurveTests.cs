using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>The host's curve, which is never merged, gives the answers of contract section 7.</summary>
public sealed class CurveTests
{
    private const int Boards = 60;

    [Fact]
    public void Step_7_pods_sorted_apart_give_the_same_order_as_one_merged_curve()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20260302, 3);
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), SameAsMerged).Check(config);
    }

    private static bool SameAsMerged(int seed)
    {
        Random random = new(seed);
        DispatchContext context = Fleet(random, 4);
        uint salt = (uint)random.NextInt64(0, 1L << 32);
        context.Curve.Refresh(salt);

        // Some boards change, and only their pods are sorted again.
        foreach (BoardRecord board in context.Fleet.Boards.Where(_ => random.Next(5) == 0))
        {
            board.InCurve = !board.InCurve;
            context.Curve.Invalidate(board.Pod);
        }

        context.Curve.Refresh(salt);
        List<PodRecord> pods = [.. context.Fleet.Pods.Where(_ => random.Next(3) > 0)];
        Inversion merged = new();
        foreach (BoardRecord board in pods.SelectMany(p => p.Boards).Where(b => b.InCurve))
        {
            merged.Add(board.AgreedLadder!, board.RankAtZero - salt);
        }

        long full = pods.Sum(p => p.Boards.Where(b => b.InCurve).Sum(b => (long)b.AgreedLadder!.PowerMw(4) - b.AgreedLadder.PowerMw(0)));
        long budget = random.NextInt64(0, full + 2000);
        (int limit, uint share) = context.Curve.Solve(pods, budget, out long asked);
        Assert.True(merged.Solve(merged.FloorMw + budget));
        Assert.Equal((merged.LimitMjPerTh, merged.Share, merged.TotalMw - merged.FloorMw), (limit, share, asked));
        Assert.Equal(asked, pods.Sum(p => context.Curve.AskedMw(p, limit, share)));
        Assert.Equal(asked, pods.SelectMany(p => p.Boards).Where(b => b.InCurve).Sum(b => context.Curve.AskedMw(b, limit, share)));

        (int enough, uint part) = context.Curve.SolveAtLeast(pods, budget, full, out long reached);
        Assert.True(reached >= Math.Min(budget, full), reached + " of " + budget);
        Assert.Equal(reached, pods.Sum(p => context.Curve.AskedMw(p, enough, part)));
        return asked <= budget;
    }

    internal static DispatchContext Fleet(Random random, int pods, int boards = Boards, bool equal = false)
    {
        DispatchContext context = new(ToySite.MakeOptions(boards, pods), new FakeTime(), new Nowhere(), new MemoryJournal(), 1);
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            Ladder ladder = ToySite.MakeLadder(equal ? new Random(1) : random);
            Tell(context, board, ladder);
            board.InCurve = true;
        }

        return context;
    }

    internal static void Tell(DispatchContext context, BoardRecord board, Ladder ladder)
    {
        byte[] name = Encoding.ASCII.GetBytes(board.Name);
        ToyBoard toy = new(board.Pod.Id, board.Id, new byte[32], new byte[32], ladder, 1);
        context.Fleet.Take(name, "birth"u8, Encoding.ASCII.GetBytes(toy.Birth()), true, 0, out _, out _);
        context.Fleet.Take(name, "state"u8, Encoding.ASCII.GetBytes(toy.State()), true, 0, out _, out _);
        context.Fleet.Take(name, "telemetry"u8, Encoding.ASCII.GetBytes(toy.Telemetry(0)), false, 0, out _, out _);
    }

    internal sealed class Nowhere : IOrderCarrier
    {
        public bool IsConnected => false;

        public bool Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => false;
    }
}
