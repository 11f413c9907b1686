namespace Ballast.Browser;

/// <summary>The page opens in a real browser, and the browser has nothing to complain about.</summary>
[Collection(nameof(LiveSite))]
public sealed class FirstLookTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    [Fact]
    public async Task Page_opens_without_a_complaint_of_the_browser()
    {
        await using Visit visit = await VisitAsync();
        await visit.GoAsync("/");
        await visit.Page.GetByText(Virtual.Site.VirtualSite.Name).First.WaitForAsync();
        visit.AssertClean();
    }
}
