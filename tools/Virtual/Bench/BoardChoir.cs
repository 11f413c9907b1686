using System.Text;
using Ballast.Hw.Boards;
using Ballast.Mqtt;
using Ballast.Virtual.Site;
using Ballast.Wire;

namespace Ballast.Virtual.Bench;

/// <summary>
/// The voices of many boards on a few connections: births, states and telemetry in the contract's own words, and power that follows the
/// pod's order at once. It loads a host as a fleet does; it is no fleet: nothing here checks a MAC, ramps or sleeps.
/// </summary>
internal sealed class BoardChoir : IMqttReceiver, IDisposable
{
    private const int BootNonce = 4_711;

    private readonly string _root;
    private readonly MosquittoConnection[] _links;
    private readonly Voice[] _voices;
    private readonly Dictionary<string, PodOrder> _pods = [];
    private readonly CountdownEvent _connected;
    private readonly BirthMessage _birth = new();
    private readonly StateMessage _state = new();
    private readonly TelemetryMessage _telemetry = new();
    private readonly DispatchOrder _order = new();
    private readonly byte[] _buffer = new byte[BirthMessage.MaxLength];
    private readonly Lock _gate = new();
    private Thread? _singing;
    private volatile bool _stop;
    private long _sent;

    /// <summary>Connects them. With `mixed` some are at fault, hot, locked out, or draw more than they should, as on a real site.</summary>
    public BoardChoir(string site, int port, IReadOnlyList<BoardIdentity> boards, int links, bool mixed = false)
    {
        _root = $"ballast/v1/{site}/";
        BoardDescription description = BitaxeGamma.Describe(0);
        var random = new Random(3);
        foreach (string pod in boards.Select(b => b.Pod).Distinct())
            _pods[pod] = new PodOrder { Limit = int.MaxValue, Epoch = 1_000, OrderId = 1 };
        _voices = [.. boards.Select((b, i) => new Voice(b, _root, LadderOf(description, random), _pods[b.Pod], mixed ? AilmentOf(i) : Ailment.None))];
        _connected = new CountdownEvent(links);
        _links = [.. Enumerable.Range(0, links).Select(_ => new MosquittoConnection())];
        for (int i = 0; i < links; i++)
        {
            _links[i].Start(
                new MqttOptions
                {
                    ClientId = $"{site}-choir-{i}",
                    Port = port,
                    Subscriptions = i == 0 ? [new MqttSubscription(_root + "+/dispatch")] : [],
                },
                this);
        }
    }

    /// <summary>Telemetry messages that left.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>What all boards draw under the orders heard, mW.</summary>
    public long PowerMw
    {
        get
        {
            lock (_gate)
                return _voices.Sum(v => (long)v.PowerMw);
        }
    }

    /// <summary>Power with everything at its top, mW.</summary>
    public long FullMw => _voices.Sum(v => (long)v.Ladder.PowerMw(v.Ladder.Count - 1));

    /// <summary>Power with everything asleep, mW.</summary>
    public long FloorMw => _voices.Sum(v => (long)v.Ladder.PowerMw(0));

    /// <summary>Publishes birth and state of every board, kept by the broker, all admitted.</summary>
    public void Introduce()
    {
        if (!_connected.Wait(TimeSpan.FromSeconds(300)))
            throw new DemoException("The bench's boards cannot connect to the broker.");
        for (int i = 0; i < _voices.Length; i++)
        {
            Publish(i, _voices[i].Birth, WriteBirth(_voices[i]), 1, true);
            Publish(i, _voices[i].State, WriteState(_voices[i]), 1, true);

            // In pieces that the broker's queues take.
            if (i % 200 == 199)
                Thread.Sleep(20);
        }
    }

