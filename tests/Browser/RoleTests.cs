using Ballast.Host.Access;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>Who may not do something does not see its button; and the door is shut for who has no key.</summary>
public sealed class RoleTests(Chrome chrome, KeyedSite site) : IClassFixture<KeyedSite>
{
    // In the browser, for buttons come and go with the values.
    private const string PressAll = """
        async () => {
            const pressed = [];
            for (const button of [...document.querySelectorAll('main button')]) {
                if (!button.isConnected || !button.checkVisibility()) continue;
                pressed.push(button.textContent.trim());
                button.click();
                await new Promise(requestAnimationFrame);
            }
            return pressed;
        }
        """;

    // Buttons that an operator has, by view.
    private static readonly Dictionary<string, string> Acts = new() { ["site"] = "Hold power …", ["order"] = "Give this order …", ["board"] = "Lock out …" };

    private readonly (string Name, string Key) _viewer = site.Add("wall", AccessRole.Viewer);
    private readonly (string Name, string Key) _operator = site.Add("control-room", AccessRole.Operator);

    [Fact]
    public async Task Door_opens_for_a_key_only_and_shuts_again()
    {
        await using Visit visit = await chrome.VisitAsync(site.Page, new Look());
        IPage page = visit.Page;
        visit.Refused = true;
        await visit.GoAsync(Place.Of("site"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 }).WaitForAsync();
        Assert.Equal(0, await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link).CountAsync());
        await page.Locator("#key").FillAsync("not a key");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        string refusal = await page.Locator("form [role=alert]:not(:empty)").InnerTextAsync();
        Assert.Contains("key", refusal, StringComparison.OrdinalIgnoreCase);
        await SignInAsync(page, _operator.Key);
        await page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true }).WaitForAsync();

        // The key itself is nowhere in reach of a script.
        Assert.DoesNotContain(_operator.Key, await page.EvaluateAsync<string>("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.documentElement.outerHTML"), StringComparison.Ordinal);
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out " + _operator.Name }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 }).WaitForAsync();
        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true }).CountAsync());
        visit.AssertClean();
    }

    [Fact]
    public async Task Key_that_is_revoked_while_somebody_looks_shuts_the_door_by_itself_and_another_opens_the_same_view()
    {
        await using Visit visit = await chrome.VisitAsync(site.Page, new Look());
        IPage page = visit.Page;
        visit.Refused = true;
        await visit.GoAsync(Place.Of("site"));
        await SignInAsync(page, _operator.Key);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sources", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sources", Level = 1 }).WaitForAsync();
        site.Keys.Remove(_operator.Name);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 }).WaitForAsync();
        Assert.Equal(0, await page.GetByText("No connection to the host").Locator("visible=true").CountAsync());
        await SignInAsync(page, _viewer.Key);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sources", Level = 1 }).WaitForAsync();
        await page.GetByText("live", new() { Exact = true }).WaitForAsync();
        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true }).CountAsync());
        visit.AssertClean();
    }

    [Fact]
    public async Task Viewer_sees_no_button_that_changes_anything()
    {
        IReadOnlyList<string> seen = await PressEverythingAsync(_viewer.Key);
        IReadOnlyList<string> whole = await ButtonsAsync(_operator.Key);
        Assert.All(Acts.Values, act => Assert.Contains(act, whole));
        Assert.All(Acts.Values, act => Assert.DoesNotContain(act, seen));
    }

    // Presses whatever a viewer can press: only questions may leave the browser.
    private async Task<IReadOnlyList<string>> PressEverythingAsync(string key)
    {
        await using Visit visit = await chrome.VisitAsync(site.Page, new Look());
        IPage page = visit.Page;
        visit.Refused = true;
        await visit.GoAsync(Place.Of("site"));
        await SignInAsync(page, key);
        await page.GetByRole(AriaRole.Link, new() { Name = "Boards", Exact = true }).WaitForAsync();
        var acts = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method is not ("GET" or "HEAD"))
                acts.Add(request.Method + " " + request.Url);
        };
        var pressed = new List<string>();
        foreach (Place place in Place.All.Where(p => p.Name != "event"))
        {
            await visit.GoAsync(place);
            if (place.Name is "site" or "board")
                await page.Locator("main h2:visible").First.WaitForAsync();
            pressed.AddRange(await page.EvaluateAsync<string[]>(PressAll));
            Assert.Equal(0, await page.GetByRole(AriaRole.Dialog).CountAsync());
        }

        Assert.Empty(acts);
        visit.AssertClean();
        return pressed;
    }

    private async Task<IReadOnlyList<string>> ButtonsAsync(string key)
    {
        await using Visit visit = await chrome.VisitAsync(site.Page, new Look());
        visit.Refused = true;
        await visit.GoAsync(Place.Of("site"));
        await SignInAsync(visit.Page, key);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Boards", Exact = true }).WaitForAsync();
        var found = new List<string>();
        foreach (Place place in Place.All.Where(p => p.Name != "event"))
        {
            await visit.GoAsync(place);
            if (Acts.TryGetValue(place.Name, out string? act))
                await visit.Page.GetByRole(AriaRole.Button, new() { Name = act, Exact = true }).WaitForAsync();
            found.AddRange((await Buttons(visit.Page).AllInnerTextsAsync()).Select(t => t.Trim()));
        }

        return found;
    }

    private static ILocator Buttons(IPage page) => page.Locator("main").GetByRole(AriaRole.Button);

    private static async Task SignInAsync(IPage page, string key)
    {
        await page.Locator("#key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
