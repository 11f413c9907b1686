using Ballast.Hw.Boards;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Power;

/// <summary>Boards at power fidelity in real time: one thread steps all of them every 20 ms, each with a connection of its own to a broker.</summary>
public sealed class PowerFleet : IDisposable
{
    /// <summary>Time between two rounds, ms: the control tick of a real board.</summary>
    public const int TickMs = PacedThread.TickMs;

    private const int ConnectingAtOnce = 50;

    private readonly PacedThread _thread;
    private int _begun;

    /// <summary>Makes the boards; <see cref="Start"/> starts them.</summary>
    /// <param name="site">Site id.</param>
    /// <param name="brokerPort">Port of the broker on this machine.</param>
    /// <param name="identities">Who they are.</param>
    /// <param name="restMs">Shortest time off, ms; null: as their description says (30 s).</param>
    public PowerFleet(string site, int brokerPort, IReadOnlyList<BoardIdentity> identities, int? restMs = null)
    {
        BoardDescription description = BitaxeGamma.Describe(0);
        if (restMs is { } rest)
            description.Limits.MinOffMs = rest;
        Boards = [.. identities.Select((identity, i) => new PowerBoard(
            identity,
            site,
            description,
            start => new PolledMqttLink("127.0.0.1", brokerPort, (i * 31) + start),
            SystemClock.Instance,
            (uint)i + 1))];
        _thread = new PacedThread("power fleet", SystemClock.Instance, Round);
    }

    /// <summary>The boards. Reading their power from another thread is allowed, nothing else is.</summary>
    public IReadOnlyList<PowerBoard> Boards { get; }

    /// <summary>Rounds that began more than one tick late.</summary>
    public long LateTicks => _thread.LateTicks;

    /// <summary>Longest round, ms.</summary>
    public long SlowestMs => _thread.SlowestMs;

    /// <summary>Called on the fleet's thread when all boards stood still, with now and for how long, ms. Set before <see cref="Start"/>.</summary>
    public Action<long, long>? Stalled
    {
        get => _thread.Stalled;
        set => _thread.Stalled = value;
    }

    /// <summary>What ended the thread, if anything did.</summary>
    public Exception? Failure => _thread.Failure;

    /// <summary>Starts stepping.</summary>
    public void Start() => _thread.Start();

    /// <summary>Waits until something is true of every board; false if it is not in time.</summary>
    public bool WaitForAll(Func<PowerBoard, bool> so, TimeSpan atMost)
    {
        for (long end = Environment.TickCount64 + (long)atMost.TotalMilliseconds; Environment.TickCount64 < end && Failure is null;)
        {
            if (Boards.All(so))
                return true;
            Thread.Sleep(2);
        }

        return false;
    }

    /// <summary>Starts counting late rounds anew.</summary>
    public void ClearCounters() => _thread.ClearCounters();

    /// <summary>Ends the thread and the connections.</summary>
    public void Dispose()
    {
        _thread.Dispose();
        foreach (PowerBoard board in Boards)
            board.Dispose();
    }

    private void Round(long now)
    {
        // A broker's accept queue is short: boards that begin to connect come in portions.
        int waiting = 0;
        for (int i = 0; i < _begun; i++)
        {
            PowerBoard board = Boards[i];
            board.Step(now);
            waiting += board.Link.IsConnected ? 0 : 1;
        }

        while (_begun < Boards.Count && waiting < ConnectingAtOnce)
        {
            Boards[_begun++].Step(now);
            waiting++;
        }
    }
}
