using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Events;

/// <summary>What a decision leaves behind for the events.</summary>
/// <param name="NowMs">Host's time at the decision.</param>
/// <param name="Tick">True once a second.</param>
/// <param name="FloorMw">What no order moves, base included.</param>
/// <param name="WantMw">Watts above standby that the cap allows.</param>
/// <param name="OrderedMw">Watts above standby that are ordered.</param>
/// <param name="UnsteeredMw">Watts of a node that no order moves.</param>
/// <param name="SettledMs">When the last fall has settled.</param>
/// <param name="Inputs">What the decision saw, for the record.</param>
internal readonly record struct EventInputs(
    long NowMs, bool Tick, long FloorMw, long WantMw, long OrderedMw, Func<LimitNode, long> UnsteeredMw, long SettledMs,
    DecisionInputs Inputs);

/// <summary>
/// Owner of all events: follows each limit from its acceptance to its end, and writes its record. The dispatcher calls
/// <see cref="Step"/> after each decision; nothing here moves a watt.
/// </summary>
public sealed class EventBook
{
    // Arrays of boards are kept for so many events at once: 8 x 11 bytes a board.
    private const int MaxDetailed = 8;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly DispatchContext _context;
    private readonly List<SiteEvent> _live = [];
    private PodNumber[] _numbers = [];
    private uint[] _orderIds = [];
    private readonly Dictionary<LimitNode, NodeSecond> _seconds = [];
    private int _drawn;

    internal EventBook(DispatchContext context) => _context = context;

    /// <summary>Draws an id: time of acceptance and a counter, so that ids sort by time.</summary>
    internal string NewId() => _context.Clock.UtcNow.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'.'fff", System.Globalization.CultureInfo.InvariantCulture)
        + "-" + (++_drawn).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Begins an event.</summary>
    /// <param name="limit">Its limit.</param>
    /// <param name="acceptedMs">Host's time at which the request arrived.</param>
    internal void Open(ActiveLimit limit, long acceptedMs) => _live.Add(new SiteEvent(_context, limit, acceptedMs, null));

    /// <summary>Continues an event of an earlier run.</summary>
    internal void Resume(ActiveLimit limit)
    {
        long acceptedMs = _context.Clock.NowMs - (_context.Clock.UtcNow.ToUnixTimeMilliseconds() - limit.Entry.CreatedUtcMs);
        _live.Add(new SiteEvent(_context, limit, acceptedMs, Parse(limit.Entry.Record)));
        limit.Entry = limit.Entry with { Record = "" };
    }

    /// <summary>Notes the orders that hold, as the state before the next decision.</summary>
    internal void Remember()
    {
        if (_numbers.Length != _context.Fleet.Pods.Count)
        {
            _numbers = new PodNumber[_context.Fleet.Pods.Count];
            _orderIds = new uint[_numbers.Length];
        }

        foreach (PodRecord pod in _context.Fleet.Pods)
        {
            _numbers[pod.Index] = PodNumber.Of(pod);
            _orderIds[pod.Index] = pod.OrderId;
        }
    }

    /// <summary>Follows every open event after a decision.</summary>
    internal void Step(in EventInputs input)
    {
        if (_numbers.Length == 0)
        {
            Remember();
        }

        List<BoardChange> changes = [];
        _seconds.Clear();
        foreach (SiteEvent live in _live.ToList())
        {
            ActiveLimit limit = live.Limit;
            bool news = live.FollowState();
            NodeCap cap = _context.Limits.CapOf(limit.Node);
            if (limit.State == EventState.Active)
            {
                news |= Decided(live, input, changes);
                news |= live.Hold(Second(limit.Node, input), cap.Limit == limit);
            }
            else if (limit.State == EventState.Restoring)
            {
                live.Restore(Second(limit.Node, input), cap.Limit is not null);
                if (input.OrderedMw >= (0.99 * input.WantMw) - (0.005 * _context.Curve.FullMw) - _context.Curve.LargestBoardMw)
                {
                    limit.Go(live.Verdict);
                    news |= live.FollowState();
                }
            }

            if (news || (input.Tick && input.NowMs - live.SavedMs >= (input.NowMs - live.StartMs < 120_000 ? 30_000 : 300_000)))
            {
                Save(limit);
            }
            else
            {
                KeepSeries(live, all: false);
            }
        }

        Remember();
    }

