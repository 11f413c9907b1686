using Ballast.Host.Options;

namespace Ballast.Host.Access;

/// <summary>What the door does beside requests: it keeps when keys were used, and tells when the keys cannot be read.</summary>
internal sealed class AccessService(AccessDesk desk, OpenRequests open, SiteOptions options, HostCore core, TimeProvider time, IServiceProvider services, RefusalTrail refusals, ILogger<AccessService> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private const int SaveEvery = 150;
    private const string KnownKeys = "access/keys";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        desk.Use.Load(options.StateDir);
        desk.Failed += Tell;
        using PeriodicTimer timer = new(Every, time);
        List<string>? known = null;
        try
        {
            for (int round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                try
                {
                    open.EndStale();
                    known = await WatchKeys(known);
                    Alarm("api-keys", desk.Keys.Problem);
                    Alarm("certificate", services.GetService<WebCertificate>()?.Worry());
                    if (round % SaveEvery == 0)
                    {
                        Save();
                    }
                }
                catch (Exception error) when (error is not OperationCanceledException && !stoppingToken.IsCancellationRequested)
                {
                    // A disk that cannot be read must not end the host that sheds load; the next round tries again.
                    Logs.HostLog.Failed(logger, error);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            Save();
        }
    }

    private void Tell(HttpContext http, string key, int times)
    {
        logger.LogWarning("a wrong API key came from {Address}{Key}, {Times} times now", FailureGate.AddressOf(http.Connection.RemoteIpAddress), key.Length > 0 ? " for key " + key : "", times);
        refusals.Note(http, StatusCodes.Status401Unauthorized, key.Length > 0 ? key : null);
    }

    // Keys that came and went beside this host, by ballast apikey or an editor, are in the record, too.
    private async Task<List<string>?> WatchKeys(List<string>? known)
    {
        (IReadOnlyList<ApiKey> now, IReadOnlySet<string> own) = desk.Look();
        List<string> ids = [.. now.Select(k => k.Id + " " + k.Name + " " + AccessRoles.NameOf(k.Role)).Order(StringComparer.Ordinal)];
        if (desk.Keys.Problem is not null || (known is not null && ids.SequenceEqual(known)))
        {
            return known;
        }

        await core.Ask(c =>
        {
            known ??= [.. c.Context.Journal.Load().Values.GetValueOrDefault(KnownKeys, "").Split('\n', StringSplitOptions.RemoveEmptyEntries)];
            foreach (string id in ids.Except(known).Where(i => !own.Contains(Id(i))))
            {
                Write(c, "apikey.create", id);
            }

            foreach (string id in known.Except(ids).Where(i => !own.Contains(Id(i))))
            {
                Write(c, "apikey.revoke", id);
            }

            return ids.SequenceEqual(known) || c.Context.Journal.SaveValue(KnownKeys, string.Join('\n', ids));
        });
        return ids;
    }

    private static void Write(HostCore core, string what, string key)
        => core.Context.Journal.Record(Ledger.RecordKind.Audit, new AuditBody(what, "", "", "local", ApiKeyFile.FileName, 0) { Target = Id(key), After = what == "apikey.create" ? key : null, Before = what == "apikey.create" ? null : key });

    private static string Id(string key) => key.Split(' ')[0];

    private void Save() => desk.Use.Save(options.StateDir, desk.Keys.All.Select(k => k.Id));

    private void Alarm(string code, string? problem) => _ = core.Ask(c =>
    {
        c.Context.Alarms.Set(problem is not null, code, problem ?? "");
        return true;
    });
}
