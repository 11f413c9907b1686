using Ballast.Host.Options;
using Ballast.Host.Signals.Schedules;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;

namespace Ballast.Host.Tests.Signals;

/// <summary>When a schedule holds, above all where clocks change (F17).</summary>
public sealed class TimetableTests
{
    private static readonly string[] Every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private static Instant Utc(string text) => InstantPattern.General.Parse(text).Value;

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];

    private static Timetable Make(string start, long? durationS = null, string? endTime = null, string[]? days = null, int everyWeeks = 1, string? lastDay = null)
    {
        ScheduleSection section = new() { Id = "t", Start = start, DurationS = durationS, EndTime = endTime, Days = days ?? [], EveryWeeks = everyWeeks, LastDay = lastDay };
        Timetable? made = Timetable.TryCreate(section, out string? problem);
        Assert.True(made is not null, problem);
        return made;
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00:00Z")] // does not exist: the jump
    [InlineData("Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z")] // comes twice: the first
    [InlineData("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z")] // a gap of 30 minutes
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z")] // an overlap of 30 minutes
    [InlineData("Asia/Karachi", "2026-06-01T17:00", "2026-06-01T12:00:00Z")]
    public void F17_a_start_in_a_gap_is_the_jump_and_in_an_overlap_the_first_and_hours_are_elapsed(string zone, string local, string utc)
    {
        Timetable table = Make(local, durationS: 7200);
        Occurrence only = table.Next(Utc(utc) - Duration.FromTicks(1), Zone(zone))!;
        Assert.Equal((Utc(utc), Utc(utc) + Duration.FromHours(2)), (only.Start, only.End));
        Assert.Empty(table.At(only.Start - Duration.FromTicks(1), Zone(zone)));
        Assert.Equal(only, Assert.Single(table.At(only.Start, Zone(zone))));
        Assert.Single(table.At(only.End - Duration.FromTicks(1), Zone(zone)));
        Assert.Empty(table.At(only.End, Zone(zone)));
        Assert.Null(table.Next(only.Start, Zone(zone)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T22:00", "06:00", "2026-03-28T21:00:00Z", 7)]
    [InlineData("Europe/Berlin", "2026-10-24T22:00", "06:00", "2026-10-24T20:00:00Z", 9)]
    [InlineData("Europe/Berlin", "2026-10-25T01:00", "02:30", "2026-10-24T23:00:00Z", 2.5)] // until the second 02:30
    [InlineData("Europe/Berlin", "2026-03-29T01:00", "02:30", "2026-03-29T00:00:00Z", 1)] // until the jump
    [InlineData("Australia/Lord_Howe", "2026-10-03T22:00", "06:00", "2026-10-03T11:30:00Z", 7.5)]
    [InlineData("Australia/Lord_Howe", "2026-04-04T22:00", "06:00", "2026-04-04T11:00:00Z", 8.5)]
    public void F17_an_end_by_the_clock_makes_the_night_as_long_as_it_is(string zone, string local, string end, string utc, double hours)
    {
        Occurrence only = Make(local, endTime: end).Next(Utc("2026-01-01T00:00:00Z"), Zone(zone)) ?? Make(local, endTime: end).Next(Utc(utc) - Duration.FromHours(1), Zone(zone))!;
        Assert.Equal((Utc(utc), Utc(utc) + Duration.FromHours(hours)), (only.Start, only.End));
    }

    [Fact]
    public void F17_what_lies_inside_a_gap_is_left_out()
        => Assert.Null(Make("2026-03-29T02:15", endTime: "02:45").Next(Utc("2026-03-28T00:00:00Z"), Zone("Europe/Berlin")));

    [Fact]
    public void Weekly_repeats_keep_the_local_hour_over_both_changes_of_the_clock()
    {
        Timetable table = Make("2026-01-05T17:00", durationS: 3600, days: ["mon", "sun"]);
        Instant at = Utc("2026-01-01T00:00:00Z");
        int count = 0;
        while (table.Next(at, Zone("Europe/Berlin")) is { } next && next.Start < Utc("2027-01-01T00:00:00Z"))
        {
            LocalDateTime local = next.Start.InZone(Zone("Europe/Berlin")).LocalDateTime;
            Assert.Equal(new LocalTime(17, 0), local.TimeOfDay);
            Assert.True(local.DayOfWeek is IsoDayOfWeek.Monday or IsoDayOfWeek.Sunday);
            count++;
            at = next.Start;
        }

        Assert.Equal(103, count);
    }

    [Fact]
    public void Every_second_week_counts_from_the_week_of_the_first_and_the_last_day_ends_it()
    {
        Timetable table = Make("2026-01-07T08:00", durationS: 60, days: ["mon", "wed"], everyWeeks: 2, lastDay: "2026-02-04");
        List<string> ids = [];
        Instant at = Utc("2025-12-01T00:00:00Z");
        while (table.Next(at, DateTimeZone.Utc) is { } next)
        {
            ids.Add(next.Id);
            at = next.Start;
        }

        Assert.Equal(["t-20260107", "t-20260119", "t-20260121", "t-20260202", "t-20260204"], ids);
    }

    [Theory]
    [InlineData("tomorrow", 60L, null, null, "start")]
    [InlineData("2026-02-30T10:00", 60L, null, null, "start")]
    [InlineData("2026-01-05T17:00", null, null, null, "durationS or endTime")]
    [InlineData("2026-01-05T17:00", 60L, "18:00", null, "durationS or endTime")]
    [InlineData("2026-01-05T17:00", 0L, null, null, "durationS")]
    [InlineData("2026-01-05T17:00", 2678401L, null, null, "durationS")]
    [InlineData("2026-01-05T17:00", null, "25:00", null, "endTime")]
    [InlineData("2026-01-05T17:00", 60L, null, "monday", "days")]
    public void F7_a_wrong_schedule_is_refused_with_its_member(string start, long? durationS, string? endTime, string? day, string expected)
    {
        ScheduleSection section = new() { Id = "t", Start = start, DurationS = durationS, EndTime = endTime, Days = day is null ? [] : [day] };
        Assert.Null(Timetable.TryCreate(section, out string? problem));
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    /// <summary>
    /// For any zone, week and second: what holds now has started and not ended, hours are elapsed hours, and walking from one to the next
    /// meets each local day once.
    /// </summary>
    [Fact]
    public void F17_every_day_has_one_occurrence_in_every_zone()
    {
        string[] zones = ["Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo", "Asia/Karachi", "UTC"];
        Gen<(string Zone, int Day, int Minute, int Length)> gen = Gen.Elements(zones).SelectMany(z => Gen.Choose(0, 365 * 20).SelectMany(d => Gen.Choose(0, 1439).SelectMany(m => Gen.Choose(60, 86_399).Select(l => (z, d, m, l)))));
        Prop.ForAll(gen.ToArbitrary(), c =>
        {
            DateTimeZone zone = Zone(c.Zone);
            LocalDateTime start = new LocalDate(2010, 1, 1).PlusDays(c.Day).At(new LocalTime(c.Minute / 60, c.Minute % 60));
            Timetable table = Make(start.ToString("uuuu-MM-dd'T'HH:mm", null), durationS: c.Length, days: Every);
            Instant at = zone.AtLeniently(start).ToInstant() - Duration.FromDays(1);
            HashSet<string> seen = [];
            for (int i = 0; i < 12; i++)
            {
                Occurrence next = table.Next(at, zone)!;
                bool good = next.Start > at && seen.Add(next.Id) && next.End - next.Start == Duration.FromSeconds(c.Length)
                    && table.At(next.Start, zone).Contains(next) && table.At(next.End - Duration.FromSeconds(1), zone).Contains(next) && !table.At(next.End, zone).Contains(next);
                if (!good)
                {
                    return false;
                }

                at = next.Start;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261122, 1));
    }
}
