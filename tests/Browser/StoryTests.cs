using System.Globalization;
using System.Text.Json;
using Ballast.Virtual.Boards;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>The demo's story, told with nothing but the page: what an operator does on a day on which the grid asks.</summary>
[Collection(nameof(LiveSite))]
public sealed class StoryTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    private const string Idle = "p2/b02";

    [Fact]
    public async Task Operator_previews_orders_watches_releases_cuts_at_once_and_holds()
    {
        await using Visit visit = await VisitAsync("site");
        IPage page = visit.Page;
        await EventTruth.SiteAsync(page, GetAsync);

        // A board is taken out for work: it is the one that will not follow.
        await visit.GoAsync(new Place("board", "#/boards/" + Idle));
        await ClickAsync(page, "Lock out …");
        await page.GetByLabel("Reason").FillAsync("fan to be changed");
        await ClickAsync(page, "Lock out");
        await page.GetByText("fan to be changed").First.WaitForAsync();
        await page.Locator(".toast").GetByRole(AriaRole.Button).First.ClickAsync();
        await Live.UntilAsync(() => Task.FromResult(Board(Idle).PowerMw < 3_000), Idle + " asleep");

        // An economic limit: composed, previewed, confirmed.
        await page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true }).ClickAsync();
        long capW = Live.Site.FullMw * 65 / 100_000;
        await page.Locator("#order-limit").FillAsync(capW.ToString(CultureInfo.InvariantCulture));
        await page.GetByLabel("Reason").FillAsync("evening peak, from the page");
        await page.Locator(".preview").GetByText(" less").First.WaitForAsync();
        await page.Locator(".preview").GetByText("locked out").First.WaitForAsync();
        await PictureAsync(page, "story-order");
        int events = await EventsAsync();
        await ClickAsync(page, "Give this order …");
        Assert.Equal(events, await EventsAsync());
        await ClickAsync(page, "Give the order");
        await page.GetByText("Taken:").WaitForAsync();
        Assert.Equal(events + 1, await EventsAsync());

        // The event, until it has reached its limit.
        await page.GetByRole(AriaRole.Link, new() { Name = "See the event" }).ClickAsync();
        await page.GetByText("limit reached", new() { Exact = true }).First.WaitForAsync();
        string id = page.Url[(page.Url.LastIndexOf('/') + 1)..];
        JsonElement told = await GetAsync("api/events/" + id);
        Assert.Equal(capW, told.GetProperty("limitW").GetDouble());
        Assert.Equal("evening peak, from the page", told.GetProperty("reason").GetString());
        ILocator main = page.Locator("main");
        await main.GetByText("How fast boards followed").WaitForAsync();
        foreach (string words in (string[])["half within", "90 % within", "99 % within", "slowest", "locked out", "evening peak, from the page", capW + " W"])
            await main.GetByText(words).First.WaitForAsync();
        await Live.UntilAsync(() => Task.FromResult(Live.Site.Fleet.PowerMw < ((capW - LiveSite.BaseW) * 1_000L) + 2_000), "boards under the limit");
        await Live.UntilAsync(async () => (await GetAsync("api/events/" + id)).GetProperty("compliance").GetProperty("judgedS").GetInt32() >= 8, "eight seconds judged");
        await EventTruth.EventAsync(page, id, GetAsync);

        await PictureAsync(page, "story-event");
        await page.GetByRole(AriaRole.Link, new() { Name = "Site", Exact = true }).ClickAsync();
        await main.GetByText("evening peak, from the page").First.WaitForAsync();
        await EventTruth.SiteAsync(page, GetAsync);
        await PictureAsync(page, "story-site");
        await page.GoBackAsync();

        // Released: power comes back.
        await ClickAsync(page, "Release …");
        await ClickAsync(page, "Release");
        await page.GetByText("Released. Power comes back").First.WaitForAsync();
        await main.GetByText("completed").First.WaitForAsync();
        await EventTruth.EventAsync(page, id, GetAsync);
        await EventTruth.ExportAsync(page, id, GetAsync);

        // An emergency takes two clicks; after the first nothing has happened, and one may still turn back.
        await page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "emergency" }).CheckAsync();
        await page.Locator("#order-limit").FillAsync("0");
        await page.GetByLabel("Reason").FillAsync("line down");
        await page.Locator(".preview").GetByText(" less").First.WaitForAsync();
        events = await EventsAsync();
        await ClickAsync(page, "Emergency …");
        await ClickAsync(page, "Cancel");
        Assert.Equal(events, await EventsAsync());
        await ClickAsync(page, "Emergency …");
        Assert.Equal(events, await EventsAsync());
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button).Filter(new() { HasTextRegex = new("^Cut .* now$") }).ClickAsync();
        await Live.UntilAsync(() => Task.FromResult(Live.Site.Fleet.Boards.All(b => b.PowerMw < 3_000)), "all boards asleep");
        Assert.Equal(events + 1, await EventsAsync());

        // A hold, and its end.
        await page.GetByRole(AriaRole.Link, new() { Name = "Site", Exact = true }).ClickAsync();
        await ClickAsync(page, "Hold power …");
        await page.GetByLabel("Reason").FillAsync("wait for the dispatcher");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Hold power" }).ClickAsync();
        await page.GetByText("Held: power may fall, nothing rises").First.WaitForAsync();
        Assert.True((await GetAsync("api/site")).GetProperty("held").GetBoolean());
        await ClickAsync(page, "Lift the hold …");
        await page.GetByLabel("Reason").FillAsync("dispatcher agrees");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Lift the hold" }).ClickAsync();
        await page.GetByText("No hold").First.WaitForAsync();
        Assert.False((await GetAsync("api/site")).GetProperty("held").GetBoolean());

        // Everything back as it was.
        await page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        await main.GetByRole(AriaRole.Row).Filter(new() { HasText = "line down" }).GetByRole(AriaRole.Link).ClickAsync();
        await ClickAsync(page, "Release …");
        await ClickAsync(page, "Release");
        await Live.UntilAsync(async () => !(await GetAsync("api/site")).GetProperty("emergency").GetBoolean(), "the emergency released");
        await visit.GoAsync(new Place("board", "#/boards/" + Idle));
        await ClickAsync(page, "Back in service …");
        await page.GetByLabel("Reason").FillAsync("fan changed");
        await ClickAsync(page, "Put back in service");
        await Live.RunningAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Order_is_given_with_the_keyboard_alone()
    {
        await using Visit visit = await VisitAsync("site");
        IPage page = visit.Page;

        // Both in one go: the page lets 1.5 s pass between two keys that belong together.
        await page.Keyboard.TypeAsync("go");
        await page.Locator("#order-limit").WaitForAsync();
        await TabToAsync(page, "#order-limit");
        await page.Keyboard.TypeAsync("5000");
        await TabToAsync(page, "#order-reason");
        await page.Keyboard.TypeAsync("by keyboard");
        await TabToAsync(page, "button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await TabToAsync(page, "dialog button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Taken:").WaitForAsync();
        JsonElement limit = (await GetAsync("api/site")).GetProperty("limits").EnumerateArray().Single(l => l.GetProperty("reason").GetString() == "by keyboard");
        Assert.Equal(5000, limit.GetProperty("limitW").GetDouble());
        await Live.Site.Host.ReleaseAsync(limit.GetProperty("id").GetString()!, TestContext.Current.CancellationToken);
        visit.AssertClean();
    }

    private static Task<byte[]> PictureAsync(IPage page, string name) => page.ScreenshotAsync(new() { Path = Artifacts.Picture(name) });

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (int i = 0; i < 80; i++)
        {
            if (await page.EvaluateAsync<bool>("s => document.activeElement?.matches(s) ?? false", selector))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail("The tab key does not reach " + selector);
    }

    private static Task ClickAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First.ClickAsync();

    private async Task<int> EventsAsync() => (await GetAsync("api/events")).GetArrayLength();

    private async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = await Live.Site.Host.GetAsync(path, TestContext.Current.CancellationToken);
        return document.RootElement.Clone();
    }

    private VirtualBoard Board(string name) => Live.Site.Fleet.Boards.First(b => b.Identity.Pod + "/" + b.Identity.Board == name);
}
