using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Ballast.Host.Ledger;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using Ballast.Host.Tests.Web;
using Ballast.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Mqtt;

/// <summary>
/// F30: a broker that accepts connections and says nothing, as a frozen process or a dead link behind a proxy does. Here mosquitto is
/// stopped by SIGSTOP under the real host with its real sockets and journal.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class StalledBrokerTests : IAsyncLifetime
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly TestBroker _broker = new();
    private readonly string _state = Directory.CreateTempSubdirectory("ballast-stall-").FullName;
    private readonly List<BoardClient> _boards = [];
    private readonly CancellationTokenSource _end = new();
    private WebApplication _app = null!;
    private SqliteJournal _journal = null!;
    private HostCore _core = null!;
    private HttpClient _http = null!;
    private Thread _pump = null!;
    private long _oldestLoopMs;

    public async ValueTask InitializeAsync()
    {
        SiteOptions options = ToySite.MakeOptions(4, 2) with
        {
            StateDir = _state,
            Mqtt = new MqttSection { Port = _broker.Port },
            Http = new HttpSection { Urls = "http://127.0.0.1:0" },
            Meter = new MeterSection { Configured = false },
            KeepAliveS = 5,
            LeaseS = 600,
            RampS = 0,
            SpreadS = 0,
            RampUpWPerS = 1000,
        };
        _journal = new SqliteJournal(_state);
        _app = Program.Build(options, _journal, new SplitConnection(new MosquittoConnection(), new MosquittoConnection()), TimeProvider.System);
        await _app.StartAsync();
        _core = _app.Services.GetRequiredService<HostCore>();
        _http = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        foreach (PodSection pod in options.Pods)
        {
            foreach (BoardSection board in pod.Boards)
            {
                _boards.Add(new BoardClient(new ToyBoard(pod.Id, board.Id, Convert.FromHexString(pod.Key), Convert.FromHexString(board.Key), ToySite.MakeLadder(new Random(1)), 1), _broker.Port) { Returns = true });
            }
        }

        _pump = new Thread(() =>
        {
            long start = Environment.TickCount64;
            while (!_end.IsCancellationRequested)
            {
                _boards.ForEach(b => b.Step(Environment.TickCount64 - start));
                _oldestLoopMs = Math.Max(_oldestLoopMs, _core.LoopAgeMs);
                Thread.Sleep(5);
            }
        });
        _pump.Start();
    }

    public async ValueTask DisposeAsync()
    {
        Signal(Continue);
        _end.Cancel();
        _pump.Join();
        _boards.ForEach(b => b.Dispose());
        _http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _journal.Dispose();
        _broker.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task F30_a_broker_that_says_nothing_is_noticed_the_loop_goes_on_and_a_fall_decided_meanwhile_arrives_when_it_speaks_again()
    {
        Wait.Until(() => _boards.All(b => b.Toy.Admitted && b.Toy.PowerMw > 10_000), "all boards to be admitted and run");
        int connects = _core.Connects;
        Signal(Stop);

        // The fall is taken, kept and answered although nothing can leave, and the loop that decides it never waits for a socket.
        using StringContent limit = new("{\"class\":\"reliability\",\"limitW\":8,\"reason\":\"test\"}", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync("/api/limits", limit, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        Wait.Until(() => !_core.IsConnected, "the host to notice");
        Assert.Equal(MqttConnectCode.KeepAlive, _core.Broker.Code);
        Assert.Contains("it says nothing any more", _core.Broker.Sentence, StringComparison.Ordinal);
        Assert.Equal(HostPhase(), await _core.Ask(c => c.Dispatcher.Phase.ToString()));
        Assert.True(_oldestLoopMs < 30_000, "the loop stood still for " + _oldestLoopMs + " ms");
        Assert.All(_boards, b => Assert.True(b.Toy.PowerMw > 10_000));

        Signal(Continue);
        Wait.Until(() => _core.IsConnected && _core.Connects > connects, "the host to connect again");
        Wait.Until(() => _boards.Sum(b => b.Toy.PowerMw) <= 8_000, "the fall to arrive");
        (uint Epoch, uint P1, uint P2) now = await _core.Ask(c => (c.Context.Sender.Epoch, c.Context.Fleet.Pods[0].OrderId, c.Context.Fleet.Pods[1].OrderId));
        Wait.Until(() => _boards.All(b => b.Toy.Epoch == now.Epoch && b.Toy.OrderId == (b.Toy.Pod == "p1" ? now.P1 : now.P2)), "every board to obey the newest order");
    }

    private static string HostPhase() => nameof(Ballast.Host.Dispatch.HostPhase.Leading);

    private void Signal(int signal) => Assert.Equal(0, Kill(_broker.ProcessId, signal));

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
