using Ballast.Host.Access;
using Ballast.Host.Limits;
using Ballast.Host.Web;

namespace Ballast.Host.Alerts;

/// <summary>Alarms that are followed, and the channels that tell people.</summary>
/// <param name="Alerts">Alarms that are followed now, the gravest first.</param>
/// <param name="Channels">Channels of the configuration.</param>
public sealed record AlertsView(IReadOnlyList<AlertView> Alerts, IReadOnlyList<ChannelView> Channels);

/// <summary>What came of trying the channels.</summary>
/// <param name="Good">True if every one took it.</param>
/// <param name="Channels">Each one.</param>
public sealed record AlertTestView(bool Good, IReadOnlyList<ChannelTestView> Channels);

/// <summary>What came of trying one channel.</summary>
/// <param name="Id">Channel.</param>
/// <param name="Good">True if it took the message.</param>
/// <param name="Sentence">What happened, or what to do.</param>
public sealed record ChannelTestView(string Id, bool Good, string Sentence);

/// <summary>GET /api/alerts and POST /api/alerts/test. Neither needs the loop.</summary>
internal static class AlertsApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static void Map(WebApplication app)
    {
        AlertService alerts = app.Services.GetRequiredService<AlertService>();

        app.MapGet("/api/alerts", () => new AlertsView(alerts.Book.View(), alerts.Channels))
            .Needs(Rights.Read).WithName("alerts").WithSummary("Alarms that are followed, whether people were told, and what the channels did.");

        app.MapPost("/api/alerts/test", async (HttpRequest request) =>
            {
                (byte[] bytes, IResult? refusal) = await Body.Read(request);
                if (refusal is not null)
                {
                    return refusal;
                }

                if (Body.Flat(bytes, ["channel"], out RequestFault? fault) is not { } members || fault is not null)
                {
                    return Api.Invalid(fault!);
                }

                string? channel = null;
                if (members.ContainsKey("channel"))
                {
                    channel = Body.Text(members, "channel", 32, ref fault);
                    if (fault is not null || alerts.Channels.All(c => c.Id != channel))
                    {
                        return Api.Invalid(fault ?? new RequestFault("channel", "There is no such channel: use one of " + string.Join(", ", alerts.Channels.Select(c => c.Id)) + ", or leave channel out for all."));
                    }
                }

                using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
                patience.CancelAfter(Patience);
                try
                {
                    ChannelTestView[] tried = [.. (await alerts.Test(channel, patience.Token)).Select(t => new ChannelTestView(t.Id, t.Delivery.Good, t.Delivery.Sentence))];
                    return tried.Length > 0
                        ? Results.Ok(new AlertTestView(tried.All(t => t.Good), tried))
                        : Api.Problem(409, "Conflict", "", "No channel is configured: add alerts.webhooks or alerts.mail to the configuration, then restart the host.");
                }
                catch (OperationCanceledException)
                {
                    return Api.Unavailable("A channel did not answer within " + Patience.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture) + " s: GET /api/alerts shows which.");
                }
            })
            .Accepts<AlertTestBody>("application/json").Produces<AlertTestView>().Problems(403, 409, 413, 415, 422, 503)
            .Needs(Rights.Operate).WithName("testAlerts").WithSummary("Sends a test message over all channels, or one, and says what came of it. Nothing else changes.");
    }
}

/// <summary>Which channel to try.</summary>
/// <param name="Channel">Its id; left out for all.</param>
public sealed record AlertTestBody(string? Channel);
