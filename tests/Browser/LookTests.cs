namespace Ballast.Browser;

/// <summary>Each view in light and dark, on a phone and on a desk: what axe finds, what sticks out, what is cut off; and a picture of each.</summary>
[Collection(nameof(LiveSite))]
public sealed class LookTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    [Theory, MemberData(nameof(Place.Names), MemberType = typeof(Place))]
    public async Task View_is_accessible_fits_and_is_pictured(string name)
    {
        var faults = new List<string>();
        await using Visit visit = await VisitAsync(Look.All[0]);
        await visit.GoAsync(Place.Of(name), Live.EventId);
        foreach (Look look in Look.All)
        {
            await visit.LookAsync(look);
            faults.AddRange(await visit.FaultsAsync(name, look));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        visit.AssertClean();
    }

    // What is looked at from metres away: no scrolling, nothing to press, figures large.
    [Fact]
    public async Task Wall_shows_the_site_on_one_screen()
    {
        var look = new Look(Dark: true, Width: 1920, Height: 1080);
        await using Visit visit = await VisitAsync(look);
        await visit.GoAsync("/?wall#/site");
        await visit.Page.Locator(".site-power canvas").WaitForAsync();
        Assert.Equal(0, await visit.Page.Locator("button:visible, main a:visible").CountAsync());
        Assert.True(await visit.Page.EvaluateAsync<double>("parseFloat(getComputedStyle(document.querySelector('.figure-value')).fontSize)") >= 40);
        Assert.True(await visit.Page.Locator(".site-power").EvaluateAsync<bool>("e => e.getBoundingClientRect().bottom <= innerHeight"), "The chart is not whole on the screen.");
        IReadOnlyList<string> faults = await visit.FaultsAsync("wall", look);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        visit.AssertClean();
    }
}
