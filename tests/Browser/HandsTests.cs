using System.Text.RegularExpressions;
using Ballast.Virtual.Oracle;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>What changes by itself takes nothing out of a user's hands: not the focus, not what was typed, not what is meant.</summary>
[Collection(nameof(LiveSite))]
public sealed partial class HandsTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    [Fact]
    public async Task Heading_that_sorts_keeps_the_focus_and_tells_its_order()
    {
        await using Visit visit = await VisitAsync("boards");
        IPage page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Power", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[role=columnheader][aria-sort=ascending]").Filter(new() { HasText = "Power" }).WaitForAsync();
        Assert.Equal("Power", await FocusedAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[role=columnheader][aria-sort=descending]").Filter(new() { HasText = "Power" }).WaitForAsync();
        Assert.Equal("Power", await FocusedAsync(page));
        visit.AssertClean();
    }

    [Fact]
    public async Task Event_in_focus_keeps_it_while_others_come_and_end()
    {
        await using Visit visit = await VisitAsync("events");
        IPage page = visit.Page;
        ILocator link = page.Locator($"a[href='#/events/{Live.EventId}']");
        await link.FocusAsync();
        string limit = await Live.Site.Host.SetLimitAsync(5_000, GridClass.Economic, "another one", TestContext.Current.CancellationToken);
        await page.Locator("main").GetByText("another one").WaitForAsync();
        await Live.Site.Host.ReleaseAsync(limit, TestContext.Current.CancellationToken);
        await page.Locator("section").Filter(new() { HasText = "Earlier" }).GetByText("another one").WaitForAsync();
        Assert.True(await link.EvaluateAsync<bool>("e => e === document.activeElement"), "The focus is gone.");
        visit.AssertClean();
    }

    [Fact]
    public async Task Another_language_leaves_the_focus_and_what_was_typed()
    {
        await using Visit visit = await VisitAsync("order");
        IPage page = visit.Page;
        await page.GetByRole(AriaRole.Radio, new() { Name = "reliability" }).CheckAsync();
        await page.Locator("#order-limit").FillAsync("77");
        await page.Locator("#order-reason").FillAsync("half a sentence");
        await page.Locator("#language").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Anordnen", Level = 1 }).WaitForAsync();
        Assert.Equal("language", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal("77", await page.Locator("#order-limit").InputValueAsync());
        Assert.Equal("half a sentence", await page.Locator("#order-reason").InputValueAsync());
        Assert.True(await page.Locator("input[value=reliability]").IsCheckedAsync());

        // Whoever goes elsewhere has given it up.
        await visit.GoAsync(Place.Of("site"));
        await visit.GoAsync(Place.Of("order"));
        Assert.Equal("", await page.Locator("#order-limit").InputValueAsync());
        visit.AssertClean();
    }

    [Fact]
    public async Task Question_goes_with_the_view_that_asked_it()
    {
        await using Visit visit = await VisitAsync("events");
        IPage page = visit.Page;
        await visit.GoAsync(Place.Of("site"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Hold power …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Events", Level = 1 }).WaitForAsync();
        await page.Locator("dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        visit.AssertClean();
    }

    [Fact]
    public async Task Order_for_a_node_that_is_not_there_is_never_one_for_the_site()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        visit.Refused = true;
        await visit.GoAsync("/#/order?node=p9&limit=10");
        await page.GetByText("p9").Locator("visible=true").First.WaitForAsync();
        await page.Locator("#order-node-fault, #order-node-fault ~ *").GetByText("p9").First.WaitForAsync();
        Assert.Equal("p9", await page.Locator("#order-node").InputValueAsync());
        Assert.Equal(0, await page.Locator(".before-after").CountAsync());
        visit.AssertClean();
    }

    [Theory]
    [InlineData(404, "This host has no such board.")]
    [InlineData(503, "These values are of ")]
    public async Task Board_that_is_not_told_of_any_more_is_not_shown_as_current(int status, string words)
    {
        await using Visit visit = await VisitAsync("board");
        IPage page = visit.Page;
        await page.GetByRole(AriaRole.Heading, new() { Name = "Now" }).WaitForAsync();
        visit.HostIsAway = true;
        await page.RouteAsync("**/api/boards/p1/b01/detail", route => route.FulfillAsync(new() { Status = status, ContentType = "application/problem+json", Body = """{"detail":"Not now."}""" }));
        await page.GetByText(words).WaitForAsync();
        Assert.Equal(status == 503, await page.GetByRole(AriaRole.Heading, new() { Name = "Now" }).IsVisibleAsync());
        Assert.Equal(status == 503 ? "italic" : null, status == 503 ? await page.Locator(".board-now .v").First.EvaluateAsync<string>("e => getComputedStyle(e).fontStyle") : null);
        visit.AssertClean();
    }

    [Fact]
    public async Task Nothing_is_said_to_be_absent_before_the_host_has_said_so()
    {
        await using Visit visit = await VisitAsync();
        IPage page = visit.Page;
        visit.HostIsAway = true;
        await page.RouteAsync("**/api/live", route => route.AbortAsync());
        await visit.GoAsync("/#/sources");
        await page.Locator("main").GetByText("Loading").WaitForAsync();
        Assert.Equal(0, await page.GetByText("No source is configured").Locator("visible=true").CountAsync());
        await page.UnrouteAsync("**/api/live");
        await page.GetByRole(AriaRole.Heading, new() { Name = "tso", Level = 2 }).WaitForAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Chosen_colours_are_there_before_the_page_is()
    {
        await using Visit visit = await VisitAsync("site");
        IPage page = visit.Page;
        await page.EvaluateAsync("localStorage.setItem('ballast.theme', 'dark')");
        visit.HostIsAway = true;
        await page.RouteAsync(App(), route => route.AbortAsync());
        await page.ReloadAsync();
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        Assert.Equal("rgb(14, 20, 25)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        visit.AssertClean();
    }

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.textContent");

    [GeneratedRegex(@"/assets/app-")]
    private static partial Regex App();
}