    /// <summary>Writes an event as it stands. False if it did not reach the disk.</summary>
    internal bool Save(ActiveLimit limit)
    {
        SiteEvent? live = _live.Find(e => e.Limit == limit);
        live?.FollowState();
        JournaledLimit entry = limit.Entry with { State = EventStates.NameOf(limit.State) };
        if (live is not null)
        {
            entry = entry with { Record = JsonSerializer.Serialize(live.Record(Binds(limit)), Json) };
            live.SavedMs = _context.Clock.NowMs;
            KeepSeries(live, all: !limit.IsOpen);
        }

        limit.Durable = _context.Journal.SaveLimit(entry);
        _context.Alarms.Set(!limit.Durable, "journal", _context.Journal.Problem ?? "The journal cannot be written.");
        if (live is not null && !limit.IsOpen && (limit.Durable || _live.Count > 1000))
        {
            _live.Remove(live);
            _context.Counts.EventsEnded[(int)limit.State]++;
        }

        return limit.Durable;
    }

    /// <summary>Notes that a pod or board is taken out of an event, and writes it.</summary>
    internal void OptOut(ActiveLimit limit, OptOut optOut)
    {
        Find(limit.Entry.EventId)?.OptOut(optOut);
        Save(limit);
    }

    /// <summary>Pods that are taken out of an event which holds now, each with the number that it had before.</summary>
    internal IEnumerable<(PodRecord Pod, PodNumber Number)> Spared()
    {
        foreach (SiteEvent live in _live)
        {
            if (live.Limit.State != EventState.Active || live.OptOuts.Count == 0)
            {
                continue;
            }

            foreach (PodRecord pod in _context.Fleet.Pods.Where(p => live.OptOuts.Any(o => o.Target == p.Id)))
            {
                yield return (pod, live.Before is { } before ? before[pod.Index] : PodNumber.Of(pod));
            }
        }
    }

    /// <summary>The live record of an event, or null if it is over or unknown.</summary>
    internal SiteEvent? Find(string eventId) => _live.Find(e => e.Limit.Entry.EventId == eventId);

    /// <summary>Events that are not over, the oldest first.</summary>
    internal IReadOnlyList<SiteEvent> Live => _live;

    /// <summary>The record of an event, open or ended; null if there is none.</summary>
    public EventRecord? RecordOf(string eventId)
        => Find(eventId) is { } live ? live.Record(Binds(live.Limit)) : _context.Journal.FindEvent(eventId) is { } kept ? Parse(kept.Record) : null;

    /// <summary>The series of an event, oldest first; empty if there is none.</summary>
    public IReadOnlyList<SeriesSample> SeriesOf(string eventId)
        => Find(eventId) is { } live ? live.Series.Samples : EventSeries.Read(_context.Journal.Series(eventId));

    internal bool Binds(ActiveLimit limit) => limit.State == EventState.Active && _context.Limits.CapOf(limit.Node).Limit == limit;

    /// <summary>Reads a record as the journal keeps it; null if there is none or it cannot be read.</summary>
    internal static EventRecord? Parse(string record)
    {
        try
        {
            return record.Length == 0 ? null : JsonSerializer.Deserialize<EventRecord>(record, Json);
        }
        catch (JsonException)
        {
            // A record that cannot be read must not stop a host that has limits to hold.
            return null;
        }
    }

