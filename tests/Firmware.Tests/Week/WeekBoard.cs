using System.Text;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Agent;
using Ballast.Firmware.Tests.Console;
using Ballast.Firmware.Tests.Mining;
using Ballast.Hw.Boards;
using Ballast.Hw.Sim;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Week;

/// <summary>
/// The whole firmware of one board over the register-level model of it, in simulated time, with everything that goes wrong around it. Steps
/// are 20 ms while anything is going on, 100 ms (the board's own sample) in steady operation, and longer while the board is dark.
/// </summary>
internal sealed partial class WeekBoard
{
    // At least one hash is tried for each nonce that is due down to a ticket of 8, the lowest of the slowest board.
    private const int WorkShift = 35;
    private static readonly string[] Commands = ["status", "temps --json", "chips", "fans", "volts", "pools", "ladder", "order", "events", "log", "help", "set", "identify", "restart chain", "restart", "clear-fault", "selftest", "set own-point 3", "set own-point 1", "set own-point 7", "save", "rubbish", "set failsafe x", "enroll pod 999"];

    private readonly string _model;
    private readonly BoardSettings _settings;
    private readonly FakeEntropy _entropy;
    private readonly WatchedPin[] _pins;
    private readonly int[] _freqKhz;
    private readonly int[] _nominalMw;
    private readonly string _poolUrl;
    private FakePort _port = new();
    private TechnicianConsole _console = null!;
    private Miner _miner = null!;
    private bool _first;
    private bool _planned;
    private int _noncesSent;
    private int _logins;
    private long _nextNotifyMs;
    private long _connectAtMs;
    private long _busyUntilMs;
    private int _jobs;
    private int _releaseIn;
    private int _eventsSeen;
    private uint? _newNonce;
    private RuleBrokenException? _broken;

    public WeekBoard(string model, int seed, double dose)
    {
        _model = model;
        var random = new Random(seed);
        Seed = seed;
        _entropy = new FakeEntropy((uint)(seed * 977) + 1);
        // With its enable line wired, also where the product's layout has none: such a board with a dead bus cannot be switched off by anybody.
        SimBoardPlan plan = SimBoards.Find(model)!;
        plan.EnableWired = true;
        bool activeHigh = plan.EnableActiveHigh;
        Sim = new SimBoard(Clock, new PlatformDigest(), (uint)seed, WorkShift, plan);
        _pins = [new WatchedPin(Sim.Io.AsicReset!, high => Watch(() => Rules!.OnRelease(high))), new WatchedPin(Sim.Io.RegulatorEnable!, high => Watch(() => Rules!.OnEnable(high == activeHigh)))];
        Sim.Io.AsicReset = _pins[0];
        Sim.Io.RegulatorEnable = _pins[1];
        BoardDescription description = BoardCatalog.Create(model, Sim.Io, WorkShift)!.Description;
        _freqKhz = [.. description.Points.Select(p => p.FreqKhz)];
        _nominalMw = [.. description.Points.Select(p => p.PowerMw)];
        NameplateW = (description.Points[^1].PowerMw / 1000) + 2;
        int failsafeW = random.Next(2) == 0 ? 0 : (description.Points[random.Next(1, 4)].PowerMw / 1000) + 1;
        byte[] podKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] boardKey = [.. Enumerable.Range(0, 32).Select(i => (byte)(i + 100))];

