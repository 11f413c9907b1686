using Ballast.Host.Options;
using Microsoft.Extensions.Logging.Console;

namespace Ballast.Host.Logs;

/// <summary>Sets logging up as the configuration says: always the error stream, one line a message.</summary>
internal static class HostLogging
{
    internal static void Configure(ILoggingBuilder logging, LogsSection section)
    {
        logging.ClearProviders();
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = section.Format == "json" ? JsonLogFormatter.FormatterName : ConsoleFormatterNames.Simple;
        });
        logging.AddConsole();
        logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<SimpleConsoleFormatterOptions>(simple => simple.SingleLine = true);
        logging.SetMinimumLevel(section.LogLevel);
        logging.AddFilter("Microsoft", section.LogLevel > LogLevel.Warning ? section.LogLevel : LogLevel.Warning);

        // At each first start it warns that keys of sessions are not encrypted: the state folder is the host's own, 0700.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    }
}
