using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Events;

/// <summary>
/// Every board of an event and where it stands: 11 bytes a board beside the fleet's own record. Confirmation counts only samples taken
/// after the order: the telemetry names the order that it was taken under, and arrived later on the host's clock.
/// </summary>
internal sealed class EventBoards
{
    private readonly DispatchContext _context;
    private readonly BoardRecord? _single;
    private readonly PodMark[] _marks;
    private readonly int[] _first;
    private readonly BoardStanding[] _standing;
    private readonly StandingReason[] _reason;
    private readonly bool[] _mustShed;
    private readonly int[] _ackedMs;
    private readonly int[] _confirmedMs;

    internal EventBoards(DispatchContext context, LimitNode node)
    {
        _context = context;
        _single = node.Board;
        List<PodRecord> pods = _single is { } board ? [board.Pod] : node.Pods;
        _marks = new PodMark[pods.Count];
        _first = new int[pods.Count];
        for (int i = 0; i < pods.Count; i++)
        {
            _marks[i] = new PodMark(pods[i]);
            _first[i] = Count;
            Count += _single is null ? pods[i].BoardList.Count : 1;
        }

        _standing = new BoardStanding[Count];
        _reason = new StandingReason[Count];
        _mustShed = new bool[Count];
        _ackedMs = new int[Count];
        _confirmedMs = new int[Count];
        Array.Fill(_ackedMs, -1);
        Array.Fill(_confirmedMs, -1);
    }

    /// <summary>Boards of the event.</summary>
    internal int Count { get; }

    /// <summary>When the last pod's order was published, host's ms; null while one is still to leave.</summary>
    internal long? PublishedMs
    {
        get
        {
            long last = long.MinValue;
            foreach (PodMark mark in _marks)
            {
                if (mark.SentMs < 0)
                {
                    return null;
                }

                last = Math.Max(last, mark.SentMs);
            }

            return last;
        }
    }

    /// <summary>Notes the decision that the event's limit led to.</summary>
    /// <param name="decidedMs">When it was taken; orders that it changed leave later.</param>
    /// <param name="before">Each pod's order id before it; a pod that kept its own already met the limit.</param>
    /// <param name="changes">Boards that it changed.</param>
    internal void Decided(long decidedMs, IReadOnlyList<uint> before, IReadOnlyList<BoardChange> changes)
    {
        foreach (PodMark mark in _marks)
        {
            mark.SinceMs = decidedMs;
            mark.Epoch = _context.Sender.Epoch;
            mark.OrderId = mark.Pod.OrderId;
            bool kept = before.Count > 0 && before[mark.Pod.Index] == mark.Pod.OrderId && mark.Pod.LastSentMs >= 0;
            mark.SentMs = kept ? decidedMs : -1;
        }

        HashSet<BoardRecord> shed = [.. changes.Where(c => c.ToMw < c.FromMw).Select(c => c.Board)];
        int index = 0;
        foreach (BoardRecord board in Boards)
        {
            _mustShed[index++] |= shed.Contains(board);
        }
    }

    /// <summary>Looks at every board. Call it once a second while the event is active.</summary>
    /// <param name="nowMs">Host's time.</param>
    /// <param name="settledMs">Until then an ordered fall may still be ramping; nothing counts as drifted.</param>
    /// <param name="optedOut">True for boards that an operator took out.</param>
    internal void Look(long nowMs, long settledMs, Func<BoardRecord, bool>? optedOut)
    {
        for (int m = 0; m < _marks.Length; m++)
        {
            PodMark mark = _marks[m];
            Follow(mark, nowMs);
            int index = _first[m];
            if (_single is not null)
            {
                Judge(_single, index, mark, nowMs, settledMs, optedOut);
                continue;
            }

            foreach (BoardRecord board in mark.Pod.BoardList)
            {
                Judge(board, index++, mark, nowMs, settledMs, optedOut);
            }
        }
    }

    /// <summary>Boards by standing.</summary>
    internal Dictionary<string, int> Tally()
    {
        int[] counts = new int[BoardStandings.AllNames.Count];
        foreach (BoardStanding standing in _standing)
        {
            counts[(int)standing]++;
        }

        return BoardStandings.AllNames.Select((name, i) => (name, counts[i])).ToDictionary(p => p.name, p => p.Item2);
    }

