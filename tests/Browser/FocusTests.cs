using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>
/// Whoever works with the keyboard keeps his place when what he is on moves, is drawn anew or goes: the focus follows it, or is on the heading
/// of its part, and never on nothing.
/// </summary>
[Collection(nameof(LiveSite))]
public sealed class FocusTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    [Fact]
    public async Task Event_that_ends_takes_the_focus_with_it_to_the_earlier_ones()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        string state = "active";
        await Told.AnswerAsync(page, "**/api/events?*", events => Events(events, () => state));
        await visit.GoAsync(Place.Of("events"));
        await Part(page, "Open now").GetByRole(AriaRole.Link, new() { Name = "50 W, economic" }).FocusAsync();
        state = "completed";
        ILocator moved = Part(page, "Earlier").Locator("a[href='#/events/told']");
        await Assertions.Expect(moved).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task List_that_becomes_empty_leaves_the_focus_on_its_heading()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        string state = "active";
        await Told.AnswerAsync(page, "**/api/events?*", events => Events(events, () => state));
        await visit.GoAsync(Place.Of("events"));
        await page.GetByRole(AriaRole.Group, new() { Name = "Open now" }).FocusAsync();
        state = "completed";
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Open now" })).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Exceptions_that_change_leave_the_focus_on_the_same_board()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        string state = "ordered";
        await Told.AnswerAsync(page, "**/api/events/" + Live.EventId, record =>
        {
            record["state"] = "active";
            record["exceptions"] = JsonNode.Parse($$"""[{ "board": "p1/b01", "state": "{{state}}", "reason": "" }, { "board": "p2/b01", "state": "{{state}}", "reason": "" }]""");
            return record;
        });
        await visit.GoAsync(Place.Of("event"), Live.EventId);
        ILocator list = page.GetByRole(AriaRole.Group, new() { Name = "Boards", Exact = true });
        await list.GetByRole(AriaRole.Link, new() { Name = "p2/b01" }).FocusAsync();
        state = "drifted";
        await Assertions.Expect(list.GetByText("drifted")).ToHaveCountAsync(2);
        await Assertions.Expect(list.GetByRole(AriaRole.Link, new() { Name = "p2/b01" })).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Theory]
    [InlineData(".site-holds a.button", "What holds")]
    [InlineData(".site-holds .lines a", "What holds")]
    [InlineData(".site-alarms summary", "Alarms")]
    [InlineData(".site-breakers .button.danger", "Site")]
    [InlineData(".site-tree a[href*='p2']", "What holds where")]
    public async Task Part_of_the_site_that_goes_leaves_the_focus_on_a_heading(string selector, string heading)
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        JsonObject busy = await Told.PictureAsync(Live.Page);
        JsonObject quiet = busy.DeepClone().AsObject();
        foreach (string list in (string[])["alarms", "limits"])
            quiet["site"]![list] = new JsonArray();
        quiet["site"]!["capW"] = null;
        quiet["site"]!["capWhy"] = "nothing limits it";
        quiet["tree"]!["children"] = new JsonArray();
        busy["site"]!["capW"] = 68;
        busy["site"]!["capWhy"] = "limit told of rest: a reason";
        busy["site"]!["limits"] = new JsonArray(Limit("told", "site", 68), Limit("other", "p1", 90));
        busy["site"]!["alarms"] = new JsonArray(new JsonObject { ["code"] = "meter-stale", ["text"] = "It was silent.", ["sinceUtc"] = "2040-03-01T11:00:00Z", ["active"] = false, ["subject"] = "" });
        busy["breakers"] = new JsonArray(new JsonObject { ["id"] = "x1", ["node"] = "p1", ["state"] = "waiting", ["askedAt"] = "2040-03-01T11:00:00Z", ["expiresAt"] = "2040-03-01T12:00:00Z", ["boards"] = new JsonArray("p1/b01"), ["reason"] = "", ["told"] = "It draws on." });
        await Told.StreamAsync(page, busy);
        await visit.GoAsync(Place.Of("site"));
        await page.Locator(selector).First.FocusAsync();
        await Assertions.Expect(page.Locator(selector).First).ToBeFocusedAsync();
        await Told.ChangeAsync(page, quiet);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true })).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Row_that_moves_up_keeps_the_focus()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        JsonObject picture = await Told.PictureAsync(Live.Page);
        picture["site"]!["limits"] = new JsonArray(Limit("first", "p1", 80), Limit("second", "p1", 90));
        await Told.StreamAsync(page, picture);
        await visit.GoAsync(Place.Of("site"));
        await page.Locator(".site-holds .lines a").Nth(1).FocusAsync();
        picture["site"]!["limits"] = new JsonArray(Limit("second", "p1", 90), Limit("first", "p1", 80));
        await Told.ChangeAsync(page, picture);
        await Assertions.Expect(page.Locator(".site-holds .lines a").First).ToHaveTextAsync("second");
        await Assertions.Expect(page.Locator(".site-holds .lines a").First).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Source_that_goes_leaves_the_focus_on_the_heading_of_the_view()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        JsonObject picture = await Told.PictureAsync(Live.Page);
        await Told.StreamAsync(page, picture);
        await visit.GoAsync(Place.Of("sources"));
        await page.GetByRole(AriaRole.Button, new() { Name = "tso" }).FocusAsync();
        picture["sources"] = new JsonArray();
        await Told.ChangeAsync(page, picture);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sources", Level = 1 })).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Page_that_is_turned_to_its_end_leaves_the_focus_on_the_table()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        await page.RouteAsync("**/api/audit?*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = Changes(route.Request.Url.Contains("skip=0", StringComparison.Ordinal) ? 50 : 20) }));
        await visit.GoAsync(Place.Of("audit"));
        ILocator older = page.GetByRole(AriaRole.Button, new() { Name = "Older" });
        await older.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(older).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Who changed what" })).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Order_that_was_given_leaves_the_focus_on_its_button_and_a_message_that_is_closed_where_it_was()
    {
        await using Visit visit = await VisitAsync("order");
        IPage page = visit.Page;
        await page.Locator("#order-limit").FillAsync("5000");
        ILocator give = page.GetByRole(AriaRole.Button, new() { Name = "Give this order …" });
        await give.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Give the order" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Taken:")).ToBeVisibleAsync();
        await Assertions.Expect(give).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Question_about_an_event_that_has_ended_meanwhile_leaves_the_focus_on_the_heading()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        string state = "active";
        await Told.AnswerAsync(page, "**/api/events/" + Live.EventId, record =>
        {
            record["state"] = state;
            return record;
        });
        await visit.GoAsync(Place.Of("event"), Live.EventId);
        ILocator release = page.GetByRole(AriaRole.Button, new() { Name = "Release …" });
        await release.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        state = "completed";
        await Assertions.Expect(release).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Request" })).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Message_that_is_closed_gives_the_focus_back()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        visit.Refused = true;
        await page.RouteAsync("**/api/hold", route => route.FulfillAsync(new() { Status = 409, ContentType = "application/problem+json", Body = """{"detail":"Not now."}""" }));
        await visit.GoAsync(Place.Of("site"));
        ILocator hold = page.GetByRole(AriaRole.Button, new() { Name = "Hold power …" });
        await hold.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("a try");
        await page.Keyboard.PressAsync("Enter");
        ILocator toast = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Not now." });
        await Assertions.Expect(toast).ToBeVisibleAsync();
        await Assertions.Expect(hold).ToBeFocusedAsync();
        await toast.GetByRole(AriaRole.Button).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(toast).ToHaveCountAsync(0);
        await Assertions.Expect(hold).ToBeFocusedAsync();
        visit.AssertClean();
    }

    private static ILocator Part(IPage page, string heading) => page.Locator("section").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 2 }) });

    // The host's list with one event more, told of in front of it.
    private static JsonArray Events(JsonNode events, Func<string> state)
    {
        JsonNode told = events.AsArray()[0]!.DeepClone();
        told["eventId"] = "told";
        told["limitW"] = 50;
        told["class"] = "economic";
        told["state"] = state();
        return [told, .. events.AsArray().Where(e => e!["state"]!.GetValue<string>() is not ("active" or "scheduled" or "restoring")).Select(e => e!.DeepClone())];
    }

    private static JsonObject Limit(string id, string node, double watts) => Told.Limit(id, node, "economic", watts, "2040-03-01T11:00:00Z", "a reason", 100);

    private static string Changes(int count) => new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject
    {
        ["number"] = i, ["at"] = "2040-03-01T11:00:00Z",
        ["change"] = new JsonObject { ["what"] = "limit", ["who"] = "a person", ["role"] = "operator", ["from"] = "127.0.0.1", ["request"] = "POST /api/limits", ["status"] = 201, ["target"] = null, ["asked"] = null, ["before"] = null, ["after"] = null, ["leftOut"] = 0 },
    })]).ToJsonString();
}
