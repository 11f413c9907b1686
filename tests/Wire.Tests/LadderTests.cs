using FsCheck.Fluent;

namespace Ballast.Wire.Tests;

/// <summary>Contract section 7: ladder, hull, choice.</summary>
public sealed class LadderTests
{
    [Theory]
    [InlineData(new int[0], new int[0], "1 to 32")]
    [InlineData(new[] { 0 }, new[] { 5 }, "sleep")]
    [InlineData(new[] { -1 }, new[] { 0 }, "mW")]
    [InlineData(new[] { 1_000_000_001 }, new[] { 0 }, "mW")]
    [InlineData(new[] { 0, 5 }, new[] { 0, 1_000_000_001 }, "GH/s")]
    [InlineData(new[] { 0, 5 }, new[] { 0, 0 }, "sort")]
    [InlineData(new[] { 0, 5, 6 }, new[] { 0, 9, 8 }, "sort")]
    [InlineData(new[] { 0, 5, 4 }, new[] { 0, 8, 9 }, "leave the dearer one out")]
    public void A_wrong_ladder_is_refused_with_a_reason(int[] power, int[] hash, string words)
    {
        Assert.Null(Ladder.TryCreate(power, hash, power.Length, out string? reason));
        Assert.Contains(words, reason);
    }

    [Fact]
    public void More_than_32_points_or_fewer_than_said_are_refused()
    {
        int[] many = [.. Enumerable.Range(0, 33)];
        Assert.Null(Ladder.TryCreate(many, many, 33, out _));
        Assert.NotNull(Ladder.TryCreate(many, many, 32, out _));
        Assert.Null(Ladder.TryCreate([0, 1], [0], 2, out string? reason));
        Assert.Contains("fewer", reason);
    }

    [Fact]
    public void A_ladder_keeps_no_hold_on_its_callers_arrays()
    {
        int[] power = [1, 5];
        int[] hash = [0, 2];
        Ladder ladder = Ladder.TryCreate(power, hash, 2, out _)!;
        power[1] = 99;
        hash[1] = 99;
        Assert.Equal((5, 2), (ladder.PowerMw(1), ladder.HashGhs(1)));
    }

    [Fact]
    public void The_hull_is_the_lower_convex_hull() => Laws.Hold(Prop.ForAll(Laws.Ladders.ToArbitrary(), ladder =>
    {
        var expected = Enumerable.Range(0, ladder.Count).Where(i => IsVertex(ladder, i));
        return expected.SequenceEqual(Enumerable.Range(0, ladder.HullCount).Select(ladder.HullPoint));
    }));

    [Fact]
    public void Costs_never_fall_and_stay_between_the_ends() => Laws.Hold(Prop.ForAll(Laws.Ladders.ToArbitrary(), ladder =>
    {
        int before = 1;
        for (int k = 1; k < ladder.HullCount; k++)
        {
            if (ladder.CostMjPerTh(k) < before || ladder.CostMjPerTh(k) > int.MaxValue - 1)
                return false;
            before = ladder.CostMjPerTh(k);
        }

        return true;
    }));

    [Fact]
    public void Limit_0_is_all_asleep_and_the_highest_everything_on() => Laws.Hold(Prop.ForAll(
        Laws.Ladders.ToArbitrary(), Laws.Places.ToArbitrary(), Laws.Places.ToArbitrary(), (ladder, share, rank) =>
            ladder.Choose(0, share, rank) == 0 && ladder.Choose(int.MaxValue, share, rank) == ladder.Count - 1));

    [Fact]
    public void The_choice_is_monotone_in_limit_and_share() => Laws.Hold(
        Prop.ForAll(
            (from ladder in Laws.Ladders
             from near in Gen.Choose(1, Math.Max(1, ladder.HullCount - 1))
             let cost = ladder.HullCount > 1 ? ladder.CostMjPerTh(near) : 5
             from limits in Gen.OneOf(Laws.Limits, Gen.Choose(cost - 1, cost + 1)).Two()
             from shares in Laws.Places.Two()
             from rank in Laws.Places
             select (ladder, limits, shares, rank)).ToArbitrary(),
            t =>
            {
                var a = (t.limits.Item1, t.shares.Item1);
                var b = (t.limits.Item2, t.shares.Item2);
                if (a.CompareTo(b) > 0)
                    (a, b) = (b, a);
                return t.ladder.Choose(a.Item1, a.Item2, t.rank) <= t.ladder.Choose(b.Item1, b.Item2, t.rank);
            }),
        2000);

    [Fact]
    public void The_choice_follows_the_contracts_loop() => Laws.Hold(
        Prop.ForAll(
            (from ladder in Laws.Ladders
             from near in Gen.Choose(1, Math.Max(1, ladder.HullCount - 1))
             let cost = ladder.HullCount > 1 ? ladder.CostMjPerTh(near) : 5
             from limit in Gen.OneOf(Laws.Limits, Gen.Choose(cost - 1, cost + 1))
             from share in Laws.Places
             from rank in Laws.Places
             select (ladder, limit, share, rank)).ToArbitrary(),
            t =>
            {
                int k = 0;
                while (k + 1 < t.ladder.HullCount
                    && (t.ladder.CostMjPerTh(k + 1) < t.limit || (t.ladder.CostMjPerTh(k + 1) == t.limit && t.rank < t.share)))
                    k++;
                return t.ladder.Choose(t.limit, t.share, t.rank) == t.ladder.HullPoint(k);
            }),
        2000);

    [Fact]
    public void A_power_cap_takes_the_largest_hash_rate_that_fits() => Laws.Hold(Prop.ForAll(
        Laws.Ladders.ToArbitrary(), Gen.OneOf(Gen.Choose(0, 50), Gen.Choose(0, 1_000_000)).ToArbitrary(), (ladder, watts) =>
        {
            int[] fitting = [.. Enumerable.Range(0, ladder.Count).Where(i => ladder.PowerMw(i) <= watts * 1000L)];
            int point = ladder.PowerPoint(watts, out bool below);
            return below == (fitting.Length == 0) && point == (below ? 0 : fitting.MaxBy(ladder.HashGhs));
        }));

    // Between any two others the point must lie strictly below their line; the ends always belong.
    private static bool IsVertex(Ladder ladder, int i)
    {
        for (int a = 0; a < i; a++)
            for (int b = i + 1; b < ladder.Count; b++)
            {
                Int128 rise = (Int128)(ladder.PowerMw(b) - ladder.PowerMw(a)) * (ladder.HashGhs(i) - ladder.HashGhs(a));
                Int128 own = (Int128)(ladder.PowerMw(i) - ladder.PowerMw(a)) * (ladder.HashGhs(b) - ladder.HashGhs(a));
                if (own >= rise)
                    return false;
            }

        return true;
    }
}
