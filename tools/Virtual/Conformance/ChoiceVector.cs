using System.Text;
using Ballast.Wire;

namespace Ballast.Virtual.Conformance;

/// <summary>A vector of `choice`: a ladder, its hull and costs, orders and power caps with the points that they choose.</summary>
internal static class ChoiceVector
{
    public static string? Mismatch(VectorNode vector)
    {
        // Everything is read before anything is compared, so that a wrong shape is never hidden by a mismatch.
        byte[] board = Encoding.UTF8.GetBytes(vector.Text("board"));
        uint id = vector.U32("ladderId");
        int[] hull = vector.Ints("hull");
        int[] cost = vector.Ints("costMjPerTh");
        var orders = vector.Member("orders").Items()
            .Select(o => (o.Path, Limit: o.Int("limitMjPerTh"), Share: o.U32("share"), Salt: o.U32("salt"), Rank: o.U32("rank"), Point: o.Int("point")))
            .ToArray();
        var caps = vector.Member("caps").Items()
            .Select(c => (c.Path, PowerW: c.Int("powerW"), Point: c.Int("point"), Below: c.Bool("belowMinimum"))).ToArray();

        if (!TryLadder(vector, out Ladder? ladder, out string reason))
            return reason;
        if (ladder!.Id != id)
            return Differ("ladderId", id, ladder.Id);
        int[] ourHull = [.. Enumerable.Range(0, ladder.HullCount).Select(ladder.HullPoint)];
        if (!ourHull.SequenceEqual(hull))
            return Differ("hull", List(hull), List(ourHull));
        int[] ourCost = [.. Enumerable.Range(1, ladder.HullCount - 1).Select(ladder.CostMjPerTh)];
        if (!ourCost.SequenceEqual(cost))
            return Differ("costMjPerTh", List(cost), List(ourCost));

        foreach (var order in orders)
        {
            uint rank = Rank.Of(board, 0, board.Length, order.Salt);
            if (rank != order.Rank)
                return Differ(order.Path + ".rank", order.Rank, rank);
            int point = ladder.Choose(order.Limit, order.Share, rank);
            if (point != order.Point)
                return Differ(order.Path + ".point", order.Point, point);
        }

        foreach (var cap in caps)
        {
            int point = ladder.PowerPoint(cap.PowerW, out bool below);
            if (point != cap.Point)
                return Differ(cap.Path + ".point", cap.Point, point);
            if (below != cap.Below)
                return Differ(cap.Path + ".belowMinimum", cap.Below, below);
        }

        return null;
    }

    public static bool TryLadder(VectorNode vector, out Ladder? ladder, out string reason)
    {
        int[] power = vector.Ints("powerMw");
        int[] hash = vector.Ints("hashGhs");
        ladder = Ladder.TryCreate(power, hash, Math.Max(power.Length, hash.Length), out string? why);
        reason = $"the ladder of {vector.Path} is refused: {why}";
        return ladder != null;
    }

    public static string Differ(string what, object expected, object got) => $"{what} should be {expected}, this build has {got}";

    private static string List(int[] values) => "[" + string.Join(',', values) + "]";
}
