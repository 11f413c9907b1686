using System.Globalization;
using System.Text;
using Ballast.Wire;

namespace Ballast.Host.Tests.Sim;

/// <summary>
/// A board as the host meets it: it obeys the contract in watts and seconds, and knows nothing of chips. The real firmware is tested
/// elsewhere; this one is small enough to run hundreds for hours.
/// </summary>
internal sealed class ToyBoard
{
    private readonly byte[] _dispatchTopic;
    private readonly byte[] _setTopic;
    private readonly HmacSha256 _podMac;
    private readonly HmacSha256 _boardMac;
    private readonly DispatchOrder _order = new();
    private readonly SetMessage _set = new();
    private readonly Random _random;
    private (uint Epoch, uint Seq) _dispatchHigh;
    private (uint Epoch, uint Seq) _setHigh;
    private long _leaseEndMs = -1;
    private long _riseAtMs;
    private double _rampMwPerMs;
    private double _returnMwPerMs;
    private long _restedMs;
    private long _nextTelemetryMs;
    private (uint Nonce, uint AfterSeq) _pendingAdmit;
    private uint _seqSinceNonce;
    private int _target;
    private double _reportedMw;
    private string _reportedMode = "";
    private bool _stateDue = true;

    internal ToyBoard(string pod, string id, byte[] podKey, byte[] boardKey, Ladder ladder, int seed, double ladderError = 0)
    {
        Pod = pod;
        Id = id;
        Ladder = ladder;
        _random = new Random(seed);
        Error = 1 + ladderError;
        _podMac = new HmacSha256(podKey);
        _boardMac = new HmacSha256(boardKey);
        _dispatchTopic = Encoding.ASCII.GetBytes("ballast/v1/demo/" + pod + "/dispatch");
        _setTopic = Encoding.ASCII.GetBytes("ballast/v1/demo/" + pod + "/" + id + "/set");
        byte[] name = Encoding.ASCII.GetBytes(pod + "/" + id);
        RankAtZero = Rank.Of(name, 0, name.Length, 0);
        BootNonce = (uint)_random.Next();
        _nextTelemetryMs = _random.Next(0, 3000);
    }

    internal string Pod { get; }

    internal string Id { get; }

    internal string Name => Pod + "/" + Id;

    internal Ladder Ladder { get; set; }

    internal double Error { get; set; }

    internal uint RankAtZero { get; }

    internal bool Online { get; set; } = true;

    internal bool Admitted { get; private set; }

    internal uint BootNonce { get; private set; }

    internal int PowerW { get; private set; } = -1;

    /// <summary>The ladder it has learned and offers, or null.</summary>
    internal Ladder? Offered { get; private set; }

    internal bool LockedOut { get; set; }

    /// <summary>Times that it was given another point.</summary>
    internal int Switched { get; private set; }

    /// <summary>Learns what its points really draw, and offers that.</summary>
    internal void Learn()
    {
        int[] power = [.. Enumerable.Range(0, Ladder.Count).Select(i => i == 0 ? Ladder.PowerMw(0) : (int)(Ladder.PowerMw(i) * Error))];
        int[] hash = [.. Enumerable.Range(0, Ladder.Count).Select(Ladder.HashGhs)];
        Offered = Ballast.Wire.Ladder.TryCreate(power, hash, power.Length, out _);
        _stateDue = true;
    }

    internal bool DispatchLatch { get; private set; }

    internal bool SetLatch { get; private set; }

    /// <summary>True: acknowledges and keeps drawing (F22).</summary>
    internal bool Liar { get; set; }

    /// <summary>True: has no pool, draws standby whatever it is allowed.</summary>
    internal bool Idle { get; set; }

    /// <summary>True: sends nothing.</summary>
    internal bool Mute { get; set; }

    /// <summary>True: does not hear anything.</summary>
    internal bool Deaf { get; set; }

    /// <summary>What it draws asleep once it has cooled for half a minute, mW; 0 is what the ladder says.</summary>
    internal double CooledMw { get; set; }

    /// <summary>Factor on reported power.</summary>
    internal double ReportFactor { get; set; } = 1;

