using System.Security.Cryptography;
using System.Text;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Sim;
using Ballast.Wire;

namespace Ballast.Benchmarks;

/// <summary>The whole firmware on the model of a Bitaxe Gamma with a pool, in simulated time: the same ticks in every run.</summary>
internal sealed class BoardRig
{
    private const int WorkShift = 29;
    private const string Pod = "ballast/v1/demo/p1/dispatch";
    private const string Own = "ballast/v1/demo/p1/b01/set";

    private readonly SimClock _clock = new();
    private readonly SimGamma _sim;
    private readonly RigLink _link = new();
    private readonly HmacSha256 _mac;
    private uint _seq;

    public BoardRig(byte[] key)
    {
        _mac = new HmacSha256(key);
        _sim = new SimGamma(_clock, new PlatformDigest(), 1, WorkShift);
        Hashboard board = BitaxeGamma.Create(_sim.Io, WorkShift);
        var pools = new PoolSettings();
        Workloads.Must(pools.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _));
        Miner = new Miner(new PoolClient(pools, new RigPool(), _clock, new SimRandom(3)), board.Chain, _clock, new MinerSettings());
        KeySetting[] keys = [new KeySetting { Kid = 1, Key = key }];
        var settings = new BoardSettings { Site = "demo", Pod = "p1", Board = "b01", Serial = "s", Enrolled = true, PodKeys = keys, BoardKeys = keys };
        Agent = new BoardAgent(settings, board, _link, Miner, new RigStore(), _clock, new SimRandom(2));
    }

    public BoardAgent Agent { get; }

    public Miner Miner { get; }

    public int Ticks { get; private set; }

    public bool RailOff => _sim.RailMilliVolts == 0;

    /// <summary>A board that is admitted, hashes at its top point and has had a share accepted.</summary>
    public static BoardRig Hashing(byte[] key)
    {
        var rig = new BoardRig(key);
        rig.Run(50);
        rig.Order(Ladder.Everything, OrderClass.Economic);
        rig.Tick();
        rig.Admit();
        for (int i = 0; i < 6000 && (rig.Agent.Snapshot.Mode != BoardMode.Running || rig.Miner.Stats.Accepted == 0); i++)
            rig.Tick();
        Workloads.Must(rig.Agent.Snapshot.Mode == BoardMode.Running && rig.Miner.Stats.Accepted > 0);
        return rig;
    }

    public void Run(int ticks)
    {
        for (int i = 0; i < ticks; i++)
            Tick();
    }

    public void Tick()
    {
        Ticks++;
        _clock.NowMs += 20;
        _sim.Step(_clock.NowMs);
        Agent.Step();
    }

    public void Order(int limit, OrderClass orderClass)
    {
        var order = new DispatchOrder { Kid = 1, Epoch = 1763800000, Seq = ++_seq, OrderId = _seq, Class = orderClass, LeaseS = 3600, SentMs = 1763800000000 + _clock.NowMs, LimitMjPerTh = limit, RampS = 2, SpreadS = 1 };
        byte[] topic = Encoding.ASCII.GetBytes(Pod);
        byte[] message = new byte[Envelope.MaxMessage];
        _link.Deliver(Pod, message, Envelope.WriteDispatch(order, topic, topic.Length, _mac, message, 0));
    }

    public void SettleModel() => _sim.Step(_clock.NowMs + 1);

    private void Admit()
    {
        var admit = new SetMessage { Kid = 1, Epoch = 1763800000, Seq = 1, OrderId = 1, SentMs = 1763800000000 + _clock.NowMs, Kind = SetKind.Admit, BootNonce = Agent.Snapshot.BootNonce, AfterSeq = 1 };
        byte[] topic = Encoding.ASCII.GetBytes(Own);
        byte[] message = new byte[Envelope.MaxMessage];
        _link.Deliver(Own, message, Envelope.WriteSet(admit, topic, topic.Length, _mac, message, 0));
    }

    private sealed class PlatformDigest : IDigest
    {
        public void DoubleSha256(byte[] data, int offset, int count, byte[] hash, int hashOffset)
        {
            Span<byte> first = stackalloc byte[32];
            SHA256.HashData(data.AsSpan(offset, count), first);
            SHA256.HashData(first, hash.AsSpan(hashOffset, 32));
        }
    }

    private sealed class RigLink : IMqttLink
    {
        private (byte[] Topic, byte[] Payload)? _waiting;

        public bool IsConnected => true;

        public int ConnectCount => 1;

        public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
        {
        }

        public void Poll(long nowMs)
        {
        }

        public void Deliver(string topic, byte[] payload, int length) => _waiting = (Encoding.ASCII.GetBytes(topic), payload[..length]);

        public bool TryReceive(MqttInbound into)
        {
            if (_waiting is not { } message)
                return false;
            message.Topic.CopyTo(into.Topic, 0);
            message.Payload.CopyTo(into.Payload, 0);
            (into.TopicLength, into.PayloadLength, into.Retained, into.Oversize) = (message.Topic.Length, message.Payload.Length, false, false);
            _waiting = null;
            return true;
        }

        public bool Publish(string topic, byte[] payload, int length, int qos, bool retain) => true;
    }

    private sealed class RigStore : IStore
    {
        private readonly byte[][] _slots = [[], []];

        public int Read(int slot, byte[] buffer)
        {
            int count = Math.Min(buffer.Length, _slots[slot].Length);
            Array.Copy(_slots[slot], buffer, count);
            return count;
        }

        public bool Write(int slot, byte[] buffer, int count)
        {
            _slots[slot] = buffer[..count];
            return true;
        }
    }
}
