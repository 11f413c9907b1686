using System.Collections.Concurrent;
using Ballast.Hw.Bus;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Boards;

/// <summary>Steps all boards every 20 ms on one thread, as their own control loops would, and looks into them for the oracle.</summary>
public sealed class VirtualFleet : IDisposable
{
    private const int TickMs = 20;
    private const int ProbeEveryMs = 200;

    private readonly IClock _clock;
    private readonly Action<long, BoardProbe> _probed;
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly Thread _thread;
    private readonly BoardProbe[] _probes;
    private long _powerMw;
    private long _slowestTickMs;
    private long _lateTicks;
    private volatile bool _stop;

    /// <summary>Takes the boards over; <see cref="Start"/> starts them.</summary>
    /// <param name="boards">The boards; only the fleet's thread touches them from now on.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="probed">Called on the fleet's thread for every look into a board.</param>
    public VirtualFleet(IReadOnlyList<VirtualBoard> boards, IClock clock, Action<long, BoardProbe> probed)
    {
        Boards = boards;
        _clock = clock;
        _probed = probed;
        _probes = new BoardProbe[boards.Count];
        _powerMw = boards.Sum(b => b.PowerMw);
        _thread = new Thread(Run) { IsBackground = true, Name = "virtual fleet" };
    }

    /// <summary>The boards.</summary>
    public IReadOnlyList<VirtualBoard> Boards { get; }

    /// <summary>True power of all boards at the last tick, mW.</summary>
    public long PowerMw => Interlocked.Read(ref _powerMw);

    /// <summary>Longest time that one round over all boards took, ms.</summary>
    public long SlowestTickMs => Interlocked.Read(ref _slowestTickMs);

    /// <summary>Rounds that began more than one tick late.</summary>
    public long LateTicks => Interlocked.Read(ref _lateTicks);

    /// <summary>Called on the fleet's thread after each round, with its time in ms: for consoles and pages. Set before <see cref="Start"/>.</summary>
    public Action<long>? AfterRound { get; set; }

    /// <summary>What ended the thread, if anything did: an error in a model or an adapter.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs an action on the fleet's thread between two rounds, and waits for it.</summary>
    public void Do(Action action)
    {
        using var done = new ManualResetEventSlim();
        _work.Enqueue(() =>
        {
            action();
            done.Set();
        });
        while (!done.Wait(100))
        {
            if (!_thread.IsAlive)
                throw new InvalidOperationException("The fleet's thread is not running.", Failure);
        }
    }

    /// <summary>The last look into every board.</summary>
    public IReadOnlyList<BoardProbe> Probes()
    {
        lock (_probes)
            return [.. _probes];
    }

    /// <summary>Ends the thread and the boards.</summary>
    public void Dispose()
    {
        _stop = true;
        if (_thread.IsAlive)
            _thread.Join();
        foreach (VirtualBoard board in Boards)
            board.Dispose();
    }

    private void Run()
    {
        try
        {
            long next = _clock.NowMs;
            long nextProbe = next;
            while (!_stop)
            {
                long now = _clock.NowMs;
                if (now < next)
                {
                    Thread.Sleep((int)(next - now));
                    continue;
                }

                // After a stall rounds are not made up: boards see one long tick, as a stalled controller would.
                if (now - next > TickMs)
                    _lateTicks++;
                next = Math.Max(next + TickMs, now);
                while (_work.TryDequeue(out Action? action))
                    action();
                Round(now, now >= nextProbe);
                AfterRound?.Invoke(now);
                if (now >= nextProbe)
                    nextProbe = now + ProbeEveryMs;
            }
        }
        catch (Exception e)
        {
            // A dead fleet must end the run with its reason, not the process without one.
            Failure = e;
        }
    }

    private void Round(long now, bool probe)
    {
        long powerMw = 0;
        for (int i = 0; i < Boards.Count; i++)
        {
            VirtualBoard board = Boards[i];
            board.Step(now);
            powerMw += board.PowerMw;
            if (!probe)
                continue;
            BoardProbe look = board.Probe();
            lock (_probes)
                _probes[i] = look;
            _probed(now, look);
        }

        Interlocked.Exchange(ref _powerMw, powerMw);
        long took = _clock.NowMs - now;
        if (took > SlowestTickMs)
            Interlocked.Exchange(ref _slowestTickMs, took);
    }
}
