using Ballast.Host.Fleet;
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
public sealed class SiteDispatcher
{
    private readonly DispatchContext _context;
    private readonly OrderDesk _desk;
    private readonly OrderSolver _solver;
    private readonly Membership _membership;
    private readonly Admitter _admitter;
    private readonly BoardPowerDesk _power;
    private readonly Leadership _leadership;
    private readonly StartUp _startUp;
    private JournaledState _journaled = new();
    private long _nextTickMs;
    private long _lastTickMs;
    private long _nextRiseMs;
    private long _noRiseBeforeMs;
    private long _downSinceMs = long.MaxValue;
    private long _disagreeSinceMs = long.MaxValue;
    private double _tokensMw;
    private bool _resolve = true;

    /// <summary>Puts the dispatcher together; it does nothing before <see cref="Start"/>.</summary>
    public SiteDispatcher(DispatchContext context)
    {
        _context = context;
        _desk = new OrderDesk(context);
        _solver = new OrderSolver(context);
        _membership = new Membership(context);
        _admitter = new Admitter(context, _desk);
        _power = new BoardPowerDesk(context, _desk);
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

    /// <summary>Topic of this host's word, for the will.</summary>
    public string HostTopic => _leadership.Topic;

    /// <summary>The will.</summary>
    public byte[] HostWill => _leadership.Will;

    /// <summary>Takes what the journal holds. Limits are active again at once.</summary>
    public void Start(JournaledState journaled)
    {
        ArgumentNullException.ThrowIfNull(journaled);
        _journaled = journaled;
        _context.Clock.NotBefore(journaled.SentMs);
        _context.Gain.Resume(journaled.Gain);
        foreach (JournaledLimit entry in journaled.Limits)
        {
            if (_context.Tree.Find(entry.Node) is { } node)
            {
                _context.Limits.Add(new ActiveLimit(entry, node) { State = EventState.Scheduled, Durable = true });
            }
        }

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
            foreach (PodRecord pod in _context.Fleet.Pods)
            {
                OrderDesk.RestateSoon(pod, now);
            }

            _leadership.Renew(now, now: true);
            _desk.Unsettle(now + 10_000);
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
        if (board is null)
        {
            return;
        }

        if (news == FleetNews.Birth)
        {
            _context.Curve.Invalidate();
            if (!retained && Phase == HostPhase.Leading)
            {
                OrderDesk.RestateSoon(board.Pod, now);
            }
        }
        else if (news == FleetNews.State)
        {
            _context.Curve.Invalidate();
        }
        else if (news == FleetNews.Ack && ack.Result == "ignored")
        {
            _leadership.NoteHigher(board, ack.Epoch);
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
            _leadership.SayOffline();
        }
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
            }
        }

