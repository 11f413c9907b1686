using Ballast.Host.Events;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Events;

/// <summary>How an event's seconds are judged (S16), one second at a time: reliability, 200 W.</summary>
public sealed class ComplianceTests
{
    private readonly ToySite _site;
    private readonly ActiveLimit _limit;
    private readonly SiteEvent _event;
    private readonly long _orderedMs;

    public ComplianceTests()
    {
        _site = new ToySite(4, 1, change: o => o with { Meter = o.Meter with { ClassErrorPercent = 1 } });
        _limit = new ActiveLimit(
            new JournaledLimit { EventId = "e", Id = "a", Source = "rest", Node = "site", Class = OrderClass.Reliability, LimitW = 200, StartUtcMs = _site.Time.GetUtcNow().ToUnixTimeMilliseconds() },
            _site.Context.Tree.Site,
            EventState.Active);
        _event = new SiteEvent(_site.Context, _limit, _site.Context.Clock.NowMs, null);
        _orderedMs = _site.Context.Clock.NowMs;
        _limit.OrderedAtMs = _orderedMs;
    }

    private Compliance Judged => _event.Record(binds: true).Compliance;

    private void Second(long afterMs, double watts, bool believed = true, bool binds = true, double floorW = 0)
        => _event.Hold(new NodeSecond(_orderedMs + afterMs, true, watts, _orderedMs + afterMs, true, believed, true, 0, floorW, 0), binds);

    [Fact]
    public void S16_seconds_count_from_the_class_delay_on()
    {
        Second(5_000, 500);
        Assert.Equal((0, 0), (Judged.JudgedS, Judged.OverS));
        Second(5_001, 500);
        Assert.Equal((1, 1), (Judged.JudgedS, Judged.OverS));
    }

    [Theory]
    [InlineData(206.06, 0)]
    [InlineData(206.07, 1)]
    public void S16_two_percent_and_the_meters_class_error_are_allowed(double watts, int over)
    {
        Second(6_000, watts);
        Assert.Equal((1, over), (Judged.JudgedS, Judged.OverS));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void S16_the_floor_excuses_only_where_the_cap_cannot_be_reached(bool unreachable, int over)
    {
        _limit.Unreachable = unreachable;
        Second(6_000, 300, floorW: 300);
        Assert.Equal(over, Judged.OverS);
    }

    [Fact]
    public void S16_the_worst_second_is_kept_and_not_the_last()
    {
        Second(6_000, 304);
        Second(7_000, 254);
        Assert.Equal(2, Judged.OverS);
        Assert.Equal(304 - 204 - 3.04, Judged.WorstOverW, 6);
    }

    [Fact]
    public void S17_a_second_without_a_value_to_believe_is_neither_kept_nor_broken()
    {
        Second(6_000, 500, believed: false);
        Assert.Equal((0, 0, 1), (Judged.JudgedS, Judged.OverS, Judged.UnmeteredS));
        Assert.Null(_limit.ConfirmedAtMs);
    }

    [Fact]
    public void Seconds_in_which_a_lower_limit_binds_are_not_its_own()
    {
        Second(6_000, 500, binds: false);
        Assert.Equal((0, 0, 1), (Judged.JudgedS, Judged.OverS, Judged.NotBindingS));
    }

    [Fact]
    public void Only_a_sample_taken_after_the_order_confirms()
    {
        Second(0, 150);
        Assert.Null(_limit.ConfirmedAtMs);
        Second(1, 150);
        Assert.Equal(_orderedMs + 1, _limit.ConfirmedAtMs);
    }

    [Fact]
    public void An_event_that_was_never_seen_reached_or_was_broken_is_not_called_kept()
    {
        Assert.Equal(EventState.CompletedUnproven, _event.Verdict);
        _limit.Unreachable = true;
        Assert.Equal(EventState.Completed, _event.Verdict);
        _limit.Unreachable = false;
        Second(4_000, 150);
        Assert.Equal(EventState.Completed, _event.Verdict);
        Second(6_000, 500);
        Assert.Equal(EventState.CompletedWithFailures, _event.Verdict);
    }

    [Fact]
    public void Who_opts_out_twice_is_out_once_for_the_last_reason()
    {
        _event.OptOut(new OptOut("p1", "heat", "rest", _site.Time.GetUtcNow()));
        _event.OptOut(new OptOut("p1", "repair", "rest", _site.Time.GetUtcNow()));
        Assert.Equal("repair", Assert.Single(_event.OptOuts).Reason);
    }

    [Fact]
    public void Times_of_answer_are_those_of_the_boards_that_had_to_shed()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult taken = site.Limit(0.9 * site.FullW);
        site.Run(60);
        EventRecord record = site.Context.Events.RecordOf(taken.Limit!.Entry.EventId)!;
        Assert.InRange(record.Decision!.BoardsShed, 1, 23);
        Assert.Equal(record.Decision.BoardsShed, record.Response.BoardsConfirmed!.Boards);
    }
}
