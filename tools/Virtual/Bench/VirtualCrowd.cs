using System.Diagnostics;
using System.Text.Json;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Processes;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Bench;

/// <summary>
/// A real host process before a great many boards that only speak: births, states and telemetry over a real broker, a meter that adds them
/// up, no firmware behind them. For what a page or an API does with a large site.
/// </summary>
public sealed class VirtualCrowd : IDisposable
{
    private const string SiteName = "crowd";
    private const int NameplateW = 22;

    private readonly BenchBroker _broker = new();
    private readonly BoardChoir _choir;
    private readonly HostProcess _host;
    private readonly int _boards;
    private VirtualMeter? _meter;

    /// <summary>Prepares it.</summary>
    /// <param name="boards">Boards.</param>
    /// <param name="pods">Pods that they hang in.</param>
    /// <param name="mixed">True: some boards are at fault, hot, locked out or greedy.</param>
    /// <exception cref="DemoException">There is no broker, or its boards cannot connect.</exception>
    public VirtualCrowd(int boards, int pods, bool mixed)
    {
        _boards = boards;
        IReadOnlyList<BoardIdentity> identities = SiteKeys.Create(boards, pods, 7);
        _choir = new BoardChoir(SiteName, _broker.Port, identities, 4, mixed);
        _host = new HostProcess(_broker.Folder.FullName, SiteName, _broker.Port, identities, NameplateW, 0, new SiteTimes());
    }

    /// <summary>Address of the page; null before <see cref="StartAsync"/>.</summary>
    public Uri? Page => _host.Page;

    /// <summary>Starts everything and waits until the host has heard every board.</summary>
    /// <param name="telemetryPerS">Messages of all boards together, a second.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="DemoException">The host did not hear all of them in 300 s.</exception>
    public async Task StartAsync(double telemetryPerS, CancellationToken stop)
    {
        _choir.Introduce();
        _choir.Sing(telemetryPerS);
        _meter = new VirtualMeter(SiteName, "127.0.0.1", _broker.Port, SystemClock.Instance, () => _choir.PowerMw, (_, _) => { });
        _host.Start();
        using var client = new HostClient(Page!);
        long start = Stopwatch.GetTimestamp();
        while (await OnlineAsync(client, stop) < _boards)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(300))
                throw new DemoException($"The host has not heard {_boards} boards: {_host.LastOutput}");
            await Task.Delay(200, stop);
        }
    }

    /// <summary>Ends everything.</summary>
    public void Dispose()
    {
        _host.Dispose();
        _meter?.Dispose();
        _choir.Dispose();
        _broker.Dispose();
    }

    private static async Task<int> OnlineAsync(HostClient client, CancellationToken stop)
    {
        using JsonDocument site = await client.GetAsync("api/site", stop);
        return site.RootElement.GetProperty("boards").GetProperty("online").GetInt32();
    }
}
