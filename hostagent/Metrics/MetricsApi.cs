using Ballast.Host.Access;
using Ballast.Host.Limits;

namespace Ballast.Host.Metrics;

/// <summary>GET /metrics.</summary>
internal static class MetricsApi
{
    internal static void Map(WebApplication app)
    {
        MetricStore store = app.Services.GetRequiredService<MetricStore>();

        // Not a part of the REST interface: its form is Prometheus's.
        app.MapGet("/metrics", () => Results.Text(store.Scrape(), MetricNames.ContentType)).NeedsUnlessHere(Rights.Read).ExcludeFromDescription();
    }
}
