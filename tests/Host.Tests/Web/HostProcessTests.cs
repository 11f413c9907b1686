using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ballast.Host.Options;
using Ballast.Host.Tests.Mqtt;
using Ballast.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Web;

/// <summary>The whole host with a real broker, real sockets and SQLite, and toy boards behind polled MQTT clients.</summary>
public sealed class HostProcessTests : IAsyncLifetime
{
    private readonly BrokerSite _site = new(4, 2, o => o with
    {
        Price = new PriceSection { HashPricePerPhDay = 45, FallbackMjPerTh = int.MaxValue },
        Surplus = [new SurplusSection { Id = "sun", FallbackW = 10_000 }],
    });

    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        WebApplication app = await _site.Start();
        _http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Boards_are_admitted_obey_a_limit_and_the_interface_tells_the_truth()
    {
        Wait.Until(() => _site.AllRun, "all boards to be admitted and run");
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/health/active", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/health/ready", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/health", Stop)).StatusCode);

        HttpResponseMessage created = await Post("{\"v\":1,\"op\":\"set\",\"id\":\"g1\",\"class\":\"emergency\",\"node\":\"site\",\"limitW\":0,\"reason\":\"test\"}", "k1");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        JsonElement limit = await created.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.True(limit.GetProperty("durable").GetBoolean());
        Wait.Until(() => _site.AllOff, "all boards to be off");

        HttpResponseMessage again = await Post("{\"v\":1,\"op\":\"set\",\"id\":\"g1\",\"class\":\"emergency\",\"node\":\"site\",\"limitW\":0,\"reason\":\"test\"}", "k1");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        HttpResponseMessage other = await Post("{\"class\":\"economic\",\"limitW\":10}", "k1");
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);

        JsonElement site = await _http.GetFromJsonAsync<JsonElement>("/api/site", Stop);
        Assert.Equal("leading", site.GetProperty("phase").GetString());
        Assert.Equal(0, site.GetProperty("capW").GetDouble());
        Assert.True(site.GetProperty("emergency").GetBoolean());
        JsonElement boards = await _http.GetFromJsonAsync<JsonElement>("/api/boards", Stop);
        Assert.Equal(4, boards.GetArrayLength());
        Assert.All(boards.EnumerateArray(), b => Assert.True(b.GetProperty("online").GetBoolean()));
        Assert.All(boards.EnumerateArray(), b => Assert.Equal("good", b.GetProperty("quality").GetString()));

        Assert.Equal(HttpStatusCode.OK, (await _http.DeleteAsync("/api/limits/g1", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.DeleteAsync("/api/limits/g1", Stop)).StatusCode);
        Wait.Until(() => _site.Boards.All(b => b.Toy.PowerMw > 10_000), "all boards to come back");
    }

