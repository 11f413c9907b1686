using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>The REST interface.</summary>
internal static class Api
{
    private const int MaxBody = 16 * 1024;

    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        string source = "rest";

        app.MapGet("/api/site", () => core.Ask(ViewMaker.Site)).WithName("site").WithSummary("The site now: cap, meter, orders, pods, limits, alarms.");

        app.MapGet("/api/boards", ([FromQuery] string? pod, [FromQuery] int? skip, [FromQuery] int? take) => core.Ask(c => (IReadOnlyList<BoardView>)
            [.. c.Context.Fleet.Boards.Where(b => pod is null || b.Pod.Id == pod).Skip(Math.Max(0, skip ?? 0)).Take(Math.Clamp(take ?? 1000, 1, 5000)).Select(b => ViewMaker.Board(c, b))]))
            .WithName("boards").WithSummary("What each board last said, with quality and age. Filter with pod; page with skip and take (1000).");

        app.MapGet("/api/boards/{pod}/{board}", async (string pod, string board) =>
            await core.Ask(c => c.Context.Fleet.Find(pod + "/" + board) is { } found ? ViewMaker.Board(c, found) : null) is { } view
                ? Results.Ok(view)
                : Problem(404, "No such board", "board", "There is no board '" + pod + "/" + board + "' in the configuration."))
            .WithName("board").WithSummary("One board.").Produces<BoardView>().ProducesProblem(404);

        app.MapGet("/api/limits", () => core.Ask(c => (IReadOnlyList<LimitView>)[.. c.Context.Limits.All.Select(ViewMaker.Limit)]))
            .WithName("limits").WithSummary("All limits of this run, the newest last.");

