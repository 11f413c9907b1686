using System.ComponentModel.DataAnnotations;
using System.Threading.Channels;
using Ballast.Host.Access;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>The live stream, and what it would have said before.</summary>
internal static class LiveApi
{
    // A stream ends after this, and the page opens the next one: so rights that were taken away end too.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    internal static void Map(WebApplication app)
    {
        LiveHub hub = app.Services.GetRequiredService<LiveHub>();

        // The web server waits for open requests before it lets anything else stop.
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        app.MapGet("/api/live", (HttpRequest request) => Stream(hub, request.HttpContext, stopping))
            .Produces<LiveView>(200, "text/event-stream").ProducesProblem(503)
            .Needs(Rights.Read).WithName("live").WithSummary("Server-sent events: the picture of the site each second, the same for all viewers. It ends after ten minutes with the event `end`; open it again.");

        app.MapGet("/api/history", ([FromQuery, Range(1, 86_400)] int? seconds) => hub.History.View(seconds ?? 900))
            .Problems(422).Needs(Rights.Read).WithName("history").WithSummary("Cap, ordered and metered watts of the site: `seconds` back (900), at 1 s for up to an hour and at 15 s for up to a day, since this host was started.");
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
            using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            using CancellationTokenSource timeUp = new(Longest);
            await Write(viewer.Reader, http.Response.Body, timeUp.Token, gone.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The viewer has gone, or the host stops.
        }
        finally
        {
            hub.Leave(viewer);
        }

        return Results.Empty;
    }

    /// <summary>
    /// Writes pictures until the viewer is dropped, or his time is up: then he is told, and comes back at once; a stream that only ended
    /// would look to him like a host that is gone.
    /// </summary>
    /// <exception cref="OperationCanceledException">The viewer has gone, or the host stops.</exception>
    internal static async Task Write(ChannelReader<byte[]> pictures, Stream body, CancellationToken timeUp, CancellationToken gone)
    {
        await Say("retry: 1000\n\n"u8.ToArray());
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(timeUp, gone);
        try
        {
            await foreach (byte[] text in pictures.ReadAllAsync(end.Token))
            {
                await Say(text);
            }
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            await Say("event: end\ndata: {}\n\n"u8.ToArray());
        }

        async Task Say(ReadOnlyMemory<byte> text)
        {
            await body.WriteAsync(text, gone);
            await body.FlushAsync(gone);
        }
    }
}
