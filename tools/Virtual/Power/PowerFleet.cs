using Ballast.Hw.Boards;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Power;

/// <summary>Boards at power fidelity in real time: one thread steps all of them every 20 ms, each with a connection of its own to a broker.</summary>
public sealed class PowerFleet : IDisposable
{
    /// <summary>Time between two rounds, ms: the control tick of a real board.</summary>
    public const int TickMs = 20;

    private const int ConnectingAtOnce = 50;

    private readonly SystemClock _clock = SystemClock.Instance;
    private readonly Thread _thread;
    private long _lateTicks;
    private long _slowestMs;
    private int _begun;
    private volatile bool _stop;

    /// <summary>Makes the boards; <see cref="Start"/> starts them.</summary>
    public PowerFleet(string site, int brokerPort, IReadOnlyList<BoardIdentity> identities)
    {
        BoardDescription description = BitaxeGamma.Describe(0);
        Boards = [.. identities.Select((identity, i) => new PowerBoard(
            identity,
            site,
            description,
            start => new PolledMqttLink("127.0.0.1", brokerPort, (i * 31) + start),
            _clock,
            (uint)i + 1))];
        _thread = new Thread(Run) { IsBackground = true, Name = "power fleet" };
    }

    /// <summary>The boards. Reading their power from another thread is allowed, nothing else is.</summary>
    public IReadOnlyList<PowerBoard> Boards { get; }

    /// <summary>Rounds that began more than one tick late.</summary>
    public long LateTicks => Interlocked.Read(ref _lateTicks);

    /// <summary>Longest round, ms.</summary>
    public long SlowestMs => Interlocked.Read(ref _slowestMs);

    /// <summary>What ended the thread, if anything did.</summary>
    public Exception? Failure { get; private set; }

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
    public void ClearCounters()
    {
        Interlocked.Exchange(ref _lateTicks, 0);
        Interlocked.Exchange(ref _slowestMs, 0);
    }

    /// <summary>Ends the thread and the connections.</summary>
    public void Dispose()
    {
        _stop = true;
        if (_thread.IsAlive)
            _thread.Join();
        foreach (PowerBoard board in Boards)
            board.Dispose();
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
                next = Math.Max(next + TickMs, now);
                Round();
                _slowestMs = Math.Max(_slowestMs, _clock.NowMs - now);
            }
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }

    private void Round()
    {
        // A broker's accept queue is short: boards that begin to connect come in portions.
        int waiting = 0;
        for (int i = 0; i < _begun; i++)
        {
            PowerBoard board = Boards[i];
            board.Step(_clock.NowMs);
            waiting += board.Link.IsConnected ? 0 : 1;
        }

        while (_begun < Boards.Count && waiting < ConnectingAtOnce)
        {
            Boards[_begun++].Step(_clock.NowMs);
            waiting++;
        }
    }
}
