using Ballast.Host.Fleet;
using Ballast.Host.Keys;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>Where the host stands.</summary>
public enum HostPhase
{
    /// <summary>No broker yet.</summary>
    Offline,

    /// <summary>Hears what there is before it says anything.</summary>
    Collecting,

    /// <summary>Commands the boards.</summary>
    Leading,

    /// <summary>Another host leads, or an operator said so.</summary>
    Passive,
}

/// <summary>
/// control.md, driven by an injected clock: call <see cref="Tick"/> at least every 100 ms and <see cref="CapChanged"/> when a limit
/// changes. Everything here runs on one thread.
/// </summary>
public sealed partial class SiteDispatcher
{
    private const double RiseBand = 0.005;

    private readonly DispatchContext _context;
    private readonly OrderDesk _desk;
    private readonly OrderSolver _solver;
    private readonly NodeBudgets _budgets;
    private readonly RampBudget _ramps;
    private readonly Membership _membership;
    private readonly Admitter _admitter;
    private readonly BoardPowerDesk _power;
    private readonly RotationDesk _rotation;
    private readonly IdentityDesk _identities;
    private readonly Leadership _leadership;
    private readonly StartUp _startUp;
    private readonly ReconnectGrace _grace = new();
    private JournaledState _journaled = new();
    private long _nextTickMs;
    private long _lastTickMs;
    private long _nextRiseMs;
    private long _nextRetryMs;
    private long _noRiseBeforeMs;
    private long _downSinceMs = long.MaxValue;
    private bool _resolve = true;

    /// <summary>Puts the dispatcher together; it does nothing before <see cref="Start"/>.</summary>
    public SiteDispatcher(DispatchContext context)
    {
        _context = context;
        _desk = new OrderDesk(context);
        _membership = new Membership(context);
        _ramps = new RampBudget(context);
        _budgets = new NodeBudgets(context, _membership, _ramps);
        _solver = new OrderSolver(context, _budgets);
        _admitter = new Admitter(context, _desk);
        Breakers = new BreakerDesk(context);
        _power = new BoardPowerDesk(context, _desk, Breakers);
        _rotation = new RotationDesk(context, _desk);
        Lockouts = new LockoutDesk(context);
        Ladders = new LadderDesk(context, _desk);
        _identities = new IdentityDesk(context);
        Keys = new KeyDesk(context, _desk, _identities);
        _leadership = new Leadership(context);
        _startUp = new StartUp(context, _leadership, _desk);
    }

    /// <summary>Where the host stands.</summary>
    public HostPhase Phase { get; private set; } = HostPhase.Offline;

    /// <summary>What the last decision saw and did.</summary>
    public DispatchPicture Picture { get; private set; } = DispatchPicture.Empty;

    /// <summary>Why the host does not lead, or null.</summary>
    public string? WhyNotLeading { get; private set; } = "The broker has not been reached yet.";

    /// <summary>True if the last order or limit reached the disk.</summary>
    public bool Durable => _desk.Durable;

    /// <summary>Orders with new content since the start.</summary>
    public long OrderChanges => _desk.Changes;

    /// <summary>Topic of this host's word, for the will.</summary>
    public string HostTopic => _leadership.Topic;

    /// <summary>The will.</summary>
    public byte[] HostWill => _leadership.Will;

    /// <summary>Maintenance lock-outs.</summary>
    public LockoutDesk Lockouts { get; }

    /// <summary>Requests to open a breaker.</summary>
    public BreakerDesk Breakers { get; }

    /// <summary>Ladders that boards offer.</summary>
    public LadderDesk Ladders { get; }

    /// <summary>Keys of pods and boards.</summary>
    public KeyDesk Keys { get; }

