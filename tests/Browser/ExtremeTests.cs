using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>Sites at the ends of what there may be: nothing configured yet, the longest names, more exceptions than anybody reads.</summary>
[Collection(nameof(LiveSite))]
public sealed partial class ExtremeTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    private const string LongSite = "a-site-whose-name-is-32-long-xyz";
    private const string LongPod = "pod-with-a-name-of-32-letters-";
    private const string LongBoard = "board-with-a-name-of-32-long-b";

    private static readonly Look[] Looks = [new(), Look.Phone];

    public static TheoryData<string> Views => [.. Place.All.Where(p => p.Name is not ("board" or "boards")).Select(p => p.Name)];

    [Theory, MemberData(nameof(Views))]
    public async Task Site_without_a_board_is_shown_whole_and_without_nonsense(string name)
    {
        await using Visit visit = await VisitAsync();
        JsonObject picture = await Told.PictureAsync(Live.Page);
        JsonObject of = picture["site"]!.AsObject();
        foreach (string list in (string[])["pods", "limits", "alarms"])
            of[list] = new JsonArray();
        foreach (string watts in (string[])["meterW", "orderedW", "orderedBoardsW", "estimateW", "fullW", "floorW", "hashGhs", "shedW", "raiseW", "raiseS"])
            of[watts] = 0;
        foreach (string count in of["boards"]!.AsObject().Select(c => c.Key).ToArray())
            of["boards"]![count] = 0;
        picture["tree"]!["children"] = new JsonArray();
        picture["tree"]!["boards"] = 0;
        picture["sources"] = new JsonArray();
        foreach (string watts in (string[])["nowW", "floorW", "raiseW", "raiseS", "raiseIfFreeW"])
            picture["headroom"]![watts] = 0;
        await Told.StreamAsync(visit.Page, picture);
        await Told.AnswerAsync(visit.Page, "**/api/events?*", _ => new JsonArray());
        await visit.GoAsync(Place.Of(name), Live.EventId);
        await Assertions.Expect(visit.Page.Locator("main h1")).ToBeVisibleAsync();
        if (name == "events")
            await Assertions.Expect(visit.Page.GetByText("Nothing has ended yet.")).ToBeVisibleAsync();
        if (name == "sources")
            await Assertions.Expect(visit.Page.GetByText("No source is configured")).ToBeVisibleAsync();
        if (name == "site")
            await Assertions.Expect(visit.Page.Locator(".site-tree tbody tr")).ToHaveCountAsync(1);
        string[] texts = await visit.Page.EvaluateAsync<string[]>(PageScripts.Texts);
        Assert.DoesNotContain(texts, t => Nonsense().IsMatch(t));
        await FaultlessAsync(visit, "empty-" + name);
        visit.AssertClean();
    }

    [Theory, MemberData(nameof(Place.Names), MemberType = typeof(Place))]
    public async Task Longest_names_and_reasons_fit_or_are_completed_by_a_title(string name)
    {
        await using Visit visit = await VisitAsync();
        JsonObject picture = JsonNode.Parse(Long((await Told.PictureAsync(Live.Page)).ToJsonString()))!.AsObject();
        string reason = new('w', 200);
        picture["site"]!["capWhy"] = "limit 3027968ec8d045dfb659f0720b8ec1bc of rest: " + reason;
        picture["site"]!["held"] = true;
        await Told.StreamAsync(visit.Page, picture);

        // Every other answer too, with reasons in it. The page asks by the names that it was told in the address, which are the host's.
        await visit.Page.RouteAsync("**/api/**", async route =>
        {
            if (route.Request.Method != "GET")
            {
                await route.ContinueAsync();
                return;
            }

            IAPIResponse told = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = told, Body = Long(Reason().Replace(await told.TextAsync(), "\"reason\":\"" + reason + "\"")) });
        });
        visit.HostIsAway = true;
        await visit.GoAsync(Place.Of(name), Live.EventId);
        await Assertions.Expect(visit.Page.Locator(".brand-site")).ToHaveTextAsync(LongSite);
        await Assertions.Expect(visit.Page.Locator("main :is(h2, [role=grid], label)").Locator("visible=true").First).ToBeVisibleAsync();
        if (name == "boards")
            await Assertions.Expect(visit.Page.Locator("[role=grid]").GetByText(LongBoard).First).ToBeVisibleAsync();
        if (name is "events" or "event")
            await Assertions.Expect(visit.Page.GetByText(reason).First).ToBeVisibleAsync();
        await FaultlessAsync(visit, "long-" + name);
        visit.AssertClean();
    }

    [Theory]
    [InlineData("active", true)]
    [InlineData("completed_with_failures", false)]
    public async Task Thirty_thousand_exceptions_are_named_in_part_counted_whole_and_quick(string state, bool export)
    {
        await using Visit visit = await VisitAsync();
        await Told.AnswerAsync(visit.Page, "**/api/events/" + Live.EventId, record =>
        {
            record["state"] = state;
            record["boards"] = new JsonObject { ["confirmed"] = 12, ["drifted"] = 30_000 };
            record["exceptions"] = new JsonArray([.. Enumerable.Range(0, 200).Select(i => (JsonNode)new JsonObject { ["board"] = "p1/b" + i, ["state"] = "drifted", ["reason"] = "" })]);
            record["moreExceptions"] = 29_800;
            return record;
        });
        await visit.GoAsync(Place.Of("event"), Live.EventId);
        ILocator standing = visit.Page.Locator("section").Filter(new() { Has = visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Where the boards stand" }) });
        await Assertions.Expect(standing.GetByRole(AriaRole.Row)).ToHaveCountAsync(201);
        await Assertions.Expect(standing).ToContainTextAsync("30,000");
        await Assertions.Expect(standing).ToContainTextAsync("The record names 200 boards and counts 29,800 more.");

        // Boards one by one are kept while an event is active.
        await Assertions.Expect(standing.GetByRole(AriaRole.Link, new() { Name = "The first 5,000 boards (JSON)" })).ToHaveCountAsync(export ? 1 : 0);
        await FaultlessAsync(visit, "many-" + state);
        visit.AssertClean();
    }

    private static async Task FaultlessAsync(Visit visit, string name)
    {
        var faults = new List<string>();
        foreach (Look look in Looks)
        {
            await visit.LookAsync(look);
            faults.AddRange(await visit.FaultsAsync(name, look));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static string Long(string text)
        => Board().Replace(Pod().Replace(text, LongPod + "$1"), LongBoard + "0$1").Replace("\"demo\"", $"\"{LongSite}\"", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<=[""/])p([0-9])(?=[""/])")]
    private static partial Regex Pod();

    [GeneratedRegex(@"(?<=[""/])b0([0-9])(?="")")]
    private static partial Regex Board();

    [GeneratedRegex(@"""reason"":""[^""]*""")]
    private static partial Regex Reason();

    [GeneratedRegex(@"NaN|Infinity|undefined|null|\[object")]
    private static partial Regex Nonsense();
}
