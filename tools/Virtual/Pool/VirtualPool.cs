using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ballast.Virtual.Pool;

/// <summary>
/// A Stratum V1 pool on the loopback interface. It serves the recorded job, then jobs derived from it, and checks every share itself.
/// </summary>
public sealed class VirtualPool : IAsyncDisposable
{
    private readonly PoolOptions _options;
    private readonly RecordedJob _recorded;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, PoolSession> _sessions = new();
    private readonly List<Task> _loops = [];
    private int _nextSession;

    /// <summary>Opens the port; sessions are served from <see cref="Start"/> on.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public VirtualPool(PoolOptions options)
    {
        _options = options;
        _recorded = RecordedJob.Load();
        Ledger = new PoolLedger(options, _recorded, NowMs);
        _listener = new TcpListener(IPAddress.Loopback, options.Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    /// <summary>Called for each judged share, on a session's thread.</summary>
    public event Action<JudgedShare>? ShareJudged;

    /// <summary>Jobs and shares.</summary>
    public PoolLedger Ledger { get; }

    /// <summary>The port that miners connect to.</summary>
    public int Port { get; }

    /// <summary>Sessions that are open now.</summary>
    public int OpenSessions => _sessions.Count;

    private static long NowMs => Stopwatch.GetTimestamp() * 1000 / Stopwatch.Frequency;

    /// <summary>Serves miners until disposed.</summary>
    public void Start()
    {
        _loops.Add(Task.Run(AcceptAsync));
        _loops.Add(Task.Run(RenewJobsAsync));
    }

    /// <summary>Changes the difficulty of every session, from the next job on.</summary>
    /// <param name="difficulty">In units of diff1·2^-workShift.</param>
    public void SetDifficulty(long difficulty)
    {
        foreach (PoolSession session in _sessions.Values)
            session.SetDifficulty(difficulty);
    }

    /// <summary>Sends the next job now, besides the regular ones.</summary>
    public void SendNextJob()
    {
        PoolJob job = Ledger.NextJob(NowMs);
        foreach (PoolSession session in _sessions.Values)
            session.SendJob(job);
    }

    /// <summary>Closes the port and every session.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (PoolSession session in _sessions.Values)
            session.Close();
        await Task.WhenAll(_loops);
        _listener.Dispose();
        _stop.Dispose();
    }

    internal ShareVerdict Judge(string user, RawShare share, out string reason)
    {
        ShareVerdict verdict = Ledger.Judge(share, NowMs, out reason);
        ShareJudged?.Invoke(new JudgedShare(user, verdict, reason));
        return verdict;
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            int number = ++_nextSession;
            // Each session searches its own space: the recorded extranonce plus the session's number.
            uint extranonce1 = Convert.ToUInt32(_recorded.Extranonce1, 16) + (uint)(number - 1);
            var session = new PoolSession(this, client, extranonce1.ToString("x8", System.Globalization.CultureInfo.InvariantCulture), _recorded, _options.Difficulty);
            _sessions[number] = session;
            _ = ServeAsync(number, session);
        }
    }

    private async Task ServeAsync(int number, PoolSession session)
    {
        try
        {
            await session.RunAsync(_stop.Token);
        }
        finally
        {
            _sessions.TryRemove(number, out _);
            session.Close();
        }
    }

    private async Task RenewJobsAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_options.JobEveryMs));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                SendNextJob();
        }
        catch (OperationCanceledException)
        {
        }
    }
}
