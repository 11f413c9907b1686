namespace Ballast.Browser;

/// <summary>A test at the small site. It begins with the site as it was first: whatever ran before, passed or failed, has left nothing.</summary>
public abstract class LiveSiteTest(Chrome chrome, LiveSite site) : IAsyncLifetime
{
    /// <summary>The site.</summary>
    protected LiveSite Live => site;

    /// <summary>A visitor at a desk, or who looks otherwise.</summary>
    private protected Task<Visit> VisitAsync(Look? look = null) => chrome.VisitAsync(site.Page, look ?? new Look());

    /// <summary>The same, gone to a view of the site.</summary>
    private protected async Task<Visit> VisitAsync(string place, Look? look = null)
    {
        Visit visit = await VisitAsync(look);
        await visit.GoAsync(Place.Of(place), site.EventId);
        return visit;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await site.RestoreAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
