using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;

namespace Ballast.Host.Web;

/// <summary>A breaker request.</summary>
/// <param name="Id">Id.</param>
/// <param name="Node">Node whose breaker it is about.</param>
/// <param name="State">waiting, confirmed, refused, lapsed, withdrawn or excluded.</param>
/// <param name="AskedAt">When.</param>
/// <param name="ExpiresAt">When it lapses unless somebody confirms.</param>
/// <param name="Boards">Boards that drew too much, at most 20.</param>
/// <param name="Reason">What the person who answered said, or "".</param>
/// <param name="Told">What a person or the gateway is told to do.</param>
internal sealed record BreakerView(string Id, string Node, string State, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, IReadOnlyList<string> Boards, string Reason, string Told);

/// <summary>Breaker requests: to see, to confirm, to refuse. The host opens no breaker.</summary>
internal static class BreakerApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        app.MapGet("/api/breaker", () => core.Ask(c => (IReadOnlyList<BreakerView>)[.. c.Dispatcher.Breakers.All.Select(View)]))
            .Needs(Rights.Read).WithName("breaker").WithSummary("Breaker requests of this run, the newest last. The host opens nothing: whoever acts on a confirmed one is a person or the plant's gateway.");

        app.MapPost("/api/breaker/{id}/confirm", (string id, HttpRequest request) => Answer(core, id, true, request))
            .Accepts<ReasonBody>("application/json").Produces<BreakerView>().Problems(403, 404, 409, 413, 415, 422, 503)
            .Needs(Rights.Abandon).WithName("confirmBreaker").WithSummary("Confirms a waiting request. It opens nothing; it says that the breaker is to be opened. Needs the right to abandon.");

        app.MapPost("/api/breaker/{id}/refuse", (string id, HttpRequest request) => Answer(core, id, false, request))
            .Accepts<ReasonBody>("application/json").Produces<BreakerView>().Problems(403, 404, 409, 413, 415, 422, 503)
            .Needs(Rights.Abandon).WithName("refuseBreaker").WithSummary("Refuses a waiting request: the breaker stays closed. Needs the right to abandon.");
    }

    private static async Task<IResult> Answer(HostCore core, string id, bool confirm, HttpRequest request)
    {
        (ReasonBody? body, IResult? refusal) = await Api.ReadReason(request);
        return refusal ?? await core.Ask(c =>
        {
            if (c.Dispatcher.Phase != HostPhase.Leading)
            {
                return Api.Unavailable(c.Dispatcher.WhyNotLeading ?? "This host does not lead.");
            }

            BreakerDesk desk = c.Dispatcher.Breakers;
            return desk.Find(id) is null ? Api.Problem(404, "Not found", "id", "No breaker request has the id '" + id + "': GET /api/breaker has those of this run.")
                : AuditTrail.Do(c, request, confirm ? "breaker.confirm" : "breaker.refuse", id, body, () => View(desk.Find(id)!), () => desk.Answer(id, confirm, body!.Reason) is { } fault
                    ? Api.Problem(409, "Conflict", "id", fault)
                    : Results.Ok(View(desk.Find(id)!)));
        });
    }

    internal static BreakerView View(BreakerRequest r) => new(r.Id, r.Node, BreakerDesk.Word(r.State), r.AskedAt, r.ExpiresAt, r.Boards, r.Reason, r.Told);
}
