using System.Globalization;
using System.Text;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Hw.Boards;
using Ballast.Mqtt;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Power;
using Ballast.Virtual.Site;
using SiteOptions = Ballast.Host.Options.SiteOptions;

namespace Ballast.Virtual.InProcess;

/// <summary>
/// A whole site in one thread and in simulated time: the real host, the real agents at power fidelity, a broker without sockets, a meter
/// and the oracle. The same seed gives the same run, to the milliwatt.
/// </summary>
public sealed class InProcessSite : IDisposable
{
    /// <summary>Site id.</summary>
    public const string Name = "sim";

    /// <summary>Time between two control ticks of a board that is doing something, ms.</summary>
    public const int TickMs = 20;

    private const int BusyMs = 100;
    private const int SteadyMs = 500;
    private const int MeterMs = 1_000;

    private readonly InProcessOptions _options;
    private readonly long[] _nextStepMs;
    private readonly InProcessConnection _meter;
    private readonly List<InProcessHost> _hosts = [];
    private readonly Dictionary<string, string> _limits = [];
    private long _requests;

    /// <summary>Builds a site with one host, which runs.</summary>
    public InProcessSite(InProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Time = new SimTimeline();
        Broker = new InProcessBroker(Time, options.Transport, options.Seed);
        var random = new Random(options.Seed);
        IReadOnlyList<BoardIdentity> identities = SiteKeys.Create(options.Boards, options.Pods, options.Seed);
        BoardDescription description = options.Description;
        var judge = new MessageJudge(Name);
        Oracle = new SiteOracle(new OracleOptions { BaseMw = options.BaseW * 1_000L, CoolingMw = Math.Max(600, description.Points[^1].PowerMw / 100) }, judge);
        _nextStepMs = new long[options.Boards];
        Boards = [.. identities.Select((identity, i) => new PowerBoard(
            identity,
            Name,
            description,
            start => new InProcessLink(Broker, (options.Seed * 7_919) + (i * 31) + start, () => Stir(i)),
            Time,
            (uint)((options.Seed * 65_537) + i + 1),
            options.FailsafeW,
            1_000 + random.Next(-options.LadderErrorPermille, options.LadderErrorPermille + 1)))];
        foreach (PowerBoard board in Boards)
        {
            judge.AddPodKey(board.Identity.Pod, SiteKeys.Kid, board.Identity.PodKey);
            judge.AddBoardKey(board.Identity.Pod, board.Identity.Board, SiteKeys.Kid, board.Identity.BoardKey);
            Oracle.AddBoard(board.Facts);
        }

        Observer = new SiteObserver(Name, "", 0, Time, Oracle, new Recorder(null, 0), new InProcessConnection(Broker, Time, options.Seed + 1));
        _meter = new InProcessConnection(Broker, Time, options.Seed + 2);
        _meter.Start(new MqttOptions { ClientId = Name + "-meter", ReconnectMinMs = 500, ReconnectMaxMs = 1_500 }, new Deaf());
        HostOptions = MakeOptions(identities, description);
        HostOptions = options.Change?.Invoke(HostOptions) ?? HostOptions;
        AddHost("h1").Start();
    }

    /// <summary>Simulated time.</summary>
    public SimTimeline Time { get; }

    /// <summary>The broker.</summary>
    public InProcessBroker Broker { get; }

    /// <summary>The boards.</summary>
    public IReadOnlyList<PowerBoard> Boards { get; }

    /// <summary>Watches over the site.</summary>
    public SiteOracle Oracle { get; }

    /// <summary>What is heard at the broker.</summary>
    public SiteObserver Observer { get; }

    /// <summary>Configuration of the hosts.</summary>
    public SiteOptions HostOptions { get; }

    /// <summary>The first host.</summary>
    public InProcessHost Host => _hosts[0];

    /// <summary>The host that leads, or the first.</summary>
    public InProcessHost Leader => _hosts.Find(h => h.Leads) ?? _hosts[0];

