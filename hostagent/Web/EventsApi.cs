using System.ComponentModel.DataAnnotations;
using Ballast.Host.Access;
using Ballast.Host.Events;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Wire;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>An event in a list.</summary>
/// <param name="EventId">Id of the event.</param>
/// <param name="LimitId">Id of the limit.</param>
/// <param name="Source">Who set it.</param>
/// <param name="Node">Node.</param>
/// <param name="Class">Class.</param>
/// <param name="Test">True for a drill.</param>
/// <param name="Profile">Response profile, or null.</param>
/// <param name="LimitW">Limit, W.</param>
/// <param name="Reason">Why.</param>
/// <param name="State">State of the event.</param>
/// <param name="Accepted">When the host took it.</param>
/// <param name="Start">Start.</param>
/// <param name="End">End, or null.</param>
/// <param name="EndedBy">What ended it, or null.</param>
public sealed record EventSummary(
    string EventId, string LimitId, string Source, string Node, string Class, bool Test, string? Profile, double LimitW, string Reason, string State,
    DateTimeOffset Accepted, DateTimeOffset Start, DateTimeOffset? End, string? EndedBy);

/// <summary>An event's watts over time.</summary>
/// <param name="EventId">Id of the event.</param>
/// <param name="Accepted">Time that `atS` counts from.</param>
/// <param name="Samples">1 Hz for the first two hours of each phase, then ever coarser; each is the worst of its interval.</param>
public sealed record SeriesView(string EventId, DateTimeOffset Accepted, IReadOnlyList<SampleView> Samples);

/// <summary>A sample.</summary>
/// <param name="AtS">Seconds since acceptance.</param>
/// <param name="CapW">The limit, W; null while watts come back.</param>
/// <param name="OrderedW">What orders allow the node, base and standby included, W.</param>
/// <param name="MeteredW">Metered, or what stands for it, W.</param>
/// <param name="Metered">True: a fresh meter said it. False: the boards' sum.</param>
/// <param name="Settled">True: the settling time was over.</param>
/// <param name="Over">True: over the limit and its tolerance after the settling time (S16).</param>
public sealed record SampleView(int AtS, double? CapW, double OrderedW, double MeteredW, bool Metered, bool Settled, bool Over);

/// <summary>A board of an event.</summary>
/// <param name="Board">"pod/board".</param>
/// <param name="State">pending, ordered, acked, confirmed, drifted, suspect, unavailable or excluded.</param>
/// <param name="Reason">Why it is unavailable or excluded, or "".</param>
/// <param name="AckedAfterMs">From publication to its answer, or null.</param>
/// <param name="ConfirmedAfterMs">From publication to a sample at the ordered watts, or null.</param>
public sealed record EventBoardView(string Board, string State, string Reason, int? AckedAfterMs, int? ConfirmedAfterMs);

/// <summary>Body of an opt-out.</summary>
/// <param name="Target">A pod, or "pod/board".</param>
/// <param name="Reason">Why, for the record; 1 to 200 characters.</param>
internal sealed record OptOutBody(string Target, string Reason);