        app.MapPost("/api/limits", async (HttpRequest request) =>
            {
                byte[]? body = await ReadBody(request);
                if (body is null)
                {
                    return Problem(413, "Too large", "", "A limit needs less than 16 kB.");
                }

                string? key = request.Headers["Idempotency-Key"].FirstOrDefault();
                if (key is { Length: 0 or > 128 })
                {
                    return Problem(422, "Invalid", "Idempotency-Key", "Idempotency-Key must have 1 to 128 characters.");
                }

                return await core.Ask(c => Answer(c, c.Desk.Take(body, source, c.Context.Options.Http.MayRaise, key)));
            })
            .Accepts<LimitBody>("application/json").Produces<LimitView>(201).Produces<LimitView>(200).Produces<LimitView>(202)
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503)
            .WithName("setLimit").WithSummary("Sets or releases a limit (contract section 6). Send an Idempotency-Key to make a repeat safe.");

        app.MapDelete("/api/limits/{id}", (string id) => core.Ask(c => Answer(c, c.Desk.Release(id, source, c.Context.Options.Http.MayRaise))))
            .Produces<LimitView>(200).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503)
            .WithName("releaseLimit").WithSummary("Ends a limit; power comes back by the site's ramp. Needs the right to raise.");

        app.MapPost("/api/hold", (SwitchBody body) => core.Ask(c =>
            {
                bool kept = c.Dispatcher.SetHold(body.On);
                c.Context.Journal.Note("hold", (body.On ? "set: " : "lifted: ") + body.Reason, c.Context.Clock.UtcNow.ToUnixTimeMilliseconds());
                return kept || body.On ? Results.Ok(new { held = c.Dispatcher.Held }) : Problem(503, "Not available", "", c.Context.Journal.Problem ?? "The journal cannot be written.");
            }))
            .WithName("hold").WithSummary("Operator's hold: power may fall, nothing rises until it is lifted. Survives a restart.");

        app.MapPost("/api/boards/{pod}/{board}/lockout", (string pod, string board, SwitchBody body) => core.Ask(c =>
            {
                if (c.Context.Fleet.Find(pod + "/" + board) is not { } found)
                {
                    return Problem(404, "No such board", "board", "There is no board '" + pod + "/" + board + "' in the configuration.");
                }

                c.Context.Journal.Note("lockout", found.Name + (body.On ? " locked: " : " unlocked: ") + body.Reason, c.Context.Clock.UtcNow.ToUnixTimeMilliseconds());
                return c.Dispatcher.LockOut(found, body.On) ? Results.Accepted(null, new { sent = true }) : Problem(503, "Not available", "", c.Dispatcher.WhyNotLeading ?? "The broker is not reached.");
            }))
            .WithName("lockout").WithSummary("Locks a board out for maintenance, or ends that. The host never ends it by itself.");

        app.MapGet("/health", () => core.Ask(c => new { status = "up", phase = c.Dispatcher.Phase.ToString().ToLowerInvariant(), broker = c.IsConnected }))
            .WithName("health").WithSummary("200 while the host's loop runs.");

        app.MapGet("/health/ready", () => core.Ask(c => c.IsConnected && c.Dispatcher.Phase is HostPhase.Leading or HostPhase.Passive
                ? Results.Ok(new { status = "ready" })
                : Problem(503, "Not ready", "", c.IsConnected ? c.Dispatcher.WhyNotLeading ?? "Starting." : c.Broker.Sentence)))
            .WithName("ready").WithSummary("200 when the broker is reached and the collection is over.");

        app.MapGet("/health/active", () => core.Ask(c => c.Dispatcher.Phase == HostPhase.Leading
                ? Results.Ok(new { status = "active", epoch = c.Context.Sender.Epoch })
                : Problem(503, "Not active", "", c.Dispatcher.WhyNotLeading ?? "This host does not lead.")))
            .WithName("active").WithSummary("200 while this host commands the boards.");
    }

    internal static IResult Problem(int status, string title, string field, string detail)
        => Results.Problem(detail, statusCode: status, title: title, extensions: field.Length > 0 ? new Dictionary<string, object?> { ["field"] = field } : null);

    private static IResult Answer(HostCore core, LimitResult result)
    {
        LimitView? view = result.Limit is { } limit ? ViewMaker.Limit(limit) with { Ledger = core.Context.Journal.Head.ToString() } : null;
        string field = result.Fault?.Field ?? "";
        string sentence = result.Fault?.Sentence ?? "";
        return result.Outcome switch
        {
            LimitOutcome.Created => Results.Created("/api/limits/" + view!.Id, view),
            LimitOutcome.Repeated or LimitOutcome.Released => Results.Ok(view),
            LimitOutcome.NotDurable => Results.Json(view, statusCode: 202),
            LimitOutcome.Conflict => Problem(409, "Conflict", field, sentence),
            LimitOutcome.Invalid => Problem(422, "Invalid", field, sentence),
            LimitOutcome.Forbidden => Problem(403, "Forbidden", field, sentence),
            LimitOutcome.NotFound => Problem(404, "Not found", field, sentence),
            _ => new RetryLater(Problem(503, "Not available", field, sentence)),
        };
    }

    internal static async Task<byte[]?> ReadBody(HttpRequest request, int most = MaxBody)
    {
        using MemoryStream copy = new();
        byte[] part = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(part)) > 0)
        {
            if (copy.Length + read > most)
            {
                return null;
            }

            copy.Write(part, 0, read);
        }

        return copy.ToArray();
    }

    private sealed class RetryLater(IResult inner) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "5";
            return inner.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>Body of a limit; for the OpenAPI document, the host reads it field by field.</summary>
/// <param name="V">1.</param>
/// <param name="Op">"set" (default) or "release".</param>
/// <param name="Id">Id; one is drawn if it is left out. The same id replaces an earlier limit.</param>
/// <param name="Class">"economic", "reliability" or "emergency".</param>
/// <param name="Node">"site" (default), a feeder, a pod or "pod/board".</param>
/// <param name="LimitW">Watts, whole.</param>
/// <param name="Start">RFC 3339; now if it is left out.</param>
/// <param name="DurationS">Seconds; until replaced if it is left out.</param>
/// <param name="RampUpWPerS">Rate of the rise afterwards, W/s.</param>
/// <param name="Reason">Text for people.</param>
internal sealed record LimitBody(int? V, string? Op, string? Id, string? Class, string? Node, long? LimitW, DateTimeOffset? Start, long? DurationS, long? RampUpWPerS, string? Reason);

/// <summary>A switch with its reason.</summary>
/// <param name="On">True sets, false lifts.</param>
/// <param name="Reason">Why, for the record.</param>
internal sealed record SwitchBody(bool On, string Reason);
