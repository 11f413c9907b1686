using Microsoft.Extensions.Options;

namespace Ballast.Host.Logs;

/// <summary>
/// Makes all loggers. What boards and callers wrote is plain text in every message, and one message is left out, the framework's "Hosting
/// failed to start", twice: where a word to end that comes while the host starts makes the framework log its own cancellation as an error,
/// and where <see cref="Program"/> says the error in a sentence. Everything else goes through. Filters of the framework know no event ids.
/// </summary>
internal sealed class StartLog(ILoggerFactory inner) : ILoggerFactory
{
    private const string Framework = "Microsoft.Extensions.Hosting.Internal.Host";
    private const int StartFailed = 11;

    /// <summary>Cancelled once the host was told to end.</summary>
    internal CancellationToken Stopping { get; set; }

    /// <summary>True for an error that ends the start and that somebody says in a sentence.</summary>
    internal Func<Exception, bool> Said { get; set; } = _ => false;

    /// <summary>Puts it in the place of the framework's own.</summary>
    internal static void Add(IServiceCollection services)
    {
        services.AddSingleton(s => new StartLog(new LoggerFactory(
            s.GetServices<ILoggerProvider>(),
            s.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
            s.GetRequiredService<IOptions<LoggerFactoryOptions>>(),
            s.GetService<IExternalScopeProvider>())));
        services.AddSingleton<ILoggerFactory>(s => s.GetRequiredService<StartLog>());
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Filter(categoryName == Framework ? this : null, inner.CreateLogger(categoryName));

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private bool LeavesOut(Exception error) => Said(error) || (error is OperationCanceledException && Stopping.IsCancellationRequested);

    private sealed class Filter(StartLog? framework, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (framework is null || eventId.Id != StartFailed || exception is null || !framework.LeavesOut(exception))
            {
                inner.Log(logLevel, eventId, state, exception, (said, error) => PlainText.Of(formatter(said, error)));
            }
        }
    }
}