    [Theory]
    [InlineData("{\"class\":\"economic\",\"limitW\":-5}", "limitW")]
    [InlineData("{\"class\":\"economic\",\"limitW\":1e9}", "limitW")]
    [InlineData("{\"class\":\"economic\",\"limitW\":1000000000}", "limitW")]
    [InlineData("{\"class\":\"economic\",\"limitW\":\"NaN\"}", "limitW")]
    [InlineData("{\"class\":\"economic\",\"limitKW\":5}", "limitKW")]
    [InlineData("{\"class\":\"economic\"}", "limitW")]
    [InlineData("{\"limitW\":5}", "class")]
    [InlineData("{\"class\":\"urgent\",\"limitW\":5}", "class")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"limitW\":6}", "limitW")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"node\":\"p9\"}", "node")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"durationS\":0}", "durationS")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"start\":\"tomorrow\"}", "start")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"v\":2}", "v")]
    [InlineData("{\"op\":\"release\"}", "id")]
    public async Task F7_a_wrong_limit_is_refused_with_its_field_and_a_sentence_and_nothing_changes(string body, string field)
    {
        HttpResponseMessage answer = await Post(body, null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.True(problem.GetProperty("detail").GetString()!.Length > 15);
        JsonElement limits = await _http.GetFromJsonAsync<JsonElement>("/api/limits", Stop);
        Assert.Equal(0, limits.GetArrayLength());
    }

    [Fact]
    public async Task The_page_the_document_and_unknown_things_answer_as_they_should()
    {
        string page = await _http.GetStringAsync("/", Stop);
        Assert.Contains("<title>Ballast</title>", page, StringComparison.Ordinal);
        JsonElement document = await _http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Stop);
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/limits", out JsonElement limits));
        Assert.True(limits.GetProperty("post").GetProperty("responses").TryGetProperty("422", out _));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/boards/p1/nope", Stop)).StatusCode);
        HttpResponseMessage garbage = await Post("not json", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, garbage.StatusCode);
        HttpResponseMessage big = await Post(new string(' ', 20_000), null);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, big.StatusCode);
    }

    [Fact]
    public async Task Sources_are_listed_and_tested_over_REST()
    {
        JsonElement sources = await _http.GetFromJsonAsync<JsonElement>("/api/sources", Stop);
        Assert.Equal("rest", sources[0].GetProperty("id").GetString());
        HttpResponseMessage none = await Test("nobody", "");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (none.StatusCode, none.Content.Headers.ContentType!.MediaType));
        HttpResponseMessage wrong = await Test("rest", "{\"class\":\"economic\",\"limitW\":-1}");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (wrong.StatusCode, wrong.Content.Headers.ContentType!.MediaType));
        Assert.Equal("limitW", (await wrong.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString());
        JsonElement good = await (await Test("rest", "{\"class\":\"economic\",\"limitW\":50}")).Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((true, 50), (good.GetProperty("good").GetBoolean(), good.GetProperty("wouldAskW").GetInt32()));
        Assert.Equal(0, (await _http.GetFromJsonAsync<JsonElement>("/api/limits", Stop)).GetArrayLength());
    }

    [Fact]
    public async Task Prices_are_put_and_read_and_a_surplus_arrives_on_its_topic()
    {
        HttpResponseMessage put = await Put("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2126-01-01T00:00:00Z\",\"powerPerMWh\":250}]}");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        JsonElement prices = await _http.GetFromJsonAsync<JsonElement>("/api/prices", Stop);
        Assert.Equal((7500, 1), (prices.GetProperty("numberMjPerTh").GetInt32(), prices.GetProperty("intervals").GetArrayLength()));
        HttpResponseMessage wrong = await Put("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2126-01-01T00:00:00Z\",\"powerPerMWh\":1e9}]}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal("intervals[0].powerPerMWh", (await wrong.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString());
        using MosquittoConnection gateway = new();
        gateway.Start(new MqttOptions { ClientId = "gateway", Port = _site.BrokerPort }, new RecordingReceiver());
        Wait.Until(() => gateway.IsConnected, "the gateway to connect");
        long sent = 0;
        Wait.Until(
            () =>
            {
                gateway.Publish("ballast/v1/demo/surplus", Encoding.ASCII.GetBytes("{\"powerW\":40,\"sent\":" + ++sent + "}"), 0, false);
                return _http.GetFromJsonAsync<JsonElement>("/api/sources", Stop).Result.EnumerateArray().Any(s => s.GetProperty("id").GetString() == "sun" && s.GetProperty("asksW").ValueKind == JsonValueKind.Number);
            },
            "the surplus to be heard");
        JsonElement site = await _http.GetFromJsonAsync<JsonElement>("/api/site", Stop);
        Assert.Equal(7500, site.GetProperty("numberMjPerTh").GetInt32());
    }

    private Task<HttpResponseMessage> Put(string body) => _http.PutAsync("/api/prices", new StringContent(body, Encoding.UTF8, "application/json"), Stop);

    private Task<HttpResponseMessage> Test(string source, string body)
        => _http.PostAsync("/api/sources/" + source + "/test", new StringContent(body, Encoding.UTF8, "application/json"), Stop);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> Post(string body, string? key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/limits") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _http.SendAsync(request, Stop);
    }
}

public sealed class ProgramTests
{
    [Fact]
    public async Task A_wrong_configuration_ends_with_code_2_and_sentences()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{\"site\":\"Demo!\",\"leaseS\":30}", TestContext.Current.CancellationToken);
        using Process host = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--config", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string error = await host.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await host.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(file);
        Assert.Equal(2, host.ExitCode);
        Assert.Contains("site is 'Demo!': use 1 to 32 of a-z, 0-9 and '-'.", error, StringComparison.Ordinal);
        Assert.Contains("leaseS is 30, but 1.5 × keepAliveS + takeoverS + 2 × repeatS = 54.5 must be less", error, StringComparison.Ordinal);
        Assert.Contains("pods is missing", error, StringComparison.Ordinal);
    }
}
