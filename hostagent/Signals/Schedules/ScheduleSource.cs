using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using NodaTime;

namespace Ballast.Host.Signals.Schedules;

/// <summary>
/// A schedule. It makes one limit for each occurrence, under the occurrence's own id, so that a restart, a step of the clock or new zone
/// rules find the same event and never a second one (F15, F17).
/// </summary>
public sealed class ScheduleSource : Source
{
    // Less than this left is not worth a fall: a leap second or a small NTP step at the end would only blink.
    private static readonly Duration ShortestRest = Duration.FromSeconds(2);

    private readonly ScheduleSection _section;
    private readonly Timetable _timetable;
    private readonly ZoneBook _zones;
    private readonly LimitDesk _desk;
    private readonly Dictionary<string, long> _ends = [];
    private readonly string _releasedName;
    private string _released = "";

    internal ScheduleSource(ScheduleSection section, ZoneBook zones, DispatchContext context, LimitDesk desk)
        : base(section.Id, "schedule", context)
    {
        _section = section;
        _timetable = Timetable.TryCreate(section, out string? problem) ?? throw new ArgumentException(problem, nameof(section));
        _zones = zones;
        _desk = desk;
        _releasedName = "released/" + section.Id;
    }

    private Instant Now => Instant.FromDateTimeOffset(Context.Clock.UtcNow);

    private DateTimeZone Zone => _zones.Zones[_section.Zone];

    /// <inheritdoc/>
    public override void Start(JournaledState journaled)
    {
        ArgumentNullException.ThrowIfNull(journaled);
        base.Start(journaled);
        _released = journaled.Values.GetValueOrDefault(_releasedName, "");
        foreach (ActiveLimit limit in Context.Limits.Open.Where(l => l.Entry.Source == Id && l.State != EventState.Restoring))
        {
            _ends[limit.Entry.Id] = limit.Entry.EndUtcMs ?? 0;
        }
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        Instant now = Now;
        foreach (Occurrence occurrence in _timetable.At(now, Zone))
        {
            Keep(occurrence, now);
        }
    }

    /// <inheritdoc/>
    public override SourceView View()
    {
        SourceView view = WithLimits(Common(SourceQuality.Idle), l => l.Entry.Source == Id) with { Node = _section.Node, MayRaise = true };
        return view.NextChange is not null ? view : view with { NextChange = _timetable.Next(Now, Zone)?.Start.ToDateTimeOffset() };
    }

    /// <summary>Body `{"at":"2026-03-29T00:30:00Z"}`; empty is now.</summary>
    public override SourceTest Test(ReadOnlyMemory<byte> body)
    {
        if (!TestBody.TryAt(body, Context.Clock.UtcNow, out DateTimeOffset at, out RequestFault? fault))
        {
            return SourceTest.Refused(fault!);
        }

        Instant then = Instant.FromDateTimeOffset(at);
        Occurrence? holds = _timetable.At(then, Zone).FirstOrDefault();
        Occurrence? next = _timetable.Next(then, Zone);
        string later = next is null ? "It does not come back after that." : Text($"The next one is {next.Id}, from {next.Start} to {next.End}.");
        return holds is null
            ? new SourceTest(true, Text($"It asks nothing at {then}. ") + later)
            : new SourceTest(true, Text($"It asks {_section.LimitW:0} W of {_section.Node} at {then}: {holds.Id}, from {holds.Start} to {holds.End}. ") + later, _section.LimitW);
    }

    private void Keep(Occurrence occurrence, Instant now)
    {
        long end = occurrence.End.ToUnixTimeMilliseconds();
        ActiveLimit? have = Context.Limits.Find(Id, occurrence.Id);
        if (have is { State: EventState.Scheduled or EventState.Active })
        {
            if (have.Entry.EndUtcMs != end)
            {
                Take(occurrence, end);
            }

            return;
        }

        if (have is not null && have.Entry.EndUtcMs != _ends.GetValueOrDefault(occurrence.Id, end) && _released != occurrence.Id)
        {
            // Somebody ended it before its time: that holds for this occurrence, over restarts too.
            _released = occurrence.Id;
            Context.Journal.SaveValue(_releasedName, _released);
        }

        if (_released != occurrence.Id && occurrence.End - now > ShortestRest)
        {
            Take(occurrence, end);
        }
    }

    private void Take(Occurrence occurrence, long end)
    {
        long seconds = (long)(occurrence.End - occurrence.Start).TotalSeconds;
        Dictionary<string, object> body = new()
        {
            ["id"] = occurrence.Id,
            ["class"] = _section.Class,
            ["node"] = _section.Node,
            ["limitW"] = (long)_section.LimitW,
            ["start"] = occurrence.Start.ToString(),
            ["durationS"] = seconds,
            ["reason"] = _section.Reason,
        };
        if (_section.RampUpWPerS is { } ramp)
        {
            body["rampUpWPerS"] = (long)ramp;
        }

        LimitResult result = _desk.Take(JsonSerializer.SerializeToUtf8Bytes(body), Id, mayRaise: true, null, toStandby: true);
        if (result.Limit is null)
        {
            Refuse(result.Fault?.Sentence ?? result.Outcome.ToString());
            return;
        }

        foreach (string old in _ends.Where(e => e.Value < Now.ToUnixTimeMilliseconds() - 86_400_000).Select(e => e.Key).ToList())
        {
            _ends.Remove(old);
        }

        _ends[occurrence.Id] = end;
        Hear();
    }
}
