using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Ballast.Host.Tests.Web;

/// <summary>Every operation as its document says it, and as somebody who means harm would call it.</summary>
public sealed class RestTests(RestHost host) : IClassFixture<RestHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<List<(string Method, string Path, JsonElement Operation)>> Operations()
    {
        JsonElement document = await host.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Stop);
        return [.. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (o.Name.ToUpperInvariant(), p.Name, o.Value)))];
    }

    private static bool Streams(JsonElement operation) => operation.GetProperty("responses").TryGetProperty("200", out JsonElement ok) && ok.TryGetProperty("content", out JsonElement content) && content.TryGetProperty("text/event-stream", out _);

    [Fact]
    public async Task The_document_describes_every_operation_with_answers_errors_and_examples()
    {
        List<(string Method, string Path, JsonElement Operation)> operations = await Operations();
        Assert.True(operations.Count >= 20, operations.Count + " operations");
        foreach ((string method, string path, JsonElement operation) in operations)
        {
            string at = method + " " + path;
            Assert.True(operation.TryGetProperty("operationId", out _) && operation.TryGetProperty("summary", out JsonElement summary) && summary.GetString()!.Length > 10, at);
            JsonElement responses = operation.GetProperty("responses");
            // An export is a file: its form is the ledger's own.
            Assert.True(path == "/api/ledger/export" || Streams(operation) || responses.EnumerateObject().Any(r => r.Name[0] == '2' && r.Value.TryGetProperty("content", out JsonElement content) && content.GetProperty("application/json").TryGetProperty("schema", out _)), at + " has no schema of its answer");
            foreach (JsonProperty error in responses.EnumerateObject().Where(r => r.Name[0] is '4' or '5'))
            {
                Assert.True(error.Value.GetProperty("content").GetProperty("application/problem+json").TryGetProperty("example", out _), at + " " + error.Name);
            }

            if (operation.TryGetProperty("requestBody", out JsonElement body))
            {
                Assert.True(body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _), at + " has no example");
                Assert.True(responses.TryGetProperty("422", out _) && responses.TryGetProperty("413", out _), at);
            }

            if (path.Contains('{', StringComparison.Ordinal) && !path.Contains("/api/boards/{pod}", StringComparison.Ordinal))
            {
                Assert.True(responses.TryGetProperty("404", out _), at);
            }
        }

        JsonElement document = await host.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Stop);
        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.GetProperty("ProblemDetails").GetProperty("properties").TryGetProperty("field", out _));
        Assert.Contains("limit", schemas.GetProperty("EventRecord").GetProperty("properties").GetProperty("limitW").GetProperty("description").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_examples_of_the_document_work()
    {
        JsonElement Example(List<(string Method, string Path, JsonElement Operation)> all, string id)
            => all.First(o => o.Operation.GetProperty("operationId").GetString() == id).Operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
        List<(string Method, string Path, JsonElement Operation)> operations = await Operations();
        Assert.Equal(HttpStatusCode.OK, (await host.Post("/api/limits/preview", Example(operations, "previewLimit").GetRawText())).StatusCode);
        HttpResponseMessage created = await host.Post("/api/limits", Example(operations, "setLimit").GetRawText(), "example");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        JsonElement limit = await created.Content.ReadFromJsonAsync<JsonElement>(Stop);
        string id = limit.GetProperty("id").GetString()!;
        string eventId = limit.GetProperty("eventId").GetString()!;
        Assert.Equal("/api/limits/" + id, created.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/api/limits/" + id, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Post("/api/events/" + eventId + "/optouts", Example(operations, "optOut").GetRawText())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Post("/api/limits/" + id + "/abandon", Example(operations, "abandonLimit").GetRawText())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Post("/api/hold", Example(operations, "hold").GetRawText())).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("/api/boards/p1/b00/lockout", Example(operations, "lockout").GetRawText())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Post("/api/sources/rest/test", Example(operations, "testSource").GetRawText())).StatusCode);
        JsonElement record = await host.Http.GetFromJsonAsync<JsonElement>("/api/events/" + eventId, Stop);
        Assert.Equal("cancelled", record.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/api/events/" + eventId + "/series", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/api/events/" + eventId + "/boards", Stop)).StatusCode);
        JsonElement events = await host.Http.GetFromJsonAsync<JsonElement>("/api/events?take=500", Stop);
        Assert.Contains(events.EnumerateArray(), e => e.GetProperty("eventId").GetString() == eventId);
        JsonElement tree = await host.Http.GetFromJsonAsync<JsonElement>("/api/tree", Stop);
        Assert.Equal(["p1", "p2"], tree.GetProperty("children").EnumerateArray().Select(n => n.GetProperty("id").GetString()));
        Assert.Equal(["emergency", "reliability", "economic"], (await host.Http.GetFromJsonAsync<JsonElement>("/api/headroom", Stop)).GetProperty("shed").EnumerateArray().Select(s => s.GetProperty("class").GetString()));
        await host.Post("/api/hold", "{\"on\":false,\"reason\":\"test over\"}");
    }

    [Theory]
    [InlineData("/api/breaker/br9/confirm", "{\"reason\":\"checked\"}", HttpStatusCode.NotFound)]
    [InlineData("/api/breaker/br9/refuse", "{\"reason\":\"checked\"}", HttpStatusCode.NotFound)]
    [InlineData("/api/breaker/br9/confirm", "{}", HttpStatusCode.UnprocessableEntity)]
    public async Task A_breaker_is_not_confirmed_without_a_request_and_a_reason(string path, string body, HttpStatusCode expected)
    {
        HttpResponseMessage answer = await host.Post(path, body);
        Assert.Equal(expected, answer.StatusCode);
        Assert.EndsWith(".", (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await host.Http.GetFromJsonAsync<JsonElement>("/api/breaker", Stop)).EnumerateArray());
    }

    [Fact]
    public async Task One_key_makes_one_limit_and_a_late_repeat_does_not_bring_an_old_one_back()
    {
        const string First = "{\"id\":\"twice\",\"class\":\"economic\",\"limitW\":60}";
        Assert.Equal(HttpStatusCode.Created, (await host.Post("/api/limits", First, "k-one")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await host.Post("/api/limits", "{\"id\":\"twice\",\"class\":\"economic\",\"limitW\":40}", "k-two")).StatusCode);
        HttpResponseMessage late = await host.Post("/api/limits", First, "k-one");
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Equal("superseded", (await late.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("state").GetString());
        HttpResponseMessage other = await host.Post("/api/limits", "{\"class\":\"economic\",\"limitW\":1}", "k-one");
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal("Idempotency-Key", (await other.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString());
        Assert.Equal(40, (await host.Http.GetFromJsonAsync<JsonElement>("/api/limits/twice", Stop)).GetProperty("limitW").GetDouble());
        Assert.Equal(HttpStatusCode.OK, (await host.Send("DELETE", "/api/limits/twice")).StatusCode);
    }

    [Fact]
    public async Task A_journal_that_fails_answers_202_to_a_fall_and_503_with_Retry_After_to_a_rise_S19()
    {
        host.Journal.Fails = true;
        HttpResponseMessage fall = await host.Post("/api/limits", "{\"id\":\"nodisk\",\"class\":\"economic\",\"limitW\":50}");
        Assert.Equal(HttpStatusCode.Accepted, fall.StatusCode);
        Assert.False((await fall.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("durable").GetBoolean());
        HttpResponseMessage rise = await host.Send("DELETE", "/api/limits/nodisk");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, rise.StatusCode);
        Assert.NotNull(rise.Headers.RetryAfter);
        host.Journal.Fails = false;
        Assert.Equal(HttpStatusCode.OK, (await host.Send("DELETE", "/api/limits/nodisk")).StatusCode);
    }

    [Theory]
    [InlineData("/api/hold", "{\"reason\":\"no switch\"}", "on")]
    [InlineData("/api/hold", "{\"on\":\"yes\",\"reason\":\"r\"}", "on")]
    [InlineData("/api/hold", "{\"on\":true}", "reason")]
    [InlineData("/api/hold", "{\"on\":true,\"reason\":\"  \"}", "reason")]
    [InlineData("/api/hold", "{\"on\":true,\"on\":false,\"reason\":\"r\"}", "on")]
    [InlineData("/api/boards/p1/b00/lockout", "{}", "on")]
    [InlineData("/api/limits", "{\"class\":\"economic\",\"limitW\":1e9}", "limitW")]
    [InlineData("/api/limits", "{\"class\":\"economic\",\"limitW\":0.5}", "limitW")]
    [InlineData("/api/limits", "{\"class\":\"economic\",\"limitW\":-0}", "")]
    [InlineData("/api/limits", "{\"class\":\"economic\",\"limitW\":NaN}", "")]
    [InlineData("/api/limits", "{\"class\":\"economic\",\"limitMW\":2}", "limitMW")]
    [InlineData("/api/limits", "{\"profile\":\"none\",\"limitW\":2}", "profile")]
    [InlineData("/api/limits/preview", "{\"class\":\"economic\",\"limitW\":-1}", "limitW")]
    public async Task F7_a_wrong_request_is_refused_with_its_field_and_changes_nothing(string path, string body, string field)
    {
        string before = await host.State();
        HttpResponseMessage answer = await host.Post(path, body);
        if (body.Contains("-0}", StringComparison.Ordinal))
        {
            // Minus nothing is nothing; JSON allows it.
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            await host.Send("DELETE", answer.Headers.Location!.ToString());
            return;
        }

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(field, problem.TryGetProperty("field", out JsonElement named) ? named.GetString() : "");
        Assert.EndsWith(".", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await host.State());
    }

    [Fact]
    public async Task Forms_and_large_bodies_are_refused_at_every_operation_that_takes_one()
    {
        foreach ((string method, string path, JsonElement operation) in (await Operations()).Where(o => o.Operation.TryGetProperty("requestBody", out _) && o.Path != "/api/prices"))
        {
            string real = path.Replace("{pod}", "p1", StringComparison.Ordinal).Replace("{board}", "b00", StringComparison.Ordinal).Replace("{id}", "rest", StringComparison.Ordinal);
            string before = await host.State();
            HttpResponseMessage big = await host.Send(method, real, Encoding.UTF8.GetBytes(new string(' ', 20_000)));
            Assert.True(big.StatusCode == HttpStatusCode.RequestEntityTooLarge, path + " " + big.StatusCode);
            Assert.Equal("application/problem+json", big.Content.Headers.ContentType!.MediaType);
            if (!path.Contains("/test", StringComparison.Ordinal))
            {
                HttpResponseMessage form = await host.Send(method, real, "{\"on\":true,\"reason\":\"r\"}"u8.ToArray(), contentType: "text/plain");
                Assert.True(form.StatusCode == HttpStatusCode.UnsupportedMediaType, path + " " + form.StatusCode);
            }

            Assert.Equal(before, await host.State());
        }
    }
}
