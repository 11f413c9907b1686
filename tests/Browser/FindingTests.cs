using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>
/// An event that ended without proof says what is missing, in words and in both languages. The record is the host's own of a real event, with
/// what a host that was killed would have left in it; the host's tests make such events in simulated time.
/// </summary>
[Collection(nameof(LiveSite))]
public sealed class FindingTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    // Not of the day on which the test runs: then the page says the day too.
    private const string Restarted = "2040-03-01T11:22:33Z";

    [Theory]
    [InlineData("en-GB", "completed, not proven", "No proof that the limit was reached", "No sample taken after the order shows that the limit was reached.", "For 58 s no host watched", "A host was started again at 01 Mar 2040, 12:22:33.", "Boards that had to shed did not, or drew more again: p1/b01, p2/b02 and up to 3 more.", "For 7 s no fresh meter spoke")]
    [InlineData("de-DE", "abgeschlossen, nicht belegt", "Kein Beleg, dass die Grenze erreicht wurde", "Keine Messung nach der Anordnung zeigt, dass die Grenze erreicht wurde.", "Für 58 s sah kein Host zu", "Ein Host wurde wieder gestartet um 01. März 2040, 12:22:33.", "Boards, die abwerfen sollten, taten es nicht oder zogen wieder mehr: p1/b01, p2/b02 und bis zu 3 weitere.", "Für 7 s sprach kein frischer Zähler")]
    public async Task Event_that_ended_unproven_says_what_its_record_does_not_prove(string language, string state, string title, params string[] sentences)
    {
        await using Visit visit = await VisitAsync(new Look(Language: language));
        await TellAsync(visit.Page, record =>
        {
            record["state"] = "completed_unproven";
            record["response"]!["capReachedAfterMs"] = null;
            record["compliance"]!["unwatchedS"] = 58;
            record["compliance"]!["unmeteredS"] = 7;
            record["history"]!.AsArray().Add(JsonNode.Parse($$"""{ "at": "{{Restarted}}", "text": "host restarted" }"""));
            record["exceptions"] = JsonNode.Parse("""[{ "board": "p1/b01", "state": "drifted", "reason": "" }, { "board": "p1/b02", "state": "unavailable", "reason": "offline" }, { "board": "p2/b02", "state": "suspect", "reason": "" }]""");
            record["moreExceptions"] = 3;
            record["findings"] = Findings("no-sample", "unwatched", "boards", "unjudged", "a-newer-code");
        });
        await visit.GoAsync(Place.Of("event"), Live.EventId);
        ILocator request = visit.Page.Locator(".event-request");
        await Assertions.Expect(request.GetByText(state, new() { Exact = true })).ToBeVisibleAsync();
        ILocator findings = visit.Page.Locator(".findings");
        await Assertions.Expect(findings.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(5);
        await Assertions.Expect(findings.GetByText(title, new() { Exact = true })).ToBeVisibleAsync();
        foreach (string sentence in sentences)
            await Assertions.Expect(findings).ToContainTextAsync(sentence);

        // A board that is named can be looked at; what a newer host finds is shown in its own words.
        await Assertions.Expect(findings.GetByRole(AriaRole.Link, new() { Name = "p2/b02", Exact = true })).ToHaveAttributeAsync("href", "#/boards/p2/b02");
        await Assertions.Expect(findings.Locator("[data-code=a-newer-code]")).ToContainTextAsync("The host's own words for a-newer-code.");
        Assert.Empty(await visit.FaultsAsync("event-unproven-" + language, new Look()));
        visit.AssertClean();
    }

    [Fact]
    public async Task Event_that_went_over_says_when()
    {
        await using Visit visit = await VisitAsync();
        await TellAsync(visit.Page, record =>
        {
            record["state"] = "completed_with_failures";
            record["compliance"]!["judgedS"] = 20;
            record["compliance"]!["overS"] = 2;
            record["compliance"]!["worstOverW"] = 12;
            record["findings"] = Findings("over");
        });
        await visit.Page.RouteAsync("**/api/events/*/series", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = $$"""{ "eventId": "{{Live.EventId}}", "accepted": "2040-03-01T11:00:00Z", "samples": [{{string.Join(',', Enumerable.Range(0, 20).Select(s => $$"""{"atS":{{s}},"capW":60,"orderedW":60,"meteredW":70,"metered":true,"settled":true,"over":{{(s is 12 or 15 ? "true" : "false")}}}"""))}}] }""",
        }));
        await visit.GoAsync(Place.Of("event"), Live.EventId);
        await Assertions.Expect(visit.Page.Locator(".findings")).ToContainTextAsync("In 2 of 20 judged seconds, by 12 W at most. Between 01 Mar 2040, 12:00:12 and 01 Mar 2040, 12:00:15.");
        visit.AssertClean();
    }

    [Fact]
    public async Task Event_that_was_kept_has_no_findings()
    {
        await using Visit visit = await VisitAsync();
        await TellAsync(visit.Page, record => record["findings"] = new JsonArray());
        await visit.GoAsync(Place.Of("event"), Live.EventId);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "What came of it" })).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("dt").GetByText("Limit reached after")).ToBeVisibleAsync();
        Assert.Equal(0, await visit.Page.Locator(".findings").CountAsync());
        visit.AssertClean();
    }

    private static JsonArray Findings(params string[] codes)
        => [.. codes.Select(code => new JsonObject { ["code"] = code, ["text"] = $"The host's own words for {code}." })];

    // The host's record, told differently.
    private Task TellAsync(IPage page, Action<JsonNode> change) => Told.AnswerAsync(page, "**/api/events/" + Live.EventId, record =>
    {
        _ = record["findings"]!.AsArray();
        change(record);
        return record;
    });
}
