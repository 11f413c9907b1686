using System.Text;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Week;

/// <summary>
/// A host, its operators, an unreliable network and somebody hostile, all from the seed: orders of every class, caps, lock-outs, new keys,
/// takeovers and clock steps; messages late, twice and out of order; replays, forgeries and rubbish.
/// </summary>
internal sealed class WeekHost(WeekBoard board, Random random, double dose)
{
    public const string DispatchTopic = "ballast/v1/s1/p1/dispatch";
    public const string SetTopic = "ballast/v1/s1/p1/b01/set";

    private readonly List<(long DueMs, WeekMessage Message)> _onTheWay = [];
    private readonly WeekMessage?[] _captured = new WeekMessage?[64];
    private readonly Dictionary<int, HmacSha256>[] _keys = [[], []];
    private readonly int[] _kid = [1, 1];
    private readonly long[] _newKidFrom = new long[2];
    private readonly int[] _newKid = new int[2];
    private int _lastKid = 1;
    private readonly byte[] _buffer = new byte[Envelope.MaxMessage];
    private readonly HmacSha256 _wrongKey = new([.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]);
    private int _capturedNext;
    private uint _epoch = 1000;
    private uint _seq = 1;
    private uint _orderId = 1;
    private long _offsetMs = 1_763_800_000_000;
    private int _limit = int.MaxValue;
    private uint _share;
    private OrderClass _class;
    private int _rampS = 15;
    private int _leaseS = 60;
    private long _emergencyUntilMs;
    private long _nextRepeatMs;
    private long _nextAdmitMs;
    private long _silentUntilMs;
    private long _nextWhimMs;
    private long _nextAttackMs;
    private long _lockedUntilMs;
    private long _faultSeenMs = -1;
    private uint _admittedNonce;

    public int Sent { get; private set; }

    public int Attacks { get; private set; }

    public long NextMs => Math.Min(Math.Min(Math.Max(_nextRepeatMs, _silentUntilMs), Math.Min(_nextWhimMs, _nextAttackMs)), _onTheWay.Count > 0 ? _onTheWay[0].DueMs : long.MaxValue);

    public void AddKey(int stream, int kid, byte[] key) => _keys[stream][kid] = new HmacSha256(key);

    public void Step(long nowMs)
    {
        while (_onTheWay.Count > 0 && nowMs >= _onTheWay[0].DueMs)
        {
            board.Link.Deliver(_onTheWay[0].Message);
            _onTheWay.RemoveAt(0);
        }

        if (nowMs >= _nextAttackMs)
        {
            _nextAttackMs = nowMs + Draw(240_000);
            Attack(nowMs);
        }

        if (nowMs < _silentUntilMs)
            return;
        if (nowMs >= _nextWhimMs)
        {
            _nextWhimMs = nowMs + Draw(600_000 / dose);
            Whim(nowMs);
        }

        if (_class == OrderClass.Emergency && nowMs >= _emergencyUntilMs)
        {
            Order(OrderClass.Economic, random.Next(3) == 0 ? 0 : int.MaxValue, nowMs);
        }
        else if (nowMs >= _nextRepeatMs)
        {
            SendOrder(nowMs);
        }

        if (nowMs >= _nextAdmitMs && _class != OrderClass.Emergency && board.Link.IsConnected)
            TryAdmit(nowMs);
        if (_lockedUntilMs > 0 && nowMs >= _lockedUntilMs)
        {
            _lockedUntilMs = 0;
            SendSet(SetKind.Lockout, nowMs, m => m.Value = 0);
        }

        Operate(nowMs);
    }

    /// <summary>What people do: accept a ladder, and release a fault that has been seen for a while.</summary>
    private void Operate(long nowMs)
    {
        _faultSeenMs = !board.Link.SaysFault ? -1 : _faultSeenMs < 0 ? nowMs : _faultSeenMs;
        if (_faultSeenMs < 0 || nowMs - _faultSeenMs < 300_000)
            return;
        _faultSeenMs = nowMs - 240_000;
        if (random.Next(3) == 0)
            board.Type("clear-fault");
        else
            SendSet(SetKind.ClearFault, nowMs, _ => { });
    }

