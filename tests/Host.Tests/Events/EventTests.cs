using Ballast.Host.Events;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Events;

/// <summary>What an event's record says of what was done.</summary>
public sealed class EventTests
{
    private static EventRecord Record(ToySite site, LimitResult result) => site.Context.Events.RecordOf(result.Limit!.Entry.EventId)!;

    [Fact]
    public void An_event_goes_from_scheduled_to_completed_and_its_record_says_when()
    {
        ToySite site = new ToySite().UpAndRunning();
        string start = (site.Time.GetUtcNow() + TimeSpan.FromSeconds(20)).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        LimitResult taken = site.Limit(200, extra: ",\"durationS\":120,\"reason\":\"test\",\"start\":\"" + start + "\"");
        Assert.Equal("scheduled", Record(site, taken).State);
        Assert.Equal(24, Record(site, taken).Boards.GetValueOrDefault("pending") + (Record(site, taken).Boards.Count == 0 ? 24 : 0));
        site.Run(60);
        EventRecord active = Record(site, taken);
        Assert.Equal("active", active.State);
        Assert.True(active.Binds);
        Assert.Equal(24, active.Boards["confirmed"]);
        Assert.InRange(active.Response.PublishedAfterMs!.Value, 0, 200);
        Assert.InRange(active.Response.CapReachedAfterMs!.Value, 1000, 19_000);
        Assert.True(active.Response.BoardsConfirmed!.P50Ms <= active.Response.BoardsConfirmed.P99Ms && active.Response.BoardsConfirmed.MaxMs < 30_000);
        Assert.True(active.Response.BoardsAcked!.Boards > 0 && active.Response.BoardsAcked.MaxMs <= 12_000);
        Assert.True(active.Decision!.ShedW > 150, active.Decision.ToString());
        Assert.Equal(active.Decision.ShedW, active.Decision.Pods.Sum(p => p.FromW - p.ToW), 3);
        Assert.True(active.Decision.Inputs.MeterFresh && active.Decision.Inputs.BoardsSteered == 24);
        site.Run(400);
        EventRecord over = Record(site, taken);
        Assert.Equal("completed", over.State);
        Assert.Equal("its duration is over", over.EndedBy);
        Assert.Equal(["scheduled", "active", "limit reached", "restoring: its duration is over", "completed: its duration is over"], over.History.Select(h => h.Text));
        Assert.Equal(24, over.Boards["confirmed"]);
        Assert.InRange(over.Compliance.JudgedS, 95, 102);
        Assert.Equal(0, over.Compliance.OverS);
        Assert.NotNull(over.Closed);
        IReadOnlyList<SeriesSample> series = site.Context.Events.SeriesOf(over.EventId);
        Assert.InRange(series.Count(s => (s.Marks & SampleMarks.Restoring) == 0), 118, 121);
        Assert.Contains(series, s => (s.Marks & SampleMarks.Restoring) != 0);
        Assert.All(series.Where(s => (s.Marks & SampleMarks.Settled) != 0), s => Assert.True(s.MeteredW <= 204 && s.CapW == 200));
    }

    [Fact]
    public void Confirmation_counts_only_samples_taken_after_the_order()
    {
        ToySite site = new ToySite().UpAndRunning();
        // Already below: a sample from before the order would confirm at once.
        site.Limit(150, id: "low");
        site.Run(60);
        site.MeterWorks = false;
        foreach (ToyBoard board in site.Boards)
        {
            board.Mute = true;
        }

        site.Run(1.5);
        LimitResult taken = site.Limit(300, id: "high");
        site.Run(1.2);
        EventRecord early = Record(site, taken);
        Assert.NotNull(early.Response.PublishedAfterMs);
        Assert.Null(early.Response.CapReachedAfterMs);
        Assert.Equal(0, early.Boards["confirmed"]);
        Assert.Equal(24, early.Boards["ordered"] + early.Boards["acked"]);
        site.MeterWorks = true;
        foreach (ToyBoard board in site.Boards)
        {
            board.Mute = false;
        }

        site.Run(15);
        EventRecord later = Record(site, taken);
        Assert.True(later.Response.CapReachedAfterMs > 1000);
        Assert.Equal(24, later.Boards["confirmed"]);
    }

    [Fact]
    public void F22_boards_stand_as_they_are_unavailable_excluded_suspect_and_drifted()
    {
        ToySite site = new ToySite(change: o => o with { Pods = [.. o.Pods.Select(p => p with { Boards = [.. p.Boards.Select(b => b with { NameplateW = 80 })] })] });
        site.Boards[2].Ladder = Ladder.TryCreate([800, 20_000, 45_000, 70_000], [0, 900, 1500, 2000], 4, out _)!;
        site.UpAndRunning();
        site.GoOffline(site.Boards[0]);
        site.Context.Fleet.Find(site.Boards[1].Name)!.LockedHere = true;
        site.Boards[2].Liar = true;
        LimitResult taken = site.Limit(150);
        site.Run(0.3);
        Assert.Equal(1, Record(site, taken).Decision!.Skipped["offline"]);
        Assert.Contains(Record(site, taken).Decision!.SkippedBoards, b => b.Board == site.Boards[0].Name && b.State == "unavailable");
        site.Run(60);
        EventRecord record = Record(site, taken);
        Assert.Equal(1, record.Boards["suspect"]);
        Assert.Equal(1, record.Boards["unavailable"]);
        Assert.Equal(1, record.Boards["excluded"]);
        Assert.Contains(record.Exceptions, e => e.Board == site.Boards[0].Name && e.State == "unavailable" && e.Reason == "offline");
        Assert.Contains(record.Exceptions, e => e.Board == site.Boards[2].Name && e.State == "suspect");

        ToyBoard drifting = site.Boards.Skip(3).First(b => site.Context.Fleet.Find(b.Name)!.InCurve);
        drifting.ReportFactor = 20;
        site.Run(40, () => Record(site, taken).Boards["drifted"] == 1);
        Assert.Equal(1, Record(site, taken).Boards["drifted"]);
        drifting.ReportFactor = 1;
        site.Run(25);
        Assert.Equal(0, Record(site, taken).Boards["drifted"]);
        site.Desk.Release("a", "rest", true);
        site.Run(300);
        Assert.Equal("completed_with_failures", Record(site, taken).State);
    }

