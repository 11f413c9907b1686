using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>The part of the REST interface about limits.</summary>
internal static class LimitsApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();

        app.MapGet("/api/limits", () => core.Ask(c => (IReadOnlyList<LimitView>)[.. c.Context.Limits.All.Select(ViewMaker.Limit)]))
            .Needs(Rights.Read).WithName("limits").WithSummary("All limits of this run, the newest last; those of earlier runs are at /api/events.");

        app.MapGet("/api/limits/{id}", async (string id) => await core.Ask(c => c.Context.Limits.Find(id) is { } limit ? ViewMaker.Limit(limit) : null) is { } view
                ? Results.Ok(view)
                : Api.Problem(404, "Not found", "id", "No limit with id '" + id + "' is known to this run: GET /api/events has those of earlier ones."))
            .Produces<LimitView>().ProducesProblem(404)
            .Needs(Rights.Read).WithName("limit").WithSummary("One limit, the newest of its id.");

        app.MapPost("/api/limits", async (HttpRequest request) =>
            {
                long receivedMs = core.Context.Clock.NowMs;
                (byte[] body, IResult? refusal) = await Body.Read(request);
                string? key = request.Headers["Idempotency-Key"].FirstOrDefault();
                if (key is { Length: 0 or > 128 })
                {
                    refusal ??= Api.Problem(422, "Invalid", "Idempotency-Key", "Idempotency-Key must have 1 to 128 characters.");
                }

                return refusal ?? await core.Ask(c => Audited(c, request, body, c.Desk.Take(body, Api.CallerOf(request, c), key, receivedMs)));
            })
            .Accepts<LimitBody>("application/json").Produces<LimitView>(201).Produces<LimitView>(200).Produces<LimitView>(202)
            .Problems(403, 404, 409, 413, 415, 422, 503)
            .Needs(Rights.Lower).WithName("setLimit").WithSummary("Sets or releases a limit (contract section 6). Send an Idempotency-Key to make a repeat safe.");

        app.MapPost("/api/limits/preview", async (HttpRequest request, [FromQuery, Range(0, 5000)] int? take) =>
            {
                (byte[] body, IResult? refusal) = await Body.Read(request);
                return refusal ?? await core.Ask(c =>
                {
                    (LimitResult result, DecisionPreview? preview) = c.Desk.Preview(body, Api.CallerOf(request, c));
                    return preview is null ? Api.Answer(c, result) : Results.Ok(PreviewView.Of(preview, take ?? 100));
                });
            })
            .Accepts<LimitBody>("application/json").Produces<PreviewView>().Problems(403, 413, 415, 422, 503)
            .Needs(Rights.Lower).WithMetadata(new ChangesNothing()).WithName("previewLimit").WithSummary("Says what a limit would do: boards, watts, hash rate, who is skipped and why. Nothing changes. `take` boards are named (100, at most 5000).");

        app.MapDelete("/api/limits/{id}", (string id, HttpRequest request) => core.Ask(c =>
                AuditTrail.Do(c, request, "limit.release", id, null, () => Of(c, id), () => Api.Answer(c, c.Desk.Release(id, Api.CallerOf(request, c))))))
            .Produces<LimitView>(200).Problems(403, 404, 503)
            .Needs(Rights.Raise).WithName("releaseLimit").WithSummary("Ends a limit; power comes back by the site's ramp. Needs the right to raise.");

        app.MapPost("/api/limits/{id}/abandon", async (string id, HttpRequest request) =>
            {
                (ReasonBody? body, IResult? refusal) = await Api.ReadReason(request);
                return refusal ?? await core.Ask(c =>
                    AuditTrail.Do(c, request, "limit.abandon", id, body, () => Of(c, id), () => Api.Answer(c, c.Desk.Abandon(id, Api.CallerOf(request, c), body!.Reason))));
            })
            .Accepts<ReasonBody>("application/json").Produces<LimitView>(200).Produces<LimitView>(202).Problems(403, 404, 413, 415, 422, 503)
            .Needs(Rights.Abandon).WithName("abandonLimit").WithSummary("Ends a limit without giving the watts back: an operator's hold keeps power where it is until somebody lifts it. Needs the right to abandon.");

        app.MapGet("/api/profiles", () => core.Ask(c => c.Context.Options.Profiles))
            .Produces<IReadOnlyList<ProfileSection>>()
            .Needs(Rights.Read).WithName("profiles").WithSummary("Named responses that a limit may be asked for by.");
    }

    private static JsonNode? Of(HostCore core, string id) => AuditTrail.Limit(core.Context.Limits.Find(id));

    // A limit that was set or released by its body; a repeat changes nothing.
    private static IResult Audited(HostCore core, HttpRequest request, byte[] body, LimitResult result)
    {
        IResult answer = Api.Answer(core, result);
        if (result.Outcome is LimitOutcome.Created or LimitOutcome.NotDurable or LimitOutcome.Released)
        {
            string what = result.Outcome == LimitOutcome.Released ? "limit.release" : "limit.set";
            AuditTrail.Write(
                core.Context.Journal, request.HttpContext, what, result.Limit!.Entry.Id, AuditTrail.StatusOf(answer), AuditTrail.Asked(body), AuditTrail.Limit(result.Replaced), AuditTrail.Limit(result.Limit));
        }
        else
        {
            AuditTrail.Nothing(request.HttpContext);
        }

        return answer;
    }
}

/// <summary>Body of a limit; for the OpenAPI document, the host reads it field by field.</summary>
/// <param name="V">1.</param>
/// <param name="Op">"set" (default) or "release".</param>
/// <param name="Id">Id; one is drawn if it is left out. The same id replaces an earlier limit.</param>
/// <param name="Profile">A named response from GET /api/profiles; it gives class, scope, ramp and longest duration.</param>
/// <param name="Class">"economic", "reliability" or "emergency"; not needed with a profile.</param>
/// <param name="Node">"site" (default), a feeder, a pod or "pod/board".</param>
/// <param name="LimitW">Watts, whole.</param>
/// <param name="Start">RFC 3339; now if it is left out.</param>
/// <param name="DurationS">Seconds; until replaced if it is left out.</param>
/// <param name="RampUpWPerS">Fastest rise afterwards, W/s; never faster than the site's.</param>
/// <param name="Reason">Text for people.</param>
/// <param name="Test">True for a drill: done like a real one and marked as a test in every record.</param>
internal sealed record LimitBody(
    int? V, string? Op, string? Id, string? Profile, string? Class, string? Node, long? LimitW, DateTimeOffset? Start, long? DurationS, long? RampUpWPerS, string? Reason, bool? Test);

/// <summary>A reason.</summary>
/// <param name="Reason">Why, for the record; 1 to 200 characters.</param>
internal sealed record ReasonBody(string Reason);

/// <summary>A switch with its reason.</summary>
/// <param name="On">True sets, false lifts.</param>
/// <param name="Reason">Why, for the record; 1 to 200 characters.</param>
internal sealed record SwitchBody(bool On, string Reason);