    /// <summary>Serial that the state shows.</summary>
    internal string Serial { get; set; } = "s";

    /// <summary>Serial that the birth shows.</summary>
    internal string BirthSerial { get; set; } = "s";

    internal uint Epoch => _dispatchHigh.Epoch;

    internal (int Limit, uint Share, uint Salt, OrderClass Class) Order { get; private set; }

    internal uint OrderId { get; private set; }

    /// <summary>How long its answer to a pod's order waits: by rank, up to 2 s.</summary>
    internal long AckAfterMs => (long)(((ulong)(RankAtZero - Order.Salt) * 2000) >> 32);

    /// <summary>True power at its input, mW.</summary>
    internal double PowerMw { get; private set; }

    internal bool LeaseRuns(long nowMs) => nowMs < _leaseEndMs;

    /// <summary>The point that everything it has accepted allows.</summary>
    internal int Allowed(long nowMs)
    {
        if (!Admitted || DispatchLatch || SetLatch || LockedOut || !LeaseRuns(nowMs))
        {
            return 0;
        }

        int point = Ladder.Choose(Order.Limit, Order.Share, RankAtZero - Order.Salt);
        return PowerW >= 0 ? Math.Min(point, Ladder.PowerPoint(PowerW, out _)) : point;
    }

    internal void Reboot()
    {
        Admitted = false;
        BootNonce++;
        _seqSinceNonce = 0;
        PowerMw = Ladder.PowerMw(0) * Error;
        _stateDue = true;
        _leaseEndMs = -1;
    }

    internal void Reconnect() => _stateDue = true;

    /// <summary>A message from the host. Returns the ack to publish, or null.</summary>
    internal string? Hear(byte[] topic, byte[] payload, long nowMs)
    {
        if (Deaf || !Online)
        {
            return null;
        }

        if (topic.AsSpan().SequenceEqual(_dispatchTopic))
        {
            return Dispatch(payload, nowMs);
        }

        if (topic.AsSpan().SequenceEqual(_setTopic))
        {
            return Set(payload, nowMs);
        }

        return null;
    }

    private string? Dispatch(byte[] payload, long nowMs)
    {
        if (Envelope.ParseDispatch(payload, 0, payload.Length, false, _order) != Reject.None
            || !Envelope.VerifyMac(payload, 0, payload.Length, _dispatchTopic, _dispatchTopic.Length, _podMac))
        {
            return null;
        }

        if (Compare((_order.Epoch, _order.Seq), _dispatchHigh) <= 0)
        {
            return _order.Epoch < _dispatchHigh.Epoch ? Ack("ignored", _dispatchHigh.Epoch) : null;
        }

        _dispatchHigh = (_order.Epoch, _order.Seq);
        _seqSinceNonce = _order.Seq;
        _leaseEndMs = nowMs + (_order.LeaseS * 1000L);
        bool fresh = OrderId != _order.OrderId || Order.Class != _order.Class;
        int before = Allowed(nowMs);
        if (_order.Class != OrderClass.Emergency)
        {
            DispatchLatch = false;
        }

        Order = (_order.LimitMjPerTh, _order.Share, _order.Salt, _order.Class);
        OrderId = _order.OrderId;
        TryAdmit();
        int after = Ladder.Choose(Order.Limit, Order.Share, RankAtZero - Order.Salt);
        if (_order.Class == OrderClass.Emergency && after < before)
        {
            DispatchLatch = true;
            if (!Liar)
            {
                PowerMw = Ladder.PowerMw(0) * Error;
            }

            _target = 0;
            _nextTelemetryMs = nowMs + (long)(RankAtZero / (double)uint.MaxValue * 2000);
        }

        Plan(nowMs);
        return fresh ? Ack("applied", _dispatchHigh.Epoch) : null;
    }

