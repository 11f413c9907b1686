using System.Diagnostics.Metrics;
using Ballast.Host.Ledger;
using Ballast.Host.Metrics;

namespace Ballast.Host.Tests.Metrics;

/// <summary>What instruments become in the text format, against its description.</summary>
public sealed class MetricStoreTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly MetricStore _store;

    public MetricStoreTests() => _store = new MetricStore(_meter);

    public void Dispose()
    {
        _store.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counters_end_in_total_units_are_spelt_and_other_meters_are_not_heard()
    {
        Counter<long> counter = _meter.CreateCounter<long>("a.messages", "{message}", "Two\nlines and a \\.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "x"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "x"));
        _meter.CreateObservableGauge("a.power", () => 1.5, "W", "Watts.");
        using Meter other = new("test");
        other.CreateObservableGauge("b.power", () => 1.0, "W");
        string text = _store.Scrape();
        PromText read = PromText.Read(text);
        Assert.Equal(5, read["a_messages_total{kind=\"x\"}"]);
        Assert.Equal(1.5, read["a_power_watts"]);
        Assert.Equal(("counter", "gauge", 2), (read.Types["a_messages_total"], read.Types["a_power_watts"], read.Types.Count));
        Assert.Contains("# HELP a_messages_total Two\\nlines and a \\\\.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Label_values_are_escaped()
    {
        _meter.CreateObservableGauge("g", () => new Measurement<double>(1, new KeyValuePair<string, object?>("why", "a \"b\"\\c\nd")));
        Assert.Contains("g{why=\"a \\\"b\\\"\\\\c\\nd\"} 1\n", _store.Scrape(), StringComparison.Ordinal);
        PromText.Read(_store.Scrape());
    }

    [Fact]
    public void Buckets_add_up_and_a_bound_belongs_to_its_bucket()
    {
        Histogram<double> histogram = _meter.CreateHistogram("h", "s", "Times.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        Assert.Equal(0, PromText.Read(_store.Scrape())["h_seconds_count"]);
        double[] values = [0.05, 0.1, 0.5, 7];
        foreach (double value in values)
        {
            histogram.Record(value);
        }

        PromText read = PromText.Read(_store.Scrape());
        Assert.Equal((2, 3, 4, 4), (read["h_seconds_bucket{le=\"0.1\"}"], read["h_seconds_bucket{le=\"1\"}"], read["h_seconds_bucket{le=\"+Inf\"}"], read["h_seconds_count"]));
        Assert.Equal(7.65, read["h_seconds_sum"], 9);
    }

    [Fact]
    public void A_series_that_is_not_observed_any_more_is_gone_and_infinities_have_their_words()
    {
        string pod = "p1";
        _meter.CreateObservableGauge("g", () => new Measurement<double>(double.NegativeInfinity, new KeyValuePair<string, object?>("pod", pod)));
        Assert.Equal(double.NegativeInfinity, PromText.Read(_store.Scrape())["g{pod=\"p1\"}"]);
        pod = "p2";
        Assert.Equal(["g{pod=\"p2\"}"], PromText.Read(_store.Scrape()).Samples.Keys);
    }

    [Fact]
    public void The_timed_journal_passes_every_call_on()
    {
        System.Reflection.InterfaceMapping map = typeof(MeteredJournal).GetInterfaceMap(typeof(IJournal));
        Assert.All(map.TargetMethods, m => Assert.Equal(typeof(MeteredJournal), m.DeclaringType));
    }
}