    /// <summary>Takes what the journal holds. Limits are active again at once.</summary>
    public void Start(JournaledState journaled)
    {
        ArgumentNullException.ThrowIfNull(journaled);
        _journaled = journaled;
        _context.Clock.NotBefore(journaled.SentMs);
        _context.Gain.Resume(journaled.Gain);
        List<JournaledLimit> homeless = [];
        foreach (JournaledLimit entry in journaled.Limits)
        {
            if (_context.Tree.Find(entry.Node) is not { } node)
            {
                homeless.Add(entry);
            }
            else
            {
                ActiveLimit limit = new(entry, node, EventStates.Parse(entry.State) ?? EventState.Scheduled) { Durable = true };
                _context.Limits.Add(limit);
                _context.Events.Resume(limit);
            }
        }

        StartHold(journaled);
        HoldFor(homeless);
        Lockouts.Start(journaled);
        Keys.Load();
        _identities.Start(journaled);
        foreach ((string name, int powerW) in journaled.BoardPowerW)
        {
            if (_context.Fleet.Find(name) is { } board)
            {
                board.SentPowerW = powerW;
            }
        }

        _context.Limits.Advance(_context.Clock.UtcNow.ToUnixTimeMilliseconds());
    }

    /// <summary>The broker is there and the subscriptions hold.</summary>
    public void OnConnected()
    {
        long now = _context.Clock.NowMs;
        if (_downSinceMs != long.MaxValue)
        {
            // Nobody could speak meanwhile; that is no board's silence.
            _context.Fleet.Forgive(_downSinceMs, now);
            _downSinceMs = long.MaxValue;
        }

        if (Phase == HostPhase.Leading)
        {
            // Restate within a second; boards may have missed anything (F1).
            _desk.Reconnected(now);
            _grace.Begin(now);
            _leadership.Renew(now, now: true);
        }
        else if (Phase == HostPhase.Offline)
        {
            Phase = HostPhase.Collecting;
            WhyNotLeading = "The host is still collecting what the boards say.";
            _startUp.Begin(now);
        }
    }

    /// <summary>The broker is gone. The gain is frozen and orders stand until it is back (F1).</summary>
    public void OnDisconnected() => _downSinceMs = Math.Min(_downSinceMs, _context.Clock.NowMs);

    /// <summary>A host's word on `hosts/{hostId}`.</summary>
    public void OnHost(string hostId, ReadOnlySpan<byte> json, bool retained)
        => _leadership.Take(hostId, json, retained, _context.Clock.NowMs);

    /// <summary>A message of a board.</summary>
    public void OnBoard(ReadOnlySpan<byte> name, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> json, bool retained)
    {
        long now = _context.Clock.NowMs;
        FleetNews news = _context.Fleet.Take(name, kind, json, retained, now, out BoardRecord? board, out AckWord ack);
        _context.Counts.Message(news);
        if (board is null)
        {
            return;
        }

        if (news is FleetNews.Birth or FleetNews.State)
        {
            _identities.Judge(board, news == FleetNews.State);
        }

        if (news == FleetNews.Birth)
        {
            _context.Curve.Invalidate(board.Pod);
            if (!retained && Phase == HostPhase.Leading)
            {
                OrderDesk.RestateSoon(board.Pod, now);
            }
        }
        else if (news == FleetNews.State)
        {
            _context.Curve.Invalidate(board.Pod);
        }
        else if (news == FleetNews.Ack)
        {
            _context.Sender.Log.Answered(board, ack, now);
            _context.Counts.Ack(board.Pod, ack, _context.Sender.Epoch, now);
            Keys.OnAck(board, ack);
            if (ack.Result == "ignored")
            {
                _leadership.NoteHigher(board, ack.Epoch);
            }
        }
        else if (news == FleetNews.Telemetry)
        {
            SuspectWatch.Sample(_context, board, _desk.FallSettledMs, now);
        }
    }

    /// <summary>A limit was added, released or changed: decide at once.</summary>
    public void CapChanged()
    {
        _resolve = true;
        long now = _context.Clock.NowMs;
        if (Phase == HostPhase.Collecting)
        {
            // A fall does not wait for the collection.
            TryLead(now, hurry: true);
        }

        if (Phase == HostPhase.Leading)
        {
            List<ActiveLimit> changed = AdvanceLimits();
            Decide(now, tick: false);
            Keep(changed);
        }
    }

    /// <summary>Nothing rises for a while: a source reversed itself (contract section 6, debounce).</summary>
    public void HoldRises(long ms) => _noRiseBeforeMs = Math.Max(_noRiseBeforeMs, _context.Clock.NowMs + ms);

    /// <summary>Makes this host lead or not, on an operator's word.</summary>
    public void Command(bool lead)
    {
        if (lead && Phase == HostPhase.Passive)
        {
            TryLead(_context.Clock.NowMs, hurry: true);
        }
        else if (!lead && Phase == HostPhase.Leading)
        {
            StandDown("An operator told this host to stand by.");
        }
    }