/// <summary>The part of the REST interface about events.</summary>
internal static class EventsApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();

        app.MapGet("/api/events", (HttpResponse response, [FromQuery] bool? open, [FromQuery, Range(0, int.MaxValue)] int? skip, [FromQuery, Range(1, 500)] int? take) => core.Ask<IReadOnlyList<EventSummary>>(c =>
            {
                response.Headers["Ballast-Ledger-Head"] = c.Context.Journal.Head.ToString();
                return List(c, open == true, skip ?? 0, take ?? 50);
            }))
            .Problems(422).Needs(Rights.Read).WithName("events").WithSummary("Events, the newest first: open ones and those of the journal. open=true leaves out what is over; page with skip and take (50). The header Ballast-Ledger-Head is the head of the ledger at that moment.");

        app.MapGet("/api/events/{id}", async (string id) => await core.Ask(c => c.Context.Events.RecordOf(id)) is { } record ? Results.Ok(record) : NoEvent(id))
            .Produces<EventRecord>().Problems(404)
            .Needs(Rights.Read).WithName("event").WithSummary("The record of an event: what was asked, decided, done and measured.");

        app.MapGet("/api/events/{id}/series", async (string id) => await core.Ask(c => c.Context.Events.RecordOf(id) is { } record
                ? new SeriesView(id, record.Accepted, [.. c.Context.Events.SeriesOf(id).Select(View)])
                : null) is { } view ? Results.Ok(view) : NoEvent(id))
            .Produces<SeriesView>().Problems(404)
            .Needs(Rights.Read).WithName("eventSeries").WithSummary("Limit, ordered and metered watts over the event.");

        app.MapGet("/api/events/{id}/boards", async (string id, [FromQuery] string? state, [FromQuery, Range(0, int.MaxValue)] int? skip, [FromQuery, Range(1, 5000)] int? take) =>
            {
                if (state is not null && !BoardStandings.AllNames.Contains(state))
                {
                    return Api.Invalid(new RequestFault("state", "state must be one of " + string.Join(", ", BoardStandings.AllNames) + "."));
                }

                return await core.Ask(c => Boards(c, id, state, skip ?? 0, take ?? 1000));
            })
            .Produces<IReadOnlyList<EventBoardView>>().Problems(404, 422)
            .Needs(Rights.Read).WithName("eventBoards").WithSummary("Where each board of an active event stands. Filter with state; page with skip and take (1000). Ended events keep counts and exceptions in their record.");

        app.MapPost("/api/events/{id}/optouts", async (string id, HttpRequest request) =>
            {
                (byte[] body, IResult? refusal) = await Body.Read(request);
                if (refusal is not null)
                {
                    return refusal;
                }

                RequestFault? fault = null;
                string target = "";
                string reason = "";
                if (Body.Flat(body, ["target", "reason"], out fault) is { } members)
                {
                    target = Body.Text(members, "target", 80, ref fault);
                    reason = Body.Text(members, "reason", 200, ref fault);
                }

                return fault is not null ? Api.Invalid(fault) : await core.Ask(c =>
                    AuditTrail.Do(c, request, "event.optOut", id, body, () => c.Context.Events.RecordOf(id)?.OptOuts, () => OptOut(c, id, target, reason, Api.CallerOf(request, c))));
            })
            .Accepts<OptOutBody>("application/json").Produces<EventRecord>().Problems(403, 404, 413, 415, 422, 503)
            .Needs(Rights.Operate).WithName("optOut").WithSummary("Takes a pod or board out of an event, with a reason. A pod keeps its order while others can give the watts; a board is only not judged. Never out of an emergency.");
    }

    private static List<EventSummary> List(HostCore core, bool open, int skip, int take)
    {
        IReadOnlyList<EventSummary> live = [.. core.Context.Events.Live.Where(e => e.Limit.IsOpen || !e.Limit.Durable).Select(e => Summary(e.Limit.Entry with { State = EventStates.NameOf(e.Limit.State) })).Reverse()];
        if (open)
        {
            return [.. live.Where(e => e.State is "scheduled" or "active" or "restoring").Skip(skip).Take(take)];
        }

        // The journal pages; what it could not take stands before, and what is open shows its state of now.
        Dictionary<string, EventSummary> now = live.ToDictionary(e => e.EventId);
        HashSet<string> lost = [.. core.Context.Events.Live.Where(e => !e.Limit.Durable).Select(e => e.Limit.Entry.EventId)];
        List<EventSummary> page = [.. live.Where(e => lost.Contains(e.EventId)).Skip(skip).Take(take)];
        int before = Math.Min(skip, lost.Count);
        page.AddRange(core.Context.Journal.Events(skip - before, take - page.Count).Select(e => now.GetValueOrDefault(e.EventId) ?? Summary(e)).Where(e => !lost.Contains(e.EventId)));
        return page;
    }

    internal static EventSummary Summary(JournaledLimit entry) => new(
        entry.EventId,
        entry.Id,
        entry.Source,
        entry.Node,
        OrderClassName.Of(entry.Class),
        entry.Test,
        entry.Profile,
        entry.LimitW,
        entry.Reason,
        entry.State,
        DateTimeOffset.FromUnixTimeMilliseconds(entry.CreatedUtcMs),
        DateTimeOffset.FromUnixTimeMilliseconds(entry.StartUtcMs),
        entry.EndUtcMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        entry.EndedBy);

    internal static SampleView View(SeriesSample sample) => new(
        sample.AtS,
        float.IsFinite(sample.CapW) ? sample.CapW : null,
        Math.Round(sample.OrderedW, 1),
        Math.Round(sample.MeteredW, 1),
        sample.Marks.HasFlag(SampleMarks.Metered),
        sample.Marks.HasFlag(SampleMarks.Settled),
        sample.Marks.HasFlag(SampleMarks.Over));

    private static IResult Boards(HostCore core, string id, string? state, int skip, int take)
    {
        if (core.Context.Events.Find(id)?.Boards is { } boards)
        {
            return Results.Ok((IReadOnlyList<EventBoardView>)
            [
                .. boards.All().Where(b => state is null || BoardStandings.NameOf(b.Standing) == state).Skip(skip).Take(take)
                    .Select(b => new EventBoardView(b.Board.Name, BoardStandings.NameOf(b.Standing), BoardStandings.TextOf(b.Reason), b.AckedMs, b.ConfirmedMs)),
            ]);
        }

        return core.Context.Events.RecordOf(id) is { } record
            ? Api.Problem(404, "Not kept", "id", "Event '" + id + "' is " + record.State + ": boards one by one are kept while it is active; its record has counts and exceptions.")
            : NoEvent(id);
    }

    private static IResult OptOut(HostCore core, string id, string target, string reason, Caller caller)
    {
        if (core.Context.Events.RecordOf(id) is null)
        {
            return NoEvent(id);
        }

        LimitResult result = core.Desk.OptOut(id, target, reason, caller);
        return result.Fault is null ? Results.Ok(core.Context.Events.RecordOf(id)) : Api.Answer(core, result);
    }

    internal static IResult NoEvent(string id) => Api.Problem(404, "No such event", "id", "There is no event '" + id + "': GET /api/events lists them.");
}
