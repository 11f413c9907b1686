using System.Globalization;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>Where a breaker request stands.</summary>
public enum BreakerState
{
    /// <summary>A person must confirm or refuse.</summary>
    Waiting,

    /// <summary>A person confirmed: the breaker is to be opened now, by hand or by the plant's gateway.</summary>
    Confirmed,

    /// <summary>A person refused.</summary>
    Refused,

    /// <summary>Nobody answered in time.</summary>
    Lapsed,

    /// <summary>The boards obeyed, or the emergency ended.</summary>
    Withdrawn,

    /// <summary>Cooling hangs behind this breaker: it is never asked for.</summary>
    Excluded,
}

/// <summary>A request to open a breaker. The host opens nothing: that is a person's or the gateway's act.</summary>
/// <param name="Id">Id.</param>
/// <param name="Node">Smallest metered node that the boards hang on.</param>
/// <param name="State">Where it stands.</param>
/// <param name="AskedAt">When.</param>
/// <param name="ExpiresAt">When it lapses unless somebody confirms.</param>
/// <param name="Boards">"pod/board" of those that drew too much when it was asked, at most 20.</param>
/// <param name="Reason">What the person who answered said, or "".</param>
public sealed record BreakerRequest(string Id, string Node, BreakerState State, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, IReadOnlyList<string> Boards, string Reason)
{
    /// <summary>What a person or the gateway is told.</summary>
    public string Told => State switch
    {
        BreakerState.Waiting => "Boards of " + Node + " draw more than the emergency allows and do not answer. Check that no cooling hangs behind its breaker, then confirm or refuse.",
        BreakerState.Confirmed => "Open the breaker of " + Node + " now. Ballast opens nothing itself. Do not open a cooling circuit.",
        BreakerState.Refused => "The breaker of " + Node + " stays closed: find the boards and switch them off.",
        BreakerState.Lapsed => "Nobody confirmed in time, so the breaker of " + Node + " stays closed: find the boards and switch them off.",
        BreakerState.Excluded => "Load other than boards hangs behind the breaker of " + Node + ", perhaps cooling, so it is not asked for: switch the boards off one by one.",
        _ => "The breaker of " + Node + " need not be opened any more.",
    };
}

/// <summary>
/// Breaker requests (control.md step 10): one per node and emergency, with a timeout, void without a person's word, never for a circuit that
/// may feed cooling. They live in memory; the journal keeps what was asked and answered, and a host that restarts asks again.
/// </summary>
public sealed class BreakerDesk
{
    /// <summary>Time in which somebody must confirm, ms.</summary>
    public const long TimeoutMs = 120_000;

    private const int Kept = 100;
    private const int NamedBoards = 20;

    private readonly DispatchContext _context;
    private readonly List<(BreakerRequest Request, long ExpiresMs)> _all = [];
    private readonly Dictionary<string, string> _open = [];
    private int _next = 1;

    internal BreakerDesk(DispatchContext context) => _context = context;

    /// <summary>All of this run, the newest last, at most 100.</summary>
    public IReadOnlyList<BreakerRequest> All
    {
        get
        {
            Lapse();
            return [.. _all.Select(a => a.Request)];
        }
    }

    /// <summary>Nodes whose breaker is asked for or confirmed, separated by commas, or null.</summary>
    public string? Nodes
    {
        get
        {
            string[] nodes = [.. All.Where(r => r.State is BreakerState.Waiting or BreakerState.Confirmed).Select(r => r.Node).Order(StringComparer.Ordinal)];
            return nodes.Length == 0 ? null : string.Join(",", nodes);
        }
    }

    /// <summary>One, or null.</summary>
    public BreakerRequest? Find(string id) => All.FirstOrDefault(r => r.Id == id);

