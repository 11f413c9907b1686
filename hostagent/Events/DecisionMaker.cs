using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Events;

/// <summary>A pod's number.</summary>
internal readonly record struct PodNumber(int Limit, uint Share)
{
    internal static PodNumber Of(PodRecord pod) => pod.HasOrder ? new PodNumber(pod.Limit, pod.Share) : default;
}

/// <summary>What a decision asks of one board.</summary>
/// <param name="Board">The board.</param>
/// <param name="FromMw">Ordered before, standby included, mW.</param>
/// <param name="ToMw">Ordered after, mW.</param>
/// <param name="HashLostGhs">Hash rate that goes with it, GH/s; negative if it comes back.</param>
internal readonly record struct BoardChange(BoardRecord Board, long FromMw, long ToMw, long HashLostGhs);

/// <summary>
/// Describes a decision from the pods' numbers before and after it. The real decision and a preview of one are described by the same
/// code, so that what was shown before is what is written afterwards.
/// </summary>
internal static class DecisionMaker
{
    private const int MaxNamed = 200;

    /// <summary>Describes.</summary>
    /// <param name="context">Fleet, curve, clock.</param>
    /// <param name="limit">The limit that caused it.</param>
    /// <param name="inputs">What the decision saw.</param>
    /// <param name="before">Each pod's number before.</param>
    /// <param name="after">Each pod's number after.</param>
    /// <param name="changes">Gets every board whose ordered watts change.</param>
    internal static DecisionSnapshot Describe(
        DispatchContext context, ActiveLimit limit, DecisionInputs inputs, IReadOnlyList<PodNumber> before, IReadOnlyList<PodNumber> after, List<BoardChange> changes)
    {
        long now = context.Clock.NowMs;
        List<PodDecision> pods = new(before.Count);
        Dictionary<string, int> skipped = [];
        List<BoardWord> named = [];
        long shedMw = 0;
        long hashLost = 0;
        int falling = 0;
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            PodNumber from = before[pod.Index];
            PodNumber to = after[pod.Index];
            bool inScope = limit.Node.Board is { } single ? single.Pod == pod : limit.Node.Pods.Contains(pod);
            long fromMw = 0;
            long toMw = 0;
            foreach (BoardRecord board in pod.BoardList)
            {
                if (inScope && (limit.Node.Board is null || limit.Node.Board == board))
                {
                    Skip(board, now, skipped, named);
                }

                if (!board.InCurve || board.AgreedLadder is not { } ladder)
                {
                    continue;
                }

                long own = limit.Node.Board == board ? (long)(limit.LimitW * 1000) : long.MaxValue;
                int pointBefore = context.Curve.Point(board, from.Limit, from.Share);
                int pointAfter = context.Curve.Point(board, to.Limit, to.Share);
                if (ladder.PowerMw(pointAfter) > own)
                {
                    pointAfter = ladder.PowerPoint((int)limit.LimitW, out _);
                }

                long standby = ladder.PowerMw(0);
                fromMw += ladder.PowerMw(pointBefore) - standby;
                toMw += ladder.PowerMw(pointAfter) - standby;
                if (pointBefore == pointAfter)
                {
                    continue;
                }

                long lost = ladder.HashGhs(pointBefore) - ladder.HashGhs(pointAfter);
                hashLost += lost;
                falling += pointAfter < pointBefore ? 1 : 0;
                changes.Add(new BoardChange(board, ladder.PowerMw(pointBefore), ladder.PowerMw(pointAfter), lost));
            }

            shedMw += fromMw - toMw;
            pods.Add(new PodDecision(pod.Id, from.Limit, to.Limit, fromMw / 1000.0, toMw / 1000.0));
        }

        return new DecisionSnapshot(context.Clock.UtcNow, inputs, pods, falling, shedMw / 1000.0, hashLost, skipped, named);
    }

    private static void Skip(BoardRecord board, long nowMs, Dictionary<string, int> skipped, List<BoardWord> named)
    {
        StandingReason reason = BoardStandings.SkipOf(board, nowMs);
        if (reason == StandingReason.None)
        {
            return;
        }

        string text = BoardStandings.TextOf(reason);
        skipped[text] = skipped.GetValueOrDefault(text) + 1;
        if (named.Count < MaxNamed)
        {
            named.Add(new BoardWord(board.Name, BoardStandings.NameOf(BoardStandings.StandingOf(reason)), text));
        }
    }
}
