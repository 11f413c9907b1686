using System.Text.Json.Nodes;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Consoles;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Pool;
using Ballast.Virtual.Processes;

namespace Ballast.Virtual.Site;

/// <summary>How large a virtual site is and how it behaves.</summary>
public sealed record SiteOptions
{
    /// <summary>Boards.</summary>
    public int Boards { get; init; } = 24;

    /// <summary>Boards in a pod, at most.</summary>
    public int BoardsPerPod { get; init; } = SiteKeys.BoardsPerPod;

    /// <summary>Metered load that is not boards, W.</summary>
    public int BaseW { get; init; } = 40;

    /// <summary>Power that a board may draw without a host, W.</summary>
    public int FailsafeW { get; init; }

    /// <summary>Times of the host.</summary>
    public SiteTimes Times { get; init; } = new();

    /// <summary>Shortest time off of the boards, ms; null: as their description says (30 s), which tests of other things need not wait for.</summary>
    public int? RestMs { get; init; }

    /// <summary>Pool.</summary>
    public PoolOptions Pool { get; init; } = new();

    /// <summary>False leaves the host agent out: a test gives the orders itself.</summary>
    public bool WithHost { get; init; } = true;

    /// <summary>Changes the host's configuration before it is written; null for none.</summary>
    public Action<JsonObject>? ConfigureHost { get; init; }

    /// <summary>True gives each board a console and a page that other programs of this machine find (<see cref="Terminal.BoardDirectory"/>).</summary>
    public bool Reachable { get; init; }

    /// <summary>Password of the boards' consoles over the network, if they are reachable; null leaves those off.</summary>
    public string? LanPassword { get; init; }

    /// <summary>File for the record of the run; null for none.</summary>
    public string? RecordPath { get; init; }
}

/// <summary>
/// A whole site on one machine: broker, pool, boards, meter, host agent, oracle and watchdog. Everything that it starts, it ends.
/// </summary>
public sealed class VirtualSite : IAsyncDisposable
{
    /// <summary>Site id.</summary>
    public const string Name = "demo";

    private const string Loopback = "127.0.0.1";

    private readonly SiteOptions _options;
    private readonly DirectoryInfo _directory;
    private readonly MosquittoBroker _broker;
    private readonly List<VirtualBoard> _boards;
    private readonly MessageJudge _judge = new(Name);
    private readonly long _startMs;
    private readonly HostProcess _hostProcess;
    private readonly IReadOnlyList<BoardIdentity> _identities;
    private HostProcess? _standby;
    private BoardReach? _reach;
    private SiteObserver? _observer;
    private VirtualMeter? _meter;
    private StallWatchdog? _watchdog;
    private HostClient? _host;
    private long? _capMw;
    private long _meterMw;

    /// <summary>Prepares a site; nothing runs before <see cref="Start"/>.</summary>
    /// <exception cref="DemoException">Something is not installed.</exception>
    public VirtualSite(SiteOptions options)
    {
        _options = options;
        if (Mqtt.MosquittoLibrary.Problem is { } problem)
            throw new DemoException(problem);
        Clock = SystemClock.Instance;
        _startMs = Clock.NowMs;
        _directory = Directory.CreateTempSubdirectory("ballast-");
        try
        {
            _broker = new MosquittoBroker(_directory.FullName);
            Recorder = new Recorder(options.RecordPath, _startMs);
            Pool = new VirtualPool(options.Pool);
        }
        catch
        {
            _directory.Delete(recursive: true);
            throw;
        }

        _identities = SiteKeys.Create(options.Boards, options.BoardsPerPod);
        var wiring = new BoardWiring(Name, Loopback, _broker.Port, Pool.Port, options.Pool.WorkShift, options.FailsafeW) { RestMs = options.RestMs };
        _boards = [.. _identities.Select((id, i) => new VirtualBoard(id, wiring, Clock, (uint)i + 1))];
        Oracle = new SiteOracle(new OracleOptions { BaseMw = options.BaseW * 1000L, CoolingMw = VirtualBoard.CoolingMw }, _judge);
        foreach (VirtualBoard board in _boards)
        {
            _judge.AddPodKey(board.Identity.Pod, SiteKeys.Kid, board.Identity.PodKey);
            _judge.AddBoardKey(board.Identity.Pod, board.Identity.Board, SiteKeys.Kid, board.Identity.BoardKey);
            Oracle.AddBoard(board.Facts);
        }

        Fleet = new VirtualFleet(_boards, Clock, Oracle.OnProbe);
        _hostProcess = MakeHost(_directory.FullName, options.ConfigureHost);
        Pool.ShareJudged += share =>
        {
            if (share.Verdict != ShareVerdict.Accepted)
                Recorder.Note(Clock.NowMs, "share refused", $"{share.User}: {share.Reason}");
        };
    }

