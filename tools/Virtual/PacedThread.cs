using Ballast.Hw.Bus;

namespace Ballast.Virtual;

/// <summary>
/// A thread that calls its owner every 20 ms, as the control loops of real boards would be. After a stall rounds are not made up: boards
/// see one long tick, as a stalled controller would.
/// </summary>
internal sealed class PacedThread : IDisposable
{
    internal const int TickMs = 20;

    /// <summary>Shorter delays are the scheduler's everyday.</summary>
    internal const int StallMs = 200;

    private readonly IClock _clock;
    private readonly Action<long> _round;
    private readonly Thread _thread;
    private long _lateTicks;
    private long _slowestMs;
    private volatile bool _stop;

    /// <param name="name">Name of the thread.</param>
    /// <param name="clock">Time, ms.</param>
    /// <param name="round">One round; gets the time at which it began.</param>
    internal PacedThread(string name, IClock clock, Action<long> round)
    {
        _clock = clock;
        _round = round;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Rounds that began more than one tick late.</summary>
    internal long LateTicks => Interlocked.Read(ref _lateTicks);

    /// <summary>Longest round, ms.</summary>
    internal long SlowestMs => Interlocked.Read(ref _slowestMs);

    /// <summary>Called on the thread when a round begins more than <see cref="StallMs"/> late, with now and how late, ms. Set before <see cref="Start"/>.</summary>
    internal Action<long, long>? Stalled { get; set; }

    /// <summary>What ended the thread, if anything did: an error in a model or an adapter. It ends the run with its reason, not the process without one.</summary>
    internal Exception? Failure { get; private set; }

    internal bool IsAlive => _thread.IsAlive;

    internal void Start() => _thread.Start();

    internal void ClearCounters()
    {
        Interlocked.Exchange(ref _lateTicks, 0);
        Interlocked.Exchange(ref _slowestMs, 0);
    }

    /// <summary>Ends the thread after its round.</summary>
    public void Dispose()
    {
        _stop = true;
        if (_thread.IsAlive)
            _thread.Join();
    }

    private void Run()
    {
        try
        {
            long next = _clock.NowMs;
            while (!_stop)
            {
                long now = _clock.NowMs;
                if (now < next)
                {
                    Thread.Sleep((int)(next - now));
                    continue;
                }

                if (now - next > TickMs)
                    Interlocked.Increment(ref _lateTicks);
                if (now - next > StallMs)
                    Stalled?.Invoke(now, now - next);
                next = Math.Max(next + TickMs, now);
                _round(now);
                long took = _clock.NowMs - now;
                if (took > SlowestMs)
                    Interlocked.Exchange(ref _slowestMs, took);
            }
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }
}
