using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ballast.Host.Logs;
using Ballast.Host.Options;
using Ballast.Host.Tests.Metrics;
using Ballast.Host.Tests.Sim;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ballast.Host.Tests.Logs;

public sealed class LogTests
{
    [Fact]
    public void A_JSON_line_has_time_level_id_name_message_and_its_values()
    {
        Lines lines = new();
        HostLog.Limit(lines, "a \"b\"", "tso", "site", 1.5, "economic", "Created");
        string line = Assert.Single(lines.Text.ToString().TrimEnd().Split('\n'));
        JsonElement entry = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.Equal(("information", 1401, "limit"), (entry.GetProperty("level").GetString(), entry.GetProperty("id").GetInt32(), entry.GetProperty("event").GetString()));
        Assert.Equal("Limit a \"b\" of tso on site: 1.5 W, economic: Created", entry.GetProperty("message").GetString());
        Assert.Equal((1.5, "tso"), (entry.GetProperty("fields").GetProperty("limitW").GetDouble(), entry.GetProperty("fields").GetProperty("source").GetString()));
        Assert.Equal(FakeTime.Start.UtcDateTime, entry.GetProperty("time").GetDateTime());
    }

    [Fact]
    public void An_error_and_a_newline_stay_on_one_line()
    {
        Lines lines = new();
        HostLog.Failed(lines, new InvalidOperationException("first\nsecond"));
        JsonElement entry = JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines.Text.ToString().TrimEnd().Split('\n')));
        Assert.Contains("first\nsecond", entry.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_message_of_the_host_has_an_id_and_a_name_of_its_own()
    {
        LoggerMessageAttribute[] all = [.. typeof(HostLog).GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
            .SelectMany(m => m.GetCustomAttributes(typeof(LoggerMessageAttribute), false)).Cast<LoggerMessageAttribute>()];
        Assert.True(all.Length > 10);
        Assert.Equal(all.Length, all.Select(a => a.EventId).Distinct().Count());
        Assert.Equal(all.Length, all.Select(a => a.EventName).Distinct().Count());
        Assert.DoesNotContain(all, a => string.IsNullOrEmpty(a.EventName) || a.EventId == 0);
    }

    [Theory]
    [InlineData("{\"format\":\"xml\"}", "logs.format")]
    [InlineData("{\"level\":\"loud\"}", "logs.level")]
    public void A_wrong_section_is_named(string section, string expected)
    {
        Assert.Null(OptionsFile.Parse("{\"site\":\"demo\",\"stateDir\":\"x\",\"pods\":[],\"logs\":" + section + "}", out IReadOnlyList<string> problems));
        Assert.Contains(problems, p => p.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_word_to_end_that_comes_while_the_host_starts_is_no_error()
    {
        SiteOptions options = ToySite.MakeOptions(2, 1) with { Http = new HttpSection { Urls = "http://127.0.0.1:0" } };
        WebApplication app = Program.Build(options, new MemoryJournal(), new Nobody(), TimeProvider.System);
        FrameworkErrors log = new();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        app.Lifetime.StopApplication();
        await Program.RunUntilStopped(app);
        Assert.Empty(log.Ids);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_frameworks_own_cancelled_start_is_the_message_that_is_left_out(bool leftOut)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<SlowStart>();
        FrameworkErrors log = new();
        builder.Logging.AddProvider(log);
        if (leftOut)
        {
            StartLog.Add(builder.Services);
        }

        using IHost host = builder.Build();
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        if (leftOut)
        {
            host.Services.GetRequiredService<StartLog>().Stopping = lifetime.ApplicationStopping;
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(leftOut ? [] : [11], log.Ids);
    }

    // Is told to end in the middle of its start.
    private sealed class SlowStart(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Fact]
    public async Task A_start_that_fails_by_itself_is_logged_as_before()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        SiteOptions options = ToySite.MakeOptions(2, 1) with { Http = new HttpSection { Urls = "http://" + taken.LocalEndpoint } };
        WebApplication app = Program.Build(options, new MemoryJournal(), new Nobody(), TimeProvider.System);
        FrameworkErrors log = new();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await Assert.ThrowsAsync<IOException>(() => Program.RunUntilStopped(app));
        Assert.Equal([11], log.Ids);
    }

    // Ids of what the framework's host says as an error.
    private sealed class FrameworkErrors : ILoggerProvider
    {
        internal List<int> Ids { get; } = [];

        public ILogger CreateLogger(string categoryName) => categoryName == "Microsoft.Extensions.Hosting.Internal.Host" ? new Writer(Ids) : NullLogger.Instance;

        public void Dispose()
        {
        }

        private sealed class Writer(List<int> ids) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (logLevel >= LogLevel.Error)
                {
                    ids.Add(eventId.Id);
                }
            }
        }
    }

    private sealed class Lines : ILogger
    {
        internal StringWriter Text { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => new JsonLogFormatter(new FakeTime()).Write(new LogEntry<TState>(logLevel, "test", eventId, state, exception, formatter), null, Text);
    }
}
