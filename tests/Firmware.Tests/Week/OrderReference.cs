using Ballast.Virtual.Oracle;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Week;

/// <summary>Thrown when a rule did not hold.</summary>
public sealed class RuleBrokenException(string rule, string text) : Exception($"{rule}: {text}")
{
    public string Rule { get; } = rule;
}

/// <summary>A key id of a stream and the highest pair taken under it.</summary>
internal sealed class ReferenceKid
{
    public int Id { get; init; }
    public uint Epoch { get; set; }
    public uint Seq { get; set; }
    public bool Newer { get; set; }
    public ulong Pair => ((ulong)Epoch << 32) | Seq;
}

/// <summary>
/// Contract section 5, written again from its text: what a board may draw at most, from the messages that it was really given, on the
/// simulation's own clock. It never asks the board; of what the board says it takes only the nonce of its present life.
/// Powers are mW of the ladder in use; a limit is a power, because a learned ladder moves powers under points.
/// </summary>
internal sealed class OrderReference(string name, IReadOnlyList<int> powerMw, IReadOnlyList<int> hashGhs, int failsafeW, int[] kids)
{
    private readonly HashSet<uint> _oldNonces = [];
    private SeenMessage? _order;
    private long _orderMw = long.MaxValue;
    private long _heldMw;
    private long _hostMs;
    private long _hostAtMs;
    private bool _hostKnown;
    private uint? _nonce;
    private (uint Epoch, uint AfterSeq)? _admit;
    private bool _dispatchKnown;
    private int _leaseS = 60;
    private int _rampS = 15;
    private bool _leaseRuns;
    private bool _lockUnsure;

    public IReadOnlyList<int> PowerMw { get; private set; } = powerMw;
    public List<ReferenceKid>[] Kids { get; } = [[new() { Id = kids[0] }], [new() { Id = kids[1] }]];
    public bool Admitted { get; private set; }
    public bool LatchDispatch { get; private set; }
    public bool LatchSet { get; private set; }
    public bool LockedOut { get; private set; }
    public int CapW { get; private set; } = -1;
    public int Refused { get; private set; }
    public int Admissions { get; private set; }
    public int LeaseEnds { get; private set; }
    public long TurnMs { get; private set; }

    /// <summary>Class and ramp of the message that last moved anything; lease ends and latches are emergencies of their own length.</summary>
    public long FallMs { get; private set; } = 100;

    /// <summary>Answers that a board may give: (stream, epoch, seq) of messages that passed the MAC.</summary>
    public HashSet<(int Stream, uint Epoch, uint Seq)> Answerable { get; } = [];

    private long FailsafeMw => PowerMw[PointWithin(failsafeW * 1000L)];

    /// <summary>The highest point that may be drawn now.</summary>
    public int AllowedPoint
    {
        get
        {
            if (LockedOut || LatchDispatch || LatchSet)
                return 0;
            long mw = Admitted ? _orderMw : Math.Min(_heldMw, FailsafeMw);
            return PointWithin(CapW < 0 ? mw : Math.Min(mw, CapW * 1000L));
        }
    }

    /// <summary>The board published its state.</summary>
    public void OnState(uint nonce)
    {
        if (!_oldNonces.Contains(nonce))
            _nonce = nonce;
    }

    /// <summary>
    /// The board starts: nothing in RAM is left. <paramref name="stored"/> is false if the last change may not have reached the store. What is
    /// unsure counts as what allows more: a lock-out may be gone, and may as well be there still.
    /// </summary>
    public void Restart(bool stored)
    {
        _lockUnsure |= !stored;
        _heldMw = stored ? Startable() : FailsafeMw;
        LatchDispatch &= stored;
        LatchSet &= stored;
        LockedOut &= stored;
        CapW = stored ? CapW : -1;
        _orderMw = long.MaxValue;
        _hostKnown = false;
        _leaseRuns = false;
        _leaseS = 60;
        Refused = 0;
        Forget();
    }

    /// <summary>A message was taken from the link. <paramref name="storeWorks"/>: actions are stored before they run. <paramref name="runsAbove"/>: the chips really run above a point.</summary>
    public void Take(WeekMessage message, long nowMs, bool storeWorks, Func<int, bool> runsAbove)
    {
        if (!message.IsGenuine)
        {
            Refused++;
            return;
        }

        int stream = message.Dispatch != null ? 0 : 1;
        SignedMessage m = message.Dispatch != null ? message.Dispatch : message.Set!;
        ReferenceKid? kid = Kids[stream].Find(k => k.Id == m.Kid);
        ulong pair = ((ulong)m.Epoch << 32) | m.Seq;
        if (kid == null || pair < kid.Pair)
        {
            Refused++;
            return;
        }

        Answerable.Add((stream, m.Epoch, m.Seq));
        if (pair == kid.Pair)
            return;
        bool isOrder = message.Dispatch != null || message.Set!.Kind is SetKind.PowerW or SetKind.Release;
        bool old = _hostKnown && m.SentMs < _hostMs + (nowMs - _hostAtMs) - (_leaseS * 1000L);
        bool downward = old && isOrder && m.Epoch > kid.Epoch;
        if (old && !downward)
        {
            Refused++;
            return;
        }

        if (!isOrder && !storeWorks)
            return;
        (kid.Epoch, kid.Seq) = (m.Epoch, m.Seq);
        if (kid.Newer)
        {
            kid.Newer = false;
            Kids[stream].RemoveAll(k => k != kid);
        }

        _hostMs = downward || !_hostKnown ? m.SentMs : Math.Max(m.SentMs, _hostMs + (nowMs - _hostAtMs) - 100);
        _hostAtMs = nowMs;
        _hostKnown = true;
        if (message.Dispatch != null)
            TakeDispatch(message.Dispatch, downward, nowMs, runsAbove);
        else
            TakeSet(message.Set!, downward, runsAbove);
        TryAdmit();
    }

