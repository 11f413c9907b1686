using Ballast.Host.Options;

namespace Ballast.Host.Access;

/// <summary>What the door does beside requests: it keeps when keys were used, and tells when the keys cannot be read.</summary>
internal sealed class AccessService(AccessDesk desk, SiteOptions options, HostCore core, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private const int SaveEvery = 150;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        desk.Use.Load(options.StateDir);
        using PeriodicTimer timer = new(Every, time);
        try
        {
            for (int round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                _ = desk.Keys.All;
                Alarm(desk.Keys.Problem);
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

    private void Alarm(string? problem) => _ = core.Ask(c =>
    {
        c.Context.Alarms.Set(problem is not null, "api-keys", problem ?? "");
        return true;
    });
}
