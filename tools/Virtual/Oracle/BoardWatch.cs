namespace Ballast.Virtual.Oracle;

/// <summary>Everything the oracle holds against one board. Rule ids are those of the design.</summary>
internal sealed class BoardWatch(BoardFacts facts, PodLog pod, OracleOptions options, StallLog stalls)
{
    // What a board has heard, the oracle hears at most this much later.
    private const long HearingMs = 2_000;

    // A look into the board is at most this much older than what it published.
    private const long AckLookMs = 1_000;

    // Effective power over time: a board may still draw what it was allowed a settling time ago.
    private readonly Queue<(long AtMs, long Mw)> _effective = new();
    private readonly HashSet<uint> _admitNonces = [];
    private BoardProbe _last;
    private bool _seen;
    private long _pairSinceMs;
    private long _lowestUnadmittedMw;
    private long _emergencySinceMs = -1;
    private long _emergencyBaseMw;
    private bool _emergencyLatches;
    private GridClass _lastClass;
    private int _lastRampS = 15;
    private long _brokerBackMs = -1;
    private ulong _pairAtBrokerBack;
    private long _unknownAdmitSinceMs = -1;
    private ulong _ackedPair;
    private long _ackedMs;

    /// <summary>Name as in topics.</summary>
    public string Name { get; } = $"{facts.Pod}/{facts.Board}";

    /// <summary>The board's facts.</summary>
    public BoardFacts Facts { get; } = facts;

    /// <summary>Until when the oracle may have missed what boards heard, ms.</summary>
    public long BlindUntilMs { get; set; }

    /// <summary>The latest probe.</summary>
    public BoardProbe Last => _last;

    /// <summary>The high-water of the newest content that this board has accepted is at least that of the pod.</summary>
    public bool UnderCommand => _seen && pod.Contents.Count > 0 && _last.DispatchPair >= pod.Contents[^1].Pair;

    /// <summary>What the pod's newest order allows it if it is admitted, else standby, mW.</summary>
    public long OrderedMw => pod.Last is { } order && _last.Admitted ? ChoiceReference.PowerMw(Facts.PowerMw, Facts.HashGhs, Name, order) : Facts.PowerMw[0];

    /// <summary>A genuine message to the board itself.</summary>
    public void OnSet(SeenMessage message)
    {
        if (message.AdmitNonce is { } nonce)
            _admitNonces.Add((uint)nonce);
        if (message.IsBoardOrder)
            _lastClass = message.Class;
    }

    /// <summary>A genuine order to its pod.</summary>
    public void OnDispatch(SeenMessage order)
    {
        _lastClass = order.Class;
        _lastRampS = order.RampS;
        if (order.Class != GridClass.Emergency)
        {
            _emergencySinceMs = -1;
        }
        else if (_seen)
        {
            // A board that the emergency lowers sleeps and stays asleep; any other keeps what it had.
            bool latches = ChoiceReference.PowerMw(Facts.PowerMw, Facts.HashGhs, Name, order) < _last.EffectiveMw;
            if (_emergencySinceMs < 0 || (latches && !_emergencyLatches))
            {
                _emergencySinceMs = order.AtMs;
                _emergencyLatches = latches;
                _emergencyBaseMw = latches ? long.MaxValue : Math.Max(_last.PowerMw, _last.EffectiveMw);
            }
        }
    }

    /// <summary>It acknowledged an order to its pod.</summary>
    public Finding? OnAck(long nowMs, ulong pair, bool applied)
    {
        if (applied && pair > _ackedPair)
        {
            _ackedPair = pair;
            _ackedMs = nowMs;
        }

        // Only what lies within the orders that the oracle has heard: it may itself have missed some while the broker was away.
        bool heard = pod.Last is { } last && pair <= last.Pair && (pair >> 32) == (last.Pair >> 32);
        return heard && (!pod.TryFind(pair, out SeenMessage order) ? !pod.MayHaveMissed(pair) : order.Judgement == Judgement.Forged)
            ? Find(nowMs, "S14", $"Answered a message (seq {(uint)pair}) that must not be answered.")
            : null;
    }

    /// <summary>It published its state.</summary>
    public Finding? OnState(long nowMs, bool admitted, uint bootNonce)
        => admitted && nowMs >= BlindUntilMs && !_admitNonces.Contains(bootNonce)
            ? Find(nowMs, "S10", $"Says that it is admitted under nonce {bootNonce}, for which no genuine admit was seen.")
            : null;

    /// <summary>The broker is back: the board must be under command within the promised time.</summary>
    public void OnBrokerBack(long nowMs)
    {
        _brokerBackMs = nowMs;
        _pairAtBrokerBack = _last.DispatchPair;
    }

