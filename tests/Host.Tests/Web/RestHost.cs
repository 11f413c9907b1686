using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Options;
using Ballast.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Web;

/// <summary>The whole host behind its real web server, leading a site whose boards never speak; the broker is a hole that takes everything.</summary>
public sealed class RestHost : IAsyncLifetime
{
    private readonly OwnTime _time;
    private WebApplication _app = null!;

    /// <summary>A host that is not started yet.</summary>
    public RestHost() => _time = new OwnTime(this);

    internal HttpClient Http { get; private set; } = null!;

    internal HostCore Core { get; private set; } = null!;

    internal IServiceProvider Services => _app.Services;

    /// <summary>What the connection says of itself.</summary>
    internal bool Connected { get; set; } = true;

    /// <summary>A board is online and sends no telemetry, so that the host collects for its 12 s, which last a day and more; then the start does not wait for it to lead.</summary>
    internal bool SilentBoard { get; init; }

    internal MemoryJournal Journal { get; } = new();

    /// <summary>Changes the configuration; null leaves it.</summary>
    internal Func<SiteOptions, SiteOptions>? Change { get; init; }

    public async ValueTask InitializeAsync()
    {
        SiteOptions options = Sim.ToySite.MakeOptions(4, 2) with
        {
            Http = new HttpSection { Urls = "http://127.0.0.1:0" },
            Meter = new MeterSection { Configured = false },
            Profiles = [new ProfileSection { Name = "evening", Class = "economic", MaxDurationS = 100 }],
        };
        options = Change?.Invoke(options) ?? options;
        _app = Program.Build(options, Journal, new Hole(this), _time);
        await _app.StartAsync();
        Core = _app.Services.GetRequiredService<HostCore>();
        Http = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        while (!SilentBoard && await Core.Ask(c => c.Dispatcher.Phase) != HostPhase.Leading)
        {
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    internal async Task<HttpResponseMessage> Send(string method, string path, byte[]? body = null, string? key = null, string contentType = "application/json")
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    internal Task<HttpResponseMessage> Post(string path, string body, string? key = null) => Send("POST", path, Encoding.UTF8.GetBytes(body), key);

    /// <summary>Everything that a request could have changed.</summary>
    internal Task<string> State() => Core.Ask(c => string.Join(';', c.Context.Limits.All.Select(l => l.Entry.EventId + l.State + l.LimitW))
        + c.Dispatcher.Held + c.Dispatcher.Phase + string.Join(';', c.Context.Events.Live.SelectMany(e => e.OptOuts)) + string.Join(';', c.Context.Fleet.Boards.Select(b => b.LockedOut)));

    /// <summary>The host's clock stands from now on.</summary>
    internal void StopTime() => _time.Stop();

    private sealed class OwnTime(RestHost host) : TimeProvider
    {
        private readonly long _start = System.GetTimestamp();
        private volatile Moment? _stood;

        // For a host that is watched in its first seconds these last hours, however slow the machine is.
        public override long GetTimestamp() => _stood?.Timestamp ?? (_start + ((System.GetTimestamp() - _start) / (host.SilentBoard ? 10_000 : 1)));

        public override DateTimeOffset GetUtcNow() => _stood?.Utc ?? System.GetUtcNow();

        internal void Stop() => _stood = new Moment(GetTimestamp(), GetUtcNow());

        private sealed record Moment(long Timestamp, DateTimeOffset Utc);
    }

    private sealed class Hole(RestHost host) : IMqttConnection
    {
        public bool IsConnected => host.Connected;

        public int ConnectCount => 1;

        public MqttConnectResult LastResult => new(MqttConnectCode.Accepted, "Connected to nobody.");

        public void Start(MqttOptions options, IMqttReceiver receiver)
        {
            receiver.OnConnected();
            if (host.SilentBoard)
            {
                receiver.OnMessage("ballast/v1/demo/p1/b00/state"u8, "{\"online\":true,\"boardSerial\":\"s\"}"u8, 1, true);
            }
        }

        public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => MqttPublishResult.Taken;

        public void Close()
        {
        }

        public void Dispose()
        {
        }
    }
}