    /// <summary>Birth and state of every board as bytes: for whoever takes them in without a broker.</summary>
    public IEnumerable<(byte[] Topic, byte[] Payload)> Introductions()
    {
        foreach (Voice voice in _voices)
        {
            yield return (Encoding.ASCII.GetBytes(voice.Birth), _buffer.AsSpan(0, WriteBirth(voice)).ToArray());
            yield return (Encoding.ASCII.GetBytes(voice.State), _buffer.AsSpan(0, WriteState(voice)).ToArray());
        }
    }

    /// <summary>Sends telemetry on a thread of its own, board after board, at a steady rate.</summary>
    public void Sing(double messagesPerS)
    {
        _singing = new Thread(() =>
        {
            long start = Environment.TickCount64;
            long sent = 0;
            while (!_stop)
            {
                long due = (long)((Environment.TickCount64 - start) * messagesPerS / 1_000);
                for (int burst = 0; sent < due && burst < 500; burst++, sent++)
                    Speak((int)(sent % _voices.Length));
                Thread.Sleep(2);
            }
        })
        {
            IsBackground = true,
            Name = "choir",
        };
        _singing.Start();
    }

    /// <summary>One telemetry message of one board, as bytes: for whoever takes it in without a broker.</summary>
    public (string Topic, byte[] Payload) Say(int board)
    {
        lock (_gate)
            return (_voices[board].Telemetry, _buffer.AsSpan(0, Write(_voices[board])).ToArray());
    }

    void IMqttReceiver.OnConnected()
    {
        if (!_connected.IsSet)
            _connected.Signal();
    }

    void IMqttReceiver.OnDisconnected(MqttConnectResult reason)
    {
    }

