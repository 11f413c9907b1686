using System.Collections.Concurrent;
using Ballast.Hw.Bus;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Boards;

/// <summary>Steps all boards every 20 ms on one thread, as their own control loops would, and looks into them for the oracle.</summary>
public sealed class VirtualFleet : IDisposable
{
    private const int ProbeEveryMs = 200;

    private readonly Action<long, BoardProbe> _probed;
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly PacedThread _thread;
    private readonly BoardProbe[] _probes;
    private long _powerMw;
    private long _nextProbe;

    /// <summary>Takes the boards over; <see cref="Start"/> starts them.</summary>
    /// <param name="boards">The boards; only the fleet's thread touches them from now on.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="probed">Called on the fleet's thread for every look into a board.</param>
    public VirtualFleet(IReadOnlyList<VirtualBoard> boards, IClock clock, Action<long, BoardProbe> probed)
    {
        Boards = boards;
        _probed = probed;
        _probes = new BoardProbe[boards.Count];
        _powerMw = boards.Sum(b => b.PowerMw);
        _thread = new PacedThread("virtual fleet", clock, Round);
    }

    /// <summary>The boards.</summary>
    public IReadOnlyList<VirtualBoard> Boards { get; }

    /// <summary>True power of all boards at the last tick, mW.</summary>
    public long PowerMw => Interlocked.Read(ref _powerMw);

    /// <summary>Longest time that one round over all boards took, ms.</summary>
    public long SlowestTickMs => _thread.SlowestMs;

    /// <summary>Rounds that began more than one tick late.</summary>
    public long LateTicks => _thread.LateTicks;

    /// <summary>Called on the fleet's thread after each round, with its time in ms: for consoles and pages. Set before <see cref="Start"/>.</summary>
    public Action<long>? AfterRound { get; set; }

    /// <summary>Called on the fleet's thread when all boards stood still, with now and for how long, ms. Set before <see cref="Start"/>.</summary>
    public Action<long, long>? Stalled
    {
        get => _thread.Stalled;
        set => _thread.Stalled = value;
    }

    /// <summary>What ended the thread, if anything did: an error in a model or an adapter.</summary>
    public Exception? Failure => _thread.Failure;

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
        _thread.Dispose();
        foreach (VirtualBoard board in Boards)
            board.Dispose();
    }

    private void Round(long now)
    {
        while (_work.TryDequeue(out Action? action))
            action();
        bool probe = now >= _nextProbe;
        Step(now, probe);
        AfterRound?.Invoke(now);
        if (probe)
            _nextProbe = now + ProbeEveryMs;
    }

    private void Step(long now, bool probe)
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
    }
}
