using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ballast.Host.Options;
using Ballast.Host.Tests.Web;

namespace Ballast.Host.Tests.Faults;

/// <summary>F28: random bytes and damaged bodies at every operation that the document lists, so that a new one is covered by being described.</summary>
public sealed class EndpointFuzzTests : IAsyncLifetime
{
    private readonly RestHost _host = new()
    {
        Change = o => MonthTests.WithSource(o) with { Price = new PriceSection { HashPricePerPhDay = 45, FallbackMjPerTh = int.MaxValue } },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Its time stands: what begins or ends by itself, such as a limit that a damaged body asked for, would look like the doing of a request.
    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        _host.StopTime();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public Task F28_random_bytes_at_every_operation_never_give_500_and_change_nothing() => Attack(4_000, 28);

    [Fact]
    [Trait("Category", "Long")]
    public Task F28_100000_random_bodies_at_every_operation_never_give_500_and_change_nothing() => Attack(100_000, Environment.TickCount);

    [Fact]
    public async Task F28_what_is_not_even_HTTP_ends_a_connection_and_nothing_else()
    {
        Random random = new(28);
        string before = await State();
        for (int i = 0; i < 200; i++)
        {
            using TcpClient raw = new();
            await raw.ConnectAsync(_host.Http.BaseAddress!.Host, _host.Http.BaseAddress.Port, Stop);
            byte[] noise = random.Next(2) == 0 ? Fuzz.Noise(random) : Fuzz.Mutate("POST /api/hold HTTP/1.1\r\nHost: x\r\nContent-Length: 27\r\nContent-Type: application/json\r\n\r\n{\"on\":maybe,\"reason\":\"r\"}"u8.ToArray(), random);
            try
            {
                await raw.GetStream().WriteAsync(noise, Stop);
            }
            catch (IOException)
            {
                // The server hung up while it was being written to: as wanted.
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await _host.Http.GetAsync("/health", Stop)).StatusCode);
        Assert.Equal(before, await State());
    }

    private async Task Attack(int cases, int seed)
    {
        Random random = new(seed);
        JsonElement document = await _host.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Stop);
        List<(string Method, string Path, byte[]? Example)> operations =
        [
            .. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (o.Name.ToUpperInvariant(), p.Name, Example(o.Value)))),
        ];
        Dictionary<int, int> answers = [];
        string before = await State();
        for (int sent = 0; sent < cases; sent++)
        {
            (string method, string path, byte[]? example) = operations[sent % operations.Count];
            bool mutated = example is not null && random.Next(2) == 0;
            byte[]? bytes = example is null ? null : mutated ? Fuzz.Mutate(example, random) : Fuzz.Noise(random);
            string real = Fill(path, random) + (random.Next(3) == 0 ? "?take=" + Uri.EscapeDataString(Fuzz.Text(random)) + "&skip=" + random.Next(-5, 5) + "&" + Uri.EscapeDataString(Fuzz.Text(random)) : "");
            int status = await Send(method, real, bytes, random);
            answers[status] = answers.GetValueOrDefault(status) + 1;
            string told = "seed " + seed + ", request " + sent + ": " + method + " " + real + " " + (bytes is null ? "" : Convert.ToHexString(bytes)) + " -> " + status;
            Assert.True(status is < 500 or 503, told);
            if (bytes is not null && !mutated && !path.Contains("/test", StringComparison.Ordinal))
            {
                Assert.True(status >= 400, told);
            }

            string after = await State();
            if (status >= 400 || method == "GET")
            {
                Assert.True(before == after, told + "\n" + before + "\n" + after);
            }

            before = sent % 500 == 499 ? await Tidy() : after;
        }

        string sums = cases + " requests at " + operations.Count + " operations, seed " + seed + ": " + string.Join(", ", answers.OrderBy(a => a.Key).Select(a => a.Value + " × " + a.Key));
        TestContext.Current.TestOutputHelper?.WriteLine(sums);
        TestContext.Current.SendDiagnosticMessage("{0}", sums);
        Assert.True(operations.Count >= 30 && answers.Keys.Any(k => k is >= 200 and < 300) && answers.ContainsKey(422), sums);
        Assert.Equal(HttpStatusCode.OK, (await _host.Http.GetAsync("/health", Stop)).StatusCode);
    }

    private static byte[]? Example(JsonElement operation)
        => operation.TryGetProperty("requestBody", out JsonElement body) && body.GetProperty("content").TryGetProperty("application/json", out JsonElement json)
            ? json.TryGetProperty("example", out JsonElement example) ? Encoding.UTF8.GetBytes(example.GetRawText()) : "{}"u8.ToArray()
            : null;

    // Only the head of the answer: some operations never end theirs.
    private async Task<int> Send(string method, string path, byte[]? body, Random random)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        late.CancelAfter(TimeSpan.FromSeconds(240));
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        if (random.Next(4) == 0)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", new string([.. Fuzz.Text(random).Where(c => c is >= ' ' and <= '~')]));
        }

        using HttpResponseMessage answer = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
        return (int)answer.StatusCode;
    }

    // All that a request could have changed: limits and their events, orders, the hold, lock-outs, prices, numbers of sources, what the journal keeps.
    private async Task<string> State() => await _host.State() + await _host.Core.Ask(c =>
    {
        Ballast.Host.Ledger.JournaledState kept = _host.Journal.Load();
        return JsonSerializer.Serialize(new
        {
            kept.Limits,
            kept.BoardPowerW,
            kept.Values,
            Orders = c.Context.Fleet.Pods.Select(p => new { p.Limit, p.Share, p.Class }),
            c.Sources.Price?.CeilingMjPerTh,
        });
    });

    private async Task<string> Tidy()
    {
        await _host.Core.Ask(c =>
        {
            foreach (string id in c.Context.Limits.Open.Select(l => l.Entry.Id).ToList())
            {
                c.Desk.Release(id, "rest", true);
            }

            return c.Dispatcher.SetHold(false);
        });
        return await State();
    }

    private static string Fill(string path, Random random)
    {
        while (path.IndexOf('{', StringComparison.Ordinal) is >= 0 and int at)
        {
            int end = path.IndexOf('}', at);
            string name = path[(at + 1)..end];
            string value = random.Next(2) == 0 ? name switch { "pod" => "p1", "board" => "b00", _ => "rest" } : Uri.EscapeDataString(Fuzz.Text(random));
            path = path[..at] + (value.Length == 0 ? "x" : value) + path[(end + 1)..];
        }

        return path;
    }
}
