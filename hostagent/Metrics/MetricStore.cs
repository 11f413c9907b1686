using System.Diagnostics.Metrics;
using System.Text;

namespace Ballast.Host.Metrics;

/// <summary>Listens to one meter and writes what it measured in the Prometheus text format.</summary>
public sealed class MetricStore : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<MetricFamily> _families = [];
    private readonly Lock _gate = new();

    /// <summary>Listens from now on, to this meter alone and not to another of its name.</summary>
    public MetricStore(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                MetricFamily family = new(instrument);
                lock (_gate)
                {
                    _families.Add(family);
                }

                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((MetricFamily)state!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>Everything now, in the text format 0.0.4. One scrape at a time.</summary>
    public string Scrape()
    {
        lock (_gate)
        {
            foreach (MetricFamily family in _families)
            {
                if (family.IsObservable)
                {
                    family.Forget();
                }
            }

            _listener.RecordObservableInstruments();
            StringBuilder text = new(64 * 1024);
            foreach (MetricFamily family in _families)
            {
                family.Write(text);
            }

            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
