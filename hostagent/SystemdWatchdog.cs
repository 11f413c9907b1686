using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Ballast.Host;

/// <summary>
/// Tells systemd that the host is alive, while its loop answers and no longer (WatchdogSec of the unit). Does nothing where systemd asks for
/// no word.
/// </summary>
internal sealed class SystemdWatchdog(HostCore core, IHostApplicationLifetime lifetime, ISystemdNotifier notifier, ILogger<SystemdWatchdog> logger) : BackgroundService
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Every(Environment.GetEnvironmentVariable("WATCHDOG_USEC")) is not { } every)
        {
            return;
        }

        try
        {
            // systemd counts from READY=1, which the lifetime says when the host has started; the first word comes one turn after that.
            TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            using PeriodicTimer timer = new(every);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await core.Ask(_ => true).WaitAsync(every, stoppingToken);
                    notifier.Notify(Alive);
                }
                catch (TimeoutException)
                {
                    logger.LogError("The host's loop has not come round for {Seconds} s: systemd will restart the host if this lasts", every.TotalSeconds);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or InvalidOperationException)
        {
            // The host is being stopped.
        }
    }

    /// <summary>How often to speak: three times in what systemd waits; null without a wait.</summary>
    internal static TimeSpan? Every(string? microseconds)
        => long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long us) && us > 0 ? TimeSpan.FromMicroseconds(us / 3.0) : null;
}
