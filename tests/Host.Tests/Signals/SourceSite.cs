using Ballast.Host.Signals;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Signals;

/// <summary>Sources on a toy site, stepped once a second of its time.</summary>
internal static class SourceSite
{
    /// <summary>The sources of the site's present host, started on its journal.</summary>
    internal static SourceBook Book(ToySite site)
    {
        SourceBook book = new(site.Context, site.Dispatcher, site.Desk);
        book.Start(site.Journal.Load());
        site.EachSecond = _ => book.Tick();
        return book;
    }
}
