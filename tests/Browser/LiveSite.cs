using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Processes;
using Ballast.Virtual.Site;

namespace Ballast.Browser;

/// <summary>
/// A whole small site: broker, pool, virtual boards, meter and the real host, with all boards at work and one event in its record. Most
/// tests visit this one.
/// </summary>
public sealed class LiveSite : IAsyncLifetime
{
    /// <summary>Boards; few, because each runs the whole firmware.</summary>
    public const int Boards = 4;

    /// <summary>Metered load that is not boards, W.</summary>
    public const int BaseW = 40;

    // What the record says when a test's leavings are cleared away.
    private const string Tidy = "as before";

    private const string First = "evening peak";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    private readonly VirtualSite _site = new(new SiteOptions
    {
        Boards = Boards,
        BoardsPerPod = 2,
        BaseW = BaseW,
        RestMs = 2_000,
        Times = new SiteTimes { RampS = 2, SpreadS = 1, FailSpreadS = 1, RampUpWPerS = 40 },
        ConfigureHost = Configure,
    });

    // One of each kind of source, none of which asks for less than the boards can draw.
    private static void Configure(JsonObject host)
    {
        host["feeders"] = JsonNode.Parse("""[{ "id": "f1", "pods": ["p1"] }]""");
        host["profiles"] = JsonNode.Parse("""[{ "name": "evening", "class": "economic", "maxDurationS": 3600 }]""");
        host["sources"] = JsonNode.Parse("""[{ "id": "tso", "kid": 1, "key": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "freshS": 5, "fallbackW": 5000 }]""");
        host["schedules"] = JsonNode.Parse("""[{ "id": "works", "node": "p1", "class": "reliability", "limitW": 0, "start": "2040-12-01T08:00", "durationS": 7200, "zone": "Europe/Berlin", "reason": "transformer" }]""");
        host["price"] = JsonNode.Parse("""{ "id": "price", "hashPricePerPhDay": 45, "fallbackMjPerTh": 2147483647 }""");
        host["surplus"] = JsonNode.Parse("""[{ "id": "sun", "topic": "surplus", "freshS": 5, "fallbackW": 5000 }]""");
    }

    internal VirtualSite Site => _site;

    /// <summary>Address of the page.</summary>
    public Uri Page => _site.Page;

    /// <summary>An event that is over.</summary>
    public string EventId { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _site.Start();
        await RunningAsync();
        string limit = await _site.SetCapAsync(_site.FullMw * 6 / 10, GridClass.Economic, First, TestContext.Current.CancellationToken);
        await UntilAsync(async () =>
        {
            using JsonDocument limits = await _site.Host.GetAsync("api/site", TestContext.Current.CancellationToken);
            return limits.RootElement.GetProperty("limits").EnumerateArray().Any(l => l.GetProperty("id").GetString() == limit && l.GetProperty("confirmed").GetBoolean());
        }, "the first limit is confirmed");
        using (JsonDocument events = await _site.Host.GetAsync("api/events", TestContext.Current.CancellationToken))
            EventId = events.RootElement.EnumerateArray().Single(e => e.GetProperty("reason").GetString() == First).GetProperty("eventId").GetString()!;
        await _site.ReleaseAsync([limit], TestContext.Current.CancellationToken);
        await RunningAsync();
    }

    /// <summary>
    /// What people gave as reasons so far. Any test may have given some before: the order of tests differs from folder to folder.
    /// </summary>
    internal async Task<IReadOnlySet<string>> ReasonsAsync()
    {
        using JsonDocument events = await _site.Host.GetAsync("api/events?take=500", TestContext.Current.CancellationToken);
        return events.RootElement.EnumerateArray().Select(e => e.GetProperty("reason").GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Puts the site back as it was first: no limit of a person, no hold, no board locked out, all at work and at rest. Costs one question if
    /// it is so already.
    /// </summary>
    internal async Task RestoreAsync()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using HttpClient http = new() { BaseAddress = Page };
        using (JsonDocument site = await _site.Host.GetAsync("api/site", stop))
        {
            if (site.RootElement.GetProperty("held").GetBoolean())
                (await http.PostAsJsonAsync("api/hold", new { on = false, reason = Tidy }, stop)).EnsureSuccessStatusCode();
            foreach (JsonElement limit in Limits(site).Where(l => l.GetProperty("state").GetString() is "active" or "scheduled"))
                await _site.Host.ReleaseAsync(limit.GetProperty("id").GetString()!, stop);
        }

        using (JsonDocument lockouts = await _site.Host.GetAsync("api/lockouts", stop))
        {
            foreach (JsonElement lockout in lockouts.RootElement.EnumerateArray())
                (await http.PostAsJsonAsync(LockoutPath(lockout.GetProperty("node").GetString()!), new { on = false, reason = Tidy }, stop)).EnsureSuccessStatusCode();
        }

        await UntilAsync(async () =>
        {
            using JsonDocument site = await _site.Host.GetAsync("api/site", stop);
            using JsonDocument events = await _site.Host.GetAsync("api/events?take=500", stop);
            return !Limits(site).Any() && !Open(events).Any() && site.RootElement.GetProperty("settlesInMs").GetInt64() == 0;
        }, "no limit of a person holds, and no event of one is open");
        await RunningAsync();
    }

    private static string LockoutPath(string node) => (node.Contains('/', StringComparison.Ordinal) ? "api/boards/" : "api/pods/") + node + "/lockout";

    // Those of people that are not over.
    private static IEnumerable<JsonElement> Limits(JsonDocument site)
        => site.RootElement.GetProperty("limits").EnumerateArray().Where(l => l.GetProperty("source").GetString() == "rest" && l.GetProperty("state").GetString() is "active" or "scheduled" or "restoring");

    private static IEnumerable<JsonElement> Open(JsonDocument events)
        => events.RootElement.EnumerateArray().Where(e => e.GetProperty("source").GetString() == "rest" && e.GetProperty("state").GetString() is "active" or "scheduled" or "restoring");

    /// <summary>Waits until all boards draw about what they can.</summary>
    internal Task RunningAsync() => UntilAsync(() => Task.FromResult(_site.Fleet.PowerMw > Boards * 15_000L), "all boards at work");

    /// <summary>Waits for the site. The time only bounds a failure.</summary>
    internal async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            _site.CheckAlive();
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"Not within {Patience.TotalSeconds} s: {what}. Drawn: {_site.Fleet.PowerMw} mW; {_site.HostProcess.LastOutput}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();
}

/// <summary>Tests that share the small site, one after the other.</summary>
[CollectionDefinition(nameof(LiveSite))]
public sealed class LiveSiteTests : ICollectionFixture<LiveSite>;
