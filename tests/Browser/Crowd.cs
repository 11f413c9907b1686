using System.Diagnostics;
using System.Text.Json;
using Ballast.Virtual.Bench;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Processes;
using Ballast.Virtual.Site;

namespace Ballast.Browser;

/// <summary>A real host with 30,000 boards that only speak: births, states and telemetry over a real broker, no firmware behind them.</summary>
public sealed class Crowd : IAsyncLifetime
{
    /// <summary>Boards.</summary>
    public const int Boards = 30_000;

    /// <summary>Pods that they hang in.</summary>
    public const int Pods = 60;

    private const string SiteName = "crowd";
    private const int TelemetryPerS = 1_500;

    private readonly BenchBroker _broker = new();
    private readonly BoardChoir _choir;
    private readonly HostProcess _host;
    private VirtualMeter? _meter;

    /// <summary>Prepares it.</summary>
    public Crowd()
    {
        IReadOnlyList<BoardIdentity> identities = SiteKeys.Create(Boards, Pods, 7);
        _choir = new BoardChoir(SiteName, _broker.Port, identities, 4);
        _host = new HostProcess(_broker.Folder.FullName, SiteName, _broker.Port, identities, 22, 0, new SiteTimes());
    }

    /// <summary>Address of the page.</summary>
    public Uri Page => _host.Page!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _choir.Introduce();
        _choir.Sing(TelemetryPerS);
        _meter = new VirtualMeter(SiteName, "127.0.0.1", _broker.Port, SystemClock.Instance, () => _choir.PowerMw, (_, _) => { });
        _host.Start();
        using var client = new HostClient(Page);
        long start = Stopwatch.GetTimestamp();
        while (await OnlineAsync(client) < Boards)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(90), $"The host has not heard {Boards} boards: {_host.LastOutput}");
            await Task.Delay(200);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        _meter?.Dispose();
        _choir.Dispose();
        _broker.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<int> OnlineAsync(HostClient client)
    {
        using JsonDocument site = await client.GetAsync("api/site", TestContext.Current.CancellationToken);
        return site.RootElement.GetProperty("boards").GetProperty("online").GetInt32();
    }
}
