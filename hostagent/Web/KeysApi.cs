using System.ComponentModel.DataAnnotations;
using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Keys;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>A key of a pod, board or source: everything but the key.</summary>
/// <param name="Node">A pod, "pod/board", or a source.</param>
/// <param name="Kind">pod, board or source.</param>
/// <param name="Kid">Number of the key that signs now.</param>
/// <param name="MadeAt">When it was drawn or taken over; null if it stands in the configuration.</param>
/// <param name="Revoked">When it was revoked; null if it counts.</param>
/// <param name="Rotation">The rotation under way, or null.</param>
public sealed record KeyView(string Node, string Kind, int Kid, DateTimeOffset? MadeAt, DateTimeOffset? Revoked, RotationView? Rotation);

/// <summary>Keys of the site.</summary>
/// <param name="Stored">True if this host has a secret store, without which nothing can be rotated.</param>
/// <param name="Keys">Pods and sources first, then boards.</param>
public sealed record KeysView(bool Stored, IReadOnlyList<KeyView> Keys);

/// <summary>A change of a key.</summary>
/// <param name="Node">A pod, "pod/board", or a source.</param>
/// <param name="Reason">Why; it is kept.</param>
public sealed record KeyBody(string Node, string Reason);

/// <summary>Keys: their numbers and ages, rotation, revocation, swap. No answer ever has a key in it.</summary>
internal static class KeysApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        app.MapGet("/api/keys", ([FromQuery] string? pod, [FromQuery, Range(0, int.MaxValue)] int? skip, [FromQuery, Range(1, 5000)] int? take)
                => core.Ask(c => Api.UnknownPod(c, pod) ?? Results.Ok(new KeysView(c.Dispatcher.Keys.Stored is not null, [.. All(c, pod).Skip(skip ?? 0).Take(take ?? 1000)]))))
            .Produces<KeysView>().Problems(422)
            .Needs(Rights.Read).WithName("keys").WithSummary("Numbers and ages of keys and how far rotations are; never a key. Filter with pod; page with skip and take (1000).");

        Change(app, core, "rotate", (desk, node, who) => desk.Rotate(node, who), "Rotates the key of a pod, of one board or of a source while the site runs.");
        Change(app, core, "drop", (desk, node, who) => desk.Drop(node, who), "The old key of a source that is being rotated counts no more; its first message under the new one does the same.");
        Change(app, core, "revoke", (desk, node, who) => desk.Revoke(node, who), "Revokes a board's key: it is neither heard nor spoken to any more, and its pod's key is rotated without it.");
        Change(app, core, "swap", (desk, node, who) => desk.Swap(node, who), "Draws a new key for the board that takes a place, and rotates its pod's key. 'ballast keys swap' does this and writes the new board's files.");
    }

    private static void Change(WebApplication app, HostCore core, string verb, Func<KeyDesk, string, string, string?> change, string summary)
        => app.MapPost("/api/keys/" + verb, async (HttpRequest request) =>
            {
                (KeyBody? body, IResult? refusal) = await Read(request);
                return refusal ?? await core.Ask(c => Do(c, request, verb, body!, change));
            })
            .Accepts<KeyBody>("application/json").Produces<SentView>(202).Problems(403, 404, 409, 413, 415, 422, 503)
            .Needs(Rights.Admin).WithName(verb + "Key").WithSummary(summary);

    private static IResult Do(HostCore core, HttpRequest request, string verb, KeyBody body, Func<KeyDesk, string, string, string?> change)
    {
        Caller caller = Api.CallerOf(request, core);
        return WhoMayWhat.Refusal(caller, Rights.Admin, "") is { } fault ? Api.Problem(403, "Forbidden", fault.Field, fault.Sentence)
            : core.Context.Tree.Find(body.Node) is not { Kind: NodeKind.Pod or NodeKind.Board } && core.Dispatcher.Keys.Sources.Find(body.Node) is null
                ? Api.Problem(404, "No such node", "node", "There is no pod, board or source '" + body.Node + "': name a pod, \"pod/board\" or a source of this site.")
            : core.Dispatcher.Phase != HostPhase.Leading ? Api.Unavailable(core.Dispatcher.WhyNotLeading ?? "This host does not lead.")
            : AuditTrail.Do(core, request, "key." + verb, body.Node, body, () => Look(core, body.Node), () =>
                change(core.Dispatcher.Keys, body.Node, caller.Name + " (" + body.Reason + ")") is { } problem
                    ? Api.Problem(409, "Conflict", "", problem)
                    : Results.Json(new SentView(true), statusCode: 202));
    }

    private static KeyView? Look(HostCore core, string node)
        => core.Dispatcher.Keys.Sources.Find(node) is { } source
            ? All(core, null).FirstOrDefault(k => k.Kind == "source" && k.Node == source)
            : All(core, node.Split('/')[0]).FirstOrDefault(k => k.Node == node);

    private static async Task<(KeyBody? Body, IResult? Refusal)> Read(HttpRequest request)
    {
        (byte[] bytes, IResult? refusal) = await Body.Read(request);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        string node = "";
        string reason = "";
        if (Body.Flat(bytes, ["node", "reason"], out RequestFault? fault) is { } members)
        {
            node = Body.Text(members, "node", 65, ref fault);
            reason = Body.Text(members, "reason", 200, ref fault);
        }

        return fault is null ? (new KeyBody(node, reason), null) : (null, Api.Invalid(fault));
    }

    private static IEnumerable<KeyView> All(HostCore core, string? pod)
    {
        KeyDesk desk = core.Dispatcher.Keys;
        IEnumerable<PodRecord> pods = core.Context.Fleet.Pods.Where(p => pod is null || p.Id == pod);
        return pods.Select(p => View(desk, p.Id, "pod", SecretSet.OfPod(p.Id), p.Kid))
            .Concat(pod is null ? core.Context.Options.Sources.Select(s => View(desk, s.Id, "source", SecretSet.OfSource(s.Id), desk.Sources.Ring(s.Id)?.Current ?? s.Kid)) : [])
            .Concat(pods.SelectMany(p => p.Boards).Select(b => View(desk, b.Name, "board", SecretSet.OfBoard(b.Name), b.Kid)));
    }

    private static KeyView View(KeyDesk desk, string node, string kind, string ring, int kid)
        => new(node, kind, kid, desk.Stored?.Ring(ring)?.Signing.MadeUtc, desk.Stored?.Ring(ring)?.RevokedUtc, desk.Rotation(ring));
}
