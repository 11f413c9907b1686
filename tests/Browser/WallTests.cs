using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>A screen on the wall of a control room: nobody scrolls there, so all that matters is above its edge, on a good day and on a bad one.</summary>
[Collection(nameof(LiveSite))]
public sealed class WallTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    private static readonly string[] Panels = ["figures", "power", "holds", "headroom", "alarms"];

    [Theory]
    [InlineData(1920, 1080, "en-GB")]
    [InlineData(1920, 1080, "de-DE")]
    [InlineData(1920, 1200, "en-GB")]
    [InlineData(2560, 1080, "en-GB")]
    [InlineData(3840, 2160, "de-DE")]
    public async Task Wall_has_everything_above_its_edge(int width, int height, string language)
    {
        var look = new Look(Dark: true, width, height, language);
        await using Visit visit = await VisitAsync(look);
        await visit.GoAsync("/?wall#/site");
        await AboveTheEdgeAsync(visit, "wall-" + language, look);
        visit.AssertClean();
    }

    [Theory]
    [InlineData(1920, 1080, "en-GB")]
    [InlineData(1920, 1080, "de-DE")]
    [InlineData(3840, 2160, "en-GB")]
    public async Task Wall_has_everything_above_its_edge_on_a_bad_day(int width, int height, string language)
    {
        var look = new Look(Dark: true, width, height, language);
        await using Visit visit = await VisitAsync(look);
        await Told.StreamAsync(visit.Page, BadDay(await Told.PictureAsync(Live.Page)));
        await visit.GoAsync("/?wall#/site");
        await AboveTheEdgeAsync(visit, "wall-bad-" + language, look);

        // What has no room is counted.
        await Assertions.Expect(visit.Page.Locator(".site-alarms")).ToContainTextAsync(language == "de-DE" ? "und 4 weitere" : "and 4 more");
        await Assertions.Expect(visit.Page.Locator(".site-holds")).ToContainTextAsync(language == "de-DE" ? "und 3 weitere" : "and 3 more");
        visit.AssertClean();
    }

    // Also where somebody sits at it: of many alarms the newest are in sight, and they push nothing else away.
    [Fact]
    public async Task Site_has_what_a_control_room_needs_above_the_edge_of_a_large_screen()
    {
        var look = new Look(Width: 1920, Height: 1080);
        await using Visit visit = await VisitAsync(look);
        JsonObject picture = await Told.PictureAsync(Live.Page);
        picture["site"]!["alarms"] = Alarms(picture, 40);
        await Told.StreamAsync(visit.Page, picture);
        await visit.GoAsync(Place.Of("site"));
        await Assertions.Expect(visit.Page.Locator(".site-alarms .entries:visible > li")).ToHaveCountAsync(40);
        await AboveTheEdgeAsync(visit, "site-desk", look, [.. Panels.Where(p => p != "alarms")]);
        Assert.True(await visit.Page.Locator(".site-alarms .entries > li").Nth(2).EvaluateAsync<bool>("e => e.getBoundingClientRect().bottom <= innerHeight"), "Not three alarms are in sight.");
        visit.AssertClean();
    }

    private static async Task AboveTheEdgeAsync(Visit visit, string name, Look look, string[]? panels = null)
    {
        IPage page = visit.Page;
        await Assertions.Expect(page.Locator(".site-power canvas")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".figure")).ToHaveCountAsync(7);
        await Assertions.Expect(page.Locator(".site-headroom tbody tr")).ToHaveCountAsync(3);

        // Drawn to the size of its place.
        await page.WaitForFunctionAsync("() => { const c = document.querySelector('.site-power .chart-canvas'), p = c.querySelector('.uplot'); return p.getBoundingClientRect().bottom <= c.getBoundingClientRect().bottom + 1.5; }");
        JsonElement measured = await page.EvaluateAsync<JsonElement>("names => names.map(name => { const r = document.querySelector('.site-' + name).getBoundingClientRect(); return { name, top: r.top, bottom: r.bottom, left: r.left, right: r.right }; })", panels ?? Panels);
        await page.ScreenshotAsync(new() { Path = Artifacts.Picture($"{name}-{look.Width}x{look.Height}") });
        JsonElement[] boxes = [.. measured.EnumerateArray()];
        Assert.All(boxes, box => Assert.True(box.GetProperty("bottom").GetDouble() <= look.Height && box.GetProperty("right").GetDouble() <= look.Width, $"Beyond the edge of {look.Width} x {look.Height}: {box}"));
        foreach (JsonElement a in boxes)
            Assert.All(boxes.Where(b => b.GetProperty("name").GetString() != a.GetProperty("name").GetString()), b => Assert.False(Overlap(a, b), $"{a} covers {b}"));
        Assert.Empty(await page.EvaluateAsync<string[]>(PageScripts.Overflow));
        Assert.Empty(await page.EvaluateAsync<string[]>(PageScripts.Clipped));
        Assert.Empty(await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.site .panel')].filter(p => p.checkVisibility() && p.scrollHeight > p.clientHeight + 1).map(p => p.className + ' ' + p.scrollHeight + ' in ' + p.clientHeight)"));
    }

    private static bool Overlap(JsonElement a, JsonElement b)
        => Of(a, "left") < Of(b, "right") - 0.5 && Of(b, "left") < Of(a, "right") - 0.5 && Of(a, "top") < Of(b, "bottom") - 0.5 && Of(b, "top") < Of(a, "bottom") - 0.5;

    private static double Of(JsonElement box, string edge) => box.GetProperty(edge).GetDouble();

    private static JsonArray Alarms(JsonObject picture, int count) => [.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject
    {
        ["code"] = "meter-stale", ["text"] = $"Board p1/b0{i} draws more than its order allows: look at it, and lock it out.", ["sinceUtc"] = picture["site"]!["now"]!.GetValue<string>(), ["active"] = true, ["subject"] = "b" + i,
    })];

    // An emergency with the longest reason, a hold, a journal that fails, seven alarms and seven limits.
    private static JsonObject BadDay(JsonObject picture)
    {
        JsonObject of = picture["site"]!.AsObject();
        string reason = string.Concat(Enumerable.Repeat("a line has tripped and another one is near its limit; ", 4))[..200];
        foreach (string name in (string[])["emergency", "held", "unreachable"])
            of[name] = true;
        of["durable"] = false;
        of["capW"] = 68;
        of["capClass"] = "emergency";
        of["capWhy"] = "limit 3027968ec8d045dfb659f0720b8ec1bc of rest: " + reason;
        string at = of["now"]!.GetValue<string>();
        of["limits"] = new JsonArray([Limit("3027968ec8d045dfb659f0720b8ec1bc", "site", 68), .. Enumerable.Range(0, 6).Select(i => Limit("works-" + i, "p1", 1_000 + i))]);
        of["alarms"] = Alarms(picture, 7);
        picture["headroom"]!["waits"] = new JsonArray("an emergency holds", "an operator holds");
        return picture;

        JsonNode Limit(string id, string node, double watts) => Told.Limit(id, node, "emergency", watts, at, reason, null);
    }
}
