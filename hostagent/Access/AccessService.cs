using Ballast.Host.Options;

namespace Ballast.Host.Access;

/// <summary>What the door does beside requests: it keeps when keys were used, and tells when the keys cannot be read.</summary>
internal sealed class AccessService(AccessDesk desk, OpenRequests open, SiteOptions options, HostCore core, TimeProvider time, IServiceProvider services, ILogger<AccessService> logger) : BackgroundService
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private const int SaveEvery = 150;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        desk.Use.Load(options.StateDir);
        desk.Failed += (remote, key, times) => logger.LogWarning(
            "a wrong API key came from {Address}{Key}, {Times} times now", FailureGate.AddressOf(remote), key.Length > 0 ? " for key " + key : "", times);
        using PeriodicTimer timer = new(Every, time);
        try
        {
            for (int round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                _ = desk.Keys.All;
                Alarm("api-keys", desk.Keys.Problem);
                Alarm("certificate", services.GetService<WebCertificate>() is { } certificate ? Worry(certificate) : null);
                open.EndStale();
                if (round % SaveEvery == 0)
                {
                    Save();
                }
            }
        }
        catch (OperationCanceledException)
        {
            Save();
        }
    }

    private void Save() => desk.Use.Save(options.StateDir, desk.Keys.All.Select(k => k.Id));

    private string? Worry(WebCertificate certificate)
    {
        DateTimeOffset ends = certificate.Ends;
        return certificate.Fault is { } fault ? fault + " Until then the old certificate is used."
            : ends - time.GetUtcNow() < RenewBefore ? "The web server's certificate ends on " + ends.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) + ": renew it; the host takes the new files without a restart."
            : null;
    }

    private void Alarm(string code, string? problem) => _ = core.Ask(c =>
    {
        c.Context.Alarms.Set(problem is not null, code, problem ?? "");
        return true;
    });
}
