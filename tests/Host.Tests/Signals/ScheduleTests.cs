using System.Text;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Signals.Schedules;
using Ballast.Host.Tests.Sim;
using NodaTime;
using NodaTime.TimeZones;

namespace Ballast.Host.Tests.Signals;

/// <summary>Schedules on a running site: one event for each occurrence, whatever the clock does (F15, F17).</summary>
public sealed class ScheduleTests
{
    private static readonly ScheduleSection Evening = new() { Id = "evening", Start = "2026-03-01T13:00", EndTime = "14:00", Days = ["sun"], LimitW = 200, Zone = "UTC", Reason = "peak" };

    // The toy site starts at 12:00 UTC and needs some minutes to come up.
    private static (ToySite Site, SourceBook Book) At(string time, ScheduleSection? schedule = null)
    {
        ToySite site = new ToySite(change: o => o with { Schedules = [schedule ?? Evening] }).UpAndRunning();
        site.Time.StepUtc(DateTimeOffset.Parse("2026-03-01T" + time + "Z", null) - site.Time.GetUtcNow());
        return (site, Watched(site));
    }

    private static SourceBook Watched(ToySite site)
    {
        SourceBook book = SourceSite.Book(site);
        site.EachSecond = _ =>
        {
            book.Watch();
            book.Tick();
        };
        return book;
    }

    private static IEnumerable<ActiveLimit> Events(ToySite site) => site.Context.Limits.All.Where(l => l.Entry.Source == "evening");

    private static int Open(ToySite site) => Events(site).Count(l => l.State is EventState.Active or EventState.Scheduled);

    [Fact]
    public void A_schedule_holds_from_its_start_to_its_end_and_shows_what_comes()
    {
        (ToySite site, SourceBook book) = At("12:59:50");
        SourceView before = book.Find("evening")!.View();
        Assert.Equal((null, "2026-03-01T13:00:00", true), (before.AsksW, before.NextChange!.Value.UtcDateTime.ToString("s"), before.MayRaise));
        site.Run(8);
        Assert.True(site.PowerW > 0.95 * site.FullW);
        site.Run(32);
        Assert.True(site.PowerW <= 204, "power " + site.PowerW);
        Assert.Equal((200.0, "limit evening-20260301: peak"), (book.Find("evening")!.View().AsksW, book.Find("evening")!.View().Why));
        site.Run(3590);
        Assert.Equal(EventState.Restoring, Events(site).Single().State);
        site.Run(200);
        Assert.True(site.PowerW > 0.95 * site.FullW);
        Assert.Equal(EventState.Completed, Events(site).Single().State);
        Assert.Equal("2026-03-08T13:00:00", book.Find("evening")!.View().NextChange!.Value.UtcDateTime.ToString("s"));
    }

    [Theory]
    [InlineData("12:50:00", 3600)]
    [InlineData("13:10:00", -3600)]
    [InlineData("13:10:00", 3600)]
    [InlineData("13:30:00", -1200)]
    [InlineData("13:59:59", -1)]
    [InlineData("13:00:01", -1)]
    [InlineData("13:00:00", 1)]
    public void F15_clock_steps_there_and_back_make_no_second_event_and_no_watt_comes_back_by_them(string time, int stepS)
    {
        (ToySite site, _) = At(time);
        site.Run(40);
        bool held = Open(site) > 0;
        double before = site.PowerW;
        double high = 0;
        Action<ToySite> step = site.EachSecond!;
        site.EachSecond = s =>
        {
            step(s);
            high = Math.Max(high, s.PowerW);
            Assert.True(Open(s) <= 1);
        };
        site.Time.StepUtc(TimeSpan.FromSeconds(stepS));
        site.Run(30);
        site.Time.StepUtc(TimeSpan.FromSeconds(-stepS));
        site.Run(50);
        Assert.True(!held || high <= Math.Max(204, before + 1), "high " + high);
        site.Time.StepUtc(DateTimeOffset.Parse("2026-03-01T13:40:00Z", null) - site.Time.GetUtcNow());
        site.Run(40);
        Assert.Equal(1, Open(site));
        Assert.True(site.PowerW <= 204, "power " + site.PowerW);
        Assert.Equal("evening-20260301", Assert.Single(Events(site).Select(l => l.Entry.Id).Distinct()));
        Assert.Single(site.Journal.Load().Limits);
    }

    [Fact]
    public void F15_a_leap_second_at_the_end_does_not_blink_the_limit()
    {
        (ToySite site, SourceBook book) = At("13:59:50");
        site.Run(20, () => Events(site).Any() && Open(site) == 0);
        site.Time.StepUtc(TimeSpan.FromSeconds(-1));
        Assert.Equal(59, site.Time.GetUtcNow().Second);
        book.Tick();
        site.Run(3);
        Assert.Equal(0, Open(site));
        Assert.Single(Events(site));
    }

    [Fact]
    public void F15_a_step_of_the_clock_is_said_and_stops_rises_for_a_minute()
    {
        (ToySite site, _) = At("13:10:00");
        site.Run(30);
        site.Time.StepUtc(TimeSpan.FromHours(2));
        site.Run(2);
        Assert.True(site.Context.Alarms.IsUp("clock-step"));
        Assert.Equal(0, Open(site));
        site.Run(50);
        Assert.True(site.PowerW <= 204, "power " + site.PowerW);
        site.Run(250);
        Assert.True(site.PowerW > 0.95 * site.FullW);
        Assert.False(site.Context.Alarms.IsUp("clock-step"));
    }

