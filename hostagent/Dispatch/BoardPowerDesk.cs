using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Caps of single boards (`set powerW`), and step 10 of control.md: a board that draws more than an emergency allows is set to 0 after
/// 4 s, and after 7 s a breaker is asked for.
/// </summary>
internal sealed class BoardPowerDesk(DispatchContext context, OrderDesk desk)
{
    private readonly HashSet<BoardRecord> _cut = [];
    private readonly Dictionary<BoardRecord, long> _nextSendMs = [];
    private long _emergencySinceMs = long.MaxValue;

    /// <summary>Nodes that a breaker is asked for, separated by commas, or null.</summary>
    internal string? BreakerRequest { get; private set; }

    internal void Step(long nowMs, bool mayRise)
    {
        WatchEmergency(nowMs);
        HashSet<BoardRecord> wanted = [];
        foreach (ActiveLimit limit in context.Limits.Open)
        {
            if (limit.State == EventState.Active && limit.Node.Board is { } board)
            {
                wanted.Add(board);
            }
        }

        foreach (LimitNode capped in context.Tree.CappedBoards)
        {
            wanted.Add(capped.Board!);
        }

        wanted.UnionWith(_cut);
        foreach (BoardRecord board in wanted)
        {
            (int powerW, OrderClass orderClass) = Wanted(board);
            bool known = board.SentPowerW == powerW && (!board.Online || board.PowerW == powerW);
            if (!known && nowMs >= _nextSendMs.GetValueOrDefault(board, long.MinValue))
            {
                bool rise = board.SentPowerW >= 0 && powerW > board.SentPowerW;
                if (rise && (!mayRise || !context.Journal.SaveBoardPower(board.Name, powerW)))
                {
                    continue;
                }

                context.Sender.SendPower(board, powerW, orderClass);
                board.SentPowerW = powerW;
                _nextSendMs[board] = nowMs + 5000;
                if (!rise)
                {
                    context.Journal.SaveBoardPower(board.Name, powerW);
                }
            }
        }

        foreach (BoardRecord board in context.Fleet.Boards)
        {
            if (board.SentPowerW >= 0 && !wanted.Contains(board) && mayRise && nowMs >= _nextSendMs.GetValueOrDefault(board, long.MinValue)
                && context.Journal.SaveBoardPower(board.Name, -1) && context.Sender.SendRelease(board, OrderClass.Economic))
            {
                board.SentPowerW = -1;
                _nextSendMs[board] = nowMs + 5000;
            }
        }
    }

    private (int PowerW, OrderClass Class) Wanted(BoardRecord board)
    {
        if (_cut.Contains(board))
        {
            return (0, OrderClass.Emergency);
        }

        NodeCap cap = context.Limits.CapOf(context.Tree.Find(board.Name)!);
        return ((int)Math.Min(cap.W, SetMessage.MaxPowerW), cap.Class);
    }

    private void WatchEmergency(long nowMs)
    {
        bool any = context.Fleet.Pods.Any(desk.IsEmergency);
        if (!any)
        {
            _emergencySinceMs = long.MaxValue;
            _cut.Clear();
            BreakerRequest = null;
            context.Alarms.Set(false, "breaker", "");
            return;
        }

        _emergencySinceMs = Math.Min(_emergencySinceMs, nowMs);
        if (nowMs - _emergencySinceMs < 4000)
        {
            return;
        }

        SortedSet<string> nodes = new(StringComparer.Ordinal);
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            if (!desk.IsEmergency(board.Pod) || !board.Online || !board.InCurve || !IsOver(board, nowMs))
            {
                continue;
            }

            nodes.Add(context.Meters.SmallestMetered(board).Id);
            _cut.Add(board);
        }

        if (nodes.Count > 0 && nowMs - _emergencySinceMs >= 7000)
        {
            BreakerRequest = string.Join(",", nodes);
            context.Alarms.Set(true, "breaker", "Boards draw more than the emergency allows and do not answer: open the breaker of the smallest metered part, here " + BreakerRequest + ", after confirming. Never open a cooling circuit.");
        }
        else if (nodes.Count == 0)
        {
            BreakerRequest = null;
            context.Alarms.Set(false, "breaker", "");
        }
    }

    // What a board said before the emergency tells nothing about it.
    private bool IsOver(BoardRecord board, long nowMs)
    {
        if (board.AgreedLadder is not { } ladder)
        {
            return false;
        }

        long ordered = ladder.PowerMw(0) + context.Curve.AskedMw(board, board.Pod.Limit, board.Pod.Share);
        long tolerated = ordered + Math.Max(ordered / 20, Math.Min(20_000, board.NameplateMw / 10));
        long believed = board.TelemetryAtMs > _emergencySinceMs ? board.PowerMw : context.Fleet.EstimateMw(board, nowMs);
        return believed > tolerated && nowMs - board.OnlineSinceMs > 4000;
    }
}
