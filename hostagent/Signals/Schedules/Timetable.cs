using System.Globalization;
using Ballast.Host.Options;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace Ballast.Host.Signals.Schedules;

/// <summary>One time that a schedule holds: from <paramref name="Start"/> on, and no more at <paramref name="End"/>.</summary>
/// <param name="Id">The schedule's id and its local day: the same however often it is worked out.</param>
/// <param name="Start">Start.</param>
/// <param name="End">End.</param>
public sealed record Occurrence(string Id, Instant Start, Instant End);

/// <summary>
/// When a schedule holds, worked out from its text and a zone; it keeps no state. Local times meet the clock changes like this:
/// <code>
///   gap      02:30 does not exist       a start or end there is the instant of the jump
///   overlap  02:30 comes twice          a start is the first of the two, an end by the clock the second: the limit holds longer
///   durationS counts elapsed seconds: two hours are two hours on every day of the year
/// </code>
/// </summary>
public sealed class Timetable
{
    private static readonly string[] DayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private static readonly ZoneLocalMappingResolver AtStart = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);
    private static readonly ZoneLocalMappingResolver AtEnd = Resolvers.CreateMappingResolver(Resolvers.ReturnLater, Resolvers.ReturnStartOfIntervalAfter);

    private readonly string _id;
    private readonly LocalDateTime _start;
    private readonly LocalTime? _endTime;
    private readonly Duration _duration;
    private readonly LocalDate _lastDay;
    private readonly bool[] _days = new bool[7];
    private readonly int _everyWeeks;
    private readonly bool _once;

    private Timetable(ScheduleSection section, LocalDateTime start, LocalTime? endTime, LocalDate? lastDay)
    {
        _id = section.Id;
        _start = start;
        _endTime = endTime;
        _duration = Duration.FromSeconds(section.DurationS ?? 0);
        _everyWeeks = section.EveryWeeks;
        _once = section.Days.Count == 0;
        _lastDay = _once ? start.Date : lastDay ?? LocalDate.MaxIsoValue;
        foreach (string day in section.Days)
        {
            _days[Array.IndexOf(DayNames, day)] = true;
        }
    }

    /// <summary>Reads a section.</summary>
    /// <param name="section">What the configuration says.</param>
    /// <param name="problem">What is wrong with it, with the member's name first; null if nothing is.</param>
    public static Timetable? TryCreate(ScheduleSection section, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(section);
        LocalDateTime start = default;
        LocalTime? endTime = null;
        LocalDate? lastDay = null;
        problem = null;
        if (!TryTime(section.Start, out start))
        {
            problem = "start is '" + section.Start + "': give the first start by the local clock, like 2026-01-05T17:00.";
        }
        else if ((section.DurationS is null) == (section.EndTime is null))
        {
            problem = "durationS or endTime: give one of the two.";
        }
        else if (section.DurationS is { } seconds && seconds is < 1 or > 2_678_400)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"durationS is {section.DurationS}: use 1…2678400 seconds.");
        }
        else if (section.EndTime is { } end && !Into(LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(end), ref endTime))
        {
            problem = "endTime is '" + end + "': give a time of the day like 06:00.";
        }
        else if (section.LastDay is { } last && !Into(LocalDatePattern.Iso.Parse(last), ref lastDay))
        {
            problem = "lastDay is '" + last + "': give a day like 2026-12-31.";
        }
        else if (section.Days.FirstOrDefault(d => !DayNames.Contains(d)) is { } unknown)
        {
            problem = "days has '" + unknown + "': use " + string.Join(", ", DayNames) + ".";
        }
        else if (section.EveryWeeks is < 1 or > 52)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"everyWeeks is {section.EveryWeeks}: use 1…52.");
        }

        return problem is null ? new Timetable(section, start, endTime, lastDay) : null;
    }

    /// <summary>Those that hold at an instant; more than one only if the schedule overlaps itself.</summary>
    public IEnumerable<Occurrence> At(Instant now, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        LocalDate today = now.InZone(zone).Date;
        int back = _endTime is null ? (int)_duration.TotalDays + 2 : 3;
        return From(Latest(today.PlusDays(-back), _start.Date), today.PlusDays(1), zone).Where(o => o.Start <= now && now < o.End);
    }

    /// <summary>The next one that starts after an instant, or null.</summary>
    public Occurrence? Next(Instant now, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        LocalDate first = Latest(now.InZone(zone).Date.PlusDays(-1), _start.Date);
        return From(first, first.PlusDays((7 * _everyWeeks) + 9), zone).FirstOrDefault(o => o.Start > now);
    }

    private static LocalDate Latest(LocalDate a, LocalDate b) => a > b ? a : b;

    private static bool TryTime(string text, out LocalDateTime time)
    {
        LocalDateTime? read = null;
        bool good = Into(LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(text), ref read)
            || Into(LocalDateTimePattern.GeneralIso.Parse(text), ref read);
        time = read ?? default;
        return good;
    }

    private static bool Into<T>(ParseResult<T> parsed, ref T? value)
        where T : struct
    {
        value = parsed.Success ? parsed.Value : null;
        return parsed.Success;
    }

    private IEnumerable<Occurrence> From(LocalDate first, LocalDate last, DateTimeZone zone)
    {
        for (LocalDate day = first; day <= last && day <= _lastDay; day = day.PlusDays(1))
        {
            if (!Holds(day))
            {
                continue;
            }

            LocalDateTime start = day.At(_start.TimeOfDay);
            Instant from = zone.ResolveLocal(start, AtStart).ToInstant();
            Instant to = from + _duration;
            if (_endTime is { } endTime)
            {
                LocalDate endDay = endTime <= _start.TimeOfDay ? day.PlusDays(1) : day;
                to = zone.ResolveLocal(endDay.At(endTime), AtEnd).ToInstant();
            }

            // Start and end in the same gap: nothing is left of it.
            if (to > from)
            {
                yield return new Occurrence(_id + "-" + day.ToString("uuuuMMdd", CultureInfo.InvariantCulture), from, to);
            }
        }
    }

    private bool Holds(LocalDate day)
    {
        if (_once)
        {
            return day == _start.Date;
        }

        int weeks = Period.DaysBetween(Monday(_start.Date), Monday(day)) / 7;
        return day >= _start.Date && _days[(int)day.DayOfWeek - 1] && weeks % _everyWeeks == 0;
    }

    private static LocalDate Monday(LocalDate day) => day.PlusDays(1 - (int)day.DayOfWeek);
}
