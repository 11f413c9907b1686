using System.Security.Cryptography;

namespace Ballast.Virtual.Site;

/// <summary>One virtual board's name and keys.</summary>
/// <param name="Pod">Pod id.</param>
/// <param name="Board">Board id.</param>
/// <param name="Serial">Serial number.</param>
/// <param name="PodKey">Key of the pod's dispatch stream.</param>
/// <param name="BoardKey">Key of the board's own set stream.</param>
public sealed record BoardIdentity(string Pod, string Board, string Serial, byte[] PodKey, byte[] BoardKey);

/// <summary>The boards of a virtual site: pods of at most twelve, fresh keys for each run.</summary>
public static class SiteKeys
{
    /// <summary>Key id that all virtual boards start with.</summary>
    public const int Kid = 1;

    private const int BoardsPerPod = 12;

    /// <summary>Names and keys for a number of boards.</summary>
    public static IReadOnlyList<BoardIdentity> Create(int boards)
    {
        var all = new List<BoardIdentity>(boards);
        byte[] podKey = [];
        for (int i = 0; i < boards; i++)
        {
            if (i % BoardsPerPod == 0)
                podKey = RandomNumberGenerator.GetBytes(32);
            string pod = FormattableString.Invariant($"p{(i / BoardsPerPod) + 1}");
            string board = FormattableString.Invariant($"b{(i % BoardsPerPod) + 1:00}");
            all.Add(new BoardIdentity(pod, board, FormattableString.Invariant($"V{i + 1:0000}"), podKey, RandomNumberGenerator.GetBytes(32)));
        }

        return all;
    }
}
