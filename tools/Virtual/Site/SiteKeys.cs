using System.Security.Cryptography;

namespace Ballast.Virtual.Site;

/// <summary>One virtual board's name and keys.</summary>
/// <param name="Pod">Pod id.</param>
/// <param name="Board">Board id.</param>
/// <param name="Serial">Serial number.</param>
/// <param name="PodKey">Key of the pod's dispatch stream.</param>
/// <param name="BoardKey">Key of the board's own set stream.</param>
public sealed record BoardIdentity(string Pod, string Board, string Serial, byte[] PodKey, byte[] BoardKey);

/// <summary>The boards of a virtual site and their keys.</summary>
public static class SiteKeys
{
    /// <summary>Key id that all virtual boards start with.</summary>
    public const int Kid = 1;

    /// <summary>Boards in a pod, unless asked otherwise.</summary>
    public const int BoardsPerPod = 12;

    /// <summary>Names for a number of boards in pods of at most so many, with fresh keys for each run.</summary>
    public static IReadOnlyList<BoardIdentity> Create(int boards, int perPod = BoardsPerPod) => Create(boards, perPod, RandomNumberGenerator.Fill);

    /// <summary>Names for a number of boards in equal pods, with keys that a seed repeats: for simulations and benches only.</summary>
    public static IReadOnlyList<BoardIdentity> Create(int boards, int pods, int seed)
    {
        var random = new Random(seed);
        return Create(boards, (boards + pods - 1) / pods, random.NextBytes);
    }

    private static List<BoardIdentity> Create(int boards, int perPod, Fill fill)
    {
        var all = new List<BoardIdentity>(boards);
        byte[] podKey = [];
        for (int i = 0; i < boards; i++)
        {
            if (i % perPod == 0)
                fill(podKey = new byte[32]);
            var boardKey = new byte[32];
            fill(boardKey);
            string pod = FormattableString.Invariant($"p{(i / perPod) + 1}");
            string board = FormattableString.Invariant($"b{(i % perPod) + 1:00}");
            all.Add(new BoardIdentity(pod, board, FormattableString.Invariant($"V{i + 1:0000}"), podKey, boardKey));
        }

        return all;
    }

    private delegate void Fill(Span<byte> key);
}
