using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ballast.Host.Access;
using Ballast.Host.Options;
using Ballast.Host.Tests.Ledger;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;

namespace Ballast.Host.Tests.Faults;

/// <summary>No secret leaves the host: a host with known ones goes through an event, and everything that it says or writes is searched for them.</summary>
public sealed class SecretTests
{
    private const string BrokerPassword = "correct-horse-battery-9417";

    private static readonly string SourceKey = KeyOf("tso");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_is_in_logs_answers_topics_exports_backups_or_files()
    {
        List<string> keys = [SourceKey];
        using HostUnderKill site = new(change: o =>
        {
            SiteOptions secretive = Secretive(o);
            keys.AddRange(secretive.Pods.Select(p => p.Key));
            keys.AddRange(secretive.Pods.SelectMany(p => p.Boards).Select(b => b.Key));
            return secretive;
        });
        List<(string Where, string Text)> seen = [];
        using Listener listener = new(site.BrokerPort);
        new ApiKeyFile(site.State).Add("tester", AccessRole.Admin, DateTimeOffset.UtcNow, null, out string apiKey);
        Assert.True(ApiKey.TryParse(apiKey, out _, out string apiSecret));
        site.ApiKey = apiKey;
        site.Start();
        Wait.Until(() => site.AllRun, "all boards to run");
        JsonElement limit = await site.Limit(40, 4);
        string session = await Session(site.Http, apiKey);
        const string WrongKey = "bk_00000000_wrongwrongwrongwrongwrongwrongwrongwrong";
        seen.Add(("refused key", await Wrong(site.Http, WrongKey)));
        listener.Publish("grid/signal", "{\"v\":1,\"source\":\"tso\",\"seq\":5,\"op\":\"heartbeat\",\"sent\":1,\"kid\":3,\"mac\":\"" + new string('0', 64) + "\"}");
        listener.Publish("hosts/other", "rubbish");
        listener.Publish("p1/b00/birth", "{\"contract\":1,\"boardSerial\":\"another\"}");
        foreach (string bad in (string[])["{\"class\":\"economic\"}", "nonsense", "{\"limitW\":1e9,\"class\":\"x\"}"])
        {
            HttpResponseMessage refused = await site.Http.PostAsync("/api/limits", new StringContent(bad, Encoding.UTF8, "application/json"), Stop);
            seen.Add(("refusal", await refused.Content.ReadAsStringAsync(Stop)));
        }

        string[] open = ["scheduled", "active", "restoring"];
        Wait.Until(() => site.Get("/api/limits").GetAwaiter().GetResult().EnumerateArray().Where(l => l.GetProperty("source").GetString() == "rest").All(l => !open.Contains(l.GetProperty("state").GetString())), "the event to end");
        string backup = (await site.Send(HttpMethod.Post, "/api/ledger/backup")).Body.GetProperty("file").GetString()!;
        JsonElement document = await site.Get("/openapi/v1.json");
        List<string> paths = [.. document.GetProperty("paths").EnumerateObject().Where(p => p.Value.TryGetProperty("get", out _)).Select(p => p.Name), "/", "/metrics", "/openapi/v1.json", "/api/ledger/export?format=csv", "/api/ledger/export?format=json"];
        foreach (string path in paths)
        {
            string real = path.Replace("{pod}", "p1", StringComparison.Ordinal).Replace("{board}", "b00", StringComparison.Ordinal)
                .Replace("{id}", path.Contains("event", StringComparison.Ordinal) ? limit.GetProperty("eventId").GetString() : limit.GetProperty("id").GetString(), StringComparison.Ordinal);
            seen.Add((real, await Read(site.Http, real)));
        }

        site.Stop();
        seen.Add(("log", site.Said));
        seen.AddRange(listener.Heard.Select(m => (m.Topic, Encoding.Latin1.GetString(m.Payload))));
        seen.AddRange(Directory.GetFiles(site.State, "*", SearchOption.AllDirectories).Select(f => (f, Encoding.Latin1.GetString(File.ReadAllBytes(f)))));
        Assert.True(File.Exists(backup));

        // What is searched is what there is, and the search finds what is there.
        Assert.Contains(seen, s => s.Where.EndsWith("/journal.db", StringComparison.Ordinal) && s.Text.Contains("economic", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.Where.EndsWith("/dispatch", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.Where == "log" && s.Text.Contains("listening on", StringComparison.Ordinal));
        Assert.True(seen.Sum(s => (long)s.Text.Length) > 200_000, "only " + seen.Sum(s => (long)s.Text.Length) + " characters were searched");
        List<string> wanted = [.. new[] { BrokerPassword, apiSecret, session, WrongKey }.SelectMany(s => Forms(Encoding.ASCII.GetBytes(s))), .. keys.Distinct().SelectMany(k => Forms(Convert.FromHexString(k)))];
        List<string> found = [.. seen.SelectMany(s => wanted.Where(w => s.Text.Contains(w, StringComparison.Ordinal)).Select(w => s.Where + " has " + w))];
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("\"key\": \"SECRET", "\"key\": \"SECRETx")]
    [InlineData("\"pods\"", "\"pod\"")]
    [InlineData("\"rampS\":0", "\"rampS\":\"SECRET\"")]
    [InlineData("\"password\":\"PASSWORD\"", "\"password\":\"PASSWORD")]
    [InlineData("\"password\":\"PASSWORD\"", "\"passwort\":\"PASSWORD\"")]
    [InlineData("\"password\":\"PASSWORD\"", "\"password\":[\"PASSWORD\"]")]
    [InlineData("\"port\":0", "\"port\":PASSWORD")]
    public async Task A_refused_configuration_tells_its_fault_and_no_secret(string from, string to)
    {
        string key = string.Concat(Enumerable.Repeat("5ec7e7a1", 8));
        SiteOptions options = Secretive(ToySite.MakeOptions(2, 1)) with { StateDir = Path.Combine(Path.GetTempPath(), "never-made"), RampS = 0 };
        options = options with { Mqtt = options.Mqtt with { Port = 0 }, Pods = [options.Pods[0] with { Key = key }] };
        string text = JsonSerializer.Serialize(options, JsonSerializerOptions.Web);
        string With(string what) => what.Replace("SECRET", key, StringComparison.Ordinal).Replace("PASSWORD", BrokerPassword, StringComparison.Ordinal).Replace("\": \"", "\":\"", StringComparison.Ordinal);
        Assert.Contains(With(from), text, StringComparison.Ordinal);
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text.Replace(With(from), With(to), StringComparison.Ordinal), Stop);
        using Process host = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--config", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string error = await host.StandardError.ReadToEndAsync(Stop) + await host.StandardOutput.ReadToEndAsync(Stop);
        await host.WaitForExitAsync(Stop);
        File.Delete(file);
        Assert.Equal(2, host.ExitCode);
        Assert.True(error.Length > 20, error);
        Assert.DoesNotContain(key[..16], error, StringComparison.Ordinal);
        Assert.DoesNotContain(BrokerPassword[..10], error, StringComparison.Ordinal);
    }

    private static SiteOptions Secretive(SiteOptions options) => options with
    {
        Mqtt = options.Mqtt with { User = "host", Password = BrokerPassword },
        Pods = [.. options.Pods.Select(p => p with { Key = KeyOf(p.Id), Boards = [.. p.Boards.Select(b => b with { Key = KeyOf(p.Id + b.Id) })] })],
        Sources = [new SourceSection { Id = "tso", Kid = 3, Key = SourceKey, FreshS = 5, FallbackW = 10_000, MayRaise = true }],
    };

    private static string KeyOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("secret " + name)));

    // What the page gets: the cookie is a secret too.
    private static async Task<string> Session(HttpClient http, string key)
    {
        using HttpResponseMessage answer = await http.PostAsync("/api/session", new StringContent("{\"key\":\"" + key + "\"}", Encoding.UTF8, "application/json"), Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        return cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..cookie.IndexOf(';', StringComparison.Ordinal)];
    }

    private static async Task<string> Wrong(HttpClient http, string key)
    {
        using HttpClient stranger = new() { BaseAddress = http.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage answer = await stranger.GetAsync("/api/site", Stop);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        return answer.Headers + await answer.Content.ReadAsStringAsync(Stop);
    }

    // As bytes, as hex in both cases, as base 64 and as base 64 of the hex.
    private static IEnumerable<string> Forms(byte[] secret)
    {
        string hex = Convert.ToHexStringLower(secret);
        return [Encoding.Latin1.GetString(secret), hex, hex.ToUpperInvariant(), Convert.ToBase64String(secret).TrimEnd('='), Convert.ToBase64String(Encoding.ASCII.GetBytes(hex)).TrimEnd('=')];
    }

    // The first seconds of what never ends.
    private static async Task<string> Read(HttpClient http, string path)
    {
        using HttpResponseMessage answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Stop);
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return answer.Headers + await answer.Content.ReadAsStringAsync(Stop);
        }

        byte[] part = new byte[100_000];
        await using Stream stream = await answer.Content.ReadAsStreamAsync(Stop);
        return answer.Headers + Encoding.Latin1.GetString(part, 0, await stream.ReadAsync(part, Stop));
    }

    private sealed class Listener : IMqttReceiver, IDisposable
    {
        private readonly MosquittoConnection _link = new();

        internal Listener(int port)
        {
            _link.Start(new MqttOptions { ClientId = "listener", Port = port, Subscriptions = [new("#"), new("$SYS/#")] }, this);
            Wait.Until(() => _link.IsConnected, "the listener to connect");
        }

        internal ConcurrentQueue<(string Topic, byte[] Payload)> Heard { get; } = new();

        public void OnConnected()
        {
        }

        public void OnDisconnected(MqttConnectResult reason)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained) => Heard.Enqueue((Encoding.ASCII.GetString(topic), payload.ToArray()));

        public void Dispose() => _link.Dispose();

        internal void Publish(string topic, string text) => _link.Publish("ballast/v1/demo/" + topic, Encoding.ASCII.GetBytes(text), 1, false);
    }
}
