using Ballast.Host.Signals;

namespace Ballast.Host.Web;

/// <summary>The part of the REST interface about sources.</summary>
internal static class SourcesApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();

        app.MapGet("/api/sources", () => core.Ask(c => (IReadOnlyList<SourceView>)[.. c.Sources.All.Select(s => s.View())]))
            .WithName("sources").WithSummary("All sources of limits: when each last spoke, its quality and fallback, what it asks now and why.");

        app.MapPost("/api/sources/{id}/test", async (string id, HttpRequest request) =>
            {
                byte[]? body = await Api.ReadBody(request);
                if (body is null)
                {
                    return Api.Problem(413, "Too large", "", "A test needs less than 16 kB.");
                }

                return await core.Ask(c => c.Sources.Find(id) is { } source ? Answer(source.Test(body)) : NoSource(id));
            })
            .Accepts<object>("application/json").Produces<SourceTest>().ProducesProblem(404).ProducesProblem(413).ProducesProblem(422)
            .WithName("testSource").WithSummary("Tries a source end to end, with a body if one is sent, and says what would come of it; nothing changes.");
    }

    private static IResult Answer(SourceTest test) => test.Fault is { } fault ? Api.Problem(422, "Invalid", fault.Field, fault.Sentence) : Results.Ok(test);

    private static IResult NoSource(string id) => Api.Problem(404, "No such source", "id", "No source '" + id + "' is configured: GET /api/sources lists them.");
}
