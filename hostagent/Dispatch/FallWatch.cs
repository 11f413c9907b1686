using Ballast.Host.Fleet;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Says a fall again while a board has not answered it: what a full inbox, a broker's queue or a bad moment of a link swallowed must not
/// wait for the ordinary repeat (F26, F29, F30). A board answers rank/2^32 × 2 s after it took new content (contract section 5), so the
/// host knows when each answer is due, and says nothing more when all have come. It never moves when a fall counts as settled (S16).
/// </summary>
internal static class FallWatch
{
    /// <summary>Copies of one content; after them the ordinary repeats go on.</summary>
    internal const int MostCopies = 4;

    /// <summary>An answer this late beyond its turn is missing: two ways through the broker and two loops.</summary>
    private const long LateMs = 400;

    private const long LookMs = 500;

    /// <summary>A fall has left: its answers are awaited.</summary>
    internal static void Begin(PodRecord pod, long nowMs)
    {
        pod.FallCopies = 0;
        pod.FallLookMs = nowMs + OrderDesk.ApartMs;
    }

    /// <summary>True if the order must be said again now. A few looks for each fall, none at other times.</summary>
    internal static bool WantsCopy(PodRecord pod, uint epoch, long nowMs)
    {
        if (nowMs < pod.FallLookMs || nowMs - pod.LastSentMs < OrderDesk.ApartMs)
        {
            return false;
        }

        pod.FallLookMs = nowMs + LookMs;
        bool awaited = false;
        foreach (BoardRecord board in pod.BoardList)
        {
            if (!Owes(board, epoch))
            {
                continue;
            }

            awaited = true;
            if (nowMs - pod.LastSentMs >= board.AnswerAfterMs + LateMs)
            {
                return true;
            }
        }

        if (!awaited)
        {
            pod.FallLookMs = long.MaxValue;
        }

        return false;
    }

    /// <summary>True while some board has not shown that it took the pod's order.</summary>
    internal static bool IsAwaited(PodRecord pod, uint epoch) => pod.BoardList.Exists(b => Owes(b, epoch));

    /// <summary>A copy has left.</summary>
    internal static void Said(PodRecord pod, long nowMs)
    {
        pod.FallCopies++;
        pod.FallLookMs = pod.FallCopies < MostCopies ? nowMs + OrderDesk.ApartMs : long.MaxValue;
    }

    // A board at its failsafe has nothing to fall from; one that is offline hears nothing.
    private static bool Owes(BoardRecord board, uint epoch)
        => board.Online && board.Admitted != false && !board.Took(epoch, board.Pod.OrderId);
}
