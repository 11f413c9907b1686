using System.ComponentModel.DataAnnotations;
using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>The REST interface.</summary>
internal static class Api
{
    private const int MaxBody = Body.MaxBytes;

    private static readonly TimeSpan LoopAnswers = TimeSpan.FromSeconds(2);

    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();

        app.MapGet("/api/site", () => core.Ask(ViewMaker.Site)).Needs(Rights.Read).WithName("site").WithSummary("The site now: cap, meter, orders, pods, limits, alarms.");

        app.MapGet("/api/boards", ([FromQuery] string? pod, [FromQuery, Range(0, int.MaxValue)] int? skip, [FromQuery, Range(1, 5000)] int? take) => core.Ask(c => UnknownPod(c, pod)
                ?? Results.Ok((IReadOnlyList<BoardView>)[.. c.Context.Fleet.Boards.Where(b => pod is null || b.Pod.Id == pod).Skip(skip ?? 0).Take(take ?? 1000).Select(b => ViewMaker.Board(c, b))])))
            .Produces<IReadOnlyList<BoardView>>().Problems(422)
            .Needs(Rights.Read).WithName("boards").WithSummary("What each board last said, with quality and age. Filter with pod; page with skip and take (1000).");

        app.MapGet("/api/boards/{pod}/{board}", async (string pod, string board) =>
            await core.Ask(c => c.Context.Fleet.Find(pod + "/" + board) is { } found ? ViewMaker.Board(c, found) : null) is { } view
                ? Results.Ok(view)
                : Problem(404, "No such board", "board", "There is no board '" + pod + "/" + board + "' in the configuration."))
            .Needs(Rights.Read).WithName("board").WithSummary("What one board last said, with quality and age.").Produces<BoardView>().ProducesProblem(404);

        app.MapPost("/api/hold", async (HttpRequest request) =>
            {
                (SwitchBody? body, IResult? refusal) = await ReadSwitch(request);
                return refusal ?? await core.Ask(c => AuditTrail.Do(c, request, body!.On ? "hold.set" : "hold.lift", "site", body, () => new { c.Dispatcher.Held }, () =>
                {
                    if (WhoMayWhat.Refusal(CallerOf(request, c), body!.On ? Rights.Lower : Rights.Raise, "on") is { } fault)
                    {
                        return Problem(403, "Forbidden", fault.Field, fault.Sentence);
                    }

                    bool kept = c.Dispatcher.SetHold(body.On);
                    c.Context.Journal.Note("hold", (body.On ? "set: " : "lifted: ") + body.Reason, c.Context.Clock.UtcNow.ToUnixTimeMilliseconds());
                    return kept || body.On ? Results.Ok(new HoldView(c.Dispatcher.Held, kept)) : Unavailable(c.Context.Journal.Problem ?? "The journal cannot be written.");
                }));
            })
            .Accepts<SwitchBody>("application/json").Produces<HoldView>().Problems(403, 413, 415, 422, 503)
            .Needs(Rights.Operate).WithName("hold").WithSummary("Operator's hold: power may fall, nothing rises until it is lifted. Survives a restart.");

        NodeApi.Map(app);
        BreakerApi.Map(app);

        app.MapGet("/health", () => Health(core, c => Results.Ok(View(c, "up"))))
            .Produces<HealthView>().Problems(503)
            .Open().WithName("health").WithSummary("200 while the host's loop runs.");

        WarmUp warm = app.Services.GetRequiredService<WarmUp>();
        app.MapGet("/health/ready", () => Health(core, c => warm.Done && c.IsConnected && c.Dispatcher.Phase is HostPhase.Leading or HostPhase.Passive
                ? Results.Ok(View(c, "ready"))
                : Unavailable(c.IsConnected ? c.Dispatcher.WhyNotLeading ?? "Starting." : c.Broker.Sentence)))
            .Produces<HealthView>().Problems(503)
            .Open().WithName("ready").WithSummary("200 when the host has rehearsed, the broker is reached and the collection is over.");

