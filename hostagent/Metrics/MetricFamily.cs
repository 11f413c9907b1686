using System.Diagnostics.Metrics;
using System.Text;

namespace Ballast.Host.Metrics;

/// <summary>One instrument as Prometheus sees it: a counter, a gauge or a histogram with its labelled series.</summary>
internal sealed class MetricFamily
{
    private readonly string _help;
    private readonly string _type;
    private readonly double[] _bounds;
    private readonly bool _adds;
    private readonly Dictionary<string, double> _values = [];
    private readonly Dictionary<string, Cell> _cells = [];
    private readonly Lock _gate = new();

    internal MetricFamily(Instrument instrument)
    {
        Type kind = instrument.GetType().GetGenericTypeDefinition();
        bool counter = kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
        _bounds = kind == typeof(Histogram<>) ? [.. ((Histogram<double>)instrument).Advice?.HistogramBucketBoundaries ?? []] : [];
        _type = counter ? "counter" : kind == typeof(Histogram<>) ? "histogram" : "gauge";
        _adds = kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>);
        _help = MetricNames.Help(instrument.Description);
        Name = MetricNames.Of(instrument.Name, instrument.Unit, counter);
        IsObservable = instrument.IsObservable;
        if (_type == "histogram")
        {
            // A histogram shows its zeros from the start, so that rates begin there.
            _cells[""] = new Cell(new long[_bounds.Length + 1]);
        }
    }

    internal string Name { get; }

    internal bool IsObservable { get; }

    /// <summary>Takes a measurement; from any thread.</summary>
    internal void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = MetricNames.Labels(tags);
        lock (_gate)
        {
            if (_type != "histogram")
            {
                _values[labels] = _adds ? _values.GetValueOrDefault(labels) + value : value;
                return;
            }

            if (!_cells.TryGetValue(labels, out Cell? cell))
            {
                _cells[labels] = cell = new Cell(new long[_bounds.Length + 1]);
            }

            int at = 0;
            while (at < _bounds.Length && value > _bounds[at])
            {
                at++;
            }

            cell.Counts[at]++;
            cell.Sum += value;
        }
    }

    /// <summary>Forgets what was observed: a series that is not observed any more is gone.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            _values.Clear();
        }
    }

    internal void Write(StringBuilder text)
    {
        lock (_gate)
        {
            if (_values.Count == 0 && _cells.Count == 0)
            {
                return;
            }

            text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n').Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
            foreach ((string labels, double value) in _values)
            {
                Line(text, "", labels, value);
            }

            foreach ((string labels, Cell cell) in _cells)
            {
                string before = labels.Length == 0 ? "" : labels + ",";
                long below = 0;
                for (int i = 0; i < cell.Counts.Length; i++)
                {
                    below += cell.Counts[i];
                    Line(text, "_bucket", before + "le=\"" + MetricNames.Value(i < _bounds.Length ? _bounds[i] : double.PositiveInfinity) + "\"", below);
                }

                Line(text, "_sum", labels, cell.Sum);
                Line(text, "_count", labels, below);
            }
        }
    }

    private void Line(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(Name).Append(suffix);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(MetricNames.Value(value)).Append('\n');
    }

    private sealed class Cell(long[] counts)
    {
        internal readonly long[] Counts = counts;
        internal double Sum;
    }
}
