using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;

namespace Ballast.Host.Web;

/// <summary>A board that offers a ladder it has learned.</summary>
/// <param name="Board">"pod/board".</param>
/// <param name="Id">Id of the offered ladder.</param>
/// <param name="Fault">Why it is not plausible, or null.</param>
internal sealed record OfferView(string Board, uint Id, string? Fault);

/// <summary>Learned ladders.</summary>
/// <param name="Policy">"manual" waits for an operator, "auto" accepts plausible ones.</param>
/// <param name="Changing">Board whose ladder is being changed now, or null; its nameplate is reserved.</param>
/// <param name="Waiting">Offers that nobody has answered, at most 1,000.</param>
internal sealed record LaddersView(string Policy, string? Changing, IReadOnlyList<OfferView> Waiting);

/// <summary>Maintenance lock-outs and learned ladders.</summary>
internal static class NodeApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        app.MapGet("/api/lockouts", () => core.Ask(c => (IReadOnlyList<Lockout>)[.. c.Dispatcher.Lockouts.All]))
            .Needs(Rights.Read).WithName("lockouts").WithSummary("Maintenance lock-outs with their reasons.");

        app.MapPost("/api/boards/{pod}/{board}/lockout", (string pod, string board, HttpRequest request) => LockOut(core, pod + "/" + board, request))
            .Accepts<SwitchBody>("application/json").Produces<SentView>(202).Problems(403, 404, 409, 413, 415, 422, 503)
            .Needs(Rights.Operate).WithName("lockout").WithSummary("Locks a board out for maintenance, or ends that. Kept over restarts; the host never ends it by itself.");

        app.MapPost("/api/pods/{pod}/lockout", (string pod, HttpRequest request) => LockOut(core, pod, request))
            .Accepts<SwitchBody>("application/json").Produces<SentView>(202).Problems(403, 404, 409, 413, 415, 422, 503)
            .Needs(Rights.Operate).WithName("lockoutPod").WithSummary("Locks all boards of a pod out for maintenance, or ends that. Boards with a lock-out of their own keep it.");

        app.MapGet("/api/ladders", () => core.Ask(c => new LaddersView(
                c.Context.Options.Ladders,
                c.Dispatcher.Ladders.Current,
                [.. c.Dispatcher.Ladders.Waiting.Take(1000).Select(b => new OfferView(b.Name, b.OfferedId, LadderDesk.Fault(b, b.Offered!)))])))
            .Needs(Rights.Read).WithName("ladders").WithSummary("Boards that offer a ladder they have learned.");

        app.MapPost("/api/boards/{pod}/{board}/ladder", (string pod, string board, HttpRequest request) => core.Ask(c => Accept(c, pod + "/" + board, request)))
            .Produces<SentView>(202).Problems(403, 404, 409, 503)
            .Needs(Rights.Operate).WithName("acceptLadder").WithSummary("Accepts the ladder that a board offers. Its nameplate is reserved until the board shows it in use.");
    }

    private static async Task<IResult> LockOut(HostCore core, string node, HttpRequest request)
    {
        (SwitchBody? body, IResult? refusal) = await Api.ReadSwitch(request);
        return refusal ?? await core.Ask(c =>
            c.Context.Tree.Find(node) is not { Kind: NodeKind.Pod or NodeKind.Board } ? NoSuch(node)
            : Refusal(c, request, body!.On ? Rights.Lower : Rights.Raise)
                ?? AuditTrail.Do(c, request, body.On ? "lockout.set" : "lockout.end", node, body, () => c.Dispatcher.Lockouts.All.FirstOrDefault(l => l.Node == node), () => Done(c.Dispatcher.Lockouts.Set(node, body.On, body.Reason))));
    }

    private static IResult Accept(HostCore core, string name, HttpRequest request)
        => core.Context.Fleet.Find(name) is not { } board ? NoSuch(name)
            : Refusal(core, request, Rights.Raise)
                ?? AuditTrail.Do(core, request, "ladder.accept", name, null, () => new { InUse = board.BirthLadderId, Offered = board.OfferedId, core.Dispatcher.Ladders.Current }, () => Done(core.Dispatcher.Ladders.Accept(board)));

    private static IResult? Refusal(HostCore core, HttpRequest request, Rights right)
        => WhoMayWhat.Refusal(Api.CallerOf(request, core), right, "on") is { } fault ? Api.Problem(403, "Forbidden", fault.Field, fault.Sentence)
            : core.Dispatcher.Phase != HostPhase.Leading ? Api.Unavailable(core.Dispatcher.WhyNotLeading ?? "This host does not lead.") : null;

    private static IResult Done(string? fault)
        => fault is null ? Results.Json(new SentView(true), statusCode: 202) : Api.Problem(409, "Conflict", "", fault);

    private static IResult NoSuch(string node)
        => Api.Problem(404, "No such node", "node", "There is no pod or board '" + node + "' in the configuration.");
}