    private void TryAdmit(long nowMs)
    {
        _nextAdmitMs = nowMs + 5000;
        if (board.Link.SaysAdmitted || (board.Link.BootNonce == _admittedNonce && random.Next(3) != 0))
            return;
        _admittedNonce = board.Link.BootNonce;
        uint after = _seq;
        bool orderFirst = random.Next(2) == 0;
        if (orderFirst)
            SendOrder(nowMs);
        SendSet(SetKind.Admit, nowMs, m => (m.BootNonce, m.AfterSeq) = (board.Link.BootNonce, after));
        if (!orderFirst)
            SendOrder(nowMs);
    }

    private void Whim(long nowMs)
    {
        int kind = random.Next(100);
        if (kind < 55)
        {
            OrderClass orderClass = (OrderClass)(random.Next(10) switch { < 6 => 0, < 8 => 1, _ => 2 });
            Order(orderClass, random.Next(5) switch { 0 => 0, 1 or 2 => random.Next(12_000, 22_000), _ => int.MaxValue }, nowMs);
        }
        else if (kind < 63)
        {
            SendSet(random.Next(2) == 0 ? SetKind.Release : SetKind.PowerW, nowMs, m => (m.PowerW, m.Class) = (random.Next(board.NameplateW), m.Kind == SetKind.Release ? OrderClass.Economic : (OrderClass)random.Next(3)));
        }
        else if (kind < 67)
        {
            SendSet(SetKind.Release, nowMs, m => m.Class = OrderClass.Economic);
        }
        else if (kind < 70)
        {
            _lockedUntilMs = nowMs + random.Next(600_000);
            SendSet(SetKind.Lockout, nowMs, m => m.Value = 1);
        }
        else if (kind < 78)
        {
            _silentUntilMs = nowMs + random.Next(300_000);
        }
        else if (kind < 84)
        {
            // Another host takes over, perhaps with another clock.
            _silentUntilMs = nowMs + random.Next(40_000);
            _epoch += (uint)random.Next(1, 5);
            _offsetMs += random.Next(3) == 0 ? random.Next(-3_600_000, 3_600_000) : 0;
        }
        else if (kind < 88 && board.Link.OfferedId != 0)
        {
            uint id = board.Link.OfferedId;
            SendSet(SetKind.LadderId, nowMs, m => m.Value = id);
        }
        else if (kind < 91)
        {
            int stream = random.Next(2);
            int kid = (++_lastKid % 255) + 1;
            byte[] key = new byte[32];
            random.NextBytes(key);
            SendSet(SetKind.InstallKey, nowMs, m =>
            {
                (m.Value, m.NewKid) = ((uint)stream, kid);
                key.CopyTo(m.NewKey, 0);
            });
            AddKey(stream, kid, key);
            _newKidFrom[stream] = nowMs + 20_000;
            _newKid[stream] = kid;
        }
        else if (kind < 94)
        {
            SendSet(SetKind.Restart, nowMs, m => m.Value = (uint)random.Next(1, 3));
        }
        else
        {
            SendSet(SetKind.Identify, nowMs, _ => { });
        }
    }

    private void Order(OrderClass orderClass, int limit, long nowMs)
    {
        _orderId++;
        _class = orderClass;
        _limit = limit;
        _share = (uint)random.NextInt64(0, 1L << 32);
        _rampS = random.Next(4) == 0 ? random.Next(120) : random.Next(20);
        _leaseS = random.Next(6) == 0 ? random.Next(15, 200) : 60;
        _emergencyUntilMs = nowMs + random.Next(240_000);
        SendOrder(nowMs);
        if (orderClass == OrderClass.Emergency)
        {
            for (int i = 0; i < 3; i++)
                SendOrder(nowMs);
        }
    }

    private void SendOrder(long nowMs)
    {
        _nextRepeatMs = nowMs + 10_000;
        ChangeKid(0, nowMs);
        var o = new DispatchOrder
        {
            Kid = _kid[0],
            Epoch = _epoch,
            Seq = _seq++,
            OrderId = _orderId,
            Class = _class,
            LeaseS = _leaseS,
            SentMs = nowMs + _offsetMs,
            LimitMjPerTh = _limit,
            Share = _share,
            Salt = _epoch,
            RampS = _rampS,
            SpreadS = 5,
            FailSpreadS = 10,
        };
        Travel(new WeekMessage { Topic = DispatchTopic, Bytes = Sign(o), Dispatch = o }, nowMs);
    }