    void IMqttReceiver.OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        byte[] copy = payload.ToArray();
        string name = Encoding.ASCII.GetString(topic);
        lock (_gate)
        {
            if (Envelope.ParseDispatch(copy, 0, copy.Length, retained, _order) == Reject.None
                && _pods.TryGetValue(name[_root.Length..name.LastIndexOf('/')], out PodOrder? pod))
            {
                pod.Epoch = _order.Epoch;
                pod.OrderId = _order.OrderId;
                pod.Limit = _order.LimitMjPerTh;
                pod.Share = _order.Share;
                pod.Salt = _order.Salt;
            }
        }
    }

    public void Dispose()
    {
        _stop = true;
        _singing?.Join();
        foreach (MosquittoConnection link in _links)
            link.Dispose();
        _connected.Dispose();
    }

    private void Speak(int board)
    {
        lock (_gate)
            Publish(board, _voices[board].Telemetry, Write(_voices[board]), 0, false);
        Interlocked.Increment(ref _sent);
    }

    private int WriteBirth(Voice voice)
    {
        _birth.Model = "bench";
        _birth.Chips = 1;
        _birth.Chip = "BM1370";
        _birth.Firmware = "0.1.0";
        _birth.BoardSerial = voice.Identity.Serial;
        _birth.Ladder = voice.Ladder;
        _birth.NameplateW = (voice.Ladder.PowerMw(voice.Ladder.Count - 1) / 1_000) + 1;
        return _birth.Write(_buffer, 0);
    }

    private int WriteState(Voice voice)
    {
        _state.Online = true;
        _state.Mode = voice.Ailment == Ailment.Fault ? BoardMode.Fault : BoardMode.Running;
        _state.LatchCount = voice.Ailment == Ailment.Fault ? 1 : 0;
        _state.Latches[0] = "fault-S03";
        _state.BootNonce = BootNonce;
        _state.Admitted = true;
        _state.BoardSerial = voice.Identity.Serial;
        _state.LadderId = voice.Ladder.Id;
        return _state.Write(_buffer, 0);
    }

    private int Write(Voice voice)
    {
        PodOrder order = voice.Order;
        int point = voice.Point;
        _telemetry.Mode = voice.Ailment == Ailment.Fault ? BoardMode.Fault : point == 0 ? BoardMode.Asleep : BoardMode.Running;
        _telemetry.Point = point;
        _telemetry.EffectiveMw = voice.PowerMw;
        _telemetry.PowerMw = voice.Ailment == Ailment.Greedy ? (voice.PowerMw * 5 / 4) + 25_000 : voice.PowerMw;
        _telemetry.HashGhs = voice.Ladder.HashGhs(point);
        _telemetry.FreqKhz = 525_000;
        _telemetry.CoreMv = 1_150;
        _telemetry.InputMv = 5_020;
        _telemetry.ChipMilliC = (voice.Ailment == Ailment.Hot ? 81_500 : 60_250) + (int)(voice.Rank % 4_000);
        _telemetry.VrMilliC = 58_000;
        _telemetry.FanRpm = 3_100;
        _telemetry.FanPercent = 62;
        _telemetry.LimitedBy = voice.Ailment switch { Ailment.Fault => LimitedBy.Latch, Ailment.LockedOut => LimitedBy.LockOut, Ailment.Hot => LimitedBy.Derate, _ => LimitedBy.PodOrder };
        _telemetry.Epoch = order.Epoch;
        _telemetry.OrderId = order.OrderId;
        _telemetry.LimitMjPerTh = order.Limit;
        _telemetry.Share = order.Share;
        _telemetry.Salt = order.Salt;
        _telemetry.LeaseLeftS = 55;
        _telemetry.Admitted = true;
        _telemetry.BootNonce = BootNonce;
        _telemetry.Accepted = 12_345;
        _telemetry.UptimeS = 86_400;
        return _telemetry.Write(_buffer, 0);
    }

    private void Publish(int board, string topic, int length, int qos, bool retain)
        => _links[board % _links.Length].Publish(topic, _buffer.AsSpan(0, length), qos, retain);

    private static Ladder LadderOf(BoardDescription description, Random random)
    {
        double scale = 0.95 + (0.1 * random.NextDouble());
        int[] power = [.. description.Points.Select((p, i) => i == 0 ? p.PowerMw : (int)(p.PowerMw * scale))];
        int[] hash = [.. description.Points.Select(p => p.HashGhs)];
        return Ladder.TryCreate(power, hash, power.Length, out _)!;
    }

    // Three boards in two hundred have something, each with its own.
    private static Ailment AilmentOf(int board) => (board % 400) switch { 37 => Ailment.Fault, 101 => Ailment.Hot, 163 or 164 => Ailment.LockedOut, 229 => Ailment.Greedy, 311 => Ailment.Hot, _ => Ailment.None };

    private enum Ailment
    {
        None,
        Fault,
        Hot,
        LockedOut,
        Greedy,
    }

    private sealed class PodOrder
    {
        public uint Epoch;
        public uint OrderId;
        public int Limit;
        public uint Share;
        public uint Salt;
    }

    private sealed class Voice
    {
        public Voice(BoardIdentity identity, string root, Ladder ladder, PodOrder order, Ailment ailment)
        {
            Ailment = ailment;
            Identity = identity;
            Ladder = ladder;
            Order = order;
            string name = identity.Pod + "/" + identity.Board;
            byte[] ascii = Encoding.ASCII.GetBytes(name);
            Rank = Ballast.Wire.Rank.Of(ascii, 0, ascii.Length, 0);
            Birth = root + name + "/birth";
            State = root + name + "/state";
            Telemetry = root + name + "/telemetry";
        }

        public BoardIdentity Identity { get; }

        public Ladder Ladder { get; }

        public PodOrder Order { get; }

        public Ailment Ailment { get; }

        public uint Rank { get; }

        public string Birth { get; }

        public string State { get; }

        public string Telemetry { get; }

        public int Point => Ailment is Ailment.Fault or Ailment.LockedOut ? 0 : Ladder.Choose(Order.Limit, Order.Share, Rank - Order.Salt);

        public int PowerMw => Ladder.PowerMw(Point);
    }
}