        app.MapGet("/health/active", () => Health(core, c => c.Dispatcher.Phase == HostPhase.Leading
                ? Results.Ok(View(c, "active"))
                : Unavailable(c.Dispatcher.WhyNotLeading ?? "This host does not lead.")))
            .Produces<HealthView>().Problems(503)
            .Open().WithName("active").WithSummary("200 while this host commands the boards.");
    }

    private static HealthView View(HostCore core, string status)
        => new(status, core.Dispatcher.Phase.ToString().ToLowerInvariant(), core.IsConnected, core.Context.Sender.Epoch);

    // A loop that stands answers nobody; whoever watches must hear that instead of waiting.
    private static async Task<IResult> Health(HostCore core, Func<HostCore, IResult> ask)
    {
        try
        {
            return await core.Ask(ask).WaitAsync(LoopAnswers);
        }
        catch (TimeoutException)
        {
            return Unavailable("The host's loop has not come round for " + LoopAnswers.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture) + " s: restart the host if this lasts.");
        }
    }

    internal static IResult Problem(int status, string title, string field, string detail)
        => Results.Problem(detail, statusCode: status, title: title, extensions: field.Length > 0 ? new Dictionary<string, object?> { ["field"] = field } : null);

    /// <summary>Gives the framework's own refusals a sentence.</summary>
    internal static void Explain(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= Sentence(context.ProblemDetails.Status);

    /// <summary>Answers with a problem where the framework has only a number, also to whoever asks for HTML.</summary>
    internal static Task ExplainStatus(Microsoft.AspNetCore.Diagnostics.StatusCodeContext context)
        => Results.Problem(Sentence(context.HttpContext.Response.StatusCode), statusCode: context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext);

    private static string? Sentence(int? status)
        => status switch
        {
            400 => "The request is not well formed: a parameter has a wrong type. See /openapi/v1.json.",
            404 => "There is nothing at this address: /openapi/v1.json lists what there is.",
            405 => "This address does not know the method: see /openapi/v1.json.",
            413 => "A request needs less than 16 kB.",
            415 => "Send the body as JSON, with Content-Type: application/json (curl: --json).",
            500 => "The host has an error; nothing was changed by this request. Its log says more.",
            _ => null,
        };

    /// <summary>Refuses a filter that names no pod; null if it names one, or is not there.</summary>
    internal static IResult? UnknownPod(HostCore core, string? pod)
        => pod is null || core.Context.Fleet.FindPod(pod) is not null ? null : Invalid(new RequestFault("pod", "There is no pod of this name: GET /api/tree lists them."));

    internal static IResult Invalid(RequestFault fault) => Problem(422, "Invalid", fault.Field, fault.Sentence);

    internal static IResult Unavailable(string sentence) => new RetryLater(Problem(503, "Not available", "", sentence));

    /// <summary>Who asks: the door has found out (<see cref="AccessHandler"/>). The one place where handlers ask for it.</summary>
    internal static Caller CallerOf(HttpRequest request, HostCore core)
    {
        _ = core;
        return request.HttpContext.Features.Get<Identity>()?.Caller ?? WhoMayWhat.Nobody;
    }

    internal static IResult Answer(HostCore core, LimitResult result)
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
            _ => Unavailable(sentence),
        };
    }

    /// <summary>Says which problems an operation answers with.</summary>
    internal static RouteHandlerBuilder Problems(this RouteHandlerBuilder builder, params int[] statuses)
    {
        foreach (int status in statuses)
        {
            builder.ProducesProblem(status);
        }

        return builder;
    }

    internal static async Task<(SwitchBody? Body, IResult? Refusal)> ReadSwitch(HttpRequest request)
    {
        (byte[] bytes, IResult? refusal) = await Body.Read(request);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        RequestFault? fault = null;
        bool on = false;
        string reason = "";
        if (Body.Flat(bytes, ["on", "reason"], out fault) is { } members)
        {
            on = Body.Switch(members, "on", ref fault);
            reason = Body.Text(members, "reason", 200, ref fault);
        }

        return fault is null ? (new SwitchBody(on, reason), null) : (null, Invalid(fault));
    }

    internal static async Task<(ReasonBody? Body, IResult? Refusal)> ReadReason(HttpRequest request)
    {
        (byte[] bytes, IResult? refusal) = await Body.Read(request);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        string reason = Body.Flat(bytes, ["reason"], out RequestFault? fault) is { } members ? Body.Text(members, "reason", 200, ref fault) : "";
        return fault is null ? (new ReasonBody(reason), null) : (null, Invalid(fault));
    }

    internal static async Task<byte[]?> ReadBody(HttpRequest request, int most = MaxBody)
    {
        if (most > MaxBody && request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = most;
        }

        using MemoryStream copy = new();
        byte[] part = new byte[4096];
        int read;
        while ((read = await Next(request, part)) > 0)
        {
            if (read > most || copy.Length + read > most)
            {
                return null;
            }

            copy.Write(part, 0, read);
        }

        return copy.ToArray();
    }

    // The server's own limit answers as this one does.
    private static async Task<int> Next(HttpRequest request, byte[] part)
    {
        try
        {
            return await request.Body.ReadAsync(part);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return int.MaxValue;
        }
    }

    private sealed class RetryLater(IResult inner) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => StatusCodes.Status503ServiceUnavailable;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "5";
            return inner.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>How the host is.</summary>
/// <param name="Status">up, ready or active.</param>
/// <param name="Phase">offline, collecting, leading or passive.</param>
/// <param name="Broker">True while the broker is reached.</param>
/// <param name="Epoch">Epoch that it leads with; 0 if it does not.</param>
public sealed record HealthView(string Status, string Phase, bool Broker, uint Epoch);

/// <summary>The operator's hold.</summary>
/// <param name="Held">True while nothing may rise.</param>
/// <param name="Durable">True if that is on the disk.</param>
public sealed record HoldView(bool Held, bool Durable);

/// <summary>A message to a board.</summary>
/// <param name="Sent">True: it left; the board's state shows when it is done.</param>
public sealed record SentView(bool Sent);
