using Ballast.Host.Access;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>Rights that are taken away while somebody works: the same key, another role.</summary>
public sealed class LoweredRoleTests(Chrome chrome, KeyedSite site) : IClassFixture<KeyedSite>
{
    [Fact]
    public async Task Buttons_of_a_role_that_was_lowered_vanish_by_themselves()
    {
        (string name, string key) = site.Add("shift", AccessRole.Operator);
        await using Visit visit = await SignInAsync(key);
        IPage page = visit.Page;
        ILocator hold = page.GetByRole(AriaRole.Button, new() { Name = "Hold power …" });
        await Assertions.Expect(hold).ToBeVisibleAsync();
        site.ChangeRole(name, "viewer");
        await Assertions.Expect(hold).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Site", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("you are viewer now")).ToBeVisibleAsync();
        visit.AssertClean();
    }

    private async Task<Visit> SignInAsync(string key)
    {
        Visit visit = await chrome.VisitAsync(site.Page, new Look());
        visit.Refused = true;
        await visit.GoAsync(Place.Of("site"));
        await visit.Page.Locator("#key").FillAsync(key);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Order", Exact = true })).ToBeVisibleAsync();
        return visit;
    }
}