    private string? Set(byte[] payload, long nowMs)
    {
        if (Envelope.ParseSet(payload, 0, payload.Length, false, _set) != Reject.None
            || !Envelope.VerifyMac(payload, 0, payload.Length, _setTopic, _setTopic.Length, _boardMac)
            || Compare((_set.Epoch, _set.Seq), _setHigh) <= 0)
        {
            return null;
        }

        _setHigh = (_set.Epoch, _set.Seq);
        switch (_set.Kind)
        {
            case SetKind.Admit:
                _pendingAdmit = (_set.BootNonce, _set.AfterSeq);
                TryAdmit();
                break;
            case SetKind.PowerW:
                PowerW = _set.PowerW;
                if (_set.Class == OrderClass.Emergency && !Liar)
                {
                    SetLatch = true;
                    PowerMw = Ladder.PowerMw(0) * Error;
                }

                _stateDue = true;
                break;
            case SetKind.Release:
                PowerW = -1;
                SetLatch = false;
                _stateDue = true;
                break;
            case SetKind.Lockout:
                LockedOut = _set.Value != 0;
                Admitted = false;
                BootNonce++;
                _seqSinceNonce = 0;
                _stateDue = true;
                break;
            case SetKind.LadderId when Offered is not null && _set.Value == Offered.Id:
                Ladder = Offered;
                Offered = null;
                Error = 1;
                _stateDue = true;
                break;
            default:
                break;
        }

        Plan(nowMs);
        return "{\"stream\":\"set\",\"epoch\":" + _set.Epoch + ",\"seq\":" + _set.Seq + ",\"orderId\":" + _set.OrderId + ",\"result\":\"applied\",\"reason\":\"\",\"point\":0,\"effectiveMw\":0}";
    }

    private void TryAdmit()
    {
        if (!Admitted && !LockedOut && _pendingAdmit.Nonce == BootNonce && _pendingAdmit.AfterSeq != 0 && _seqSinceNonce >= _pendingAdmit.AfterSeq
            && _setHigh.Epoch == _dispatchHigh.Epoch)
        {
            Admitted = true;
            _stateDue = true;
        }
    }

    private void Plan(long nowMs)
    {
        int allowed = Allowed(nowMs);
        if (allowed == _target)
        {
            return;
        }

        Switched++;
        double distance = Math.Abs((Ladder.PowerMw(allowed) * Error) - PowerMw);
        if (allowed < _target)
        {
            double ms = Order.Class == OrderClass.Economic ? Math.Max(_order.RampS * 1000.0, 1) : 2000;
            _rampMwPerMs = distance / ms;
            _riseAtMs = nowMs;
        }
        else
        {
            if (PowerMw <= Ladder.PowerMw(_target) * Error * 1.001)
            {
                _riseAtMs = Math.Max(_riseAtMs, nowMs + _random.Next(0, Math.Max(1, _order.SpreadS * 1000)));
            }

            _rampMwPerMs = Math.Max(distance / Math.Max(_order.RampS * 1000.0, 1), 0.001);
        }

        _target = allowed;
    }

    /// <summary>Moves power and says what is due.</summary>
    internal void Step(long nowMs, long dtMs, Action<string, string> publish)
    {
        Plan(nowMs);
        if (_leaseEndMs >= 0 && !LeaseRuns(nowMs) && Admitted && Online)
        {
            // S09: lease over.
            Reboot();
        }

        if (!Liar)
        {
            // What lost its pool ramps up again when it is back.
            _returnMwPerMs = Idle ? Ladder.PowerMw(_target) * Error / Math.Max(_order.RampS * 1000.0, 1) : PowerMw >= Ladder.PowerMw(_target) * Error ? 0 : _returnMwPerMs;
            double goal = (Idle ? Ladder.PowerMw(0) : Ladder.PowerMw(_target)) * Error;
            bool resting = CooledMw > 0 && goal <= Ladder.PowerMw(0) * Error && PowerMw <= goal;
            _restedMs = resting ? _restedMs + dtMs : 0;
            goal = _restedMs > 30_000 ? CooledMw : goal;
            if (goal < PowerMw || nowMs >= _riseAtMs)
            {
                double step = Idle ? PowerMw : Math.Max(_rampMwPerMs, _returnMwPerMs) * dtMs;
                PowerMw = goal < PowerMw ? Math.Max(goal, PowerMw - step) : Math.Min(goal, PowerMw + step);
            }
        }

        if (!Online || Mute)
        {
            return;
        }

        if (_stateDue)
        {
            _stateDue = false;
            publish("birth", Birth());
            publish("state", State());
        }

        // Contract section 1: every 10 s, and on a change of mode or of more than 5 % of power, at most once a second.
        bool changed = Mode != _reportedMode || Math.Abs(PowerMw - _reportedMw) > 0.05 * Ladder.PowerMw(Ladder.Count - 1);
        if (nowMs >= _nextTelemetryMs || (changed && nowMs >= _nextTelemetryMs - 9000))
        {
            _reportedMw = PowerMw;
            _reportedMode = Mode;
            _nextTelemetryMs = nowMs + 10_000;
            publish("telemetry", Telemetry(nowMs));
        }
    }

