using Ballast.Host.Access;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>The live stream, and what it would have said before.</summary>
internal static class LiveApi
{
    // A stream ends after this, and the browser opens the next one: so rights that were taken away end too.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    internal static void Map(WebApplication app)
    {
        LiveHub hub = app.Services.GetRequiredService<LiveHub>();

        // The web server waits for open requests before it lets anything else stop.
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        app.MapGet("/api/live", (HttpRequest request) => Stream(hub, request.HttpContext, stopping))
            .Produces<LiveView>(200, "text/event-stream").ProducesProblem(503)
            .Needs(Rights.Read).WithName("live").WithSummary("Server-sent events: the picture of the site each second, the same for all viewers. It ends after ten minutes; open it again.");

        app.MapGet("/api/history", ([FromQuery] int? seconds) => hub.History.View(Math.Clamp(seconds ?? 900, 1, 86_400)))
            .Needs(Rights.Read).WithName("history").WithSummary("Cap, ordered and metered watts of the site: `seconds` back (900), at 1 s for up to an hour and at 15 s for up to a day, since this host was started.");
    }

    private static async Task<IResult> Stream(LiveHub hub, HttpContext http, CancellationToken stopping)
    {
        if (hub.Join() is not { } viewer)
        {
            return Api.Unavailable("This host already has " + LiveHub.MostViewers + " viewers, which is as many as it serves.");
        }

        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";

            // A proxy that collects what it passes on would make live values old.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            end.CancelAfter(Longest);
            await http.Response.Body.WriteAsync("retry: 1000\n\n"u8.ToArray(), end.Token);
            await http.Response.Body.FlushAsync(end.Token);
            await foreach (byte[] text in viewer.Reader.ReadAllAsync(end.Token))
            {
                await http.Response.Body.WriteAsync(text, end.Token);
                await http.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The viewer has gone, or his time is up.
        }
        finally
        {
            hub.Leave(viewer);
        }

        return Results.Empty;
    }
}
