using Ballast.Firmware.Agent;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Sim;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;


namespace Ballast.Virtual.Boards;

/// <summary>
/// One board: the real firmware sources over a register-level model of a Bitaxe Gamma, with real sockets to broker and pool.
/// </summary>
public sealed class VirtualBoard : IDisposable
{
    /// <summary>Largest power at the input that the host reserves for an unknown ladder, W.</summary>
    public const int NameplateW = 20;

    /// <summary>What a healthy board may draw beside its point for a while, mW: the ladder's own fixed part holds the fan at full already.</summary>
    public const long CoolingMw = 600;

    private readonly BoardWiring _wiring;
    private readonly IClock _clock;
    private readonly MemoryStore _store = new();
    private readonly SeededEntropy _entropy;
    private readonly uint _seed;
    private SocketTcpLink _pool;
    private SocketTcpLink _probe;

    /// <summary>Builds the board; it is off until it is stepped.</summary>
    public VirtualBoard(BoardIdentity identity, BoardWiring wiring, IClock clock, uint seed)
    {
        Identity = identity;
        _wiring = wiring;
        _clock = clock;
        _seed = seed;
        _entropy = new SeededEntropy(seed ^ (uint)Environment.TickCount);
        Model = new SimGamma(clock, new SystemDigest(), seed, wiring.WorkShift);
        Facts = BoardLook.Facts(identity, BitaxeGamma.Describe(wiring.WorkShift), wiring.FailsafeW);
        Boot();
    }

    /// <summary>Name and keys.</summary>
    public BoardIdentity Identity { get; }

    /// <summary>What the oracle must know.</summary>
    public BoardFacts Facts { get; }

    /// <summary>The hardware.</summary>
    public SimGamma Model { get; }

    /// <summary>The firmware.</summary>
    public BoardAgent Agent { get; private set; } = null!;

    /// <summary>Its connection to the broker.</summary>
    public PolledMqttLink Link { get; private set; } = null!;

    /// <summary>Planted fault: power that a stuck switch draws whatever the firmware orders, mW; 0 for none.</summary>
    public long StuckMw { get; set; }

    /// <summary>True power at the input, mW.</summary>
    public long PowerMw => Math.Max(Model.InputPowerMw, StuckMw);

    /// <summary>Starts of the firmware.</summary>
    public int Boots { get; private set; }

    /// <summary>One control tick: the firmware first, then the physics that answer it.</summary>
    public void Step(long nowMs)
    {
        Agent.Step();
        Model.Step(nowMs);
        if (Agent.RebootRequested)
            Restart();
    }

    /// <summary>Cuts the controller's life short and starts it again on the same hardware and the same store.</summary>
    public void Restart()
    {
        Model.ControllerDies();
        Link.Abort();
        Link.Dispose();
        _pool.Dispose();
        _probe.Dispose();
        Boot();
    }

    /// <summary>A look inside for the oracle.</summary>
    public BoardProbe Probe() => BoardLook.Into(Identity, Agent.Snapshot, PowerMw, Link.ConnectedSinceMs);

    /// <summary>Ends its connections.</summary>
    public void Dispose()
    {
        Link.Dispose();
        _pool.Dispose();
        _probe.Dispose();
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_pool), nameof(_probe))]
    private void Boot()
    {
        Boots++;
        Link = new PolledMqttLink(_wiring.Address, _wiring.BrokerPort, (int)_seed + Boots);
        _pool = new SocketTcpLink();
        _probe = new SocketTcpLink();
        var pools = new PoolSettings();
        string url = FormattableString.Invariant($"stratum+tcp://{_wiring.Address}:{_wiring.PoolPort}");
        if (!pools.TryAdd(url, Identity.Board, "x", out string? reason))
            throw new InvalidOperationException(reason);
        Hashboard board = BitaxeGamma.Create(Model.Io, _wiring.WorkShift);
        if (_wiring.RestMs is { } restMs)
            board.Description.Limits.MinOffMs = restMs;
        var client = new PoolClient(pools, _pool, _clock, _entropy, _probe);
        var miner = new Miner(client, board.Chain, _clock, new MinerSettings());
        var settings = new BoardSettings
        {
            Site = _wiring.Site,
            Pod = Identity.Pod,
            Board = Identity.Board,
            Serial = Identity.Serial,
            Enrolled = true,
            PodKeys = [new KeySetting { Kid = SiteKeys.Kid, Key = Identity.PodKey }],
            BoardKeys = [new KeySetting { Kid = SiteKeys.Kid, Key = Identity.BoardKey }],
            FailsafeW = _wiring.FailsafeW,
            NameplateW = NameplateW,
            Pools = [new PoolSetting { Url = url, User = Identity.Board, Password = "x" }],
        };
        Agent = new BoardAgent(settings, board, Link, miner, _store, _clock, _entropy);
    }
}
