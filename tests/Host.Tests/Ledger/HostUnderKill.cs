using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Web;
using Ballast.Hw.Boards;
using Ballast.Virtual.Power;
using Ballast.Virtual.Site;
using SiteOptions = Ballast.Host.Options.SiteOptions;

namespace Ballast.Host.Tests.Ledger;

/// <summary>The host as a process that a test kills, with a real broker and the firmware's own agents, which go on without it and are watched.</summary>
internal sealed class HostUnderKill : IDisposable
{
    private const int DrainMs = 2_000;

    private readonly TestBroker _broker = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-kill-");
    private readonly PowerFleet _fleet;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _watch;
    private readonly string _config;
    private readonly bool _smallState;
    private readonly StringBuilder _said = new();
    private (double CapW, DateTimeOffset From, DateTimeOffset To, long StalledMs) _expected;
    private long _stalledMs;
    private uint _deadEpoch;
    private Process? _host;
    private HttpClient? _http;
    private long _deadSinceMs = long.MaxValue;

    /// <param name="change">Changes the host's configuration; null leaves it.</param>
    /// <param name="smallState">True puts its state on a file system of 1 MB that only its process sees.</param>
    internal HostUnderKill(bool smallState = false, Func<SiteOptions, SiteOptions>? change = null)
    {
        _smallState = smallState;
        Directory.CreateDirectory(State);
        SiteOptions options = BrokerSite.QuickOptions(4, 2, _broker.Port, State) with { LeaseS = 12, RepeatS = 1, KeepAliveS = 2, TakeoverS = 1 };
        int nameplateW = PowerBoard.NameplateW(BitaxeGamma.Describe(0));
        options = options with
        {
            Pods = [.. options.Pods.Select(p => p with { Kid = SiteKeys.Kid, Boards = [.. p.Boards.Select(b => b with { Kid = SiteKeys.Kid, NameplateW = nameplateW })] })],
        };
        options = change?.Invoke(options) ?? options;
        _config = Path.Combine(_folder.FullName, "host.json");
        File.WriteAllText(_config, JsonSerializer.Serialize(options, JsonSerializerOptions.Web));
        _fleet = new PowerFleet(options.Site, _broker.Port, [.. options.Pods.SelectMany(p => p.Boards.Select(b => new BoardIdentity(p.Id, b.Id, "V-" + p.Id + b.Id, Convert.FromHexString(p.Key), Convert.FromHexString(b.Key))))], restMs: 2_000);
        _fleet.Stalled = (_, ms) => Interlocked.Add(ref _stalledMs, ms);
        _fleet.Start();
        _watch = new Thread(Watch);
        _watch.Start();
    }

    internal string State => Path.Combine(_folder.FullName, "state");