    [Fact]
    public void A_restart_in_the_middle_neither_doubles_nor_loses_the_event()
    {
        (ToySite site, _) = At("13:10:00");
        site.Run(40);
        site.HostAlive = false;
        site.Run(5);
        site.NewHost();
        Watched(site);
        site.Run(120);
        Assert.Equal(1, Open(site));
        Assert.Single(site.Journal.Load().Limits);
        Assert.True(site.PowerW <= 204);

        // A host that was away at the start finds the event too.
        (ToySite late, _) = At("12:59:00", Evening with { Start = "2026-03-01T13:00" });
        late.EachSecond = null;
        late.HostAlive = false;
        late.Run(90);
        late.NewHost();
        Watched(late);
        late.Run(40);
        Assert.Equal(1, Open(late));
        Assert.True(late.PowerW <= 204);
    }

    [Fact]
    public void An_occurrence_that_somebody_released_stays_released_over_a_restart()
    {
        (ToySite site, _) = At("13:10:00");
        site.Run(40);
        Assert.Equal(LimitOutcome.Released, site.Desk.Release("evening-20260301", "rest", true).Outcome);
        site.Run(300);
        Assert.Equal(0, Open(site));
        Assert.True(site.PowerW > 0.95 * site.FullW);
        site.NewHost();
        Watched(site);
        site.Run(60);
        Assert.Equal(0, Open(site));
    }

    [Fact]
    public void F17_new_zone_rules_move_an_event_that_holds_and_make_no_second_one()
    {
        DateTimeZone before = DateTimeZone.ForOffset(Offset.FromHours(1));
        (ToySite site, SourceBook book) = At("13:10:00", Evening with { Start = "2026-03-01T14:00", EndTime = "15:00", Zone = "Europe/Berlin" });
        book.Zones.Replace(new OneZone("Europe/Berlin", before));
        site.Run(40);
        Assert.Equal("2026-03-01T14:00:00", End(site));
        book.Zones.Replace(new OneZone("Europe/Berlin", DateTimeZone.ForOffset(Offset.FromHoursAndMinutes(0, 30))));
        site.Run(10);

        // By the new rules it is 13:40 there: the hour has not begun, and a change of rules ends nothing that holds.
        Assert.Equal((1, "2026-03-01T14:00:00"), (Open(site), End(site)));
        site.Run(1300);
        Assert.Equal((1, "2026-03-01T14:30:00"), (Open(site), End(site)));
        Assert.Single(Events(site).Select(l => l.Entry.Id).Distinct());
        Assert.True(site.PowerW <= 204);
    }

    [Fact]
    public void F17_a_zone_file_is_read_when_it_changes_and_a_bad_one_changes_nothing()
    {
        string file = Path.GetTempFileName();
        try
        {
            ZoneBook book = new(file);
            Assert.False(book.Refresh());
            Assert.Contains("earlier rules stay", book.Problem, StringComparison.Ordinal);
            Assert.Same(DateTimeZoneProviders.Tzdb, book.Zones);
            using (Stream kept = typeof(TzdbDateTimeZoneSource).Assembly.GetManifestResourceStream("NodaTime.TimeZones.Tzdb.nzd")!)
            using (FileStream copy = File.Create(file))
            {
                kept.CopyTo(copy);
            }

            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            Assert.True(book.Refresh());
            Assert.NotSame(DateTimeZoneProviders.Tzdb, book.Zones);
            Assert.NotNull(book.Zones.GetZoneOrNull("Europe/Berlin"));
            Assert.False(book.Refresh());
            Assert.Null(book.Problem);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_test_tells_what_holds_at_a_time()
    {
        (_, SourceBook book) = At("12:10:00");
        ISource evening = book.Find("evening")!;
        SourceTest then = evening.Test(Encoding.ASCII.GetBytes("{\"at\":\"2026-03-15T13:30:00Z\"}"));
        Assert.Equal((true, 200.0), (then.Good, then.WouldAskW));
        Assert.Contains("evening-20260315", then.Sentence, StringComparison.Ordinal);
        Assert.Contains("asks nothing", evening.Test(default).Sentence, StringComparison.Ordinal);
        Assert.Equal("at", evening.Test(Encoding.ASCII.GetBytes("{\"at\":12}")).Fault!.Field);
        Assert.Empty(Events(At("12:10:00").Site));
    }

    private static string End(ToySite site) => DateTimeOffset.FromUnixTimeMilliseconds(Events(site).Last().Entry.EndUtcMs!.Value).UtcDateTime.ToString("s");

    private sealed class OneZone(string id, DateTimeZone zone) : IDateTimeZoneProvider
    {
        public string VersionId => "test";

        public System.Collections.ObjectModel.ReadOnlyCollection<string> Ids => new([id]);

        public DateTimeZone this[string name] => zone;

        public DateTimeZone GetSystemDefault() => zone;

        public DateTimeZone? GetZoneOrNull(string name) => zone;
    }
}
