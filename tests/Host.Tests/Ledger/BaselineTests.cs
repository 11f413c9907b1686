using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Ledger;

/// <summary>Baselines against rules that markets publish; the README of the ledger names the sources. Numbers are worked by hand.</summary>
public sealed class BaselineTests
{
    private static readonly DateOnly EventDay = new(2026, 7, 15);

    [Fact]
    public void Ten_of_ten_averages_the_ten_newest_days_and_adjusts_by_three_of_the_four_hours_before()
    {
        // Event in hours 14…15. Days draw 100, 101 … 109 kW all day; before the event today draws 10 % more than their mean of 104.5.
        LoadDay today = Today(h => h is >= 10 and <= 12 ? 114.95 : h == 13 ? 500 : 20);
        Baseline<HighXOfYInputs> baseline = Make(10, 10, today, Days(12, d => 100 + d), HighXOfY.CaliforniaAdjustment(1));
        Assert.Equal([104.5, 104.5], baseline.UnadjustedKw);
        Assert.Equal(1.1, baseline.Factor, 9);
        Assert.False(baseline.Capped);
        Assert.Equal([114.95, 114.95], baseline.Kw.Select(k => Math.Round(k, 9)));
        Assert.Equal("high-10-of-10", baseline.Method);
        Assert.Equal(10, baseline.Days.Count);
        Assert.Equal(EventDay.AddDays(-1), baseline.Days[0]);
        Assert.Equal(12, baseline.Inputs.Candidates.Count);
    }

    [Theory]
    [InlineData(300, 1.2)]
    [InlineData(10, 0.8)]
    public void The_adjustment_is_capped_at_20_percent(double before, double factor)
    {
        Baseline<HighXOfYInputs> baseline = Make(10, 10, Today(_ => before), Days(10, _ => 100), HighXOfY.CaliforniaAdjustment(1));
        Assert.Equal(factor, baseline.Factor, 9);
        Assert.True(baseline.Capped);
        Assert.Equal(100 * factor, baseline.Kw[0], 9);
    }

    [Fact]
    public void Five_of_ten_takes_the_five_days_with_the_highest_load_in_the_events_hours()
    {
        // New York's and PG&E's choice: of 10 days the 5 highest. 100 … 109: the mean of 105 … 109 is 107.
        Baseline<HighXOfYInputs> baseline = Make(5, 10, Today(_ => 50), Days(10, d => 100 + d), SameDayAdjustment.None);
        Assert.Equal([107.0, 107.0], baseline.Kw);
        Assert.Equal([6, 7, 8, 9, 10], baseline.Days.Select(d => EventDay.DayNumber - d.DayNumber));
    }

    [Fact]
    public void Four_of_five_drops_the_lowest_day_and_adds_the_difference_of_the_hours_before()
    {
        // PJM: of 5 days the lowest is dropped (70), the rest are 80, 90, 100, 110; today draws 5 kW more before the event.
        double[] loads = [90, 70, 110, 80, 100];
        SameDayAdjustment additive = new(AdjustmentKind.Additive, 3, 1, 1);
        Baseline<HighXOfYInputs> baseline = Make(4, 5, Today(_ => 100), Days(5, d => loads[d]), additive);
        Assert.Equal(95, baseline.UnadjustedKw[0], 9);
        Assert.Equal(5, baseline.Factor, 9);
        Assert.Equal(100, baseline.Kw[0], 9);
    }

