using Ballast.Firmware.Agent;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;
using Ballast.Wire;

namespace Ballast.Virtual.Power;

/// <summary>
/// A board at power fidelity: the firmware's own agent, follower, supervisor and contract code, over a <see cref="PowerModel"/> in place of
/// registers and chips. It never hashes.
/// </summary>
public sealed class PowerBoard : IDisposable
{
    private readonly BoardSettings _settings;
    private readonly Func<int, IBoardLink> _links;
    private readonly IClock _clock;
    private readonly MemoryStore _store = new();
    private readonly SeededEntropy _entropy;
    private readonly BoardIo _io;
    private readonly PowerParts _parts;
    private PowerMiner _miner;
    private long _standStillUntilMs = -1;

    /// <summary>Builds the board; it is off until it is stepped.</summary>
    /// <param name="identity">Name and keys.</param>
    /// <param name="site">Site id.</param>
    /// <param name="description">What it is.</param>
    /// <param name="links">Makes its link to the broker; it is given the number of the start, from 1.</param>
    /// <param name="clock">Time.</param>
    /// <param name="seed">Seed of all its random draws.</param>
    /// <param name="failsafeW">Power that it may draw without a host, W.</param>
    /// <param name="permille">What its chips draw against the ladder, ‰.</param>
    public PowerBoard(BoardIdentity identity, string site, BoardDescription description, Func<int, IBoardLink> links, IClock clock, uint seed, int failsafeW = 0, int permille = 1_000)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(clock);
        Identity = identity;
        _links = links;
        _clock = clock;
        _entropy = new SeededEntropy(seed);
        Model = new PowerModel(description, clock.NowMs, permille);
        _parts = new PowerParts(Model);
        Facts = BoardLook.Facts(identity, description, failsafeW);
        _io = new BoardIo { Clock = clock };
        _settings = new BoardSettings
        {
            Site = site,
            Pod = identity.Pod,
            Board = identity.Board,
            Serial = identity.Serial,
            Enrolled = true,
            PodKeys = [new KeySetting { Kid = SiteKeys.Kid, Key = identity.PodKey }],
            BoardKeys = [new KeySetting { Kid = SiteKeys.Kid, Key = identity.BoardKey }],
            FailsafeW = failsafeW,
            NameplateW = NameplateW(description),
        };
        Boot();
    }

    /// <summary>Name and keys.</summary>
    public BoardIdentity Identity { get; }

    /// <summary>What the oracle must know.</summary>
    public BoardFacts Facts { get; }

    /// <summary>The physics.</summary>
    public PowerModel Model { get; }

    /// <summary>The firmware.</summary>
    public BoardAgent Agent { get; private set; }

    /// <summary>Its connection to the broker.</summary>
    public IBoardLink Link { get; private set; }

    /// <summary>Starts of the firmware.</summary>
    public int Boots { get; private set; }

    /// <summary>Planted fault: no pool gives work, so that the board sleeps until one does.</summary>
    public bool PoolThere
    {
        get => _miner.PoolThere;
        set => _miner.PoolThere = value;
    }

    /// <summary>True power at the input, mW.</summary>
    public long PowerMw => Model.InputMw;

    /// <summary>True while everything about it stands still, so that it may be stepped rarely.</summary>
    public bool IsSteady => Agent.Snapshot.Mode is BoardMode.Running or BoardMode.Asleep && !Agent.Power.RisePending && _clock.NowMs >= _standStillUntilMs;

    /// <summary>Largest power that the host reserves for such a board while it knows no better, W.</summary>
    public static int NameplateW(BoardDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        return (description.Points[^1].PowerMw / 1_000) + 3;
    }

    /// <summary>One control tick: the firmware first, then the physics that answer it.</summary>
    public void Step(long nowMs)
    {
        if (Model.Unpowered)
        {
            Model.Step(nowMs);
            return;
        }

        Agent.Step();
        Model.Step(nowMs);
        if (Agent.RebootRequested)
            Restart();
    }

    /// <summary>Keeps <see cref="IsSteady"/> false for a while: something is on its way to the board.</summary>
    public void Stir(long untilMs) => _standStillUntilMs = Math.Max(_standStillUntilMs, untilMs);

    /// <summary>Cuts the controller's life short and starts it again on the same hardware and the same store.</summary>
    public void Restart()
    {
        Model.ControllerDies();
        bool pool = _miner.PoolThere;
        Link.Abort();
        Link.Dispose();
        Boot();
        _miner.PoolThere = pool;
    }

    /// <summary>The supply fails: controller and chips lose power at once.</summary>
    public void CutSupply(long nowMs)
    {
        Link.Abort();
        Model.Unpowered = true;
        Model.Step(nowMs);
    }

    /// <summary>The supply is back: the controller starts anew.</summary>
    public void RestoreSupply()
    {
        Model.Unpowered = false;
        Restart();
    }

    /// <summary>Plants a latched fault of the regulator, as a protection that tripped.</summary>
    public void Trip(RegulatorFaults faults) => _parts.Trip(faults);

    /// <summary>A look inside for the oracle.</summary>
    public BoardProbe Probe() => BoardLook.Into(Identity, Agent.Snapshot, PowerMw, Link.ConnectedSinceMs);

    /// <summary>Ends its connection.</summary>
    public void Dispose() => Link.Dispose();

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Agent), nameof(Link), nameof(_miner))]
    private void Boot()
    {
        Boots++;
        Link = _links(Boots);
        _miner = new PowerMiner(Model);
        var board = new Hashboard
        {
            Description = Model.Description,
            Chain = new PowerChain(Model),
            Regulator = _parts,
            Fans = _parts,
            ChipTemperature = _parts,
            Io = _io,
        };
        Agent = new BoardAgent(_settings, board, Link, _store, _clock, _entropy, _miner);
    }
}
