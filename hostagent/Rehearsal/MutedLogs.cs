using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Ballast.Host.Rehearsal;

/// <summary>Logs of a rehearsal: written in every form that real ones may have, and read by nobody.</summary>
internal sealed class MutedLogs(IEnumerable<ConsoleFormatter> formatters) : ILoggerProvider, ILogger
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        foreach (ConsoleFormatter form in formatters)
        {
            using StringWriter text = new();
            form.Write(new LogEntry<TState>(logLevel, "", eventId, state, exception, formatter), null, text);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