    internal string Birth()
    {
        return "{\"contract\":1,\"model\":\"toy\",\"chips\":1,\"chip\":\"x\",\"firmware\":\"1\",\"boardSerial\":\"" + BirthSerial + "\",\"ladder\":" + Points(Ladder) + ",\"ladderId\":" + Ladder.Id
            + (Offered is null ? "" : ",\"offered\":" + Points(Offered) + ",\"offeredId\":" + Offered.Id)
            + ",\"failsafeW\":0,\"nameplateW\":" + ((Ladder.PowerMw(Ladder.Count - 1) / 1000) + 1) + ",\"capabilities\":[]}";
    }

    private static string Points(Ladder ladder)
    {
        StringBuilder text = new();
        for (int i = 0; i < ladder.Count; i++)
        {
            text.Append(i == 0 ? "[" : ",").Append(CultureInfo.InvariantCulture, $"[{ladder.PowerMw(i)},{ladder.HashGhs(i)}]");
        }

        return text.Append(']').ToString();
    }

    internal string State() => "{\"online\":true,\"mode\":\"" + Mode + "\",\"reason\":\"\",\"bootNonce\":" + BootNonce + ",\"admitted\":" + (Admitted ? "true" : "false")
        + ",\"boardSerial\":\"" + Serial + "\",\"ladderId\":" + Ladder.Id + (PowerW >= 0 ? ",\"powerW\":" + PowerW : "") + ",\"latches\":[" + (LockedOut ? "\"lock-out\"" : "") + "],\"sinceMs\":0}";

    internal string Telemetry(long nowMs) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"mode\":\"{Mode}\",\"point\":{_target},\"effectiveMw\":{Ladder.PowerMw(_target)},\"powerMw\":{(long)(PowerMw * ReportFactor)},\"hashGhs\":{Ladder.HashGhs(_target)},\"freqKhz\":0,\"limitedBy\":\"{LimitedBy}\",\"epoch\":{_dispatchHigh.Epoch},\"orderId\":{OrderId},\"limitMjPerTh\":{Order.Limit},\"share\":{Order.Share},\"salt\":{Order.Salt},\"leaseLeftS\":{Math.Max(0, _leaseEndMs - nowMs) / 1000},\"admitted\":{(Admitted ? "true" : "false")},\"bootNonce\":{BootNonce},\"accepted\":0,\"rejected\":0,\"uptimeS\":1}}");

    private string LimitedBy => LockedOut ? "lock-out" : PowerW >= 0 && Ladder.PowerPoint(PowerW, out _) <= _target ? "power-w" : !Admitted ? "failsafe" : DispatchLatch || SetLatch ? "latch" : "pod-order";

    private string Mode => Idle || PowerMw <= Ladder.PowerMw(0) * Error ? "asleep"
        : !Liar && Math.Abs(PowerMw - (Ladder.PowerMw(_target) * Error)) > 0.01 * PowerMw ? "ramping" : "running";

    private string Ack(string result, uint epoch)
        => "{\"stream\":\"dispatch\",\"epoch\":" + epoch + ",\"seq\":" + _order.Seq + ",\"orderId\":" + OrderId + ",\"result\":\"" + result + "\",\"reason\":\"\",\"point\":0,\"effectiveMw\":0}";

    private static int Compare((uint Epoch, uint Seq) a, (uint Epoch, uint Seq) b)
        => a.Epoch != b.Epoch ? a.Epoch.CompareTo(b.Epoch) : a.Seq.CompareTo(b.Seq);
}
