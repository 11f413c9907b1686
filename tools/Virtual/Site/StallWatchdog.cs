using Ballast.Hw.Bus;

namespace Ballast.Virtual.Site;

/// <summary>Measures how long the machine itself stands still: a thread that sleeps a little and sees how much longer it slept.</summary>
public sealed class StallWatchdog : IDisposable
{
    /// <summary>Shorter ones are the scheduler's everyday.</summary>
    public const int ThresholdMs = PacedThread.StallMs;

    private const int NapMs = 50;

    private readonly IClock _clock;
    private readonly Action<long, long> _stalled;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Starts watching.</summary>
    /// <param name="clock">The site's clock.</param>
    /// <param name="stalled">Called on the watchdog's thread with now and the length, ms.</param>
    public StallWatchdog(IClock clock, Action<long, long> stalled)
    {
        _clock = clock;
        _stalled = stalled;
        _thread = new Thread(Run) { IsBackground = true, Name = "stall watchdog" };
        _thread.Start();
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Run()
    {
        long before = _clock.NowMs;
        while (!_stop)
        {
            Thread.Sleep(NapMs);
            long now = _clock.NowMs;
            long late = now - before - NapMs;
            if (late > ThresholdMs)
                _stalled(now, late);
            before = now;
        }
    }
}
