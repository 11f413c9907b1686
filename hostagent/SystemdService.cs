using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace Ballast.Host;

/// <summary>
/// The host as a service of systemd: READY=1 once it listens, STOPPING=1 at its end, and logs with systemd's priorities. The library's own
/// <c>AddSystemd</c> asks for the name of the parent process, which the unit's <c>ProtectProc=invisible</c> hides: it would stay silent, and
/// systemd would end the host after <c>TimeoutStartSec</c>. Whoever sets <c>NOTIFY_SOCKET</c> wants to be told, so that decides here.
/// </summary>
internal static class SystemdService
{
    /// <summary>Adds it if somebody waits to be told.</summary>
    /// <param name="services">What the host is put together from.</param>
    /// <param name="format">Format of the logs; only `text` gives way to systemd's own, which would stand before each line of `json`.</param>
    internal static void Add(IServiceCollection services, string format)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            return;
        }

        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
        if (format != "json")
        {
            services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = ConsoleFormatterNames.Systemd);
        }

        services.AddHostedService<SystemdWatchdog>();
    }
}