    [Fact]
    public void Overlapping_limits_are_separate_events_and_the_series_belongs_to_the_one_that_binds()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult wide = site.Limit(250, id: "wide");
        site.Run(30);
        LimitResult tight = site.Limit(150, id: "tight", extra: ",\"durationS\":40");
        site.Run(30);
        Assert.True(Record(site, tight).Binds);
        Assert.False(Record(site, wide).Binds);
        int wideBefore = site.Context.Events.SeriesOf(wide.Limit!.Entry.EventId).Count;
        site.Run(5);
        Assert.Equal(wideBefore, site.Context.Events.SeriesOf(wide.Limit.Entry.EventId).Count);
        Assert.InRange(site.Context.Events.SeriesOf(tight.Limit!.Entry.EventId).Count, 34, 37);
        site.Run(60);
        Assert.StartsWith("completed", Record(site, tight).State, StringComparison.Ordinal);
        Assert.Equal("active", Record(site, wide).State);
        Assert.True(site.Context.Events.SeriesOf(wide.Limit.Entry.EventId).Count > wideBefore + 40);
        Assert.InRange(Record(site, wide).Compliance.NotBindingS, 39, 42);
    }

    [Fact]
    public void A_record_survives_a_restart_and_the_event_closes_after_it()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult taken = site.Limit(200, extra: ",\"durationS\":150");
        site.Run(70);
        EventRecord before = Record(site, taken);
        site.HostAlive = false;
        site.Run(3);
        site.NewHost();
        site.Run(40);
        EventRecord after = Record(site, taken);
        Assert.Equal("active", after.State);
        Assert.Equal(before.Response.CapReachedAfterMs, after.Response.CapReachedAfterMs);
        Assert.Equal(before.Decision!.ShedW, after.Decision!.ShedW);
        Assert.Equal(24, after.Boards["confirmed"]);
        Assert.Contains(after.History, h => h.Text == "host restarted");
        site.Run(500);
        EventRecord over = Record(site, taken);
        Assert.Equal("completed", over.State);
        IReadOnlyList<SeriesSample> series = site.Context.Events.SeriesOf(over.EventId);
        Assert.Equal(series.OrderBy(s => s.AtS).Select(s => s.AtS), series.Select(s => s.AtS));
        Assert.True(series.Count > 100, series.Count + " samples");
    }

    [Fact]
    public void A_replaced_limit_is_superseded_and_keeps_its_own_record()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult first = site.Limit(250);
        site.Run(30);
        LimitResult second = site.Limit(150);
        site.Run(30);
        Assert.NotEqual(first.Limit!.Entry.EventId, second.Limit!.Entry.EventId);
        Assert.Equal("superseded", Record(site, first).State);
        Assert.Equal("replaced by event " + second.Limit.Entry.EventId, Record(site, first).EndedBy);
        Assert.Equal(250, Record(site, first).LimitW);
        Assert.Equal("active", Record(site, second).State);
        Assert.Equal("superseded", site.Journal.FindEvent(first.Limit.Entry.EventId)!.State);
    }

    [Fact]
    public void An_emergency_without_an_answer_is_not_called_kept()
    {
        ToySite site = new ToySite().UpAndRunning();
        foreach (ToyBoard board in site.Boards)
        {
            board.Deaf = true;
        }

        LimitResult taken = site.Limit(0, "emergency");
        site.Run(20);
        EventRecord record = Record(site, taken);
        Assert.Null(record.Response.CapReachedAfterMs);
        Assert.True(record.Compliance.OverS > 10);
        Assert.Equal(0, record.Boards["confirmed"]);
        Assert.Equal(OrderClass.Emergency, taken.Limit!.Class);
    }

    [Fact]
    public void A_series_is_one_hertz_for_two_hours_then_ever_coarser_and_keeps_the_worst()
    {
        EventSeries series = new();
        byte[] journal = [];
        for (int s = 0; s < 86_400 * 7; s++)
        {
            series.Add(new SeriesSample(s, 100, 90, s == 86_399 ? 500 : 95, SampleMarks.Metered));
            byte[] part = series.NextPart(all: false, out _);
            journal = part.Length > 0 ? [.. journal, .. part] : journal;
            series.Kept(part.Length);
        }

        Assert.Equal(Enumerable.Range(0, 7200), series.Samples.Take(7200).Select(s => s.AtS));
        Assert.True(series.Samples.Count < 50_000, series.Samples.Count + " samples");
        Assert.Single(series.Samples, s => s.MeteredW == 500);
        Assert.Equal(series.Samples.Take(EventSeries.Read(journal).Count), EventSeries.Read(journal));
    }
}
