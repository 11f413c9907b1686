using System.Text;
using Ballast.Firmware.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>One board with its agent in simulated time, and a host that signs what it is told to send.</summary>
public sealed class Bench
{
    public const string Dispatch = "ballast/v1/s1/p1/dispatch";
    public const string Set = "ballast/v1/s1/p1/b01/set";

    public FakeClock Clock { get; }
    public FakeBoard Fake { get; private set; }
    public FakeLink Link { get; private set; }
    public FakeStore Store { get; set; }
    public BoardAgent Agent { get; private set; }
    public BoardSettings Settings { get; }
    public uint Epoch { get; set; } = 100;
    public uint Seq { get; set; } = 1;
    public uint OrderId { get; set; } = 1;
    public int PodKid { get; set; } = 1;
    public int BoardKid { get; set; } = 1;
    public byte[] PodKey { get; set; } = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    public byte[] BoardKey { get; set; } = [.. Enumerable.Range(0, 32).Select(i => (byte)(i + 100))];

    /// <summary>The host's wall clock minus the bench's clock, ms.</summary>
    public long HostOffsetMs { get; set; } = 1_763_800_000_000;

    private uint _entropySeed;
    private readonly Func<IMiner?>? _miner;
    private readonly int _minOffMs;

    public Bench(bool enrolled = true, int failsafeW = 0, uint seed = 7, Action<BoardSettings>? change = null, FakeStore? store = null, Func<IMiner?>? miner = null, int minOffMs = 0)
    {
        _minOffMs = minOffMs;
        _miner = miner;
        _entropySeed = seed;
        Clock = new FakeClock();
        Settings = new BoardSettings
        {
            Site = "s1",
            Pod = "p1",
            Board = "b01",
            Serial = "SN-1",
            Enrolled = enrolled,
            FailsafeW = failsafeW,
            PodKeys = [new KeySetting { Kid = 1, Key = PodKey }],
            BoardKeys = [new KeySetting { Kid = 1, Key = BoardKey }],
        };
        change?.Invoke(Settings);
        Store = store ?? new FakeStore();
        (Fake, Link, Agent) = Build();
    }

    private (FakeBoard, FakeLink, BoardAgent) Build()
    {
        var fake = new FakeBoard(Clock, _minOffMs);
        var link = new FakeLink { Clock = Clock };
        return (fake, link, new BoardAgent(Settings, fake.Board, link, Store, Clock, new FakeEntropy(_entropySeed++), _miner?.Invoke()));
    }

    /// <summary>Power off and on again: everything but the store is new.</summary>
    public void Restart()
    {
        (Fake, Link, Agent) = Build();
    }

    public BoardSnapshot Snap => Agent.Snapshot;

    public void Step()
    {
        Clock.NowMs += 20;
        Agent.Step();
        Assert.Null(Agent.Failure);
    }

    public void Run(double seconds, Action? each = null)
    {
        for (long end = Clock.NowMs + (long)(seconds * 1000); Clock.NowMs < end;)
        {
            Step();
            each?.Invoke();
        }
    }

    /// <summary>Steps until a condition holds; fails after the time.</summary>
    public double RunUntil(Func<bool> done, double seconds)
    {
        long start = Clock.NowMs;
        while (!done())
        {
            Assert.True(Clock.NowMs - start <= seconds * 1000, $"not reached in {seconds} s: mode {Snap.Mode} ({Snap.Reason}), point {Snap.EffectivePoint}, {Agent.Power.FreqKhz} kHz");
            Step();
        }

        return (Clock.NowMs - start) / 1000.0;
    }

    public DispatchOrder Order(int limit, OrderClass orderClass = OrderClass.Economic, uint share = 0, int leaseS = 60, int rampS = 2, int spreadS = 1, int failSpreadS = 0) => new()
    {
        Kid = PodKid,
        Epoch = Epoch,
        Seq = Seq++,
        OrderId = OrderId,
        Class = orderClass,
        LeaseS = leaseS,
        SentMs = Clock.NowMs + HostOffsetMs,
        LimitMjPerTh = limit,
        Share = share,
        RampS = rampS,
        SpreadS = spreadS,
        FailSpreadS = failSpreadS,
    };

    public SetMessage Message(SetKind kind) => new()
    {
        Kid = BoardKid,
        Epoch = Epoch,
        Seq = Seq++,
        OrderId = OrderId,
        SentMs = Clock.NowMs + HostOffsetMs,
        Kind = kind,
        Class = OrderClass.Economic,
    };

    public byte[] Sign(DispatchOrder order, byte[]? key = null, string topic = Dispatch)
    {
        byte[] t = Encoding.UTF8.GetBytes(topic);
        byte[] buffer = new byte[Envelope.MaxMessage];
        int n = Envelope.WriteDispatch(order, t, t.Length, new HmacSha256(key ?? PodKey), buffer, 0);
        Assert.True(n > 0);
        return buffer[..n];
    }

    public byte[] Sign(SetMessage message, byte[]? key = null)
    {
        byte[] t = Encoding.UTF8.GetBytes(Set);
        byte[] buffer = new byte[Envelope.MaxMessage];
        int n = Envelope.WriteSet(message, t, t.Length, new HmacSha256(key ?? BoardKey), buffer, 0);
        Assert.True(n > 0);
        return buffer[..n];
    }

    public byte[] Send(DispatchOrder order)
    {
        byte[] bytes = Sign(order);
        Link.Deliver(Dispatch, bytes);
        return bytes;
    }

    public byte[] Send(SetMessage message)
    {
        byte[] bytes = Sign(message);
        Link.Deliver(Set, bytes);
        return bytes;
    }

    /// <summary>Orders a limit under a new content number and steps once.</summary>
    public void OrderNow(int limit, OrderClass orderClass = OrderClass.Economic, int leaseS = 60, int rampS = 2, int spreadS = 1)
    {
        OrderId++;
        Send(Order(limit, orderClass, 0, leaseS, rampS, spreadS));
        Step();
    }

    /// <summary>Sends what admits the board, and steps.</summary>
    public void Admit(int limit = int.MaxValue, int leaseS = 60)
    {
        Step();
        uint after = Seq;
        OrderNow(limit, leaseS: leaseS);
        SetMessage m = Message(SetKind.Admit);
        m.BootNonce = Snap.BootNonce;
        m.AfterSeq = after;
        Send(m);
        Step();
        Assert.True(Snap.Admitted, "not admitted");
    }

    /// <summary>Admits and runs until the board hashes at its top point.</summary>
    public void AdmitAndRun(int limit = int.MaxValue, int leaseS = 600)
    {
        Admit(limit, leaseS);
        RunUntil(() => Snap.Mode == BoardMode.Running && Agent.Power.FreqKhz > 0, 60);
    }

    public int Rejected(Reject why) => Snap.Rejects[(int)why];
}
