using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Events;

/// <summary>What an event sees of a decision and of the second that it was taken in.</summary>
/// <param name="NowMs">Host's time at the decision.</param>
/// <param name="Tick">True once a second; false for a decision in between.</param>
/// <param name="NodeW">Watts of the event's node: the meter, or what stands for it.</param>
/// <param name="SampleMs">When that was measured; null if some board has not spoken since the order.</param>
/// <param name="Metered">A fresh meter said it.</param>
/// <param name="Believed">It may be used to say that a limit is kept: not a stale meter's stand-in.</param>
/// <param name="Whole">It may be used to say that a limit is broken: no board that had not spoken is counted in it.</param>
/// <param name="OrderedW">What orders allow the node, base and standby included.</param>
/// <param name="FloorW">What no order moves.</param>
/// <param name="SettledMs">When the last fall has settled.</param>
internal readonly record struct NodeSecond(
    long NowMs, bool Tick, double NodeW, long? SampleMs, bool Metered, bool Believed, bool Whole, double OrderedW, double FloorW, long SettledMs);

/// <summary>The live record of one event. One owner: <see cref="EventBook"/>.</summary>
internal sealed class SiteEvent
{
    private const int MaxNotes = 50;
    private const int MaxExceptions = 200;

    // A tick comes once a second and may be late; a longer pause is a time in which nobody watched.
    private const long PauseMs = 2500;

    private readonly DispatchContext _context;
    private readonly List<EventNote> _history = [];
    private readonly List<OptOut> _optOuts = [];
    private EventBoards? _boards;
    private EventRecord _last;
    private EventState _seen;
    private bool _boardsFailed;
    private long _countedToMs;
    private long _unwatchedMs;
    private int _judgedS;
    private int _overS;
    private int _unmeteredS;
    private int _notBindingS;
    private double _worstOverW;
    private long? _publishedAfterMs;
    private long? _reachedAfterMs;

    internal SiteEvent(DispatchContext context, ActiveLimit limit, long acceptedMs, EventRecord? journaled)
    {
        _context = context;
        Limit = limit;
        _seen = limit.State;
        _last = journaled ?? new EventRecord { EventId = limit.Entry.EventId, LimitId = limit.Entry.Id, Source = limit.Entry.Source, Node = limit.Node.Id, Class = "", State = "" };
        long now = context.Clock.NowMs;
        long utcNow = context.Clock.UtcNow.ToUnixTimeMilliseconds();
        AcceptedMs = acceptedMs;
        StartMs = Math.Max(acceptedMs, now + (limit.Entry.StartUtcMs - utcNow));
        _countedToMs = StartMs;
        if (journaled is null)
        {
            Note(EventStates.NameOf(limit.State));
            return;
        }

        // Times are kept as ages, because the monotonic clock starts again with the process.
        _history.AddRange(journaled.History);
        _optOuts.AddRange(journaled.OptOuts);
        (_judgedS, _overS, _unmeteredS, _notBindingS, _worstOverW) = (journaled.Compliance.JudgedS, journaled.Compliance.OverS, journaled.Compliance.UnmeteredS, journaled.Compliance.NotBindingS, journaled.Compliance.WorstOverW);
        _unwatchedMs = journaled.Compliance.UnwatchedS * 1000L;
        _countedToMs = journaled.Compliance.CountedTo is { } counted ? Math.Max(StartMs, now + (counted.ToUnixTimeMilliseconds() - utcNow)) : StartMs;
        _boardsFailed = journaled.Findings.Any(f => f.Code == EventFinding.Boards);
        (_publishedAfterMs, _reachedAfterMs) = (journaled.Response.PublishedAfterMs, journaled.Response.CapReachedAfterMs);
        limit.OrderedAtMs = StartMs + _publishedAfterMs;
        limit.ConfirmedAtMs = StartMs + _reachedAfterMs;
        limit.Unreachable = journaled.Unreachable;
        Decision = journaled.Decision;
        Series.Resume(context.Journal.Series(limit.Entry.EventId));
        Note("host restarted");
    }

    internal ActiveLimit Limit { get; }

    internal EventSeries Series { get; } = new();

    internal DecisionSnapshot? Decision { get; private set; }

    internal EventBoards? Boards => _boards;

    internal IReadOnlyList<OptOut> OptOuts => _optOuts;

    /// <summary>Host's ms of the acceptance; before this run it is negative.</summary>
    internal long AcceptedMs { get; }

    /// <summary>Host's ms from which response times count: acceptance, or the start if that lay ahead.</summary>
    internal long StartMs { get; }

    /// <summary>When it was last written.</summary>
    internal long SavedMs { get; set; } = long.MinValue / 2;

    /// <summary>How it ends: failed only by what was seen to fail. A proof that is missing, because no host lived to take it, is neither.</summary>
    internal EventState Verdict => _boardsFailed || _overS > 0 ? EventState.CompletedWithFailures
        : Limit.ConfirmedAtMs is null && !Limit.Unreachable ? EventState.CompletedUnproven
        : EventState.Completed;

