using Ballast.Host.Fleet;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// What a board draws asleep. A ladder's P[0] has the fans at full; a board that has slept for a minute has cooled and turns them slowly.
/// Counting P[0] for good would leave those watts unused under every cap. So a board's own report is believed after a minute of sleep, and
/// not below half of P[0]; when it is sent to sleep again, P[0] counts until it sleeps and says less.
/// </summary>
internal static class Standby
{
    private const long CooledMs = 60_000;

    /// <param name="board">The board.</param>
    /// <param name="ladder">Its agreed ladder.</param>
    /// <param name="askedMw">What its order asks above standby, mW; 0 sends it to sleep.</param>
    /// <param name="estimateMw">What it is believed to draw, mW.</param>
    /// <param name="nowMs">Now.</param>
    internal static long Believed(BoardRecord board, Ladder ladder, long askedMw, long estimateMw, long nowMs)
    {
        long full = ladder.PowerMw(0);
        bool asleep = board.Online && board.Mode == ReportedMode.Asleep && board.IsFresh(nowMs) && board.PowerMw >= 0;
        if (!asleep)
        {
            // On its way to sleep, or cooling: its fans will be, or are, at full.
            board.AsleepSinceMs = long.MaxValue;
            return board.RestMw < 0 || askedMw == 0 ? full : Math.Min(full, board.RestMw);
        }

        board.AsleepSinceMs = Math.Min(board.AsleepSinceMs, nowMs);
        if (nowMs - board.AsleepSinceMs >= CooledMs && board.TelemetryAtMs - board.AsleepSinceMs >= CooledMs)
        {
            board.RestMw = (int)Math.Clamp(board.PowerMw, full / 2, full);
        }

        return board.RestMw < 0 ? full : Math.Clamp(estimateMw, Math.Min(board.RestMw, full), full);
    }
}
