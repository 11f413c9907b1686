using Ballast.Host.Events;

namespace Ballast.Host.Tests.Events;

/// <summary>What an event's figures are made of: percentiles, and a series that grows coarser.</summary>
public sealed class SeriesTests
{
    [Fact]
    public void Percentiles_are_times_that_were_measured_by_nearest_rank()
    {
        Assert.Null(Percentiles.Of([]));
        Assert.Equal(new Percentiles(1, 7, 7, 7, 7), Percentiles.Of([7]));
        Assert.Equal(new Percentiles(3, 2, 3, 3, 3), Percentiles.Of([3, 1, 2]));
        Assert.Equal(new Percentiles(10, 50, 90, 100, 100), Percentiles.Of([100, 90, 80, 70, 60, 50, 40, 30, 20, 10]));
        Assert.Equal(new Percentiles(200, 100, 180, 198, 200), Percentiles.Of([.. Enumerable.Range(1, 200)]));
    }

    [Fact]
    public void A_coarser_sample_holds_the_worst_of_its_seconds_wherever_they_stand()
    {
        EventSeries series = Coarse();
        series.Add(new SeriesSample(7200, 100, 90, 500, SampleMarks.Metered | SampleMarks.Over));
        series.Add(new SeriesSample(7201, 80, 120, 95, SampleMarks.Settled));
        series.Add(new SeriesSample(7202, 100, 90, 95, SampleMarks.Metered));
        series.Add(new SeriesSample(7203, 100, 90, 95, SampleMarks.Metered));
        series.NextPart(all: true, out _);
        Assert.Equal(
            [new SeriesSample(7200, 80, 120, 500, SampleMarks.Settled | SampleMarks.Over), new SeriesSample(7202, 100, 90, 95, SampleMarks.Metered)],
            series.Samples.Skip(7200));
    }

    [Fact]
    public void A_new_phase_is_seen_by_the_second_again()
    {
        EventSeries series = Coarse();
        series.NewPhase();
        series.Add(new SeriesSample(7200, 100, 90, 95, SampleMarks.Metered));
        series.Add(new SeriesSample(7201, 100, 90, 95, SampleMarks.Metered));
        Assert.Equal([7200, 7201], series.Samples.Skip(7200).Select(s => s.AtS));
    }

    // As many as it keeps at one a second.
    private static EventSeries Coarse()
    {
        EventSeries series = new();
        for (int s = 0; s < EventSeries.PerInterval; s++)
        {
            series.Add(new SeriesSample(s, 100, 90, 95, SampleMarks.Metered));
        }

        return series;
    }
}
