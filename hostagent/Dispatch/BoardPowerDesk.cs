using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Caps of single boards (`set powerW`), and step 10 of control.md: a board that draws more than an emergency allows is set to 0 after
/// 4 s, and after 7 s a breaker is asked for.
/// </summary>
internal sealed class BoardPowerDesk(DispatchContext context, OrderDesk desk, BreakerDesk breakers)
{
    private const long BreakerAfterMs = 7000;
    private const long AgainMs = 5000;

    private static readonly Dictionary<LimitNode, List<string>> Nobody = [];

    private readonly HashSet<BoardRecord> _cut = [];
    private readonly HashSet<BoardRecord> _released = [];
    private readonly Dictionary<BoardRecord, long> _nextSendMs = [];
    private long _emergencySinceMs = long.MaxValue;

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
                _nextSendMs[board] = nowMs + AgainMs;
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
                _nextSendMs[board] = nowMs + AgainMs;
                _released.Add(board);
            }
        }

        ReleaseAgain(nowMs, mayRise, wanted);
    }

    /// <summary>This host leads from now on: what it wanted released before may be another host's cap by now.</summary>
    internal void Lead() => _released.Clear();

    // A board that lost its release would keep its cap for good: it hears it until its state shows none (F30).
    private void ReleaseAgain(long nowMs, bool mayRise, HashSet<BoardRecord> wanted)
    {
        _released.RemoveWhere(b => wanted.Contains(b) || (b.Online && b.PowerW < 0));
        foreach (BoardRecord board in _released)
        {
            if (board.Online && mayRise && nowMs >= _nextSendMs.GetValueOrDefault(board, long.MinValue) && context.Sender.SendRelease(board, OrderClass.Economic))
            {
                _nextSendMs[board] = nowMs + AgainMs;
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
            breakers.Ask(Nobody);
            return;
        }

        _emergencySinceMs = Math.Min(_emergencySinceMs, nowMs);
        if (nowMs - _emergencySinceMs < 4000)
        {
            return;
        }

        Dictionary<LimitNode, List<string>> over = [];
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            if (!desk.IsEmergency(board.Pod) || !board.Online || !board.InCurve || !IsOver(board, nowMs))
            {
                continue;
            }

            LimitNode node = context.Meters.SmallestMetered(board);
            if (!over.TryGetValue(node, out List<string>? boards))
            {
                over[node] = boards = [];
            }

            boards.Add(board.Name);
            _cut.Add(board);
        }

        if (over.Count == 0 || nowMs - _emergencySinceMs >= BreakerAfterMs)
        {
            breakers.Ask(over);
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