    /// <summary>The site's clock.</summary>
    public SystemClock Clock { get; }

    /// <summary>Watches over the site.</summary>
    public SiteOracle Oracle { get; }

    /// <summary>The pool.</summary>
    public VirtualPool Pool { get; }

    /// <summary>The boards.</summary>
    public VirtualFleet Fleet { get; }

    /// <summary>The record of the run.</summary>
    public Recorder Recorder { get; }

    /// <summary>The oracle's connection.</summary>
    public SiteObserver Observer => _observer ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>REST interface of the host.</summary>
    public HostClient Host => _host ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>The host's page.</summary>
    public Uri Page => _hostProcess.Page!;

    /// <summary>The host's process, to kill, freeze and start again.</summary>
    public HostProcess HostProcess => _hostProcess;

    /// <summary>The second host; null before <see cref="StartStandby"/>.</summary>
    public HostProcess? Standby => _standby;

    /// <summary>The site's load meter.</summary>
    public VirtualMeter Meter => _meter ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>Since the start, ms.</summary>
    public long AtMs => Clock.NowMs - _startMs;

    /// <summary>Power of the whole site with every board at its top point, mW.</summary>
    public long FullMw => (_options.BaseW * 1000L) + _boards.Sum(b => (long)b.Facts.PowerMw[^1]);

    /// <summary>Called for each meter sample, on the meter's thread.</summary>
    public event Action<SiteView>? Sampled;

    /// <summary>Starts everything and waits until the host listens.</summary>
    /// <exception cref="DemoException">Something did not start; the message says what and why.</exception>
    public void Start()
    {
        // The boards share one thread here, so a machine that is too busy for it stalls boards that would be controllers of their own.
        _watchdog = new StallWatchdog(Clock, OnStall);
        Fleet.Stalled = OnStall;
        _broker.Start();
        Pool.Start();
        _observer = new SiteObserver(Name, Loopback, _broker.Port, Clock, Oracle, Recorder);
        if (!_observer.WaitConnected(TimeSpan.FromSeconds(60)))
            throw new DemoException("The observer cannot subscribe at the broker.");
        if (_options.Reachable)
            _reach = new BoardReach(Fleet, _options.LanPassword);
        Fleet.Start();
        _meter = new VirtualMeter(Name, Loopback, _broker.Port, Clock, () => Fleet.PowerMw + (_options.BaseW * 1000L), OnMeter);
        if (!_options.WithHost)
            return;
        _hostProcess.Start();
        _host = new HostClient(_hostProcess.Page!);
    }

    /// <summary>Starts a second host (<c>h2</c>) with a state folder of its own and waits until it listens.</summary>
    /// <exception cref="DemoException">It did not start; the message says why.</exception>
    public HostProcess StartStandby()
    {
        _standby = MakeHost(_directory.CreateSubdirectory("h2").FullName, config =>
        {
            _options.ConfigureHost?.Invoke(config);
            config["hostId"] = "h2";
        });
        _standby.Start();
        return _standby;
    }