    /// <summary>Checks one look into the board.</summary>
    public IEnumerable<Finding> OnProbe(long nowMs, BoardProbe probe)
    {
        if (!_seen)
        {
            _seen = true;
            _last = probe;
            _pairSinceMs = nowMs;
            _lowestUnadmittedMw = probe.PowerMw;
        }

        bool moved = probe.DispatchPair != _last.DispatchPair || probe.SetPair != _last.SetPair;
        if (probe.DispatchPair != _last.DispatchPair)
            _pairSinceMs = nowMs;
        _effective.Enqueue((nowMs, probe.EffectiveMw));

        List<Finding> findings = [];
        CheckEffective(nowMs, probe, findings);
        CheckChoice(nowMs, probe, findings);
        CheckEmergency(nowMs, probe, findings);
        CheckAdmission(nowMs, probe, findings);
        CheckRejected(nowMs, probe, moved, findings);
        CheckSource(nowMs, probe, findings);
        CheckAck(nowMs, probe, findings);
        CheckApplied(nowMs, probe, findings);
        CheckLease(nowMs, probe, findings);
        _last = probe;
        return findings;
    }

    private long Tolerance(long mw) => Math.Max(options.CoolingMw, mw * options.ModelPerMille / 1000);

    private void CheckEffective(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        long settleMs = GridClasses.SettleMs(_lastClass, _lastRampS);
        long horizonMs = nowMs - settleMs - stalls.LostSince(nowMs - settleMs);
        // The entry in force at the horizon stays; all after it count too.
        while (_effective.Count > 1 && _effective.ElementAt(1).AtMs <= horizonMs)
            _effective.Dequeue();
        long allowedMw = _effective.Max(e => e.Mw);
        if (probe.PowerMw > allowedMw + Tolerance(allowedMw))
            findings.Add(Find(nowMs, "effective", $"{Watts(probe.PowerMw)} drawn, {Watts(probe.EffectiveMw)} allowed by its effective point for {settleMs / 1000} s."));
    }

    // S12: the effective point is never above the choice by the order that the board accepted last.
    private void CheckChoice(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        if (!pod.TryFind(probe.DispatchPair, out SeenMessage order) || order.Judgement == Judgement.Forged)
            return;
        long chosenMw = ChoiceReference.PowerMw(Facts.PowerMw, Facts.HashGhs, Name, order);
        if (probe.EffectiveMw > Math.Max(chosenMw, Facts.PowerMw[0]))
            findings.Add(Find(nowMs, "S12", $"Effective point of {Watts(probe.EffectiveMw)} is above the {Watts(chosenMw)} that its last order gives it."));
    }

    private void CheckEmergency(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        if (_emergencySinceMs < 0 || nowMs < _emergencySinceMs + 1_000 + stalls.LostSince(_emergencySinceMs))
            return;
        if (_emergencyLatches)
            _emergencyBaseMw = Math.Min(_emergencyBaseMw, probe.PowerMw);
        // The fans of a board that has just slept spin up to cool it: its lowest point holds them at full.
        long baseMw = Math.Max(_emergencyBaseMw, Facts.PowerMw[0]);
        if (probe.PowerMw > baseMw + Tolerance(baseMw))
            findings.Add(Find(nowMs, "emergency", $"Power rose to {Watts(probe.PowerMw)} from {Watts(baseMw)} after an emergency, without a new order."));
    }

    // S10, S11, S15: nothing rises before admission, and only a signed admit for the present nonce admits.
    private void CheckAdmission(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        if (probe.Admitted)
        {
            if (_admitNonces.Contains(probe.BootNonce))
            {
                _unknownAdmitSinceMs = -1;
            }
            else if (nowMs < BlindUntilMs)
            {
                // The admit may have passed while the oracle's own connection was away.
                _admitNonces.Add(probe.BootNonce);
            }
            else if (_unknownAdmitSinceMs < 0)
            {
                // The board may have heard it before the oracle did: two connections, two threads.
                _unknownAdmitSinceMs = nowMs;
            }
            else if (nowMs > _unknownAdmitSinceMs + HearingMs + stalls.LostSince(_unknownAdmitSinceMs))
            {
                findings.Add(Find(nowMs, "S10", $"Admitted under nonce {probe.BootNonce}, for which no genuine admit was seen."));
            }

            return;
        }

        if (_last.Admitted)
            _lowestUnadmittedMw = probe.PowerMw;
        _lowestUnadmittedMw = Math.Min(_lowestUnadmittedMw, probe.PowerMw);
        long baseMw = Math.Max(_lowestUnadmittedMw, Math.Max(Facts.FailsafeMw, Facts.PowerMw[0]));
        if (probe.PowerMw > baseMw + Tolerance(baseMw))
            findings.Add(Find(nowMs, "S15", $"Power rose to {Watts(probe.PowerMw)} from {Watts(baseMw)} without admission."));
    }

