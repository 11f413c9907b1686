using Ballast.Virtual.Processes;
using Ballast.Virtual.Site;

namespace Ballast.Browser;

/// <summary>A whole small site: broker, pool, virtual boards, meter and the real host. Most tests visit this one.</summary>
public sealed class LiveSite : IAsyncLifetime
{
    /// <summary>Boards; few, because each runs the whole firmware.</summary>
    public const int Boards = 4;

    private readonly VirtualSite _site = new(new SiteOptions { Boards = Boards, Times = new SiteTimes { RampS = 2, SpreadS = 1, FailSpreadS = 1, RampUpWPerS = 40 } });

    internal VirtualSite Site => _site;

    /// <summary>Address of the page.</summary>
    public Uri Page => _site.Page;

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        _site.Start();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();
}

/// <summary>Tests that share the small site, one after the other.</summary>
[CollectionDefinition(nameof(LiveSite))]
public sealed class LiveSiteTests : ICollectionFixture<LiveSite>;