    /// <summary>Since the start, ms.</summary>
    public long AtMs => Time.NowMs - 1_000;

    /// <summary>True power of the site now, mW.</summary>
    public long PowerMw => SupplyCut ? 0 : BaseMw + Boards.Sum(b => b.PowerMw);

    /// <summary>Load beside the boards now, mW.</summary>
    public long BaseMw => _options.BaseW * 1_000L;

    /// <summary>Power with every board at its top point, mW.</summary>
    public long FullMw => BaseMw + Boards.Sum(b => (long)b.Facts.PowerMw[^1]);

    /// <summary>Power with every board asleep, mW.</summary>
    public long FloorMw => BaseMw + Boards.Sum(b => (long)b.Facts.PowerMw[0]);

    /// <summary>True while the site has no supply.</summary>
    public bool SupplyCut { get; private set; }

    /// <summary>Planted fault: the meter says nothing, while the oracle still reads it.</summary>
    public bool MeterSilent { get; set; }

    /// <summary>Planted fault: factor on what the meter says.</summary>
    public double MeterFactor { get; set; } = 1;

    /// <summary>Called for each meter sample with its time and true power, mW.</summary>
    public event Action<long, long>? Sampled;

    /// <summary>A further host of the site with a journal of its own; it does not run yet.</summary>
    public InProcessHost AddHost(string hostId)
    {
        var host = new InProcessHost(HostOptions with { HostId = hostId }, Broker, Time, _options.Seed + (_hosts.Count * 1_009), new MemoryJournal());
        _hosts.Add(host);
        return host;
    }

    /// <summary>Lets time pass.</summary>
    public void RunFor(long ms)
    {
        for (long end = Time.NowMs + ms; Time.NowMs < end;)
            Tick();
    }

    /// <summary>Lets time pass until something is so; false if it is not so in time.</summary>
    public bool RunUntil(Func<bool> so, long atMostMs)
    {
        for (long end = Time.NowMs + atMostMs; Time.NowMs < end && !so();)
            Tick();
        return so();
    }

    /// <summary>The grid side asks the leading host for a cap, as over REST, and tells the others. A later one on the same node replaces it.</summary>
    public LimitResult SetCap(long capW, GridClass gridClass, string node = "site")
    {
        string body = string.Create(CultureInfo.InvariantCulture,
            $"{{\"op\":\"set\",\"id\":\"grid-{node.Replace('/', '-')}\",\"class\":\"{GridClasses.Name(gridClass)}\",\"node\":\"{node}\",\"limitW\":{capW},\"reason\":\"simulated grid\"}}");
        byte[] request = Encoding.UTF8.GetBytes(body);
        LimitResult result = Leader.Core.Desk.Take(request, "rest", true, FormattableString.Invariant($"r{++_requests}"));

        // The grid side tells every host of the site; one that stands by keeps it for the moment it leads.
        foreach (InProcessHost host in _hosts.Where(h => h.IsRunning && h != Leader))
            host.Core.Desk.Take(request, "rest", true, FormattableString.Invariant($"r{_requests}"), toStandby: true);
        if (result.Outcome is not (LimitOutcome.Created or LimitOutcome.NotDurable))
            return result;
        _limits[node] = result.Limit!.Entry.Id;

        // No message has left yet: the oracle knows of the cap before it sees the order.
        if (node == "site")
            Oracle.OnCap(Time.NowMs, capW * 1_000, gridClass);
        return result;
    }

    /// <summary>The grid side ends its cap on a node.</summary>
    public LimitResult Release(string node = "site")
    {
        LimitResult result = Leader.Core.Desk.Release(_limits[node], "rest", true);
        foreach (InProcessHost host in _hosts.Where(h => h.IsRunning && h != Leader))
            host.Core.Desk.Release(_limits[node], "rest", true, toStandby: true);
        if (node == "site")
            Oracle.OnCap(Time.NowMs, null, GridClass.Economic);
        return result;
    }

