using Ballast.Host.Fleet;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// The part of a board's power that no order moves. A ladder's P[0] has the fans at full; a board that has slept for a minute has cooled and
/// turns them slowly. Counting P[0] for good would leave those watts unused under every cap. So a board's own report is believed after a
/// minute of sleep, and not below half of P[0]. One that is asked to wake or sent to sleep counts with P[0] until it runs, or sleeps, and says
/// less.
/// </summary>
internal static class Standby
{
    private const long CooledMs = 60_000;

    /// <param name="board">The board.</param>
    /// <param name="ladder">Its agreed ladder.</param>
    /// <param name="askedMw">What its order asks above standby, mW; 0 sends it to sleep.</param>
    /// <param name="estimateMw">What it is believed to draw, mW.</param>
    /// <param name="asleep">True if it says that it sleeps: <see cref="IsAsleep"/>.</param>
    /// <param name="runs">True if it says that it runs at its order.</param>
    /// <param name="nowMs">Now.</param>
    internal static long Believed(BoardRecord board, Ladder ladder, long askedMw, long estimateMw, bool asleep, bool runs, long nowMs)
    {
        long full = ladder.PowerMw(0);
        board.AsleepSinceMs = asleep ? Math.Min(board.AsleepSinceMs, nowMs) : long.MaxValue;
        if (asleep && nowMs - board.AsleepSinceMs >= CooledMs && board.TelemetryAtMs - board.AsleepSinceMs >= CooledMs)
        {
            board.RestMw = (int)Math.Clamp(board.PowerMw, full / 2, full);
        }

        long rest = board.RestMw < 0 ? full : Math.Min(full, board.RestMw);
        if (asleep || askedMw == 0)
        {
            board.RunningStandbyMw = full;
            return asleep && askedMw == 0 ? Math.Clamp(estimateMw, rest, full) : full;
        }

        if (runs)
        {
            board.RunningStandbyMw = Math.Clamp(estimateMw - askedMw, rest, full);
        }

        // Between two points it keeps what it last ran with.
        return Math.Min(full, board.RunningStandbyMw);
    }

    /// <summary>True if a board says that it sleeps, and what it draws.</summary>
    internal static bool IsAsleep(BoardRecord board, long nowMs)
        => board.Online && board.Mode == ReportedMode.Asleep && board.IsFresh(nowMs) && board.PowerMw >= 0;
}