    /// <summary>Each pod's number before the event; null if it began in an earlier run.</summary>
    internal PodNumber[]? Before { get; private set; }

    /// <summary>True once this run has noted what the limit led to.</summary>
    internal bool HasDecided { get; private set; }

    internal void Note(string text)
    {
        if (_history.Count < MaxNotes)
        {
            _history.Add(new EventNote(_context.Clock.UtcNow, text));
        }
    }

    internal void OptOut(OptOut optOut)
    {
        _optOuts.RemoveAll(o => o.Target == optOut.Target);
        _optOuts.Add(optOut);
        Note(optOut.Target + " opted out by " + optOut.By + ": " + optOut.Reason);
    }

    /// <summary>Notes a change of state. When the limit no longer holds, boards stay as they stood.</summary>
    /// <returns>True if there was one.</returns>
    internal bool FollowState()
    {
        if (_seen == Limit.State)
        {
            return false;
        }

        if (_seen is EventState.Scheduled or EventState.Active && Limit.State != EventState.Active)
        {
            Count(Math.Min(_context.Clock.NowMs, HostMs(Limit.Entry.EndUtcMs) ?? long.MaxValue));
        }

        _seen = Limit.State;
        Note(EventStates.NameOf(_seen) + (Limit.Entry.EndedBy is { } by ? ": " + by : ""));
        Series.NewPhase();
        if (Limit.State != EventState.Active)
        {
            DropBoards();
        }

        return true;
    }

    /// <summary>Notes what the limit led to.</summary>
    internal void Decided(DecisionSnapshot? snapshot, long decidedMs, PodNumber[]? before, IReadOnlyList<uint> orderIdsBefore, IReadOnlyList<BoardChange> changes)
    {
        Before = (PodNumber[]?)before?.Clone();
        HasDecided = true;
        Decision ??= snapshot;
        _boards = new EventBoards(_context, Limit.Node);
        _boards.Decided(decidedMs, orderIdsBefore, changes);
    }

    /// <summary>Forgets the boards one by one, after a last look; their counts stay in the record.</summary>
    internal void DropBoards()
    {
        if (_boards is not { } boards)
        {
            return;
        }

        boards.Look(_context.Clock.NowMs, long.MaxValue, IsOut);
        _boardsFailed |= boards.AnyFailed(_context.Clock.NowMs);
        _last = Record(binds: false);
        _boards = null;
    }

    /// <summary>Takes a second in which the limit holds. True if something happened that belongs on the disk at once.</summary>
    internal bool Hold(in NodeSecond second, bool binds)
    {
        bool news = false;
        if (_boards is { } boards)
        {
            if (second.Tick || Limit.OrderedAtMs is null)
            {
                boards.Look(second.NowMs, second.SettledMs, IsOut);
            }

            if (Limit.OrderedAtMs is null && boards.PublishedMs is { } published)
            {
                Limit.OrderedAtMs = published;
                _publishedAfterMs = Math.Max(0, published - StartMs);
                news = true;
            }
        }

        double toleratedW = ToleratedW(second);
        if (Limit.ConfirmedAtMs is null && Limit.OrderedAtMs is { } ordered && second.Believed && second.SampleMs > ordered && second.NodeW <= toleratedW)
        {
            Limit.ConfirmedAtMs = second.SampleMs;
            _reachedAfterMs = Math.Max(0, second.SampleMs.Value - StartMs);
            Note("limit reached");
            news = true;
        }

        if (second.Tick)
        {
            Count(second.NowMs);
            Sample(second, binds, toleratedW);
        }

        return news;
    }

    /// <summary>Takes a second in which watts come back.</summary>
    internal void Restore(in NodeSecond second, bool binds)
    {
        if (second.Tick && !binds)
        {
            Series.Add(new SeriesSample(AtS(second.NowMs), float.PositiveInfinity, (float)second.OrderedW, (float)second.NodeW, SampleMarks.Restoring | Metered(second)));
        }
    }