    /// <summary>Fails if a part of the site has ended on its own.</summary>
    /// <exception cref="DemoException">It says which and why.</exception>
    public void CheckAlive()
    {
        if (_options.WithHost && _hostProcess.HasExited)
            throw new DemoException($"The host agent ended: {_hostProcess.LastOutput}");
        if (_broker.HasDied)
            throw new DemoException($"mosquitto ended: {_broker.LastOutput}");
        if (Fleet.Failure is { } failure)
            throw new DemoException($"The virtual boards stopped: {failure}");
    }

    /// <summary>Asks the host for a cap on the whole site.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> SetCapAsync(long capMw, GridClass gridClass, string reason, CancellationToken stop)
    {
        // The oracle hears of it first: the host must not be able to gain time.
        Oracle.OnCap(Clock.NowMs, capMw, gridClass);
        _capMw = capMw;
        Recorder.Note(Clock.NowMs, "cap", FormattableString.Invariant($"{GridClasses.Name(gridClass)} {capMw / 1000} W: {reason}"));
        return await Host.SetLimitAsync(capMw / 1000, gridClass, reason, stop);
    }

    /// <summary>Releases caps; the last one ends the limit on the site.</summary>
    public async Task ReleaseAsync(IEnumerable<string> ids, CancellationToken stop)
    {
        Recorder.Note(Clock.NowMs, "release", "");
        foreach (string id in ids)
            await Host.ReleaseAsync(id, stop);
        Oracle.OnCap(Clock.NowMs, null, GridClass.Economic);
        _capMw = null;
    }

    /// <summary>Kills the broker and starts it again after a while.</summary>
    public async Task RestartBrokerAsync(TimeSpan down, CancellationToken stop)
    {
        Recorder.Note(Clock.NowMs, "fault", "broker killed");
        _broker.Kill();
        await Task.Delay(down, stop);
        _broker.Start();
        Oracle.OnBrokerBack(Clock.NowMs);
        Recorder.Note(Clock.NowMs, "fault", "broker back");
    }

    /// <summary>Ends everything, the last started first.</summary>
    public async ValueTask DisposeAsync()
    {
        _host?.Dispose();
        _standby?.Dispose();
        _hostProcess.Dispose();
        _meter?.Dispose();
        Fleet.Dispose();
        _reach?.Dispose();
        _observer?.Dispose();
        await Pool.DisposeAsync();
        _broker.Dispose();
        _watchdog?.Dispose();
        Recorder.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>The site now.</summary>
    public SiteView View()
    {
        IReadOnlyList<BoardProbe> probes = Fleet.Probes();
        IReadOnlyDictionary<string, BoardSaid> said = Observer.Boards;
        return new SiteView
        {
            AtMs = AtMs,
            CapMw = _capMw,
            OrderedMw = Oracle.OrderedMw + (_options.BaseW * 1000L),
            MeterMw = Interlocked.Read(ref _meterMw),
            HashGhs = said.Values.Sum(b => b.HashGhs),
            Modes = said.Values.Where(b => b.Mode.Length > 0).GroupBy(b => b.Mode).ToDictionary(g => g.Key, g => g.Count()),
            Admitted = probes.Count(p => p.Admitted),
            Accepted = Pool.Ledger.Accepted,
            Rejected = Pool.Ledger.Rejected,
        };
    }

    private HostProcess MakeHost(string folder, Action<JsonObject>? configure)
        => new(folder, Name, _broker.Port, _identities, VirtualBoard.NameplateW, _options.BaseW, _options.Times, configure);

    private void OnStall(long nowMs, long lengthMs)
    {
        Oracle.OnStall(nowMs, lengthMs);
        Recorder.Note(nowMs, "stall", FormattableString.Invariant($"{lengthMs} ms"));
    }

    private void OnMeter(long nowMs, long powerMw)
    {
        Oracle.OnMeter(nowMs, powerMw);
        Interlocked.Exchange(ref _meterMw, powerMw);
        SiteView view = View();
        Recorder.Sample(nowMs, powerMw, view.CapMw, view.OrderedMw, view.HashGhs, view.Modes);
        Recorder.Boards(nowMs, Fleet.Probes());
        Sampled?.Invoke(view);
    }
}
