using Ballast.Host.Access;
using Ballast.Host.Alerts;
using Ballast.Host.Ledger;
using Ballast.Host.Logs;
using Ballast.Host.Metrics;
using Ballast.Host.Options;
using Ballast.Host.Rehearsal;
using Ballast.Host.Signals.Inputs;
using Ballast.Host.Web;
using Ballast.Mqtt;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Ballast.Host;

/// <summary>Entry: <c>Ballast.Host --config file.json</c>.</summary>
public static class Program
{
    // Not code 2, after which systemd gives up: the other program may go, and a host that stays away lets leases end.
    private const int Busy = 1;

    /// <summary>
    /// Runs the host until SIGTERM or Ctrl-C. Exit code 1: its folder or its web address is another program's. 2: the configuration cannot
    /// be used.
    /// </summary>
    public static async Task<int> Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args.Length != 2 || args[0] != "--config")
        {
            await Console.Error.WriteLineAsync("Usage: Ballast.Host --config file.json");
            return 2;
        }

        SiteOptions? options = OptionsFile.Load(args[1], out IReadOnlyList<string> problems);
        if (options is null)
        {
            foreach (string problem in problems)
            {
                await Console.Error.WriteLineAsync(problem);
            }

            return 2;
        }

        if (MqttLibrary.Problem is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return 2;
        }

        SqliteJournal journal;
        try
        {
            journal = new SqliteJournal(options.StateDir, new JournalOptions
            {
                Site = options.Site,
                Host = options.HostId,
                SealMinutes = options.Ledger.SealMinutes,
                KeepSegments = options.Ledger.KeepSegments,
                KeepEndedDays = options.Ledger.KeepEndedDays,
            });
        }
        catch (LedgerHeldException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Busy;
        }
        catch (Exception error) when (error is Microsoft.Data.Sqlite.SqliteException or System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("The journal in '" + options.StateDir + "' cannot be opened (" + error.Message.TrimEnd('.') + "): make the folder writable for this user, or name another stateDir.");
            return 2;
        }

        using (journal)
        {
            try
            {
                return await Run(options, journal, OptionsFile.Warnings(args[1]));
            }
            catch (HostInputException error)
            {
                await Console.Error.WriteLineAsync(error.Message);
                return 2;
            }
        }
    }

    private static async Task<int> Run(SiteOptions options, SqliteJournal journal, IReadOnlyList<string> warnings)
    {
        await using WebApplication app = Build(options, journal, new SplitConnection(MqttLibrary.Create(), MqttLibrary.Create()), TimeProvider.System, builder => AsProcess(builder, options));
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            foreach (string address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
            {
                Console.WriteLine("listening on " + address);
            }
        });
        app.Services.GetRequiredService<StartLog>().Said = error => WebAddress.Problem(error, options.Http) is not null;
        ILogger logger = app.Services.GetRequiredService<ILogger<HostCore>>();
        HostLog.Starts(logger, options.HostId, options.Site, options.Pods.Sum(p => p.Boards.Count), options.Pods.Count, options.StateDir);
        foreach (string warning in warnings)
        {
            HostLog.Configured(logger, warning);
        }

        try
        {
            string system = Path.GetTempPath();
            if (TemporaryFolder.Choose(options.StateDir, system) is { } own)
            {
                TemporaryFolder.Use(own);
                HostLog.Temporary(logger, system, own);
            }

            WebAddress.ClearLeftovers(options.Http);
            await RunUntilStopped(app);
        }
        catch (Exception error) when (WebAddress.Problem(error, options.Http) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return Busy;
        }

        HostLog.Ends(logger);
        return 0;
    }

    /// <summary>Runs until somebody ends it. A word to end that comes while the host still starts is no error.</summary>
    internal static async Task RunUntilStopped(WebApplication app)
    {
        // Taken before: afterwards the application is disposed.
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The framework gives up a start that was cancelled by throwing.
        }
    }

    /// <summary>Puts the application together, without starting it.</summary>
    public static WebApplication Build(SiteOptions options, IJournal journal, IMqttConnection connection, TimeProvider time)
        => Build(options, journal, connection, time, null);

    /// <summary>The same, with more or other services.</summary>
    internal static WebApplication Build(SiteOptions options, IJournal journal, IMqttConnection connection, TimeProvider time, Action<WebApplicationBuilder>? more)
    {
        ArgumentNullException.ThrowIfNull(options);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        HostLogging.Configure(builder.Logging, options.Logs);
        StartLog.Add(builder.Services);
        builder.Logging.AddFilter(typeof(AccessHandler).FullName, LogLevel.Warning);
        builder.WebHost.UseUrls(options.Http.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(journal);
        builder.Services.AddSingleton(connection);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<HostCore>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HostCore>());
        builder.Services.AddHostedService<LedgerService>();
        more?.Invoke(builder);
        builder.Services.AddSingleton<HostMeter>();
        builder.Services.AddSingleton(services => new MetricStore(services.GetRequiredService<HostMeter>().Meter));
        builder.Services.AddSingleton<LiveHub>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveHub>());
        builder.Services.AddSingleton<AlertService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AlertService>());
        builder.Services.AddSingleton<WarmUp>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WarmUp>());
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Api.Explain);
        builder.Services.AddOpenApi(options =>
        {
            ApiDocument.Describe(options);
            AccessDocument.Describe(options);
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Limits.MaxRequestBodySize = Body.MaxBytes;

            // Each may hold one request that waits for the loop: what is open is bounded (F29).
            server.Limits.MaxConcurrentConnections = ConnectionGate.Most;
        });
        AccessSetup.Add(builder, options, time);
        WebApplication app = builder.Build();
        app.Services.GetRequiredService<StartLog>().Stopping = app.Lifetime.ApplicationStopping;
        app.Use(app.Services.GetRequiredService<WarmUp>().Behind);
        app.UseRouting();
        app.Use(next => http => BrowserGuard.Headers(http, next));
        app.UseExceptionHandler();
        app.UseStatusCodePages(Api.ExplainStatus);
        AccessSetup.Use(app);
        app.Use(next => http => QueryCheck.Before(http, next));
        ApiDocument.Map(app);
        AccessApi.Map(app);
        AuditApi.Map(app);
        Api.Map(app);
        LimitsApi.Map(app);
        EventsApi.Map(app);
        EventExport.Map(app);
        Web.Boards.FleetApi.Map(app);
        Web.Boards.BoardApi.Map(app);
        GridApi.Map(app);
        KeysApi.Map(app);
        SourcesApi.Map(app);
        LedgerApi.Map(app);
        MetricsApi.Map(app);
        LedgerProof.Map(app);
        AlertsApi.Map(app);
        LiveApi.Map(app);
        Page.Map(app);
        return app;
    }

    // What only the host of a process has: it speaks to systemd, and rehearses before it listens.
    private static void AsProcess(WebApplicationBuilder builder, SiteOptions options)
    {
        SystemdService.Add(builder.Services, options.Logs.Format);
        builder.Services.AddHostedService<RehearsalService>();
    }
}