    /// <summary>Time passed. True in the step in which a lease ended.</summary>
    public bool StepLease(long nowMs)
    {
        if (!_leaseRuns || nowMs < TurnMs)
            return false;
        _leaseRuns = false;
        LeaseEnds++;
        FallMs = 1000;
        Unadmit();
        return true;
    }

    private void TakeDispatch(DispatchOrder o, bool downward, long nowMs, Func<int, bool> runsAbove)
    {
        if (downward)
            Unadmit();
        var order = new SeenMessage
        {
            AtMs = nowMs,
            Judgement = Judgement.Genuine,
            Pod = "",
            LimitMjPerTh = o.LimitMjPerTh,
            Share = o.Share,
            Salt = o.Salt,
            Pair = ((ulong)o.Epoch << 32) | o.Seq,
        };
        _order = order;
        _leaseS = o.LeaseS;
        _leaseRuns = true;
        _dispatchKnown = true;
        bool emergency = o.Class == OrderClass.Emergency;
        int before = AllowedPoint;
        ulong rank = ChoiceReference.Rank(name) - o.Salt;
        rank &= uint.MaxValue;
        TurnMs = nowMs + (o.LeaseS * 1000L) + (emergency ? 0 : (long)((rank * (ulong)o.FailSpreadS * 1000) >> 32));
        long chosen = ChoiceReference.PowerMw(PowerMw, hashGhs, name, order);
        FallMs = FallTime(o.Class, o.RampS);
        _rampS = o.RampS;
        if (emergency)
        {
            LatchDispatch |= before > PointWithin(chosen) && runsAbove(PointWithin(chosen));
            _orderMw = Math.Min(_orderMw, chosen);
        }
        else
        {
            LatchDispatch &= downward;
            _orderMw = chosen;
        }

        if (!Admitted)
            _heldMw = Math.Min(_heldMw, chosen);
    }

    private void TakeSet(SetMessage m, bool downward, Func<int, bool> runsAbove)
    {
        if (downward)
            Unadmit();
        switch (m.Kind)
        {
            case SetKind.PowerW:
                FallMs = FallTime(m.Class, _rampS);
                int before = AllowedPoint;
                int point = PointWithin(m.PowerW * 1000L);
                bool emergency = m.Class == OrderClass.Emergency;
                LatchSet = emergency ? LatchSet || (before > point && runsAbove(point)) : LatchSet && downward;
                CapW = (emergency || downward) && CapW >= 0 ? Math.Min(CapW, m.PowerW) : m.PowerW;
                if (!Admitted)
                    _heldMw = Math.Min(_heldMw, PowerMw[point]);
                break;
            case SetKind.Release when !downward:
                CapW = -1;
                LatchSet = false;
                break;
            case SetKind.Admit:
                if (_nonce == m.BootNonce && !LockedOut)
                    _admit = (m.Epoch, m.AfterSeq);
                break;
            case SetKind.Lockout:
                if (m.Value != 0 && !LockedOut)
                    LockOut();
                LockedOut = m.Value != 0;
                _lockUnsure = false;
                FallMs = 100;
                break;
            case SetKind.InstallKey:
                List<ReferenceKid> of = Kids[m.Value == 0 ? 0 : 1];
                if (of.Exists(k => k.Id == m.NewKid))
                    break;
                of.RemoveAll(k => k.Newer);
                of.Add(new ReferenceKid { Id = m.NewKid, Newer = true });
                break;
            default:
                break;
        }
    }

    /// <summary>A learned ladder was accepted: limits are kept as powers, the choice is made anew.</summary>
    public void UseLadder(IReadOnlyList<int> learnedMw)
    {
        bool wasTop = _orderMw >= PowerMw[^1];
        PowerMw = learnedMw;
        if (wasTop)
            _orderMw = long.MaxValue;
        if (_order != null && Admitted)
            _orderMw = ChoiceReference.PowerMw(PowerMw, hashGhs, name, _order);
    }

    private static long FallTime(OrderClass orderClass, int rampS) => orderClass switch
    {
        OrderClass.Emergency => 100,
        OrderClass.Reliability => (rampS * 1000L) + 400,
        _ => (rampS * 1000L) + 4000,
    };

    private void TryAdmit()
    {
        if (Admitted || LockedOut || !_dispatchKnown || !_leaseRuns || _admit is not { } admit || _order == null)
            return;
        if ((uint)(_order.Pair >> 32) != admit.Epoch || (uint)_order.Pair < admit.AfterSeq)
            return;
        Admitted = true;
        Admissions++;
    }

    /// <summary>A board that was locked out already draws no other nonce, and what it heard since its last one still counts.</summary>
    private void LockOut()
    {
        if (!_lockUnsure)
        {
            Unadmit();
            return;
        }

        _heldMw = Startable();
        Admitted = false;
        _admit = null;
    }

    private void Unadmit()
    {
        _heldMw = Startable();
        Forget();
    }

    private void Forget()
    {
        Admitted = false;
        _admit = null;
        _dispatchKnown = false;
        if (_nonce is { } nonce)
            _oldNonces.Add(nonce);
        _nonce = null;
    }

    private long Startable()
    {
        long mw = Math.Min(FailsafeMw, Admitted ? _orderMw : _heldMw);
        return CapW < 0 ? mw : Math.Min(mw, PowerMw[PointWithin(CapW * 1000L)]);
    }

    private int PointWithin(long mw)
    {
        int point = PowerMw.Count - 1;
        while (point > 0 && PowerMw[point] > mw)
            point--;
        return point;
    }

    /// <summary>First start: at failsafe.</summary>
    public void Begin() => _heldMw = FailsafeMw;
}
