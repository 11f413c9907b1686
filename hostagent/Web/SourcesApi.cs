using Ballast.Host.Access;
using Ballast.Host.Limits;
using Ballast.Host.Signals;
using Ballast.Host.Signals.Prices;

namespace Ballast.Host.Web;

/// <summary>The part of the REST interface about sources.</summary>
internal static class SourcesApi
{
    private const int MaxPrices = 4 * 1024 * 1024;

    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();

        app.MapGet("/api/sources", () => core.Ask(c => (IReadOnlyList<SourceView>)[.. c.Sources.All.Select(s => s.View())]))
            .Needs(Rights.Read).WithName("sources").WithSummary("All sources of limits: when each last spoke, its quality and fallback, what it asks now and why.");

        app.MapPost("/api/sources/{id}/test", async (string id, HttpRequest request) =>
            {
                byte[]? body = await Api.ReadBody(request);
                if (body is null)
                {
                    return Api.Problem(413, "Too large", "", "A test needs less than 16 kB.");
                }

                return await core.Ask(c => c.Sources.Find(id) is { } source ? Answer(source.Test(body)) : NoSource(id));
            })
            .Accepts<object>(isOptional: true, "application/json", "*/*").Produces<SourceTest>().ProducesProblem(404).ProducesProblem(413).ProducesProblem(422)
            .Needs(Rights.Read).WithMetadata(new ChangesNothing()).WithName("testSource").WithSummary("Tries a source end to end, with a body if one is sent, and says what would come of it; nothing changes.");

        app.MapGet("/api/prices", () => core.Ask(c => c.Sources.Price is { } prices ? Results.Ok(new PricesView(prices.CeilingMjPerTh, prices.Why, prices.Intervals)) : NoPrices()))
            .Produces<PricesView>().ProducesProblem(404)
            .Needs(Rights.Read).WithName("prices").WithSummary("The number that prices give now, why, and the intervals.");

        app.MapPut("/api/prices", async (HttpRequest request) =>
            {
                byte[]? body = await Api.ReadBody(request, MaxPrices);
                if (body is null)
                {
                    return Api.Problem(413, "Too large", "", "Prices need less than 4 MB.");
                }

                return await core.Ask(c => c.Sources.Price is { } prices
                    ? AuditTrail.Do(c, request, "prices.set", prices.Id, body, () => new { NumberMjPerTh = prices.CeilingMjPerTh, Intervals = prices.Intervals.Count, prices.Why }, () => Put(prices, body, Api.CallerOf(request, c)))
                    : NoPrices());
            })
            .Accepts<PricesBody>("application/json", "*/*").Produces<PricesView>()
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(422).ProducesProblem(503)
            .Needs(Rights.Operate).WithName("setPrices").WithSummary("Replaces all price intervals. Needs the right to raise.");
    }

    private static IResult Put(PriceSource prices, byte[] body, Caller caller) => prices.Put(body, caller.May(Rights.Raise), out RequestFault? fault) switch
    {
        PriceOutcome.Taken => Results.Ok(new PricesView(prices.CeilingMjPerTh, prices.Why, prices.Intervals)),
        PriceOutcome.Conflict => Api.Problem(409, "Conflict", "", fault!.Sentence),
        PriceOutcome.Forbidden => Api.Problem(403, "Forbidden", "", fault!.Sentence),
        PriceOutcome.JournalDown => Api.Problem(503, "Not available", "", fault!.Sentence),
        _ => Api.Problem(422, "Invalid", fault!.Field, fault.Sentence),
    };

    private static IResult NoPrices() => Api.Problem(404, "No prices", "", "This site has no price source: add price to the configuration.");

    private static IResult Answer(SourceTest test) => test.Fault is { } fault ? Api.Problem(422, "Invalid", fault.Field, fault.Sentence) : Results.Ok(test);

    private static IResult NoSource(string id) => Api.Problem(404, "No such source", "id", "No source '" + id + "' is configured: GET /api/sources lists them.");
}

/// <summary>Prices as the API shows them.</summary>
/// <param name="NumberMjPerTh">Highest number of orders now, mJ/TH; 2^31−1 asks nothing.</param>
/// <param name="Why">Why.</param>
/// <param name="Intervals">The intervals in order.</param>
internal sealed record PricesView(int NumberMjPerTh, string Why, IReadOnlyList<PriceInterval> Intervals);

/// <summary>Body of prices; for the OpenAPI document.</summary>
/// <param name="Intervals">All intervals; those of before are forgotten.</param>
internal sealed record PricesBody(IReadOnlyList<PriceInterval> Intervals);