    /// <summary>The broker dies; boards and hosts keep what they have.</summary>
    public void KillBroker() => Broker.Kill();

    /// <summary>The broker is back.</summary>
    public void StartBroker()
    {
        Broker.Start();
        Oracle.OnBrokerBack(Time.NowMs);
    }

    /// <summary>The whole site loses its supply: boards, broker and hosts die together.</summary>
    public void CutSupply()
    {
        foreach (InProcessHost host in _hosts)
            host.Kill();
        foreach (PowerBoard board in Boards)
            board.CutSupply(Time.NowMs);
        Broker.Kill();
        SupplyCut = true;
    }

    /// <summary>The supply is back: everything starts anew, at once.</summary>
    public void RestoreSupply()
    {
        SupplyCut = false;
        Broker.Start();
        foreach (PowerBoard board in Boards)
            board.RestoreSupply();
        foreach (InProcessHost host in _hosts)
            host.Start();
    }

    /// <summary>Ends connections.</summary>
    public void Dispose()
    {
        foreach (InProcessHost host in _hosts)
            host.Dispose();
        foreach (PowerBoard board in Boards)
            board.Dispose();
        Observer.Dispose();
    }

    private void Stir(int board)
    {
        _nextStepMs[board] = 0;
        Boards[board].Stir(Time.NowMs + BusyMs);
    }

    private void Tick()
    {
        Time.AdvanceTo(Time.NowMs + TickMs);
        long now = Time.NowMs;
        foreach (InProcessHost host in _hosts)
            host.Round();
        for (int i = 0; i < _nextStepMs.Length; i++)
        {
            if (now < _nextStepMs[i])
                continue;
            PowerBoard board = Boards[i];
            board.Step(now);
            _nextStepMs[i] = now + (board.IsSteady ? SteadyMs : BusyMs);
        }

        if (now % _options.ProbeEveryMs == 0)
        {
            // A board without supply is no board: there is nothing to look into.
            foreach (PowerBoard board in Boards.Where(b => !b.Model.Unpowered))
                Oracle.OnProbe(now, board.Probe());
        }

        if (now % MeterMs == 0)
            Meter(now);
    }

    private void Meter(long now)
    {
        long powerMw = PowerMw;
        Oracle.OnMeter(now, powerMw);
        if (!MeterSilent && !SupplyCut)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{{\"powerW\":{(long)Math.Round(powerMw * MeterFactor / 1_000)},\"sent\":{Time.GetUtcNow().ToUnixTimeMilliseconds()}}}");
            _meter.Publish($"ballast/v1/{Name}/meter", Encoding.ASCII.GetBytes(text), 0, false);
        }

        Sampled?.Invoke(now, powerMw);
    }

    private SiteOptions MakeOptions(IReadOnlyList<BoardIdentity> identities, BoardDescription description) => new()
    {
        Site = Name,
        StateDir = "none",
        Meter = new MeterSection { Configured = true },
        BaseW = _options.BaseW,
        RampS = _options.Times.RampS,
        SpreadS = _options.Times.SpreadS,
        FailSpreadS = _options.Times.FailSpreadS,
        LeaseS = _options.Times.LeaseS,
        RepeatS = _options.Times.RepeatS,
        RampUpWPerS = _options.Times.RampUpWPerS,
        Pods = [.. identities.GroupBy(i => i.Pod).Select(pod => new PodSection
        {
            Id = pod.Key,
            Kid = SiteKeys.Kid,
            Key = Convert.ToHexStringLower(pod.First().PodKey),
            Boards = [.. pod.Select(b => new BoardSection
            {
                Id = b.Board,
                Kid = SiteKeys.Kid,
                Key = Convert.ToHexStringLower(b.BoardKey),
                NameplateW = PowerBoard.NameplateW(description),
            })],
        })],
    };

    private sealed class Deaf : IMqttReceiver
    {
        public void OnConnected()
        {
        }

        public void OnDisconnected(MqttConnectResult reason)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
        {
        }
    }
}