    // S14: while only reject counters move, nothing else may.
    private void CheckRejected(long nowMs, BoardProbe probe, bool moved, List<Finding> findings)
    {
        if (moved || probe.Rejects <= _last.Rejects)
            return;
        string? changed = null;
        if (probe.OrderId != _last.OrderId)
            changed = $"the order from {_last.OrderId} to {probe.OrderId}";
        else if (probe.LeaseEndMs > _last.LeaseEndMs)
            changed = "the lease";
        else if (probe.Admitted && !_last.Admitted)
            changed = "admission";
        else if (probe.BootNonce == _last.BootNonce && probe.EffectiveMw != _last.EffectiveMw)
            changed = $"the effective point from {Watts(_last.EffectiveMw)} to {Watts(probe.EffectiveMw)}";
        if (changed is not null)
            findings.Add(Find(nowMs, "S14", $"A rejected message changed {changed}."));
    }

    // S14 again: what the board took must be something that boards must take.
    private void CheckSource(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        if (probe.DispatchPair == 0 || probe.DispatchPair == _last.DispatchPair)
            return;
        if (pod.TryFind(probe.DispatchPair, out SeenMessage source) && source.Judgement is Judgement.Stale or Judgement.Forged && _last.DispatchPair != 0)
            findings.Add(Find(nowMs, "S14", $"Took an order (seq {(uint)probe.DispatchPair}) that is {source.Judgement.ToString().ToLowerInvariant()}."));
        if (probe.DispatchPair < _last.DispatchPair && probe.BootNonce == _last.BootNonce)
            findings.Add(Find(nowMs, "S14", $"Its high-water fell from seq {(uint)_last.DispatchPair} to {(uint)probe.DispatchPair}."));
    }

    // An acknowledgement is a promise: the order must be in force. A new nonce is a new life, which may remember less.
    private void CheckAck(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        if (probe.BootNonce != _last.BootNonce)
            _ackedPair = 0;
        if (_ackedPair > probe.DispatchPair && nowMs > _ackedMs + AckLookMs + stalls.LostSince(_ackedMs))
            findings.Add(Find(nowMs, "ack", $"Acknowledged an order (seq {(uint)_ackedPair}) that it has not taken."));
    }

    // Every connected board must have taken every order that is older than its class allows.
    private void CheckApplied(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        if (_brokerBackMs >= 0 && nowMs > _brokerBackMs + options.UnderCommandMs + stalls.LostSince(_brokerBackMs))
        {
            if (probe.DispatchPair == _pairAtBrokerBack)
                findings.Add(Find(nowMs, "under command", $"No order accepted within {options.UnderCommandMs / 1000} s of the broker's return."));
            _brokerBackMs = -1;
        }

        if (probe.ConnectedSinceMs > nowMs || _brokerBackMs >= 0)
            return;
        for (int i = pod.Contents.Count - 1; i >= 0; i--)
        {
            SeenMessage content = pod.Contents[i];
            long fromMs = Math.Max(content.AtMs, probe.ConnectedSinceMs + 2_000);
            if (nowMs <= fromMs + GridClasses.SettleMs(content.Class, 0) + stalls.LostSince(fromMs))
                continue;
            if (probe.DispatchPair < content.Pair)
                findings.Add(Find(nowMs, "applied", $"Order {content.OrderId} (seq {(uint)content.Pair}) was published {(nowMs - content.AtMs) / 1000.0:0.0} s ago and not accepted."));
            return;
        }
    }

    // S09: without orders a board is at its failsafe, and not admitted.
    private void CheckLease(long nowMs, BoardProbe probe, List<Finding> findings)
    {
        if (!pod.TryFind(probe.DispatchPair, out SeenMessage order) || order.LeaseS == 0)
            return;
        long fallMs = _pairSinceMs + (order.LeaseS * 1000L) + (order.Class == GridClass.Emergency ? 0 : order.FailSpreadS * 1000L) + 1_000;
        if (nowMs <= fallMs + stalls.LostSince(_pairSinceMs))
            return;
        if (probe.Admitted || probe.EffectiveMw > Math.Max(Facts.FailsafeMw, Facts.PowerMw[0]))
            findings.Add(Find(nowMs, "S09", $"Lease over since {(nowMs - _pairSinceMs - (order.LeaseS * 1000L)) / 1000.0:0.0} s, but still at {Watts(probe.EffectiveMw)}{(probe.Admitted ? " and admitted" : "")}."));
    }

    private Finding Find(long nowMs, string rule, string text) => new(nowMs, rule, Name, text);

    private static string Watts(long mw) => FormattableString.Invariant($"{mw / 1000.0:0.0} W");
}
