namespace Ballast.Browser;

/// <summary>Each view in light and dark, on a phone and on a desk: what axe finds, what sticks out, what is cut off; and a picture of each.</summary>
[Collection(nameof(LiveSite))]
public sealed class LookTests(Chrome chrome, LiveSite site) : LiveSiteTest(site)
{
    [Theory, MemberData(nameof(Place.Names), MemberType = typeof(Place))]
    public async Task View_is_accessible_fits_and_is_pictured(string name)
    {
        var faults = new List<string>();
        await using Visit visit = await chrome.VisitAsync(Live.Page, Look.All[0]);
        await visit.GoAsync(Place.Of(name), Live.EventId);
        foreach (Look look in Look.All)
        {
            await visit.LookAsync(look);
            faults.AddRange(await visit.FaultsAsync(name, look));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        visit.AssertClean();
    }
}
