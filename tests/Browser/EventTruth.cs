using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>Compares what the page shows of an event, and gives away of it, with what the host says over REST.</summary>
internal static class EventTruth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Cap, ordered and metered watts of the Site view, of the same second as the host's.</summary>
    public static Task SiteAsync(IPage page, Func<string, Task<JsonElement>> get) => SameAsync(async () =>
    {
        JsonElement site = await get("api/site");
        double metered = site.GetProperty("meterW").GetDouble(), ordered = site.GetProperty("orderedW").GetDouble();
        Assert.InRange(Math.Max(metered, ordered), 1, 999);
        string cap = site.GetProperty("capW") is { ValueKind: JsonValueKind.Number } watts ? Watts(watts.GetDouble()) : "none";
        return (["Metered " + Watts(metered), "Ordered " + Watts(ordered), "Cap " + cap],
            await page.EvaluateAsync<string[]>("['Metered', 'Ordered', 'Cap'].map(name => { const f = [...document.querySelectorAll('.figure')].find(f => f.querySelector('dt').textContent === name); return f ? name + ' ' + f.querySelector('.figure-line').textContent.trim() : name; })"));
    });

    /// <summary>Response times, standings and exceptions of the Event view.</summary>
    public static Task EventAsync(IPage page, string id, Func<string, Task<JsonElement>> get) => SameAsync(async () =>
    {
        JsonElement told = await get("api/events/" + id);
        var expected = new List<string>();
        foreach ((string name, string member) in new[] { ("answered", "boardsAcked"), ("confirmed by a sample", "boardsConfirmed") })
        {
            JsonElement times = told.GetProperty("response").GetProperty(member);
            if (times.ValueKind != JsonValueKind.Object)
                return (["figures for \"" + name + "\""], ["none from the host"]);
            expected.Add(string.Join('|', [name, Number(times.GetProperty("boards").GetDouble()), .. ((string[])["p50Ms", "p90Ms", "p99Ms", "maxMs"]).Select(p => Time(times.GetProperty(p).GetDouble()))]));
        }

        expected.AddRange(told.GetProperty("exceptions").EnumerateArray().Select(e => $"{e.GetProperty("board").GetString()}|{e.GetProperty("state").GetString()}|{e.GetProperty("reason").GetString()}"));
        string[] shown =
        [
            .. await Rows(page, "How fast boards followed"),
            .. await Rows(page, "Boards", "section:has(> header h2:text-is('Where the boards stand')) "),
        ];
        return (expected, shown);
    });

    /// <summary>The series as a table, and both files that the page offers. For an event that is over; what the host still adds to it is waited for.</summary>
    public static async Task ExportAsync(IPage page, string id, Func<string, Task<JsonElement>> get)
    {
        ILocator chart = page.Locator("section.event-series");
        await chart.GetByText("As a table").ClickAsync();
        await chart.Locator("tbody tr").First.WaitForAsync();
        await SameAsync(async () =>
        {
            JsonElement[] series = await SeriesAsync(id, get);
            string[] rows = await chart.Locator("tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(r => [...r.cells].map(c => c.textContent).join('|'))");
            Assert.NotEmpty(rows);
            return ([], [.. rows.Except(series.Select(s => string.Join('|',
                Number(Math.Round(s.GetProperty("atS").GetDouble(), MidpointRounding.AwayFromZero)) + " s",
                s.GetProperty("capW") is { ValueKind: JsonValueKind.Number } cap ? Watts(cap.GetDouble()) : "–", Watts(s.GetProperty("orderedW").GetDouble()), Watts(s.GetProperty("meteredW").GetDouble()))))]);
        });

        await SameAsync(async () =>
        {
            JsonElement record = await get("api/events/" + id);
            JsonElement[] series = await SeriesAsync(id, get);
            using JsonDocument file = JsonDocument.Parse(await DownloadAsync(page, "Record and series (JSON)"));
            Assert.Matches("^[0-9]+/[0-9]+/[0-9a-f]{64}$", file.RootElement.GetProperty("head").GetString());
            JsonElement copy = file.RootElement.GetProperty("event");
            string[] members = ["eventId", "limitW", "reason", "state", "boards", "exceptions", "compliance", "response"];
            string[] others = [.. members.Where(m => !JsonElement.DeepEquals(record.GetProperty(m), copy.GetProperty(m)))];
            return (
                [series.Length + " samples", .. others.Select(m => m + " " + record.GetProperty(m).GetRawText())],
                [file.RootElement.GetProperty("series").GetArrayLength() + " samples", .. others.Select(m => m + " of the file " + copy.GetProperty(m).GetRawText())]);
        });

        await SameAsync(async () =>
        {
            JsonElement[] series = await SeriesAsync(id, get);
            string[] lines = (await DownloadAsync(page, "Series (CSV)")).TrimEnd('\n').Split('\n');
            Assert.StartsWith("utc,at_s,limit_w,ordered_w,metered_w", lines[0], StringComparison.Ordinal);
            return (
                [series.Length + " samples", Exact(series[^1].GetProperty("meteredW").GetDouble())],
                [lines.Length - 1 + " samples", Exact(double.Parse(lines[^1].Split(',')[4], CultureInfo.InvariantCulture))]);
        });
    }

    private static async Task<JsonElement[]> SeriesAsync(string id, Func<string, Task<JsonElement>> get)
    {
        JsonElement[] series = [.. (await get("api/events/" + id + "/series")).GetProperty("samples").EnumerateArray()];
        Assert.NotEmpty(series);
        return series;
    }

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static async Task<string> DownloadAsync(IPage page, string link)
    {
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync());
        await using Stream content = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync(Stop);
    }

    // Both are asked until they are of the same second.
    private static async Task SameAsync(Func<Task<(IReadOnlyList<string> Told, IReadOnlyList<string> Shown)>> ask)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            (IReadOnlyList<string> told, IReadOnlyList<string> shown) = await ask();
            if (told.SequenceEqual(shown))
                return;
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "The host says " + string.Join(" / ", told) + "\nthe page shows " + string.Join(" / ", shown));
            await Task.Delay(100, Stop);
        }
    }

    private static Task<string[]> Rows(IPage page, string label, string within = "")
        => page.Locator(within + $"[role=group][aria-label='{label}'] tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(r => [...r.cells].map(c => c.textContent.trim()).join('|'))");

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Watts(double watts)
        => watts < 1_000 ? Number(Math.Round(watts, MidpointRounding.AwayFromZero)) + " W" : (watts / 1_000).ToString(watts < 100_000 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " kW";

    // As the page says times of answers, up to a minute.
    private static string Time(double ms)
        => ms < 1_000 ? Number(Math.Round(ms, MidpointRounding.AwayFromZero)) + " ms" : Math.Round(ms / 1_000, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture) + " s";
}