    private bool Decided(SiteEvent live, in EventInputs input, List<BoardChange> changes)
    {
        if (live.HasDecided)
        {
            return false;
        }

        bool first = live.Decision is null;
        DecisionSnapshot? snapshot = null;
        changes.Clear();
        if (first)
        {
            PodNumber[] after = [.. _context.Fleet.Pods.Select(PodNumber.Of)];
            snapshot = DecisionMaker.Describe(_context, live.Limit, input.Inputs, _numbers, after, changes);
        }

        SiteEvent? oldest = _live.Where(e => e.Boards is not null && !Binds(e.Limit)).FirstOrDefault();
        if (_live.Count(e => e.Boards is not null) >= MaxDetailed && (oldest ?? _live.First(e => e.Boards is not null)) is { } least)
        {
            least.DropBoards();
        }

        live.Decided(snapshot, input.NowMs, first ? _numbers : null, first ? _orderIds : [], changes);
        return first;
    }

    private void KeepSeries(SiteEvent live, bool all)
    {
        byte[] bytes = live.Series.NextPart(all, out int part);
        while (bytes.Length > 0 && _context.Journal.AppendSeries(live.Limit.Entry.EventId, part, bytes))
        {
            live.Series.Kept(bytes.Length);
            bytes = live.Series.NextPart(all, out part);
        }
    }

    // Overlapping events of a node see the same second.
    private NodeSecond Second(LimitNode node, in EventInputs input)
    {
        if (!_seconds.TryGetValue(node, out NodeSecond second))
        {
            _seconds[node] = second = Measure(node, input);
        }

        return second;
    }

    private NodeSecond Measure(LimitNode node, in EventInputs input)
    {
        (long floor, long ordered) = Ordered(node, input);
        if (_context.Meters.Find(node) is { Meter: { } meter } metered)
        {
            long sampleMs = input.NowMs - meter.AgeMs(input.NowMs);
            return new NodeSecond(
                input.NowMs, input.Tick, metered.Watts, metered.Fresh ? sampleMs : null, metered.Fresh, metered.Fresh, metered.Fresh, ordered / 1000.0, floor / 1000.0, input.SettledMs);
        }

        // Without a meter of its own the node's boards speak for it, and only when each has spoken since. One that has not, as after a
        // restart of this host, counts at nameplate: that may prove that the limit is kept, never that it is broken.
        long oldest = long.MaxValue;
        bool whole = true;
        long sum = node.Kind == NodeKind.Site ? (long)(_context.Options.BaseW * 1000) : 0;
        foreach (BoardRecord board in node.Board is { } single ? [single] : node.Pods.SelectMany(p => p.BoardList))
        {
            sum += _context.Fleet.EstimateMw(board, input.NowMs);
            if (board.Online && board.IsFresh(input.NowMs))
            {
                oldest = Math.Min(oldest, board.TelemetryAtMs);
            }
            else
            {
                whole &= !board.Online && !_context.Fleet.MayStillObey(board, input.NowMs);
            }
        }

        // Where nobody is there to speak, nor may still draw, there is nobody to wait for: as if all had spoken right after the order.
        long? spokenMs = oldest < long.MaxValue ? oldest : whole ? input.NowMs + 1 : null;
        return new NodeSecond(input.NowMs, input.Tick, sum / 1000.0, spokenMs, false, true, whole, ordered / 1000.0, floor / 1000.0, input.SettledMs);
    }

    private (long FloorMw, long OrderedMw) Ordered(LimitNode node, in EventInputs input)
    {
        if (node.Kind == NodeKind.Site)
        {
            return (input.FloorMw, input.FloorMw + input.OrderedMw);
        }

        if (node.Board is { } board)
        {
            long asked = EventBoards.OrderedMw(_context, board);
            return (board.StandbyMw, asked);
        }

        long floor = input.UnsteeredMw(node);
        return (floor, floor + node.Pods.Sum(p => p.OrderedMw));
    }
}