        _admitter.Ask(now);
        _desk.SendDue(now);
        _leadership.Renew(now);
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
            limit.Durable = _context.Journal.SaveLimit(LimitBook.ToJournal(limit));
        }
    }

    private void TryLead(long now, bool hurry)
    {
        if (_leadership.Superior(0, now) is not null && !hurry)
        {
            return;
        }

        if (!_startUp.Commit(_journaled, now, out long noRiseBeforeMs))
        {
            WhyNotLeading = "The journal cannot be written, so no epoch can be committed: free disk space or repair the folder.";
            return;
        }

        _noRiseBeforeMs = noRiseBeforeMs;
        _leadership.ForgetHigher();
        Phase = HostPhase.Leading;
        WhyNotLeading = null;
        _resolve = true;
        _tokensMw = 0;
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
            _leadership.SayOffline();
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

    private void Decide(long now, bool tick)
    {
        // Without a broker nothing is known and nothing can leave; only a changed cap is worked out, for the moment it is back.
        if (!_context.Carrier.IsConnected && !_resolve)
        {
            return;
        }

        _membership.Refresh(now);
        _membership.Sum(now);
        FleetSums sums = _membership.Sums;
        NodeCap cap = _context.Limits.CapOf(_context.Tree.Site);
        bool emergency = _context.Limits.IsEmergency(_context.Tree.Site);
        double baseW = _context.Options.BaseW;
        long floorMw = (long)(baseW * 1000) + sums.FixedMw + _context.Curve.StandbyMw;
        long fullMw = _context.Curve.FullMw;
        long ordered = sums.OrderedMw;
        (double meterW, bool fresh) = Meter(now, sums);
        if (tick)
        {
            _tokensMw = Math.Min(_tokensMw + (RampW * (now - _lastTickMs)), Math.Max(RampW * 5000, _context.Curve.LargestBoardMw * 1.1));
            _context.Gain.Step(new GainInput(
                now,
                fresh ? meterW : null,
                cap.W,
                (floorMw + sums.StrayMw) / 1000.0,
                sums.PredictedMw / 1000.0,
                ordered / 1000.0,
                fullMw / 1000.0,
                _context.FallDelayMs(cap.Class),
                _context.RiseDelayMs,
                now < _desk.FallSettledMs,
                _membership.LastReturnMs,
                emergency || !_context.Carrier.IsConnected || _context.Journal.Problem is not null));
            _context.Alarms.Set(_context.Gain.AtBound, "gain", "Metered and ordered watts differ by more than the loop may correct: check the meter and baseW.");
        }

        double gain = fresh && !emergency ? _context.Gain.Gain : Math.Max(_context.Gain.Gain, 1);
        bool unreachable = cap.Holds && cap.W * 1000 < floorMw;
        long allowed = cap.Holds ? (long)(((0.99 * cap.W * 1000) - floorMw - sums.ExcessMw) / gain) : long.MaxValue / 4;
        allowed = unreachable ? -1 : Math.Max(0, allowed);
        long want = Math.Min(fullMw, allowed);
        if (cap.Limit is not null)
        {
            cap.Limit.Unreachable = unreachable;
        }

        bool over = meterW > cap.W;
        bool mayRise = tick && fresh && !over && !emergency && now >= _noRiseBeforeMs && _context.Carrier.IsConnected
            && _context.Journal.Problem is null && _leadership.BoardsWithHigherEpoch == 0;
        long budget = Budget(want, ordered, fullMw, emergency, over, mayRise, now);
        _solver.SetCaps(_membership.UnsteeredMw, gain);
        if (budget != ordered || _resolve || _solver.PresentOrdersViolate())
        {
            Solve(budget, cap, ordered, mayRise, now);
        }

        if (mayRise && now >= _desk.FallSettledMs)
        {
            Admit(allowed, cap, now);
        }

        _power.Step(now, mayRise);
        Follow(meterW, fresh, now, want);
        Picture = new DispatchPicture(
            now, cap, emergency, meterW, fresh, _context.Options.Meter.Configured, floorMw / 1000.0, want / 1000.0, _membership.Sums.OrderedMw / 1000.0,
            sums.PredictedMw / 1000.0, sums.EstimateMw / 1000.0, fullMw / 1000.0, _context.Gain.Gain, unreachable, _admitter.Waiting,
            Math.Max(0, _desk.SettledMs - now), Math.Max(0, _noRiseBeforeMs - now), _power.BreakerRequest, _desk.Changes);
    }

    private double RampW => _context.RampUpWPerS;

    private long Budget(long want, long ordered, long fullMw, bool emergency, bool over, bool mayRise, long now)
    {
        if (emergency)
        {
            return Math.Min(ordered, want);
        }

        if (want < ordered)
        {
            // Step 8: small corrections wait, unless the meter is over the cap or the cap changed.
            return _resolve || over || ordered - want >= 0.003 * fullMw ? want : ordered;
        }

        bool worth = want - ordered >= 0.005 * fullMw || (want == fullMw && want > ordered);
        return mayRise && worth && now >= _nextRiseMs ? (long)Math.Min(want, ordered + _tokensMw) : ordered;
    }

    private void Solve(long budget, NodeCap cap, long ordered, bool mayRise, long now)
    {
        _solver.Solve(budget, cap);
        _resolve = false;
        if (!_desk.Apply(_solver.Targets, mayRise, now))
        {
            return;
        }

        _membership.Sum(now);
        long gained = _membership.Sums.OrderedMw - ordered;
        if (gained > 0)
        {
            _tokensMw -= gained;
            _nextRiseMs = now + 5000;
        }
    }

    private void Admit(long allowed, NodeCap cap, long now)
    {
        _admitter.Collect();
        if (_admitter.Waiting == 0 || !_desk.Journal())
        {
            return;
        }

        _tokensMw -= _admitter.Reserve((long)_tokensMw);
        _membership.Sum(now);
        if (_membership.Sums.OrderedMw > allowed || _solver.PresentOrdersViolate())
        {
            _solver.Solve(Math.Min(allowed, _membership.Sums.OrderedMw), cap);
            _desk.Apply(_solver.Targets, false, now);
            _membership.Sum(now);
        }

        foreach (PodRecord pod in _context.Fleet.Pods)
        {
            if (Admitter.NeedsOrder(pod) && pod.LastSentMs != now)
            {
                _desk.Repeat(pod, now);
            }
        }

        _admitter.OrderSent(now);
    }

    // The larger of meter and boards is used when they disagree for long; the boards stand in for a stale meter, for falls only.
    private (double MeterW, bool Fresh) Meter(long now, FleetSums sums)
    {
        double estimate = _context.Options.BaseW + (sums.EstimateMw / 1000.0);
        if (!_context.Options.Meter.Configured)
        {
            return (estimate, true);
        }

        bool fresh = _context.Meter.IsFresh(now);
        _context.Alarms.Set(!fresh, "meter-stale", "The site meter is silent or implausible: power may only fall until it is back. Check the meter gateway.");
        if (!fresh)
        {
            _disagreeSinceMs = long.MaxValue;
            return (estimate, false);
        }

        double metered = _context.Meter.Watts;
        bool differs = Math.Abs(metered - estimate) > 0.05 * Math.Max(metered, estimate);
        _disagreeSinceMs = differs ? Math.Min(_disagreeSinceMs, now) : long.MaxValue;
        bool alarm = differs && now - _disagreeSinceMs >= 30_000;
        _context.Alarms.Set(alarm, "meter-differs", "Meter and boards differ by more than 5 % for 30 s: the larger value is used. Check meter, baseW and the boards' sensors.");
        return (alarm ? Math.Max(metered, estimate) : metered, true);
    }

    private void Follow(double meterW, bool fresh, long now, long want)
    {
        foreach (ActiveLimit limit in _context.Limits.Open.ToList())
        {
            if (limit.State == EventState.Active)
            {
                limit.OrderedAtMs ??= now;
                double watts = limit.Node.Kind == NodeKind.Site ? meterW : NodeEstimateW(limit.Node, now);
                double allowed = (limit.LimitW * 1.02) + (limit.LimitW * _context.Options.Meter.ClassErrorPercent / 100);
                if (limit.ConfirmedAtMs is null && fresh && now > limit.OrderedAtMs && watts <= allowed)
                {
                    limit.ConfirmedAtMs = now;
                }
            }
            else if (limit.State == EventState.Restoring && (_membership.Sums.OrderedMw >= 0.99 * want || _context.Limits.CapOf(_context.Tree.Site).Holds))
            {
                limit.State = limit.ConfirmedAtMs is null && !limit.Unreachable ? EventState.CompletedWithFailures : EventState.Completed;
                limit.Durable = _context.Journal.SaveLimit(LimitBook.ToJournal(limit));
            }
        }
    }

    private double NodeEstimateW(LimitNode node, long now)
        => node.Board is { } board
            ? _context.Fleet.EstimateMw(board, now) / 1000.0
            : node.Pods.Sum(p => p.BoardList.Sum(b => _context.Fleet.EstimateMw(b, now))) / 1000.0;
}