    /// <summary>Says good-bye; called before the connection is closed.</summary>
    public void Stop()
    {
        if (Phase == HostPhase.Leading)
        {
            _desk.Journal();
        }

        _leadership.SayOffline(NothingToLose);
    }

    /// <summary>One round: at most one decision a second, and everything that is due.</summary>
    public void Tick()
    {
        long now = _context.Clock.NowMs;
        switch (Phase)
        {
            case HostPhase.Collecting when _leadership.Superior(0, now) is { } leader:
                StandDown("Host " + leader + " leads this site.");
                break;
            case HostPhase.Collecting when _startUp.IsComplete(now):
                TryLead(now, hurry: false);
                break;
            case HostPhase.Passive when _context.Carrier.IsConnected && now - _startUp.PassiveSinceMs >= Leadership.LiveMs && _leadership.Superior(0, now) is null && !_startUp.ToldToWait:
                TryLead(now, hurry: false);
                break;
            case HostPhase.Leading:
                Lead(now);
                break;
            default:
                break;
        }

        _leadership.Renew(now, standsBy: Phase == HostPhase.Passive);
    }

    private void Lead(long now)
    {
        if (_leadership.Superior(_context.Sender.Epoch, now) is { } leader)
        {
            StandDown("Host " + leader + " leads this site with a higher epoch.");
            return;
        }

        if (_leadership.BoardsWithHigherEpoch >= 3)
        {
            StandDown("Three boards obey a host with a higher epoch.");
            return;
        }

        List<ActiveLimit> changed = AdvanceLimits();
        if (changed.Count > 0 || now >= _nextTickMs)
        {
            bool tick = now >= _nextTickMs;
            Decide(now, tick);
            Keep(changed);
            if (tick)
            {
                _lastTickMs = now;
                _nextTickMs = now + 1000;
                RetryJournal(now);
            }
        }

        _admitter.Ask(now);
        _desk.SendDue(now);
    }

    private List<ActiveLimit> AdvanceLimits()
    {
        List<ActiveLimit> changed = _context.Limits.Advance(_context.Clock.UtcNow.ToUnixTimeMilliseconds());
        _resolve |= changed.Count > 0;
        return changed;
    }

    // After the decision: what falls has left by then (S19).
    private void Keep(List<ActiveLimit> changed)
    {
        foreach (ActiveLimit limit in changed)
        {
            _context.Events.Save(limit);
        }
    }

    private void TryLead(long now, bool hurry)
    {
        if (_leadership.Superior(0, now) is not null && !hurry)
        {
            return;
        }

        string? before = _leadership.LedSince(Math.Max(_journaled.Epoch, _context.LastEpoch));
        if (!_startUp.Commit(_journaled, now, out long noRiseBeforeMs))
        {
            WhyNotLeading = "The journal cannot be written, so no epoch can be committed: free disk space or repair the folder.";
            return;
        }

        _noRiseBeforeMs = noRiseBeforeMs;
        if (before is not null)
        {
            HoldAfter(before);
        }

        Keys.Load();
        _context.Events.Remember();
        _leadership.ForgetHigher();
        _context.Alarms.Set(false, "passive", "");
        Phase = HostPhase.Leading;
        WhyNotLeading = null;
        _resolve = true;
        _ramps.Clear();
        _power.Lead();
        _lastTickMs = now;
        _nextTickMs = now;
        _membership.Refresh(now);
        _leadership.Renew(now, now: true);
    }

    private void StandDown(string why)
    {
        if (Phase == HostPhase.Leading)
        {
            _desk.Journal();
            _leadership.SayOffline(NothingToLose);
        }

        _context.Sender.StandDown();
        Phase = HostPhase.Passive;
        WhyNotLeading = why;
        _startUp.WentPassive(_context.Clock.NowMs, why.StartsWith("An operator", StringComparison.Ordinal));
        _context.Alarms.Set(true, "passive", why);
        _journaled = _journaled with
        {
            Orders = [.. _context.Fleet.Pods.Where(p => p.HasOrder).Select(p => new JournaledOrder(p.Id, 0, 0, p.OrderId, p.Class, p.Limit, p.Share, p.Salt))],
        };
    }
}
