using Ballast.Host.Fleet;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Ladders that boards have learned and offer (contract section 7). One board at a time: its nameplate is reserved first, the orders that
/// make room for it settle, then `ladderId` is sent, and nameplate stays reserved until a birth shows the new ladder in use. So a board
/// that changes what a number means can never take the site over its cap (S16).
/// </summary>
public sealed class LadderDesk
{
    private const long AnswerMs = 5000;
    private const int MaxTries = 3;

    // A learned point may differ from the one in use by this much; more is not learning.
    private const double MostDifference = 0.30;

    private readonly DispatchContext _context;
    private readonly OrderDesk _desk;
    private readonly HashSet<(string Board, uint Id)> _refused = [];
    private readonly Queue<BoardRecord> _asked = new();
    private BoardRecord? _current;
    private int _tries;
    private long _dueMs;

    internal LadderDesk(DispatchContext context, OrderDesk desk)
    {
        _context = context;
        _desk = desk;
    }

    /// <summary>Board whose ladder is being changed, or null.</summary>
    public string? Current => _current?.Name;

    /// <summary>Boards with an offer that nobody has answered.</summary>
    public IEnumerable<BoardRecord> Waiting => _context.Fleet.Boards.Where(b => b.Offered is not null && b.OfferedId != b.BirthLadderId && !_refused.Contains((b.Name, b.OfferedId)));

    /// <summary>Accepts what a board offers, on an operator's word.</summary>
    /// <returns>Null if it was taken up; else what is wrong and what to do. Then nothing changed.</returns>
    public string? Accept(BoardRecord board)
    {
        ArgumentNullException.ThrowIfNull(board);
        if (board.Offered is not { } offered || board.OfferedId == board.BirthLadderId)
        {
            return "Board " + board.Name + " offers no ladder: wait until it has learned one.";
        }

        if (!board.Online)
        {
            return "Board " + board.Name + " is offline: accept its ladder when it is back.";
        }

        if (Fault(board, offered) is { } fault)
        {
            return fault;
        }

        _refused.Remove((board.Name, board.OfferedId));
        if (_current != board && !_asked.Contains(board))
        {
            _asked.Enqueue(board);
        }

        return null;
    }

    /// <summary>Why an offered ladder is not believed, or null: it must stay within the nameplate, and near the ladder in use.</summary>
    public static string? Fault(BoardRecord board, Ladder offered)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(offered);
        if (offered.PowerMw(offered.Count - 1) > board.NameplateMw)
        {
            return "The ladder that board " + board.Name + " offers goes above its nameplate of " + (board.NameplateMw / 1000) + " W: correct nameplateW, or check the board's sensors.";
        }

        if (board.Ladder is not { } inUse)
        {
            return null;
        }

        bool near = offered.Count == inUse.Count;
        for (int i = 0; near && i < offered.Count; i++)
        {
            near = Near(offered.PowerMw(i), inUse.PowerMw(i)) && Near(offered.HashGhs(i), inUse.HashGhs(i));
        }

        return near ? null : "The ladder that board " + board.Name + " offers differs from the one in use by more than 30 % at some point, or has other points: check the board before it is used.";
    }

    /// <param name="nowMs">Now.</param>
    /// <param name="mayRise">True if nothing stands against a rise; a change waits otherwise.</param>
    /// <param name="quiet">True if no event holds or restores; without an operator's word nothing is begun otherwise.</param>
    internal void Step(long nowMs, bool mayRise, bool quiet)
    {
        if (_current is not null)
        {
            Go(_current, nowMs);
            return;
        }

        if (!mayRise || nowMs < _desk.SettledMs)
        {
            return;
        }

        if (_asked.TryDequeue(out BoardRecord? asked))
        {
            Begin(asked, nowMs);
        }
        else if (quiet && _context.Options.Ladders == "auto" && Waiting.FirstOrDefault(b => b.Online && b.IsFresh(nowMs)) is { } next)
        {
            if (Fault(next, next.Offered!) is { } fault)
            {
                Refuse(next, next.OfferedId, fault);
            }
            else
            {
                Begin(next, nowMs);
            }
        }
    }

    private void Begin(BoardRecord board, long nowMs)
    {
        if (board.Offered is null)
        {
            return;
        }

        // From here on it counts at nameplate; the next decision makes room.
        _current = board;
        _tries = 0;
        board.PendingLadderId = board.OfferedId;
        _context.Curve.Invalidate(board.Pod);
        _dueMs = nowMs + 2000;
    }

    private void Go(BoardRecord board, long nowMs)
    {
        if (board.PendingLadderId == 0)
        {
            // A birth has shown it in use.
            _context.Alarms.Set(false, "ladder", "", board.Name);
            _context.Journal.Note("ladder", board.Name + " uses ladder " + board.BirthLadderId, _context.Clock.UtcNow.ToUnixTimeMilliseconds());
            _current = null;
            return;
        }

        if (nowMs < _dueMs || nowMs < _desk.FallSettledMs)
        {
            return;
        }

        if (_tries < MaxTries && board.Online)
        {
            _tries += _context.Sender.SendAction(board, SetKind.LadderId, board.PendingLadderId) ? 1 : 0;
            _dueMs = nowMs + AnswerMs;
            return;
        }

        // It stays at nameplate only if it cannot be asked: one that is online and shows the old ladder has not changed it.
        if (!board.Online || board.StateLadderId != board.BirthLadderId)
        {
            _dueMs = nowMs + AnswerMs;
            return;
        }

        uint id = board.PendingLadderId;
        board.PendingLadderId = 0;
        _context.Curve.Invalidate(board.Pod);
        _current = null;
        Refuse(board, id, "Board " + board.Name + " did not take up the ladder that it offers: read its log, then accept it again.");
    }

    private void Refuse(BoardRecord board, uint id, string why)
    {
        if (_refused.Count > 1000 + (4 * _context.Fleet.Boards.Count))
        {
            // A board that offers ever new ladders: what is offered now is asked about again.
            _refused.Clear();
        }

        _refused.Add((board.Name, id));
        _context.Alarms.Set(true, "ladder", why, board.Name);
    }

    private static bool Near(int a, int b) => Math.Abs((double)a - b) <= Math.Max(MostDifference * Math.Max(a, b), 500);
}
