using System.Text;
using Ballast.Wire;

namespace Ballast.Virtual.Conformance;

/// <summary>A vector of `inversion`: boards, a cap, and the order that keeps it.</summary>
internal static class InversionVector
{
    public static string? Mismatch(VectorNode vector)
    {
        uint salt = vector.U32("salt");
        long cap = vector.Number("capMw", 0, long.MaxValue);
        bool unreachable = vector.Bool("unreachable");
        int limit = vector.Int("limitMjPerTh");
        uint share = vector.U32("share");
        long total = vector.Number("totalMw", 0, long.MaxValue);
        var inversion = new Inversion();
        string? refused = null;
        foreach (VectorNode board in vector.Member("boards").Items())
        {
            byte[] name = Encoding.UTF8.GetBytes(board.Text("board"));
            if (ChoiceVector.TryLadder(board, out Ladder? ladder, out string reason))
                inversion.Add(ladder!, Rank.Of(name, 0, name.Length, salt));
            else
                refused ??= reason;
        }

        if (refused != null)
            return refused;
        inversion.Solve(cap);
        if (inversion.Unreachable != unreachable)
            return ChoiceVector.Differ("unreachable", unreachable, inversion.Unreachable);
        if (inversion.LimitMjPerTh != limit)
            return ChoiceVector.Differ("limitMjPerTh", limit, inversion.LimitMjPerTh);
        if (inversion.Share != share)
            return ChoiceVector.Differ("share", share, inversion.Share);
        return inversion.TotalMw == total ? null : ChoiceVector.Differ("totalMw", total, inversion.TotalMw);
    }
}
