namespace Ballast.Host.Ledger;

/// <summary>A pod and its boards, in the order of the configuration.</summary>
public sealed record EnergyPod(string Id, IReadOnlyList<(string Board, EnergyCell Cell)> Boards);

/// <summary>Energy of one pod in one interval, as the ledger keeps it.</summary>
/// <param name="Pod">Pod.</param>
/// <param name="StartUtcMs">Start, UTC ms.</param>
/// <param name="Ms">Length by the monotonic clock, ms.</param>
/// <param name="MWh">Sum of its boards, mWh: of what was measured, nothing is filled in.</param>
/// <param name="Boards">mWh by board; a board without any sample is not in it.</param>
/// <param name="GapMs">Time without a fresh sample by board, ms; a board without gap is not in it.</param>
public sealed record PodEnergy(string Pod, long StartUtcMs, long Ms, long MWh, SortedDictionary<string, long> Boards, SortedDictionary<string, long> GapMs);

/// <summary>Energy of the site in one interval.</summary>
/// <param name="StartUtcMs">Start, UTC ms.</param>
/// <param name="Ms">Length by the monotonic clock, ms.</param>
/// <param name="MeterMWh">By the site meter, mWh; null without one.</param>
/// <param name="MeterGapMs">Time without a fresh reading, ms.</param>
/// <param name="BoardsMWh">Sum of the boards, mWh.</param>
/// <param name="BoardsGapMs">Sum of the boards' gaps, ms.</param>
/// <param name="ClockStepped">The wall clock stepped in the interval: start and length do not meet the next start.</param>
public sealed record SiteEnergy(long StartUtcMs, long Ms, long? MeterMWh, long MeterGapMs, long BoardsMWh, long BoardsGapMs, bool ClockStepped);

/// <summary>
/// Closes an interval at each UTC quarter of an hour (or as configured), and hands its records to the journal one by one, so that none
/// of them holds the host's loop.
/// </summary>
public sealed class EnergyBook
{
    /// <summary>How long a reading of the meter counts, ms (control.md, step 2).</summary>
    public const int MeterHoldMs = 3000;

    private const long StepMs = 2000;
    private const int MostWaiting = 4000;

    private readonly IReadOnlyList<EnergyPod> _pods;
    private readonly EnergyCell? _meter;
    private readonly long _intervalMs;
    private readonly Queue<object> _waiting = [];
    private long _startMs = -1;
    private long _startUtcMs;

    /// <summary>Makes the book.</summary>
    /// <param name="pods">Pods with their boards' cells.</param>
    /// <param name="metered">True if the site has a meter.</param>
    /// <param name="intervalS">Length of an interval, s; a divisor of a day.</param>
    public EnergyBook(IReadOnlyList<EnergyPod> pods, bool metered, int intervalS = 900)
    {
        _pods = pods;
        _meter = metered ? new EnergyCell(MeterHoldMs) : null;
        _intervalMs = intervalS * 1000L;
    }

    /// <summary>Records that wait for the journal.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Records that were given up because the journal could not take them.</summary>
    public long Dropped { get; private set; }

    /// <summary>A reading of the site meter.</summary>
    public void Meter(double watts, long nowMs) => _meter?.Sample((long)(watts * 1000), nowMs);

    /// <summary>Call it once a second.</summary>
    public void Tick(long nowMs, long utcMs)
    {
        if (_startMs < 0)
        {
            (_startMs, _startUtcMs) = (nowMs, utcMs);
        }

        long expectedUtcMs = _startUtcMs + (nowMs - _startMs);
        bool stepped = Math.Abs(utcMs - expectedUtcMs) > StepMs;
        if (stepped || utcMs / _intervalMs != _startUtcMs / _intervalMs)
        {
            Close(nowMs, stepped);
            (_startMs, _startUtcMs) = (nowMs, utcMs);
        }
    }

    /// <summary>Ends the running interval: the host stops.</summary>
    public void End(long nowMs)
    {
        if (_startMs >= 0)
        {
            Close(nowMs, stepped: false);
            _startMs = -1;
        }
    }

    /// <summary>Writes the next record that waits.</summary>
    /// <returns>False if there is none, or the journal refused.</returns>
    public bool WriteOne(IJournal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (!_waiting.TryPeek(out object? body) || !journal.Record(RecordKind.Energy, body))
        {
            return false;
        }

        _waiting.Dequeue();
        return true;
    }

    private void Close(long nowMs, bool stepped)
    {
        long length = nowMs - _startMs;
        long sum = 0;
        long gaps = 0;
        foreach (EnergyPod pod in _pods)
        {
            PodEnergy energy = Close(pod, nowMs, length);
            sum += energy.MWh;
            gaps += energy.GapMs.Values.Sum();
            Wait(energy);
        }

        (long MWh, int CoveredMs)? meter = _meter?.Close(nowMs);
        Wait(new SiteEnergy(_startUtcMs, length, meter?.MWh, meter is { } m ? Math.Max(0, length - m.CoveredMs) : 0, sum, gaps, stepped));
    }

    private PodEnergy Close(EnergyPod pod, long nowMs, long length)
    {
        SortedDictionary<string, long> boards = new(StringComparer.Ordinal);
        SortedDictionary<string, long> gaps = new(StringComparer.Ordinal);
        foreach ((string board, EnergyCell cell) in pod.Boards)
        {
            (long mwh, int covered) = cell.Close(nowMs);
            if (covered > 0)
            {
                boards[board] = mwh;
            }

            if (covered < length)
            {
                gaps[board] = length - covered;
            }
        }

        return new PodEnergy(pod.Id, _startUtcMs, length, boards.Values.Sum(), boards, gaps);
    }

    // A journal that is away for hours must not eat the memory: the oldest go, and the ledger's gap record says that writes were lost.
    private void Wait(object body)
    {
        _waiting.Enqueue(body);
        if (_waiting.Count > MostWaiting)
        {
            _waiting.Dequeue();
            Dropped++;
        }
    }
}