    /// <summary>A person's answer.</summary>
    /// <param name="id">The request.</param>
    /// <param name="confirm">True confirms, false refuses.</param>
    /// <param name="reason">Why, 1 to 200 characters.</param>
    /// <returns>Null if taken; else why not. Then nothing changed.</returns>
    public string? Answer(string id, bool confirm, string reason)
    {
        Lapse();
        int at = _all.FindIndex(a => a.Request.Id == id);
        if (at < 0)
        {
            return "No breaker request has the id '" + id + "'.";
        }

        if (_all[at].Request.State != BreakerState.Waiting)
        {
            return "This request waits for no answer: " + _all[at].Request.Told;
        }

        Move(at, confirm ? BreakerState.Confirmed : BreakerState.Refused, reason);
        return null;
    }

    /// <summary>Boards that draw too much in an emergency, by the node to ask for. A node that is missing needs no breaker any more.</summary>
    internal void Ask(IReadOnlyDictionary<LimitNode, List<string>> over)
    {
        Lapse();
        foreach ((LimitNode node, List<string> boards) in over)
        {
            if (!_open.ContainsKey(node.Id))
            {
                Open(node, boards);
            }
        }

        foreach (string gone in _open.Keys.Where(id => !over.Keys.Any(n => n.Id == id)).ToList())
        {
            int at = _all.FindIndex(a => a.Request.Id == _open[gone]);
            _open.Remove(gone);
            if (at >= 0 && _all[at].Request.State is BreakerState.Waiting or BreakerState.Confirmed)
            {
                Move(at, BreakerState.Withdrawn, "");
            }

            _context.Alarms.Set(false, "breaker", "", gone);
            _context.Alarms.Set(false, "breaker-lapsed", "", gone);
        }
    }

    private void Open(LimitNode node, List<string> boards)
    {
        DateTimeOffset now = _context.Clock.UtcNow;
        string id = "br" + _next++.ToString(CultureInfo.InvariantCulture);
        BreakerRequest request = new(
            id, node.Id, MayFeedCooling(node) ? BreakerState.Excluded : BreakerState.Waiting, now, now.AddMilliseconds(TimeoutMs), [.. boards.Take(NamedBoards)], "");
        _open[node.Id] = id;
        if (_all.Count == Kept)
        {
            _all.RemoveAt(0);
        }

        _all.Add((request, _context.Clock.NowMs + TimeoutMs));
        Note(request);
        _context.Alarms.Set(true, "breaker", request.Told, node.Id);
    }

    private void Lapse()
    {
        for (int i = 0; i < _all.Count; i++)
        {
            if (_all[i].Request.State == BreakerState.Waiting && _context.Clock.NowMs >= _all[i].ExpiresMs)
            {
                Move(i, BreakerState.Lapsed, "");
                _context.Alarms.Set(true, "breaker-lapsed", _all[i].Request.Told, _all[i].Request.Node);
            }
        }
    }

    private void Move(int at, BreakerState state, string reason)
    {
        BreakerRequest moved = _all[at].Request with { State = state, Reason = reason };
        _all[at] = (moved, _all[at].ExpiresMs);
        Note(moved);

        // The alarm says what is to be done now.
        _context.Alarms.Set(false, "breaker", "", moved.Node);
        _context.Alarms.Set(state is BreakerState.Confirmed or BreakerState.Refused, "breaker", moved.Told, moved.Node);
    }

    // Load that is not boards may be pumps and fans, and nobody says that it is not: such a circuit counts as cooling.
    private bool MayFeedCooling(LimitNode node) => node.BaseW > 0 || (node.Kind == NodeKind.Site && _context.Options.BaseW > 0);

    private void Note(BreakerRequest request) => _context.Journal.Note(
        "breaker",
        request.Id + " " + request.Node + " " + Word(request.State) + (request.Reason.Length > 0 ? ": " + request.Reason : ""),
        _context.Clock.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>A state as the interface says it.</summary>
    internal static string Word(BreakerState state) => state.ToString().ToLowerInvariant();
}
