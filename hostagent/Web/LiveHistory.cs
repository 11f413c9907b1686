namespace Ballast.Host.Web;

/// <summary>The site's watts in one second.</summary>
/// <param name="UtcS">Seconds since 1970.</param>
/// <param name="CapW">Cap, W; NaN for none.</param>
/// <param name="OrderedW">What orders allow, base and standby included, W.</param>
/// <param name="MeteredW">Metered, or what stands for it, W.</param>
/// <param name="Metered">True: a fresh meter said it.</param>
internal readonly record struct LiveSample(long UtcS, float CapW, float OrderedW, float MeteredW, bool Metered);

/// <summary>Cap, ordered and metered watts of the site over time, as columns of equal length, oldest first.</summary>
/// <param name="EveryS">Seconds between samples; where some are missing, the host did not run or its loop stood.</param>
/// <param name="At">Seconds since 1970.</param>
/// <param name="CapW">Cap, W; null for none. The lowest of the interval.</param>
/// <param name="OrderedW">What orders allow, W. The highest of the interval.</param>
/// <param name="MeteredW">Metered, or what stands for it, W. The highest of the interval.</param>
/// <param name="Metered">True: a fresh meter said it in the whole interval.</param>
public sealed record HistoryView(int EveryS, IReadOnlyList<long> At, IReadOnlyList<double?> CapW, IReadOnlyList<double> OrderedW, IReadOnlyList<double> MeteredW, IReadOnlyList<bool> Metered);

/// <summary>
/// What the site did lately: an hour in seconds and a day in steps of 15 s, each the worst of its interval (the lowest cap, the highest
/// watts). In memory and of fixed size; a restarted host begins anew, the record of events is in the ledger. One writer, any readers.
/// </summary>
internal sealed class LiveHistory
{
    private const int StepS = 15;

    private readonly Lock _lock = new();
    private readonly Ring _seconds = new(3600);
    private readonly Ring _steps = new(86_400 / StepS);

    /// <summary>Takes the sample of a second. One that is not later than the last (the clock was set back) begins the history anew.</summary>
    internal void Add(in LiveSample sample)
    {
        lock (_lock)
        {
            if (_seconds.Last is { } last && sample.UtcS <= last.UtcS)
            {
                if (sample.UtcS == last.UtcS)
                {
                    return;
                }

                _seconds.Clear();
                _steps.Clear();
            }

            _seconds.Add(sample);
            if (_steps.Last is { } step && step.UtcS == Floor(sample.UtcS))
            {
                _steps.Last = new LiveSample(step.UtcS, Lower(step.CapW, sample.CapW), Math.Max(step.OrderedW, sample.OrderedW), Math.Max(step.MeteredW, sample.MeteredW), step.Metered && sample.Metered);
            }
            else
            {
                _steps.Add(sample with { UtcS = Floor(sample.UtcS) });
            }
        }
    }

    /// <summary>The last seconds: at 1 s up to an hour, at 15 s above.</summary>
    internal HistoryView View(int seconds)
    {
        lock (_lock)
        {
            bool fine = seconds <= 3600;
            Ring ring = fine ? _seconds : _steps;
            List<LiveSample> samples = [.. ring.From((ring.Last?.UtcS ?? 0) - seconds)];
            return new HistoryView(
                fine ? 1 : StepS,
                [.. samples.Select(s => s.UtcS)],
                [.. samples.Select(s => float.IsFinite(s.CapW) ? Round(s.CapW) : (double?)null)],
                [.. samples.Select(s => Round(s.OrderedW))],
                [.. samples.Select(s => Round(s.MeteredW))],
                [.. samples.Select(s => s.Metered)]);
        }
    }

    private static double Round(float watts) => Math.Round(watts, 1);

    private static long Floor(long utcS) => utcS - (utcS % StepS);

    private static float Lower(float a, float b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : Math.Min(a, b);

    private sealed class Ring(int size)
    {
        private readonly LiveSample[] _all = new LiveSample[size];
        private int _next;
        private int _count;

        internal LiveSample? Last
        {
            get => _count == 0 ? null : _all[(_next + size - 1) % size];
            set => _all[(_next + size - 1) % size] = value!.Value;
        }

        internal void Add(in LiveSample sample)
        {
            _all[_next] = sample;
            _next = (_next + 1) % size;
            _count = Math.Min(_count + 1, size);
        }

        internal void Clear() => _count = 0;

        internal IEnumerable<LiveSample> From(long utcS)
        {
            for (int i = 0; i < _count; i++)
            {
                LiveSample sample = _all[(_next + size - _count + i) % size];
                if (sample.UtcS > utcS)
                {
                    yield return sample;
                }
            }
        }
    }
}