    /// <summary>An operator locks the board out, or ends it.</summary>
    public void Lock(bool locked, long nowMs) => SendSet(SetKind.Lockout, nowMs, m => m.Value = locked ? 1u : 0u);

    public byte[] Sign(DispatchOrder o)
    {
        byte[] topic = Encoding.ASCII.GetBytes(DispatchTopic);
        return _buffer[..Envelope.WriteDispatch(o, topic, topic.Length, _keys[0][_kid[0]], _buffer, 0)];
    }

    private void SendSet(SetKind kind, long nowMs, Action<SetMessage> fill)
    {
        ChangeKid(1, nowMs);
        var m = new SetMessage { Kid = _kid[1], Epoch = _epoch, Seq = _seq++, OrderId = _orderId, SentMs = nowMs + _offsetMs, Kind = kind };
        fill(m);
        byte[] topic = Encoding.ASCII.GetBytes(SetTopic);
        byte[] plain = [.. m.NewKey];
        if (kind == SetKind.InstallKey)
            KeyCipher.Apply(_keys[1][_kid[1]], topic, topic.Length, m.Epoch, m.Seq, m.NewKey, 0);
        int n = Envelope.WriteSet(m, topic, topic.Length, _keys[1][_kid[1]], _buffer, 0);
        plain.CopyTo(m.NewKey, 0);
        Travel(new WeekMessage { Topic = SetTopic, Bytes = _buffer[..n], Set = m }, nowMs);
    }

    /// <summary>A key installed a while ago comes into use, if it arrived.</summary>
    private void ChangeKid(int stream, long nowMs)
    {
        List<ReferenceKid> known = board.Reference.Kids[stream];
        if (_newKidFrom[stream] > 0 && nowMs >= _newKidFrom[stream])
        {
            _newKidFrom[stream] = 0;
            if (known.Exists(k => k.Id == _newKid[stream]))
                _kid[stream] = _newKid[stream];
        }

        // A key that a torn write took is gone: the operator goes back to one that the board has.
        if (!known.Exists(k => k.Id == _kid[stream]))
            _kid[stream] = known[0].Id;
    }

    /// <summary>The network: most messages arrive at once, some late, some twice, some never.</summary>
    private void Travel(WeekMessage message, long nowMs)
    {
        Sent++;
        _captured[_capturedNext++ % _captured.Length] = message;
        int luck = random.Next(200);
        if (luck == 0)
            return;
        Put(message, nowMs + (luck < 6 ? random.Next(30_000) : luck < 8 ? random.Next(300_000) : 0));
        if (luck is > 8 and < 14)
            Put(message, nowMs + random.Next(5000));
    }

    private void Put(WeekMessage message, long dueMs)
    {
        int at = _onTheWay.FindIndex(m => m.DueMs > dueMs);
        _onTheWay.Insert(at < 0 ? _onTheWay.Count : at, (dueMs, message));
    }

    private void Attack(long nowMs)
    {
        if (_captured[random.Next(_captured.Length)] is not { } old)
            return;
        Attacks++;
        byte[] bytes = [.. old.Bytes];
        switch (random.Next(6))
        {
            case 0:
                Put(old, nowMs);
                return;
            case 1:
                Put(old with { Retained = true }, nowMs);
                return;
            case 2:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                bytes = bytes[..random.Next(bytes.Length)];
                break;
            case 4:
                bytes = new byte[random.Next(1500)];
                random.NextBytes(bytes);
                break;
            default:
                byte[] topic = Encoding.ASCII.GetBytes(DispatchTopic);
                var forged = new DispatchOrder { Kid = _kid[0], Epoch = _epoch + (uint)random.Next(3), Seq = _seq + (uint)random.Next(1000), Class = (OrderClass)random.Next(3), LeaseS = 3600, SentMs = nowMs + _offsetMs, LimitMjPerTh = random.Next(2) * int.MaxValue };
                bytes = _buffer[..Envelope.WriteDispatch(forged, topic, topic.Length, _wrongKey, _buffer, 0)];
                Put(new WeekMessage { Topic = DispatchTopic, Bytes = bytes }, nowMs);
                return;
        }

        Put(new WeekMessage { Topic = old.Topic, Bytes = bytes }, nowMs);
    }

    private long Draw(double mean) => (long)(-Math.Log(1 - random.NextDouble()) * mean);
}
