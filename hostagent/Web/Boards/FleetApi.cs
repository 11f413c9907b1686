using System.ComponentModel.DataAnnotations;
using Ballast.Host.Access;
using Ballast.Host.Events;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web.Boards;

/// <summary>A window of the list of boards.</summary>
/// <param name="At">When the fleet stood so; at most a second ago.</param>
/// <param name="Total">Boards of the site.</param>
/// <param name="Matched">Boards that the filters leave.</param>
/// <param name="Skip">Place of the first row among them.</param>
/// <param name="PowerW">What the matched boards report, W; boards that report nothing are not in it.</param>
/// <param name="OrderedW">What orders allow them, W.</param>
/// <param name="HashGhs">What they hash, GH/s.</param>
/// <param name="Modes">Boards by mode, under the filters pod and text.</param>
/// <param name="States">Boards by state, under the filters pod and text.</param>
/// <param name="Rows">The window.</param>
internal sealed record FleetPage(
    DateTimeOffset At, int Total, int Matched, int Skip, double PowerW, double OrderedW, double HashGhs,
    IReadOnlyDictionary<string, int> Modes, IReadOnlyDictionary<string, int> States, IReadOnlyList<FleetLine> Rows);

/// <summary>A board in the list.</summary>
/// <param name="Board">"pod/board".</param>
/// <param name="Mode">What it says it does; unknown while it is offline.</param>
/// <param name="LimitedBy">Which limit binds on it.</param>
/// <param name="Skip">Why orders do not reach it, or "".</param>
/// <param name="States">What is to be looked at: offline, stale, suspect, lockedOut, unavailable, notAdmitted, latched, offersLadder, resting (it follows its order and waits: between two powers a board rests, and starts at a random moment).</param>
/// <param name="AgeS">Age of its telemetry, s; null if there was none.</param>
/// <param name="PowerW">Measured, W; null while it is not fresh.</param>
/// <param name="OrderedW">What orders allow it, W; null while it is not steered.</param>
/// <param name="EstimateW">What it is believed to draw, W.</param>
/// <param name="HashGhs">Hash rate, GH/s.</param>
/// <param name="ChipC">Hottest chip, °C, or null.</param>
/// <param name="Point">Point of its ladder that it runs at, or null.</param>
internal sealed record FleetLine(
    string Board, string Mode, string LimitedBy, string Skip, IReadOnlyList<string> States, long? AgeS, double? PowerW, double? OrderedW, double EstimateW,
    long HashGhs, double? ChipC, int? Point);

/// <summary>The list of boards, for tables of any length.</summary>
internal static class FleetApi
{
    private const long DayMs = 86_400_000;

    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        FleetIndex index = new(core, app.Services.GetRequiredService<TimeProvider>());
        app.Lifetime.ApplicationStopped.Register(index.Dispose);
        app.MapGet("/api/fleet", (
                [FromQuery] string? mode, [FromQuery] string? pod, [FromQuery] string? state, [FromQuery] string? text,
                [FromQuery] string? sort, [FromQuery] bool? descending, [FromQuery, Range(0, int.MaxValue)] int? skip, [FromQuery, Range(0, 1000)] int? take) =>
                Answer(core, index, new FleetQuery(mode ?? "", pod ?? "", state ?? "", text ?? "", sort ?? "board", descending == true), skip ?? 0, take ?? 200))
            .Produces<FleetPage>().Problems(422)
            .Needs(Rights.Read).WithName("fleet").WithSummary("A window of the list of boards: filter by mode, pod, state and text, sort by a column, page with skip and take (200). Values are at most a second old.");
    }

    private static async Task<IResult> Answer(HostCore core, FleetIndex index, FleetQuery query, int skip, int take)
    {
        if (query.Fault(core.Context.Fleet.Pods) is { } fault)
        {
            return Api.Invalid(fault);
        }

        FleetPicture picture = await index.Take();
        int[] order = index.Order(picture, query);
        return Results.Ok(Page(picture, query, order, skip, take));
    }

    internal static FleetPage Page(FleetPicture picture, FleetQuery query, int[] order, int skip, int take)
    {
        long power = 0;
        long ordered = 0;
        long hash = 0;
        foreach (int place in order)
        {
            ref readonly FleetRow row = ref picture[place];
            power += Math.Max(0, row.PowerMw);
            ordered += Math.Max(0, row.OrderedMw);
            hash += row.HashGhs;
        }

        (Dictionary<string, int> modes, Dictionary<string, int> states) = query.Counts(picture);
        return new FleetPage(
            picture.At, picture.Count, order.Length, skip, power / 1000.0, ordered / 1000.0, hash, modes, states,
            [.. order.Skip(skip).Take(take).Select(i => Line(picture[i]))]);
    }

    private static FleetLine Line(in FleetRow row)
    {
        BoardMarks marks = row.Marks;
        return new FleetLine(
            row.Board.Name,
            BoardWords.Name(row.Mode),
            BoardWords.Name(row.LimitedBy),
            BoardStandings.TextOf(row.Skip),
            marks == BoardMarks.None ? [] : [.. FleetQuery.States.Where(s => (marks & s.Value) != 0).Select(s => s.Key)],
            row.AgeMs < DayMs ? row.AgeMs / 1000 : null,
            row.PowerMw >= 0 ? row.PowerMw / 1000.0 : null,
            row.OrderedMw >= 0 ? row.OrderedMw / 1000.0 : null,
            row.EstimateMw / 1000.0,
            row.HashGhs,
            row.ChipMilliC != BoardReadings.Unknown ? row.ChipMilliC / 1000.0 : null,
            row.Point >= 0 ? row.Point : null);
    }
}
