using Ballast.Host.Dispatch;
using Ballast.Host.Events;
using Ballast.Host.Fleet;

namespace Ballast.Host.Web.Boards;

/// <summary>What the operator has to look at in a board; any of them, or none.</summary>
[Flags]
internal enum BoardMarks : ushort
{
    None = 0,
    Offline = 1,
    Stale = 2,
    Suspect = 4,
    LockedOut = 8,
    Unavailable = 16,
    NotAdmitted = 32,
    Latched = 64,
    Offers = 128,
    Resting = 256,
}

/// <summary>A board in the index of the list: one line, copied on the host's loop.</summary>
internal readonly record struct FleetRow(
    BoardRecord Board, ReportedMode Mode, ReportedLimit LimitedBy, StandingReason Skip, BoardMarks Marks, long AgeMs, int PowerMw, int OrderedMw, int EstimateMw, int HashGhs, int ChipMilliC, int Point)
{
    internal static FleetRow Of(DispatchContext context, BoardRecord board, long nowMs)
    {
        bool fresh = board.IsFresh(nowMs);
        BoardMarks marks = (board.Online ? 0 : BoardMarks.Offline)
            | (board.Online && !fresh ? BoardMarks.Stale : 0)
            | (board.Suspect ? BoardMarks.Suspect : 0)
            | (board.LockedOut ? BoardMarks.LockedOut : 0)
            | (board.Phase == AdmissionPhase.Unavailable ? BoardMarks.Unavailable : 0)
            | (board.Online && board.Admitted != true ? BoardMarks.NotAdmitted : 0)
            | (board.Latches.Length > 0 ? BoardMarks.Latched : 0)
            | (board.IsResting(nowMs) ? BoardMarks.Resting : 0)
            | (board.Offered is not null && board.OfferedId != board.BirthLadderId ? BoardMarks.Offers : 0);
        return new FleetRow(
            board,
            board.HasState && board.Online ? board.Mode : ReportedMode.Unknown,
            board.LimitedBy,
            BoardStandings.SkipOf(board, nowMs),
            marks,
            nowMs - board.TelemetryAtMs,
            fresh ? (int)Math.Clamp(board.PowerMw, -1, int.MaxValue) : -1,
            board.InCurve ? (int)Math.Min(EventBoards.OrderedMw(context, board), int.MaxValue) : -1,
            (int)Math.Min(context.Fleet.EstimateMw(board, nowMs), int.MaxValue),
            fresh ? (int)Math.Min(board.HashGhs, int.MaxValue) : 0,
            fresh ? board.ChipMilliC : BoardReadings.Unknown,
            fresh ? board.Readings.Point : BoardReadings.Unknown);
    }
}
