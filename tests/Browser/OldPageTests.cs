using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>A page that has been open for long: the host has become a newer one meanwhile, or the browser's clock is wrong.</summary>
[Collection(nameof(LiveSite))]
public sealed partial class OldPageTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    private const string Notice = "The host is a newer version than this page: reload it before you give an order.";

    // As after a restart with other scripts.
    private const string Newer = """<!doctype html><html lang="en"><head><title>Ballast</title><script type="module" src="assets/app-NEWER000.js"></script></head><body></body></html>""";

    [Fact]
    public async Task Host_that_was_replaced_by_a_newer_one_asks_for_a_reload()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        await KeepStreamAsync(page);
        await visit.GoAsync(Place.Of("site"));
        await Assertions.Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(Notice)).ToBeHiddenAsync();

        // The next stream is of a host that has another page.
        await page.RouteAsync(url => new Uri(url).AbsolutePath == "/", route => route.FulfillAsync(new() { ContentType = "text/html", Body = Newer }));
        await AgainAsync(page);
        ILocator notice = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = Notice });
        await Assertions.Expect(notice).ToBeVisibleAsync();
        await page.UnrouteAllAsync();
        await notice.GetByRole(AriaRole.Button, new() { Name = "Reload" }).ClickAsync();
        await Assertions.Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(Notice)).ToBeHiddenAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Host_that_is_the_same_after_a_break_asks_for_nothing()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        await KeepStreamAsync(page);
        await visit.GoAsync(Place.Of("site"));
        await Assertions.Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        IResponse looked = await page.RunAndWaitForResponseAsync(() => AgainAsync(page), r => new Uri(r.Url).AbsolutePath == "/" && r.Request.ResourceType == "fetch");
        Assert.True(looked.Status is 200 or 304, "The page is answered with " + looked.Status);
        await Assertions.Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(Notice)).ToBeHiddenAsync();
        visit.AssertClean();
    }

    // The host's clock counts, for times that the host says and for ages.
    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Clock_of_the_browser_that_is_minutes_off_changes_no_time_on_the_page(int minutes)
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        await page.AddInitScriptAsync($$"""
            const True = Date, off = {{minutes * 60_000}};
            window.Date = class extends True {
                constructor(...at) { if (at.length > 0) super(...at); else super(True.now() + off); }
                static now() { return True.now() + off; }
            };
            """);
        await visit.GoAsync(Place.Of("site"));
        await Assertions.Expect(page.Locator(".site-power canvas")).ToBeVisibleAsync();

        // The clock is drawn twice a second, and empty until then.
        await Assertions.Expect(page.Locator(".clock")).ToHaveTextAsync(Time());
        int offS = await page.EvaluateAsync<int>("""
            async () => {
                const site = await (await fetch('api/site')).json();
                const [h, m, s] = document.querySelector('.clock').textContent.split(':').map(Number);
                const told = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(Date.parse(site.now)).split(':').map(Number);
                const d = Math.abs((h * 60 + m) * 60 + s - ((told[0] * 60 + told[1]) * 60 + told[2]));
                return Math.min(d, 86400 - d);
            }
            """);
        Assert.True(offS < 300, $"The clock on the page is {offS} s from the host's.");

        // An order that begins now is not said to begin later, nor a source to have spoken in the future.
        await visit.GoAsync(Place.Of("order"));
        await page.Locator("#order-limit").FillAsync("5000");
        await Assertions.Expect(page.Locator(".preview .facts").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".preview").GetByText("later")).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    private static async Task KeepStreamAsync(IPage page) => await page.AddInitScriptAsync("""
        const True = EventSource;
        window.EventSource = class extends True { constructor(at) { super(at); window.ballastStream = this; } };
        """);

    // The host's word that ends a stream: the page opens the next one, of the host that is there then.
    private static async Task AgainAsync(IPage page) => await page.EvaluateAsync("() => { window.ballastStream.dispatchEvent(new Event('end')); }");

    [GeneratedRegex("^[0-9]{2}:[0-9]{2}:[0-9]{2}$")]
    private static partial Regex Time();
}
