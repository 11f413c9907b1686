using System.Text.Json;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>
/// What a screen reader is told: one outline, few landmarks, tables in their order, and no sentence spoken that nobody asked for. What each
/// view says as a whole is kept in artifacts/aria/.
/// </summary>
[Collection(nameof(LiveSite))]
public sealed class AriaTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    private const int QuietMs = 5_000;

    // Sentences that a live region would speak from now on.
    private const string Listen = """
        () => {
            window.ballastSpoken = [];
            window.ballastUnrest = false;
            window.ballastEar?.disconnect();
            const live = '[role=status],[role=alert],[aria-live=polite],[aria-live=assertive]';
            const note = changes => {
                for (const change of changes) {
                    const at = change.target.nodeType === Node.TEXT_NODE ? change.target.parentElement : change.target;
                    if (document.documentElement.classList.contains('lost')) window.ballastUnrest = true;
                    const region = at?.closest(live);
                    if (region && change.type !== 'attributes' && !at.closest('[aria-hidden=true]') && region.checkVisibility() && region.textContent.trim() !== '') window.ballastSpoken.push(region.textContent.trim());
                }
            };
            window.ballastEar = new MutationObserver(note);
            window.ballastEar.observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributeFilter: ['class'] });
        }
        """;

    [Theory, MemberData(nameof(Place.Names), MemberType = typeof(Place))]
    public async Task View_has_one_outline_and_each_landmark_once(string name)
    {
        await using Visit visit = await VisitAsync(name);
        IPage page = visit.Page;
        await page.Locator("main :is(h2, [role=grid], label)").Locator("visible=true").First.WaitForAsync();
        Directory.CreateDirectory(Path.Combine(Artifacts.Folder, "aria"));
        await File.WriteAllTextAsync(Path.Combine(Artifacts.Folder, "aria", name + ".txt"), await page.Locator("body").AriaSnapshotAsync(), TestContext.Current.CancellationToken);
        int[] levels = await page.EvaluateAsync<int[]>("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))");
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"A heading of level {pair.Second} comes after one of level {pair.First}."));
        foreach (AriaRole role in (AriaRole[])[AriaRole.Main, AriaRole.Banner])
            Assert.Equal(1, await page.GetByRole(role).CountAsync());

        // Landmarks of a kind have names, and no name twice.
        string[] names = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('nav,[role=search],section[aria-label],section[aria-labelledby]')].filter(e => e.checkVisibility()).map(e => e.tagName + ' ' + (e.getAttribute('aria-label') ?? document.getElementById(e.getAttribute('aria-labelledby') ?? '')?.textContent ?? ''))");
        Assert.Equal(names.Distinct(), names);
        visit.AssertClean();
    }

    // Side by side, for all of them wait. A machine that stands still is no site at rest: the page says that the host is lost, or the host that
    // its meter is, and both are right. Such seconds are not judged.
    [Fact]
    public async Task Views_of_a_site_at_rest_say_nothing_by_themselves()
    {
        var visits = new List<(string Name, Visit Visit)>();
        try
        {
            foreach (Place place in Place.All)
            {
                Visit visit = await VisitAsync();
                visits.Add((place.Name, visit));
                await visit.GoAsync(place, Live.EventId);
            }

            IPage order = visits.Single(v => v.Name == "order").Visit.Page;
            await order.Locator("#order-limit").FillAsync("10");
            await order.Locator(".preview").GetByText(" less").First.WaitForAsync();
            await order.WaitForTimeoutAsync(1_000);
            for (int windows = 1; ; windows++)
            {
                string before = await StandAsync();
                foreach ((_, Visit visit) in visits)
                    await visit.Page.EvaluateAsync(Listen);
                await order.WaitForTimeoutAsync(QuietMs);
                var spoken = new List<string>();
                bool rest = true;
                foreach ((string name, Visit visit) in visits)
                {
                    spoken.AddRange((await visit.Page.EvaluateAsync<string[]>("window.ballastSpoken")).Select(words => name + ": " + words));
                    rest &= !await visit.Page.EvaluateAsync<bool>("window.ballastUnrest");
                }

                if (rest && before == await StandAsync())
                {
                    Assert.True(spoken.Count == 0, string.Join('\n', spoken));
                    break;
                }

                Assert.True(windows < 20, "The site is never at rest: " + before + string.Join('\n', spoken));
            }

            foreach ((_, Visit visit) in visits)
                visit.AssertClean();
        }
        finally
        {
            foreach ((_, Visit visit) in visits)
                await visit.DisposeAsync();
        }
    }

    // What a page may rightly speak of when it changes.
    private async Task<string> StandAsync()
    {
        using JsonDocument site = await Live.Site.Host.GetAsync("api/site", TestContext.Current.CancellationToken);
        return string.Join(' ', ((string[])["phase", "brokerConnected", "durable", "meterQuality", "alarms"]).Select(name => site.RootElement.GetProperty(name).GetRawText()));
    }

    [Fact]
    public async Task Skip_link_is_the_first_stop_and_leads_past_the_navigation()
    {
        await using Visit visit = await VisitAsync("order");
        IPage page = visit.Page;
        await page.EvaluateAsync("document.activeElement?.blur()");
        await page.Keyboard.PressAsync("Tab");
        JsonElement skip = await page.EvaluateAsync<JsonElement>("() => { const e = document.activeElement, b = e.getBoundingClientRect(); return { words: e.textContent, seen: b.top >= 0 && b.left >= 0 && b.height > 10 }; }");
        Assert.Equal("Skip to the content", skip.GetProperty("words").GetString());
        Assert.True(skip.GetProperty("seen").GetBoolean());
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("order-node", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Contains("#/order", page.Url, StringComparison.Ordinal);
        visit.AssertClean();
    }
}