    /// <summary>The state as the host's process sees it.</summary>
    internal string SeenState => "/proc/" + _host!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) + "/root" + State;

    internal double PowerW => _fleet.Boards.Sum(b => b.PowerMw) / 1000.0;

    /// <summary>API key that requests carry; null for none.</summary>
    internal string? ApiKey { get; set; }

    /// <summary>Port of its broker.</summary>
    internal int BrokerPort => _broker.Port;

    /// <summary>Address of the host.</summary>
    internal HttpClient Http => _http!;

    /// <summary>Everything that the host wrote to its two streams in all its starts.</summary>
    internal string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Boards that were allowed more while no host gave orders.</summary>
    internal List<string> Rises { get; } = [];

    internal void Start()
    {
        using ManualResetEventSlim listening = new();
        string program = typeof(Program).Assembly.Location;
        ProcessStartInfo start = _smallState
            ? new("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs \"$1\" && exec dotnet \"$2\" --config \"$3\"", "sh", State, program, _config])
            : new("dotnet", [program, "--config", _config]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _host = Process.Start(start)!;
        _host.ErrorDataReceived += (_, e) => Note(e.Data);
        _host.OutputDataReceived += (_, e) =>
        {
            Note(e.Data);
            if (e.Data?.StartsWith("listening on ", StringComparison.Ordinal) == true)
            {
                _http = new HttpClient { BaseAddress = new Uri(e.Data["listening on ".Length..]) };
                _http.DefaultRequestHeaders.Authorization = ApiKey is null ? null : new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", ApiKey);
                listening.Set();
            }
        };
        _host.BeginOutputReadLine();
        _host.BeginErrorReadLine();
        Wait.Until(() => listening.IsSet || _host.HasExited, "the host to listen");
        Assert.True(listening.IsSet, Said);
        Interlocked.Exchange(ref _deadSinceMs, long.MaxValue);
    }

    /// <summary>kill -9.</summary>
    internal void Kill()
    {
        _host!.Kill();
        _host.WaitForExit();
        Volatile.Write(ref _deadEpoch, _fleet.Boards.Max(b => b.Agent.Snapshot.DispatchEpoch));
        Interlocked.Exchange(ref _deadSinceMs, Environment.TickCount64);
        _http!.Dispose();
    }

    /// <summary>SIGTERM, as the system stops a service.</summary>
    internal void Stop()
    {
        using Process kill = Process.Start("kill", ["-TERM", _host!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.True(_host.WaitForExit(240_000), "The host does not end.");
        _http!.Dispose();
    }

    internal async Task<(int Status, JsonElement Body)> Send(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        HttpResponseMessage answer = await _http!.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    internal async Task<JsonElement> Limit(int watts, int seconds)
    {
        (int status, JsonElement body) = await Send(HttpMethod.Post, "/api/limits", new { @class = "economic", limitW = watts, durationS = seconds });
        Assert.True(status == 201, status + " " + body);
        return body;
    }

    internal async Task<JsonElement> Get(string path) => await _http!.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    internal bool AllRun => _fleet.Failure is null && _fleet.Boards.All(b => b.Agent.Snapshot.Admitted && b.PowerMw > 10_000);

    /// <summary>Seconds at which the site drew more than the cap that held then (S16).</summary>
    internal List<string> Overs { get; } = [];

    /// <summary>From when to when which cap must hold, by this machine's clock; later by what the machine stands still.</summary>
    internal void Expect(double capW, DateTimeOffset from, DateTimeOffset to)
    {
        lock (Overs)
        {
            _expected = (capW, from, to, Interlocked.Read(ref _stalledMs));
        }
    }

    public void Dispose()
    {
        if (_host is { HasExited: false })
        {
            _host.Kill();
        }

        _host?.Dispose();
        _stop.Cancel();
        _watch.Join();
        _fleet.Dispose();
        _broker.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Note(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }

    private void Watch()
    {
        int[] before = [.. _fleet.Boards.Select(_ => int.MaxValue)];
        long nextSampleMs = 0;
        while (!_stop.IsCancellationRequested)
        {
            // What was in the broker when the host died still arrives. A ramp that an order began may end: what counts is what is allowed.
            long now = Environment.TickCount64;
            bool watched = now - Interlocked.Read(ref _deadSinceMs) > DrainMs;
            for (int i = 0; i < before.Length; i++)
            {
                int point = _fleet.Boards[i].Agent.Snapshot.EffectivePoint;
                if (watched && point > before[i] && !HasNewOrders(i))
                {
                    Rises.Add(_fleet.Boards[i].Identity.Pod + "/" + _fleet.Boards[i].Identity.Board + " from point " + before[i] + " to " + point);
                }

                before[i] = point;
            }

            if (now >= nextSampleMs)
            {
                nextSampleMs = now + 1000;
                Sample();
            }

            Thread.Sleep(5);
        }
    }

    // The next host orders before it has said that it listens. What it ordered is seen in the same tick as the point, or in the next.
    private bool HasNewOrders(int board)
    {
        Thread.Sleep(100);
        return _fleet.Boards[board].Agent.Snapshot.DispatchEpoch > Volatile.Read(ref _deadEpoch);
    }

    private void Sample()
    {
        lock (Overs)
        {
            (double capW, DateTimeOffset from, DateTimeOffset to, long stalledMs) = _expected;
            from += TimeSpan.FromMilliseconds(Interlocked.Read(ref _stalledMs) - stalledMs);
            DateTimeOffset at = DateTimeOffset.UtcNow;
            double powerW = PowerW;
            if (at >= from && at < to && powerW > capW * 1.02)
            {
                Overs.Add(powerW + " W under " + capW + " W, " + (at - from).TotalSeconds + " s after settling");
            }
        }
    }
}