        // A pool by name may stall all threads at each connect, so it is met without power only (S20); one by private address may be met any time.
        _poolUrl = random.Next(2) == 0 ? "stratum+tcp://10.0.0.5:3333" : "stratum+tcp://pool.example:3333";
        _settings = new BoardSettings
        {
            Site = "s1",
            Pod = "p1",
            Board = "b01",
            Serial = "SN-1",
            Enrolled = true,
            FailsafeW = failsafeW,
            StartSpreadS = 5,
            PodKeys = [new KeySetting { Kid = 1, Key = podKey }],
            BoardKeys = [new KeySetting { Kid = 1, Key = boardKey }],
        };
        Store = new WeekStore(random) { BeforeWrite = () => Watch(() => FirstTouch("flash")) };
        Link = new WeekLink { BeforePoll = () => Watch(() => FirstTouch("the network")), OnAck = (stream, epoch, seq) => Watch(() => CheckAck(stream, epoch, seq)), OnState = nonce => _newNonce = nonce };
        Link.OnEvent = rule => Events[rule] = Events.GetValueOrDefault(rule) + 1;
        Pool.Connecting = (host, tls) => Watch(() => CheckConnect(host, tls));
        Reference = new OrderReference("p1/b01", _nominalMw, [.. description.Points.Select(p => p.HashGhs)], failsafeW, [1, 1]);
        Reference.Begin();
        Points = new PointRules(_freqKhz);
        Faults = new WeekFaults(this, random, dose) { FanCount = Sim.Fans.Length };
        Rules = new PartRules(Sim, description, Faults);
        Host = new WeekHost(this, random, dose);
        Host.AddKey(0, 1, podKey);
        Host.AddKey(1, 1, boardKey);
        Boot();
        Points.Restart(Reference.AllowedPoint);
    }

    public int Seed { get; }
    public FakeClock Clock { get; } = new();
    public SimBoard Sim { get; }
    public BoardAgent Agent { get; private set; } = null!;
    public WeekLink Link { get; }
    public WeekStore Store { get; }
    public QuietLink Pool { get; } = new();
    public OrderReference Reference { get; }
    public PointRules Points { get; }
    public PartRules Rules { get; }
    public WeekFaults Faults { get; }
    public WeekHost Host { get; }
    public Queue<(long AtMs, WeekMessage Message)> Taken { get; } = new();
    public bool PoolMute { get; set; }
    public int NameplateW { get; }
    public long Steps { get; private set; }
    public long PoweredMs { get; private set; }
    public int Lives { get; private set; }
    public int Throws { get; private set; }
    public int Stalls { get; private set; }
    public Dictionary<string, int> Events { get; } = [];

    public int TrueKhz
    {
        get
        {
            int khz = 0;
            for (int i = 0; i < Sim.Bm13xx!.ChipCount; i++)
                khz = Math.Max(khz, Sim.Bm13xx.Chip(i).FreqKhz);
            return Rules.Powered && Rules.Released ? khz : 0;
        }
    }

    public void Run(long ms)
    {
        for (long end = Clock.NowMs + ms; Clock.NowMs < end;)
            Step();
    }

    public void Step()
    {
        long now = Clock.NowMs + NextStepMs();
        long elapsed = now - Clock.NowMs;
        Clock.NowMs = now;
        Steps++;
        Rules.Begin(now);
        Sim.Step(now);
        Faults.Step(now);
        Host.Step(now);
        StepPool(now);
        if (_connectAtMs > 0 && now >= _connectAtMs)
        {
            _connectAtMs = 0;
            Link.Connect(true);
        }

        Link.Taken.Clear();
        bool storeWorks = !Store.Refuses;
        int tick = Agent.Tick;
        StepAgent(tick);
        _console.Step(now);
        foreach (WeekMessage m in Link.Taken)
        {
            Taken.Enqueue((now, m));
            if (Taken.Count > 16)
                Taken.Dequeue();
            Reference.Take(m, now, storeWorks, Points.RunsAbove);
            if (m.Set is { Kind: SetKind.ClearFault } && m.IsGenuine)
                Rules.Release();
            if (m.Set is { Kind: SetKind.LadderId } && Agent.Record.LadderPoints > 0)
                Reference.UseLadder([.. Agent.Record.LadderMw.Take(Agent.Record.LadderPoints)]);
            _busyUntilMs = now + 3000;
            Points.Allow(Reference.AllowedPoint, now, Reference.FallMs);
        }

        if (_releaseIn > 0 && --_releaseIn == 0)
            Rules.Release();
        if (Reference.StepLease(now))
            Points.Allow(Reference.AllowedPoint, now, Reference.FallMs);
        if (_newNonce is { } nonce)
            Reference.OnState(nonce);
        _newNonce = null;
        if (!Store.PowerLost && Agent.Failure == null)
            CheckHighWaters();
        Points.Check(now, TrueKhz, Rules.Powered, Faults.Recent(now, 1000, "UART"));
        CheckEvents(now);
        int sent = Sim.Bm13xx!.NoncesSent;
        Rules.Check(_miner.Pool.HasJob, Faults.ChipsQuiet ? 0 : sent - _noncesSent);
        _noncesSent = sent;
        PoweredMs += Rules.Powered ? elapsed : 0;
        if (Rules.Latched != null && !Rules.Enabled && !Store.LastFailed)
            Rules.LatchStored = true;
        if (Store.PowerLost || Agent.RebootRequested)
            Restart(true);
    }

    /// <summary>Keeps what a check found inside the firmware's own calls: the firmware would catch it (S01).</summary>
    private void Watch(Action check)
    {
        try
        {
            check();
        }
        catch (RuleBrokenException e)
        {
            _broken ??= e;
        }
    }

    private void StepAgent(int tick)
    {
        Agent.Step();
        if (_broken != null)
            throw _broken;
        if (Agent.Failure != null && !_planned)
            throw new RuleBrokenException("S01", "the loop failed: " + Agent.Failure);
        FirstTouch("the end of the first step");
        if (Agent.Failure == null)
        {
            if (Agent.Tick != tick + 1)
                throw new RuleBrokenException("S08", "a step that applied its outputs did not move the tick");
            return;
        }

        Throws++;
        _planned = false;
        if (!Agent.RebootRequested || Agent.Tick != tick)
            throw new RuleBrokenException("S01", "the loop failed and asks for no restart, or still ticks (S08)");
        Rules.CheckSafe("the step ends in which the loop failed");
    }

    /// <summary>S01: whatever the board touches first, outputs are safe by then.</summary>
    private void FirstTouch(string what)
    {
        if (!_first)
            return;
        _first = false;
        Rules.CheckSafe(what);
    }

    private int NextStepMs()
    {
        long now = Clock.NowMs;
        BoardMode mode = Agent.Snapshot.Mode;
        int most = mode == BoardMode.Running ? 100 : Rules.Enabled || mode == BoardMode.Cooling || mode == BoardMode.Starting || Agent.Power.RisePending ? 20 : 200;
        if (Faults.Busy || now < _busyUntilMs || (now < Reference.TurnMs + 2000 && now > Reference.TurnMs - 500))
            most = 20;
        long next = Math.Min(Math.Min(Faults.NextMs, Host.NextMs), _connectAtMs > 0 ? _connectAtMs : long.MaxValue);
        return next <= now + 20 ? 20 : (int)Math.Min(most, (next - now) / 20 * 20);
    }

    /// <summary>The controller restarts on the same hardware and store. Without <paramref name="floats"/> its pins keep their levels: only the program started again.</summary>
    public void Restart(bool floats)
    {
        bool stored = !Store.LastFailed && !Store.PowerLost;
        if (floats)
            Sim.ControllerDies();
        Rules.Restart(floats, stored);
        Reference.Restart(stored);
        Store.PowerLost = false;
        Link.Connect(false);
        _connectAtMs = Clock.NowMs + 1000 + (_entropy.NextUInt32() % 2000);
        Pool.Close();
        Boot();
        ReadStoredPairs();
        Points.Restart(Reference.AllowedPoint);
    }

    private void Boot()
    {
        Lives++;
        _eventsSeen = 0;
        _first = true;
        _planned = Link.ThrowNext || Store.ThrowNext;
        _busyUntilMs = Clock.NowMs + 5000;
        Hashboard board = BoardCatalog.Create(_model, Sim.Io, WorkShift)!;
        var pools = new PoolSettings();
        Assert.True(pools.TryAdd(_poolUrl, "worker", "x", out string? reason), reason);
        _miner = new Miner(new PoolClient(pools, Pool, Clock, _entropy), board.Chain, Clock, new MinerSettings());
        Agent = new BoardAgent(_settings, board, Link, _miner, Store, Clock, _entropy);
        _port = new FakePort();
        _console = new TechnicianConsole(Agent, _port, null);
    }

    private void StepPool(long now)
    {
        if (Pool.Logins != _logins)
        {
            _logins = Pool.Logins;
            Pool.Put("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[4096]}\n"u8);
            _nextNotifyMs = now;
        }

        if (now < _nextNotifyMs || PoolMute || Pool.State != TcpState.Open)
            return;
        _nextNotifyMs = now + 30_000;
        _jobs++;
        Pool.Put(Encoding.ASCII.GetBytes(TestJob.NotifyLine("j" + _jobs, clean: _jobs % 20 == 0, ntime: (0x685468d7 + (_jobs * 30)).ToString("x8")) + "\n"));
    }

    public void PoolAway(bool away)
    {
        Pool.Reachable = !away;
        if (away)
            Pool.Close();
    }

    public void ThrowNext(bool inStore)
    {
        _planned = true;
        Link.ThrowNext = !inStore;
        Store.ThrowNext = inStore;
    }

    /// <summary>S08: the loop hangs. Its second thread sees five of its own runs, 200 ms apart, without a tick, cuts power and restarts.</summary>
    public void Stall()
    {
        Stalls++;
        for (int i = 0; i < 5; i++)
        {
            Clock.NowMs += 200;
            Sim.Step(Clock.NowMs);
        }

        Restart(true);
    }

    public void ButtonUp()
    {
        Sim.Button.IsHigh = true;
        Rules.Release();
    }

    public void Type(string command)
    {
        _port.Type(command + "\r");
        _port.Out.Clear();
        if (command == "clear-fault")
            _releaseIn = 2;
    }

    /// <summary>What the board makes of itself, for a person who reads a failure.</summary>
    public string Describe()
    {
        BoardSnapshot s = Agent.Snapshot;
        string taken = string.Join(", ", Taken.TakeLast(6).Select(t => $"{t.AtMs / 1000.0:F2} s {(t.Message.Dispatch is { } d ? $"dispatch {d.Class} {d.LimitMjPerTh} ramp {d.RampS}" : t.Message.Set is { } m ? $"{m.Kind} {m.Class} {m.PowerW} {m.Value}" : "rubbish")}"));
        return $"{_miner.Stats.ValidNonces} nonces, {_miner.Stats.JobsSent} jobs, ticket {_miner.TicketDifficulty}, model sent {Sim.Bm13xx!.NoncesSent}, errors {_miner.Stats.HwErrors}, unknown {_miner.Stats.UnknownJob}; board: {s.Mode} ({s.Reason}) point {s.EffectivePoint} by {s.LimitedBy}, {s.FreqKhz} kHz, admitted {s.Admitted}; allowed point {Reference.AllowedPoint}; last messages: {taken}; last event: {Agent.Power.Events.Recent(0)?.Text}";
    }

    public void TypeSomething(Random random) => Type(Commands[random.Next(Commands.Length)]);
}