    [Fact]
    public void Excluded_days_and_days_with_gaps_are_replaced_by_older_ones_and_too_few_days_are_said()
    {
        List<LoadDay> days = Days(12, d => 100 + d);
        days[0] = days[0] with { Kw = [.. days[0].Kw.Select((v, h) => h == 14 ? null : v)] };
        Dictionary<DateOnly, string> excluded = new() { [days[1].Day] = "event" };
        HighXOfYInputs inputs = new(10, 10, Today(_ => 100), 14, 15, days, excluded, SameDayAdjustment.None);
        Assert.Equal(106.5, HighXOfY.Make(inputs).Value!.Kw[0], 9);
        BaselineResult<HighXOfYInputs> few = HighXOfY.Make(inputs with { Candidates = [.. days.Take(11)] });
        Assert.Null(few.Value);
        Assert.Contains("Only 9 eligible days without gaps, 10 are needed", few.WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_inputs_and_gaps_in_the_window_give_a_sentence_and_no_number()
    {
        HighXOfYInputs good = new(10, 10, Today(_ => 100), 14, 15, Days(10, _ => 100), new Dictionary<DateOnly, string>(), HighXOfY.CaliforniaAdjustment(1));
        Assert.NotNull(HighXOfY.Make(good).Value);
        Assert.Null(HighXOfY.Make(good with { X = 11 }).Value);
        Assert.Null(HighXOfY.Make(good with { First = 3, Last = 4 }).Value);
        Assert.Null(HighXOfY.Make(good with { Last = 13 }).Value);
        Assert.Contains("gap", HighXOfY.Make(good with { EventDay = Today(h => h == 11 ? double.NaN : 100) }).WhyNot, StringComparison.Ordinal);
        Assert.Contains("no load", HighXOfY.Make(good with { Candidates = Days(10, _ => 0) }).WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_day_3_plus_2_uses_the_hours_of_PJMs_published_example()
    {
        // PJM's example: an event in hours ending 13 to 17 is measured against hours ending 9 to 11 and 19 to 20. Index = hour ending - 1.
        SameDayInputs inputs = new(Today(h => h is 8 or 9 or 10 ? 90 : h is 18 or 19 ? 100 : 7), 12, 16, 3, 1, 2, 1);
        Assert.Equal([9, 10, 11, 19, 20], SameDay.Used(inputs).Select(i => i + 1));
        Baseline<SameDayInputs> baseline = SameDay.Make(inputs).Value!;
        Assert.Equal(5, baseline.Kw.Count);
        Assert.All(baseline.Kw, kw => Assert.Equal(94, kw, 9));
        Assert.Equal("meter-before-after", baseline.Method);
    }

    [Fact]
    public void CenterPoints_published_example_averages_one_hour_of_five_business_days()
    {
        // Event on Friday, July 18, 2008, 16:00 to 17:00: the hour from 14:00 of that day and of Monday to Thursday before. Here as
        // one series of five days' 14:00 hours, the event's last: the mean of five values.
        SameDayInputs inputs = new(new LoadDay(new DateOnly(2008, 7, 18), [400, 420, 410, 430, 440, 0]), 5, 5, 5, 0, 0, 0);
        Assert.Equal(420, SameDay.Make(inputs).Value!.Kw[0], 9);
        Assert.Equal("meter-before", SameDay.Make(inputs).Value!.Method);
    }

    [Fact]
    public void Meter_before_refuses_a_gap_and_a_window_outside_the_day()
    {
        SameDayInputs inputs = new(Today(_ => 100), 12, 13, 2, 0, 0, 0);
        Assert.Equal([100.0, 100.0], SameDay.Make(inputs).Value!.Kw);
        Assert.Contains("gap", SameDay.Make(inputs with { Day = Today(h => h == 11 ? double.NaN : 100) }).WhyNot, StringComparison.Ordinal);
        Assert.Contains("outside", SameDay.Make(inputs with { Before = 13 }).WhyNot, StringComparison.Ordinal);
        Assert.Contains("outside", SameDay.Make(inputs with { After = 20 }).WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void A_control_group_scales_what_it_did_and_says_how_sure_that_is()
    {
        // Control boards drew 1.0 and 3.0 kW and then half of it; the others drew 400 kW before: they would have drawn 200.
        ControlGroupInputs inputs = new([1, 3], [[1, 3], [0.5, 1.5]], 400);
        Baseline<ControlGroupInputs> baseline = ControlGroup.Make(inputs, out double error).Value!;
        Assert.Equal([400.0, 200.0], baseline.Kw);
        Assert.Equal(0, error, 9);

        // One board doing otherwise: ratio 3/4, residuals ±0.25·… by hand: r = 0.75, d = (0.25, -0.25), s = sqrt(2·0.125)/4/0.75.
        Assert.Equal([300.0], ControlGroup.Make(new ControlGroupInputs([1, 3], [[1, 2]], 400), out error).Value!.Kw);
        Assert.Equal(Math.Sqrt(2 * 0.125) / 4 / 0.75, error, 9);
        Assert.Null(ControlGroup.Make(new ControlGroupInputs([1], [[1]], 400), out _).Value);
    }

    private static Baseline<HighXOfYInputs> Make(int x, int y, LoadDay today, List<LoadDay> days, SameDayAdjustment adjustment)
        => HighXOfY.Make(new HighXOfYInputs(x, y, today, 14, 15, days, new Dictionary<DateOnly, string>(), adjustment)).Value!;

    private static LoadDay Today(Func<int, double> kw) => new(EventDay, [.. Enumerable.Range(0, 24).Select(h => (double?)kw(h))]);

    private static List<LoadDay> Days(int count, Func<int, double> kw)
        => [.. Enumerable.Range(0, count).Select(d => new LoadDay(EventDay.AddDays(-1 - d), [.. Enumerable.Repeat((double?)kw(d), 24)]))];
}
