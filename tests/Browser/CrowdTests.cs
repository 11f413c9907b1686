using System.Text.Json;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>30,000 boards in one browser tab: the table keeps few rows, and scrolling stays smooth. Frame times are figures, not verdicts.</summary>
public sealed class CrowdTests(Chrome chrome, Crowd crowd) : IClassFixture<Crowd>
{
    private const int MostRows = 80;

    // Scrolls a bit in every frame, and notes how long each frame took and how many rows there were.
    private const string Scroll = """
        ([stepPx, frames]) => new Promise(done => {
            const scroller = document.querySelector('[role=grid]');
            const times = [];
            let last = performance.now(), rows = 0;
            const frame = () => {
                const now = performance.now();
                times.push(now - last);
                last = now;
                rows = Math.max(rows, document.querySelectorAll('[role=grid] [role=row]').length);
                scroller.scrollTop += stepPx;
                if (times.length < frames) requestAnimationFrame(frame);
                else { times.shift(); times.sort((a, b) => a - b); done({ p50: times[Math.floor(times.length * 0.5)], p95: times[Math.floor(times.length * 0.95)], max: times.at(-1), rows, top: scroller.scrollTop }); }
            };
            requestAnimationFrame(frame);
        })
        """;

    [Fact]
    public async Task Table_of_thirty_thousand_boards_scrolls_filters_and_ends()
    {
        await using Visit visit = await chrome.VisitAsync(crowd.Page, new Look());
        IPage page = visit.Page;
        await visit.GoAsync(Place.Of("boards"));
        await page.GetByText("30,000 boards").First.WaitForAsync();
        await Row(page, "p1/b01").WaitForAsync();
        foreach ((string how, int stepPx) in new[] { ("slowly", 12), ("by pages", 600), ("far", 6_000) })
        {
            JsonElement seen = await page.EvaluateAsync<JsonElement>(Scroll, new[] { stepPx, 150 });
            Artifacts.Figure($"{Crowd.Boards} boards, scrolled {how} ({stepPx} px a frame): frames p50 {seen.GetProperty("p50").GetDouble():0.0} ms, p95 {seen.GetProperty("p95").GetDouble():0.0} ms, max {seen.GetProperty("max").GetDouble():0.0} ms; {seen.GetProperty("rows").GetInt32()} rows in the document");
            Assert.InRange(seen.GetProperty("rows").GetInt32(), 5, MostRows);
            Assert.True(seen.GetProperty("top").GetDouble() > stepPx, "The table did not scroll.");
            await RowsAreInOrderAsync(page);
        }

        await page.Locator("[role=grid]").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Row(page, "p60/b500").WaitForAsync();
        await page.Keyboard.PressAsync("Home");
        await Row(page, "p1/b01").WaitForAsync();

        await page.Locator("#boards-pod").SelectOptionAsync("p7");
        await page.GetByText("500 of 30,000 boards").WaitForAsync();
        await Row(page, "p7/b01").WaitForAsync();
        await page.Locator("#boards-text").FillAsync("b499");
        await page.GetByText("1 of 30,000 boards").WaitForAsync();
        await Row(page, "p7/b499").WaitForAsync();
        visit.AssertClean();
    }

    // Whoever reads the document and does not see it gets the rows one after the other, each with its number of all.
    private static async Task RowsAreInOrderAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => { const rows = [...document.querySelectorAll('[role=grid] [role=row]')].filter(r => !r.hidden); return rows.length > 5 && rows[0].getAttribute('aria-rowindex') === '1'; }");
        int[] rows = await page.EvaluateAsync<int[]>("[...document.querySelectorAll('[role=grid] [role=row]')].filter(r => !r.hidden).map(r => Number(r.getAttribute('aria-rowindex')))");
        Assert.Equal(1, rows[0]);
        Assert.True(rows.Length > 5);
        Assert.All(rows.Skip(1).Zip(rows.Skip(2)), pair => Assert.Equal(pair.First + 1, pair.Second));
        Assert.Equal("30001", await page.Locator("[role=grid]").GetAttributeAsync("aria-rowcount"));
    }

    private static ILocator Row(IPage page, string board) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = board }).First;
}