    /// <summary>True for boards that an event cannot be called kept with: they were to shed and did not.</summary>
    /// <param name="nowMs">Host's time.</param>
    internal bool AnyFailed(long nowMs)
    {
        for (int m = 0; m < _marks.Length; m++)
        {
            int end = m + 1 < _marks.Length ? _first[m + 1] : Count;
            bool hadTime = _marks[m].SentMs >= 0 && nowMs - _marks[m].SentMs >= FleetBook.TelemetryFreshMs;
            for (int i = _first[m]; i < end; i++)
            {
                if (_standing[i] is BoardStanding.Drifted or BoardStanding.Suspect
                    || (hadTime && _mustShed[i] && _standing[i] is BoardStanding.Ordered or BoardStanding.Acked))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Boards one by one, with their pods' order.</summary>
    internal IEnumerable<(BoardRecord Board, BoardStanding Standing, StandingReason Reason, int? AckedMs, int? ConfirmedMs)> All()
    {
        int i = 0;
        foreach (BoardRecord board in Boards)
        {
            yield return (board, _standing[i], _reason[i], _ackedMs[i] < 0 ? null : _ackedMs[i], _confirmedMs[i] < 0 ? null : _confirmedMs[i]);
            i++;
        }
    }

    /// <summary>From publication to the answer, of the boards that had to shed.</summary>
    internal Percentiles? Acked => Times(_ackedMs);

    /// <summary>From publication to a sample at the ordered watts, of the boards that had to shed.</summary>
    internal Percentiles? Confirmed => Times(_confirmedMs);

    private Percentiles? Times(int[] all)
    {
        List<int> times = [];
        for (int i = 0; i < all.Length; i++)
        {
            if (_mustShed[i] && all[i] >= 0)
            {
                times.Add(all[i]);
            }
        }

        return Percentiles.Of(times);
    }

    private IEnumerable<BoardRecord> Boards => _single is { } one ? [one] : _marks.SelectMany(m => m.Pod.BoardList);

    // An order that could not leave is watched until a repeat of it does; a new epoch states it again.
    private void Follow(PodMark mark, long nowMs)
    {
        if (mark.Epoch != _context.Sender.Epoch)
        {
            mark.Epoch = _context.Sender.Epoch;
            mark.SinceMs = Math.Max(nowMs - 1000, 0);
            mark.SentMs = -1;
        }

        bool sent = _single is null
            ? mark.Pod.HasOrder && mark.Pod.LastSentMs >= mark.SinceMs
            : _single.SentPowerW >= 0 || mark.SentMs >= 0;
        if (mark.SentMs < 0 && sent && mark.Epoch != 0)
        {
            mark.SentMs = _single is null ? mark.Pod.LastSentMs : nowMs;
            mark.OrderId = mark.Pod.OrderId;
        }
    }

    private void Judge(BoardRecord board, int i, PodMark mark, long nowMs, long settledMs, Func<BoardRecord, bool>? optedOut)
    {
        StandingReason skip = optedOut?.Invoke(board) == true ? StandingReason.OptOut : BoardStandings.SkipOf(board, nowMs);
        _reason[i] = skip;
        if (skip != StandingReason.None)
        {
            _standing[i] = BoardStandings.StandingOf(skip);
            return;
        }

        bool wasConfirmed = _standing[i] is BoardStanding.Confirmed or BoardStanding.Drifted;
        if (mark.SentMs < 0)
        {
            _standing[i] = wasConfirmed ? _standing[i] : BoardStanding.Pending;
            return;
        }

        bool acked = board.AckEpoch == mark.Epoch && board.AckOrderId >= mark.OrderId && board.AckResult is "applied" or "again";
        bool sampled = board.TelemetryAtMs > mark.SentMs && board.OrderEpoch == mark.Epoch && board.OrderId >= mark.OrderId;
        acked |= sampled;
        if (acked && _ackedMs[i] < 0)
        {
            long at = board.AckAtMs >= mark.SentMs ? Math.Min(board.AckAtMs, nowMs) : Math.Max(board.TelemetryAtMs, mark.SentMs);
            _ackedMs[i] = (int)Math.Min(at - mark.SentMs, int.MaxValue);
        }

        long orderedMw = OrderedMw(_context, board);
        bool over = board.PowerMw > orderedMw + Math.Max(orderedMw / 20, Math.Min(20_000, board.NameplateMw / 10));
        if (sampled && !over && _confirmedMs[i] < 0)
        {
            _confirmedMs[i] = (int)Math.Min(board.TelemetryAtMs - mark.SentMs, int.MaxValue);
        }

        _standing[i] = board.Suspect ? BoardStanding.Suspect
            : sampled && !over ? BoardStanding.Confirmed
            : wasConfirmed ? (sampled && over && board.TelemetryAtMs > settledMs ? BoardStanding.Drifted : _standing[i])
            : acked ? BoardStanding.Acked
            : BoardStanding.Ordered;
    }

    /// <summary>What its pod's number and its own cap ask of a board now, standby included, mW.</summary>
    internal static long OrderedMw(DispatchContext context, BoardRecord board)
    {
        if (board.AgreedLadder is not { } ladder)
        {
            return board.NameplateMw;
        }

        int point = context.Curve.Point(board, board.Pod.Limit, board.Pod.Share);
        return ladder.PowerMw(board.SentPowerW >= 0 ? Math.Min(point, ladder.PowerPoint(board.SentPowerW, out _)) : point);
    }

    /// <summary>The order of the event, as it left for one pod.</summary>
    private sealed class PodMark(PodRecord pod)
    {
        internal PodRecord Pod { get; } = pod;

        internal long SinceMs { get; set; }

        internal long SentMs { get; set; } = -1;

        internal uint Epoch { get; set; }

        internal uint OrderId { get; set; }
    }
}