    /// <summary>The record as it stands.</summary>
    internal EventRecord Record(bool binds)
    {
        List<BoardWord> exceptions = [];
        int more = 0;
        foreach (var word in _boards?.All() ?? [])
        {
            if (word.Standing is BoardStanding.Drifted or BoardStanding.Suspect or BoardStanding.Unavailable or BoardStanding.Excluded)
            {
                more++;
                if (exceptions.Count < MaxExceptions)
                {
                    exceptions.Add(new BoardWord(word.Board.Name, BoardStandings.NameOf(word.Standing), BoardStandings.TextOf(word.Reason)));
                }
            }
        }

        return new EventRecord
        {
            EventId = Limit.Entry.EventId,
            LimitId = Limit.Entry.Id,
            Source = Limit.Entry.Source,
            Node = Limit.Node.Id,
            Class = OrderClassName.Of(Limit.Class),
            Test = Limit.Entry.Test,
            Profile = Limit.Entry.Profile,
            LimitW = Limit.LimitW,
            Reason = Limit.Entry.Reason,
            State = EventStates.NameOf(Limit.State),
            EndedBy = Limit.Entry.EndedBy,
            Accepted = DateTimeOffset.FromUnixTimeMilliseconds(Limit.Entry.CreatedUtcMs),
            Start = DateTimeOffset.FromUnixTimeMilliseconds(Limit.Entry.StartUtcMs),
            End = Limit.Entry.EndUtcMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
            Closed = Limit.IsOpen ? null : _last.Closed ?? _context.Clock.UtcNow,
            Unreachable = Limit.Unreachable,
            Binds = binds,
            Response = new ResponseTimes
            {
                PublishedAfterMs = _publishedAfterMs,
                CapReachedAfterMs = _reachedAfterMs,
                BoardsAcked = _boards?.Acked ?? _last.Response.BoardsAcked,
                BoardsConfirmed = _boards?.Confirmed ?? _last.Response.BoardsConfirmed,
            },
            Boards = _boards?.Tally() ?? _last.Boards,
            Exceptions = _boards is null ? _last.Exceptions : exceptions,
            MoreExceptions = _boards is null ? _last.MoreExceptions : more - exceptions.Count,
            Compliance = new Compliance { JudgedS = _judgedS, OverS = _overS, UnmeteredS = _unmeteredS, NotBindingS = _notBindingS, WorstOverW = _worstOverW, UnwatchedS = (int)(_unwatchedMs / 1000), CountedTo = CountedTo() },
            Findings = Findings(),
            Decision = Decision,
            OptOuts = [.. _optOuts],
            History = [.. _history],
        };
    }

    private void Sample(in NodeSecond second, bool binds, double toleratedW)
    {
        if (!binds)
        {
            _notBindingS++;
            return;
        }

        bool settled = Limit.OrderedAtMs is { } ordered && second.NowMs > ordered + _context.FallDelayMs(Limit.Class);
        bool more = second.NodeW > toleratedW;
        bool judged = second.Believed && (second.Whole || !more);
        bool over = settled && judged && more;
        _judgedS += settled && judged ? 1 : 0;
        _unmeteredS += settled && !judged ? 1 : 0;
        _overS += over ? 1 : 0;
        _worstOverW = over ? Math.Max(_worstOverW, second.NodeW - toleratedW) : _worstOverW;
        Series.Add(new SeriesSample(
            AtS(second.NowMs),
            (float)Limit.LimitW,
            (float)second.OrderedW,
            (float)second.NodeW,
            Metered(second) | (settled ? SampleMarks.Settled : 0) | (over ? SampleMarks.Over : 0)));
    }

    // Takes the time up to a moment as watched, unless nobody has looked for longer than a round takes.
    private void Count(long toMs)
    {
        long gap = toMs - _countedToMs;
        _unwatchedMs += gap > PauseMs ? gap : 0;
        _countedToMs = Math.Max(_countedToMs, toMs);
    }

    private DateTimeOffset? CountedTo()
        => _countedToMs > StartMs ? _context.Clock.UtcNow.AddMilliseconds(_countedToMs - _context.Clock.NowMs) : null;

    private long? HostMs(long? utcMs) => _context.Clock.NowMs + (utcMs - _context.Clock.UtcNow.ToUnixTimeMilliseconds());

    private List<EventFinding> Findings()
    {
        List<EventFinding> findings = [];
        Find(_overS > 0, EventFinding.Over, $"Over the limit in {_overS} of {_judgedS} judged seconds, by up to {_worstOverW:0.#} W.");
        Find(_boardsFailed, EventFinding.Boards, $"Boards that had to shed did not, or drew more again.");
        Find(
            Limit.State is not (EventState.Scheduled or EventState.Active or EventState.Cancelled) && Limit.ConfirmedAtMs is null && !Limit.Unreachable && _overS == 0,
            EventFinding.NoSample,
            $"No sample taken after the order shows that the limit was reached: the proof is missing, and no failure was seen.");
        Find(_unwatchedMs >= 1000, EventFinding.Unwatched, $"For {_unwatchedMs / 1000} s no host watched, or its record of them was lost when it was killed.");
        Find(_unmeteredS > 0, EventFinding.Unjudged, $"{_unmeteredS} s were not judged: no fresh meter, or boards counted at nameplate that had not spoken.");
        return findings;

        void Find(bool holds, string code, FormattableString text)
        {
            if (holds)
            {
                findings.Add(new EventFinding(code, FormattableString.Invariant(text)));
            }
        }
    }

    // S16: max(cap x 1.02, floor x 1.02) and the meter's class error.
    private double ToleratedW(in NodeSecond second)
        => (Math.Max(Limit.LimitW, Limit.Unreachable ? second.FloorW : 0) * 1.02) + (second.NodeW * _context.Options.Meter.ClassErrorPercent / 100);

    private static SampleMarks Metered(in NodeSecond second) => second.Metered ? SampleMarks.Metered : SampleMarks.None;

    private int AtS(long nowMs) => (int)((nowMs - AcceptedMs) / 1000);

    private bool IsOut(BoardRecord board) => _optOuts.Exists(o => o.Target == board.Pod.Id || o.Target == board.Name);
}
