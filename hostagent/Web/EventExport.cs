using System.Globalization;
using System.Text;
using System.Text.Json;
using Ballast.Host.Access;
using Ballast.Host.Events;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>An event as a file.</summary>
/// <param name="Head">Head of the ledger when it was written, segment/number/hash: the event's records stand before it.</param>
/// <param name="Exported">When.</param>
/// <param name="Event">The record.</param>
/// <param name="Series">Limit, ordered and metered watts.</param>
internal sealed record EventFile(string Head, DateTimeOffset Exported, EventRecord Event, IReadOnlyList<SampleView> Series);

/// <summary>One event for people and their tables, with the head of the ledger.</summary>
internal static class EventExport
{
    private const string Header = "utc,at_s,limit_w,ordered_w,metered_w,metered,settled,over";

    private static readonly JsonSerializerOptions Pretty = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        app.MapGet("/api/events/{id}/export", async (string id, HttpResponse response, [FromQuery] string? format) =>
            {
                if (format is not (null or "json" or "csv"))
                {
                    return Api.Problem(422, "Invalid", "format", "format must be json or csv.");
                }

                EventFile? file = await core.Ask(c => c.Context.Events.RecordOf(id) is { } record
                    ? new EventFile(c.Context.Journal.Head.ToString(), c.Context.Clock.UtcNow, record, [.. c.Context.Events.SeriesOf(id).Select(EventsApi.View)])
                    : null);
                if (file is null)
                {
                    return EventsApi.NoEvent(id);
                }

                response.Headers["Ballast-Ledger-Head"] = file.Head;
                string name = "event-" + file.Event.EventId;
                return format == "csv"
                    ? Results.File(Encoding.UTF8.GetBytes(Csv(file)), "text/csv", name + ".csv")
                    : Results.File(JsonSerializer.SerializeToUtf8Bytes(file, Pretty), "application/json", name + ".json");
            })
            .Produces<EventFile>().Problems(404, 422)
            .Needs(Rights.Read).WithName("exportEvent").WithSummary("One event as a file: format=json is its record and series, csv its series. The head of the ledger comes along, in the header Ballast-Ledger-Head and in the JSON.");
    }

    private static string Csv(EventFile file)
    {
        StringBuilder text = new(Header + "\n");
        foreach (SampleView sample in file.Series)
        {
            text.Append(CultureInfo.InvariantCulture, $"{file.Event.Accepted.AddSeconds(sample.AtS).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{sample.AtS},{sample.CapW},{sample.OrderedW},{sample.MeteredW},")
                .Append(Word(sample.Metered)).Append(',').Append(Word(sample.Settled)).Append(',').Append(Word(sample.Over)).Append('\n');
        }

        return text.ToString();
    }

    private static char Word(bool value) => value ? '1' : '0';
}
