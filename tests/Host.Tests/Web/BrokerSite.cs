using Ballast.Host.Ledger;
using Ballast.Host.Options;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;
using Microsoft.AspNetCore.Builder;

namespace Ballast.Host.Tests.Web;

/// <summary>A real broker, a journal in SQLite, toy boards behind polled clients that a thread of their own steps, and the whole host over them.</summary>
internal sealed class BrokerSite : IAsyncDisposable
{
    private readonly TestBroker _broker = new();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ballast-site-");
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _pump;
    private WebApplication? _app;

    /// <summary>Starts broker and boards; the host is started by <see cref="Start"/>.</summary>
    internal BrokerSite(int boards, int pods, Func<SiteOptions, SiteOptions> change)
    {
        Options = change(QuickOptions(boards, pods, _broker.Port, _state.FullName));
        Journal = new SqliteJournal(_state.FullName);
        foreach (PodSection pod in Options.Pods)
        {
            Boards.AddRange(pod.Boards.Select(b => new BoardClient(new ToyBoard(pod.Id, b.Id, Convert.FromHexString(pod.Key), Convert.FromHexString(b.Key), ToySite.MakeLadder(new Random(1)), 1), _broker.Port)));
        }

        _pump = new Thread(Pump);
        _pump.Start();
    }

    internal SiteOptions Options { get; }

    internal SqliteJournal Journal { get; }

    internal List<BoardClient> Boards { get; } = [];

    internal int BrokerPort => _broker.Port;

    internal bool AllRun => Boards.All(b => b.Toy.Admitted && b.Toy.PowerMw > 10_000);

    internal bool AllOff => Boards.All(b => b.Toy.PowerMw < 1000);

    /// <summary>A host on free ports that need not wait: no ramps, no spread, no meter.</summary>
    internal static SiteOptions QuickOptions(int boards, int pods, int brokerPort, string stateDir) => ToySite.MakeOptions(boards, pods) with
    {
        StateDir = stateDir,
        Mqtt = new MqttSection { Port = brokerPort },
        Http = new HttpSection { Urls = "http://127.0.0.1:0" },
        Meter = new MeterSection { Configured = false },
        RampS = 0,
        SpreadS = 0,
        RampUpWPerS = 1000,
    };

    internal async Task<WebApplication> Start(SiteOptions? options = null)
    {
        _app = Program.Build(options ?? Options, Journal, new MosquittoConnection(), TimeProvider.System);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return _app;
    }

    internal async Task Stop()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _pump.Join();
        await Stop();
        Boards.ForEach(b => b.Dispose());
        Journal.Dispose();
        _broker.Dispose();
        _stop.Dispose();
        _state.Delete(recursive: true);
    }

    private void Pump()
    {
        long start = Environment.TickCount64;
        while (!_stop.IsCancellationRequested)
        {
            Boards.ForEach(b => b.Step(Environment.TickCount64 - start));
            Thread.Sleep(5);
        }
    }
}
