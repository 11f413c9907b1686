using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Logs;
using Ballast.Host.Options;
using Ballast.Host.Signals.Inputs;

namespace Ballast.Host.Rehearsal;

/// <summary>
/// Once the web server listens and before the host says that it is ready, a second host with a site of its own plays what a grid event
/// needs: limits by REST, by signed signal and by contact, of every class, into a journal that is thrown away. The runtime compiles a
/// method when it is first called; afterwards it has done so for the whole way of a fall. The host itself connects and collects meanwhile,
/// and nothing of it is touched. A rehearsal that fails or takes too long is left: the first limit then takes longer.
/// </summary>
internal sealed class RehearsalService(SiteOptions options, ILogger<RehearsalService> logger) : WhenListening
{
    /// <summary>Twice: what is called again is not only compiled but also linked.</summary>
    private const int Rounds = 2;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override async Task StartedAsync(CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(Longest);
        try
        {
            await Task.Run(() => Play(options.Http.CertificateFile is not null, end.Token), end.Token);
            HostLog.Rehearsed(logger, (long)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            HostLog.NotRehearsed(logger, error.Message);
        }
    }

    /// <summary>Plays it all.</summary>
    /// <param name="tls">True: over TLS, as the host's own web server speaks it.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Limits that were taken, orders that went to the pod, failures of the host, and the folder that is gone again; for tests.</returns>
    internal static async Task<(long Limits, int Orders, long Failures, string Folder)> Play(bool tls, CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ballast-rehearsal-");
        try
        {
            RehearsalSite site = new(folder.FullName, tls);
            QuickTime time = new();
            new ApiKeyFile(folder.FullName).Add("rehearsal", AccessRole.Operator, time.GetUtcNow(), null, out string key);
            using SqliteJournal journal = new(folder.FullName, new JournalOptions { Site = site.Options.Site, Host = site.Options.HostId, Time = time });
            using Stage stage = new();
            await using WebApplication app = Program.Build(site.Options, journal, stage, time, builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<ILoggerProvider, MutedLogs>();
                builder.Services.AddSingleton<IHostInputs>(stage);
                builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            });
            await app.StartAsync(stop);
            HostCore core = app.Services.GetRequiredService<HostCore>();
            using HttpClient http = Client(Path.Combine(folder.FullName, "web"), key, site.Certificate);
            while (await core.Ask(c => c.Dispatcher.Phase).WaitAsync(stop) != HostPhase.Leading)
            {
                await Task.Delay(10, stop);
            }

            for (int round = 0; round < Rounds; round++)
            {
                await Act(http, core, stage, site, time, stop);
            }

            await app.StopAsync(stop);
            return (core.Context.Counts.LimitRequests[(int)LimitOutcome.Created], stage.Orders, core.HandlerFailures, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task Act(HttpClient http, HostCore core, Stage stage, RehearsalSite site, TimeProvider time, CancellationToken stop)
    {
        await Send(http, HttpMethod.Get, "/health/ready", null, stop);
        await Send(http, HttpMethod.Post, "/api/limits/preview", "{\"class\":\"economic\",\"limitW\":8}", stop);
        foreach ((string word, int watts) in new[] { ("economic", 12), ("reliability", 7), ("emergency", 0) })
        {
            stage.Telemetry();
            await Send(http, HttpMethod.Post, "/api/limits", "{\"id\":\"" + word + "\",\"class\":\"" + word + "\",\"limitW\":" + watts + ",\"durationS\":900,\"reason\":\"rehearsal\"}", stop);
        }

        foreach (string word in new[] { "emergency", "reliability", "economic" })
        {
            stage.Telemetry();
            await Send(http, HttpMethod.Delete, "/api/limits/" + word, null, stop);
        }

        stage.Say("grid/signal", site.Signal("\"op\":\"set\",\"id\":\"g\",\"class\":\"reliability\",\"node\":\"site\",\"limitW\":5,\"durationS\":900,\"reason\":\"rehearsal\"", time.GetUtcNow()));
        await Turn(core, stop);
        stage.Say("grid/signal", site.Signal("\"op\":\"release\",\"id\":\"g\"", time.GetUtcNow()));
        await Turn(core, stop);
        stage.Turn(active: true);
        await Turn(core, stop);
        stage.Turn(active: false);
        await Turn(core, stop);
    }

    private static async Task Send(HttpClient http, HttpMethod method, string path, string? body, CancellationToken stop)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        using HttpResponseMessage answer = await http.SendAsync(request, stop);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(method + " " + path + " was answered with " + (int)answer.StatusCode + ": " + await answer.Content.ReadAsStringAsync(stop));
        }
    }

    // Two turns of the loop: signals come behind requests in the same one.
    private static async Task Turn(HostCore core, CancellationToken stop)
    {
        for (int i = 0; i < 2; i++)
        {
            await core.Ask(_ => true).WaitAsync(stop);
            await Task.Delay(60, stop);
        }
    }

    private static HttpClient Client(string socket, string key, string? certificate)
    {
        HttpClient http = new(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate },
            ConnectCallback = async (_, stop) =>
            {
                Socket end = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await end.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
                return new NetworkStream(end, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri(certificate is null ? "http://localhost/" : "https://localhost/"), DefaultRequestVersion = HttpVersion.Version11 };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    // Signals of the operating system are for the host that stays.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
