using Ballast.Host.Fleet;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Finds boards that say they obey and draw more (F22): power above the order by max(5 %, 20 W) for 3 samples after the ramp; 3 good
/// samples clear it.
/// </summary>
internal static class SuspectWatch
{
    private const int Samples = 3;

    internal static void Sample(DispatchContext context, BoardRecord board, long settledMs, long nowMs)
    {
        if (!board.InCurve || board.AgreedLadder is not { } ladder || nowMs < settledMs || board.PowerMw < 0)
        {
            return;
        }

        long ordered = ladder.PowerMw(0) + context.Curve.AskedMw(board, board.Pod.Limit, board.Pod.Share);
        bool over = board.PowerMw > ordered + Math.Max(ordered / 20, 20_000);
        board.SuspectBad = over ? (byte)Math.Min(board.SuspectBad + 1, Samples) : (byte)0;
        board.SuspectGood = over ? (byte)0 : (byte)Math.Min(board.SuspectGood + 1, Samples);
        if (!board.Suspect && board.SuspectBad >= Samples)
        {
            board.Suspect = true;
            context.Alarms.Set(true, "suspect", "Board " + board.Name + " draws more than it was ordered; its watts are taken from others. Check it.", board.Name);
        }
        else if (board.Suspect && board.SuspectGood >= Samples)
        {
            board.Suspect = false;
            context.Alarms.Set(false, "suspect", "", board.Name);
        }
    }
}
