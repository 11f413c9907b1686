using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Host.Logs;
using Microsoft.Extensions.Logging;

namespace Ballast.Host.Tests.Web;

/// <summary>Texts, methods and addresses that nobody sends by chance.</summary>
public sealed class HostileTextTests(RestHost host) : IClassFixture<RestHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reason_that_speaks_to_terminals_or_turns_the_writing_is_taken_as_plain_text()
    {
        HttpResponseMessage answer = await host.Post("/api/limits", "{\"id\":\"hostile\",\"class\":\"economic\",\"limitW\":9000,\"reason\":\"a\\u001b[31m\\u202Eb\\n\\u2028\\u0000\\u2066 \u00fc \U0001F600\"}");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        string reason = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("reason").GetString()!;
        Assert.Equal("a\uFFFD[31m\uFFFDb \uFFFD\uFFFD\uFFFD \u00fc \U0001F600", reason);
        HttpResponseMessage refused = await host.Post("/api/limits", "{\"x\\u001b[2J\\ny\":1}");
        Assert.Contains("The member x\uFFFD[2J y is not known", (await refused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        HttpResponseMessage held = await host.Post("/api/hold", "{\"on\":false,\"reason\\u001b\":\"x\"}");
        Assert.Contains("The member reason\uFFFD is not known", (await held.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_the_log_is_one_line_and_speaks_to_no_terminal()
    {
        Recorder recorder = new();
        using LoggerFactory inner = new([recorder]);
        using StartLog log = new(inner);
        log.CreateLogger("x").LogWarning("{Text}", "a\u001b[2J\r\nwarn: fake");
        Assert.Equal("a\uFFFD[2J  warn: fake", Assert.Single(recorder.Lines));
    }

    [Fact]
    public async Task A_limit_that_asks_nobody_for_anything_is_confirmed_in_a_believable_time()
    {
        await host.Post("/api/limits", "{\"id\":\"nobody\",\"class\":\"economic\",\"limitW\":9500}");
        JsonElement limit = default;
        await Access.AccessHost.Until(
            async () =>
            {
                limit = await host.Http.GetFromJsonAsync<JsonElement>("/api/limits/nobody", Stop);
                return limit.GetProperty("confirmed").GetBoolean();
            },
            "the limit to be confirmed");
        Assert.InRange(limit.GetProperty("confirmedAfterMs").GetInt64(), 0, 600_000);
    }

    [Fact]
    public async Task Pages_of_events_are_the_whole_list_and_far_beyond_its_end_there_is_nothing()
    {
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await host.Post("/api/limits", "{\"id\":\"page" + i + "\",\"class\":\"economic\",\"limitW\":8000}")).StatusCode);
        }

        string[] all = await Ids("/api/events?take=500");
        List<string> paged = [];
        for (int skip = 0; skip < all.Length; skip += 3)
        {
            paged.AddRange(await Ids("/api/events?take=3&skip=" + skip));
        }

        Assert.True(all.Length >= 7);
        Assert.Equal(all, paged);
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Empty(await Ids("/api/events?take=500&skip=2147483647"));
    }

    [Theory]
    [InlineData("GET", "/nope", 404)]
    [InlineData("POST", "/api/site", 405)]
    [InlineData("TRACE", "/", 405)]
    [InlineData("GET", "/api/events?skip=x", 422)]
    public async Task A_browser_that_asks_for_HTML_is_told_the_sentence_too(string method, string path, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        HttpResponseMessage answer = await host.Http.SendAsync(request, Stop);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".", (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString()!.Replace(".json", ".", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_is_made_once_and_names_no_server_after_what_a_request_calls_it()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/openapi/v1.json", UriKind.Relative));
        request.Headers.Host = "evil.example";
        string first = await (await host.Http.SendAsync(request, Stop)).Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain("evil.example", first, StringComparison.Ordinal);
        Assert.Contains("\"previewLimit\"", first, StringComparison.Ordinal);
        Assert.Equal(first, await host.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Stop));
    }

    private async Task<string[]> Ids(string path)
        => [.. (await host.Http.GetFromJsonAsync<JsonElement>(path, Stop)).EnumerateArray().Select(e => e.GetProperty("eventId").GetString()!)];

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        internal List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
