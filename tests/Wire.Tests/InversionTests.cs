using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Wire.Tests;

/// <summary>The law of contract section 7: an order never lets boards draw more than the cap, and no more generous one would keep it.</summary>
public sealed class InversionTests
{
    private static readonly Gen<Fleet> Fleets =
        from count in Gen.OneOf(Gen.Choose(0, 4), Gen.Choose(0, 60))
        from boards in (from ladder in Laws.Ladders from rank in Laws.Places select new Board(ladder, rank)).ArrayOf(count)
        from same in Gen.Choose(0, 2)
        from standby in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 1_000_000))
        from per in Gen.Choose(-2, 1002)
        select new Fleet(same == 0 && count > 0 ? [.. boards.Select(b => b with { Ladder = boards[0].Ladder })] : boards, standby, per);

    [Fact]
    public void Fixed_watts_and_choices_equal_the_total_and_keep_the_cap() => Laws.Hold(
        Prop.ForAll(Fleets.ToArbitrary(), fleet =>
        {
            Inversion inversion = fleet.Curve();
            bool reached = inversion.Solve(fleet.CapMw);
            long drawn = fleet.Drawn(inversion.LimitMjPerTh, inversion.Share);
            return inversion.Unreachable == !reached
                && reached == (fleet.FloorMw <= fleet.CapMw)
                && drawn == inversion.TotalMw
                && (reached ? drawn <= fleet.CapMw : drawn == fleet.FloorMw && (inversion.LimitMjPerTh, inversion.Share) == (0, 0U));
        }),
        1500);

    [Fact]
    public void The_next_place_on_the_circle_would_break_the_cap() => Laws.Hold(
        Prop.ForAll(Fleets.ToArbitrary(), fleet =>
        {
            Inversion inversion = fleet.Curve();
            if (!inversion.Solve(fleet.CapMw) || inversion.LimitMjPerTh == int.MaxValue || fleet.Boards.Length == 0)
                return true;
            long more = inversion.Share == uint.MaxValue
                ? fleet.Drawn(inversion.LimitMjPerTh + 1, 0)
                : fleet.Drawn(inversion.LimitMjPerTh, inversion.Share + 1);
            return more > fleet.CapMw;
        }),
        1500);

    [Fact]
    public void A_higher_cap_never_gives_less() => Laws.Hold(
        Prop.ForAll(Fleets.ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (fleet, more) =>
        {
            Inversion inversion = fleet.Curve();
            inversion.Solve(fleet.CapMw);
            var low = (inversion.LimitMjPerTh, inversion.Share);
            inversion.Solve(fleet.CapMw + more);
            return low.CompareTo((inversion.LimitMjPerTh, inversion.Share)) <= 0;
        }));

    [Fact]
    public void Boards_added_after_an_answer_count_like_those_before() => Laws.Hold(
        Prop.ForAll(Fleets.ToArbitrary(), fleet =>
        {
            Inversion whole = fleet.Curve();
            var pieces = new Inversion();
            pieces.AddFixed(fleet.FixedMw);
            foreach (Board board in fleet.Boards)
            {
                pieces.Add(board.Ladder, board.Rank);
                pieces.Solve(fleet.CapMw / 2);
            }

            whole.Solve(fleet.CapMw);
            pieces.Solve(fleet.CapMw);
            return (whole.LimitMjPerTh, whole.Share, whole.TotalMw, whole.Unreachable)
                == (pieces.LimitMjPerTh, pieces.Share, pieces.TotalMw, pieces.Unreachable);
        }));

    [Fact]
    public void A_pod_without_boards_is_ordered_asleep()
    {
        var inversion = new Inversion();
        inversion.AddFixed(500);
        Assert.True(inversion.Solve(1000));
        Assert.Equal((0, 0U, 500L, false), (inversion.LimitMjPerTh, inversion.Share, inversion.TotalMw, inversion.Unreachable));
        Assert.False(inversion.Solve(499));
        Assert.True(inversion.Unreachable);
    }

    [Fact]
    public void Clear_forgets_everything()
    {
        var inversion = new Inversion();
        inversion.AddFixed(500);
        inversion.Add(Laws.Build(3, [0, 5], [0, 1]), 1);
        inversion.Solve(10_000);
        inversion.Clear();
        Assert.Equal((0L, 0), (inversion.FloorMw, inversion.Boards));
        inversion.Add(Laws.Build(3, [0, 5], [0, 1]), 1);
        inversion.Solve(7);
        Assert.Equal((5000, 1U, 3L), (inversion.LimitMjPerTh, inversion.Share, inversion.TotalMw));
        inversion.Solve(8);
        Assert.Equal((int.MaxValue, 0U, 8L), (inversion.LimitMjPerTh, inversion.Share, inversion.TotalMw));
    }

    private sealed record Board(Ladder Ladder, uint Rank);

    private sealed record Fleet(Board[] Boards, int FixedMw, int CapPerMille)
    {
        public long FloorMw => FixedMw + Boards.Sum(b => (long)b.Ladder.PowerMw(0));

        // From a little under the floor to a little over everything.
        public long CapMw => FloorMw + Boards.Sum(b => (long)b.Ladder.PowerMw(b.Ladder.Count - 1) - b.Ladder.PowerMw(0)) * CapPerMille / 1000 + CapPerMille;

        public Inversion Curve()
        {
            var inversion = new Inversion();
            inversion.AddFixed(FixedMw);
            foreach (Board board in Boards)
                inversion.Add(board.Ladder, board.Rank);
            return inversion;
        }

        public long Drawn(int limit, uint share) =>
            FixedMw + Boards.Sum(b => (long)b.Ladder.PowerMw(b.Ladder.Choose(limit, share, b.Rank)));
    }
}
