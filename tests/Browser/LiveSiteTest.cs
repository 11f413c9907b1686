namespace Ballast.Browser;

/// <summary>A test at the small site. It begins with the site as it was first: whatever ran before, passed or failed, has left nothing.</summary>
public abstract class LiveSiteTest(LiveSite site) : IAsyncLifetime
{
    /// <summary>The site.</summary>
    protected LiveSite Live => site;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await site.RestoreAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
