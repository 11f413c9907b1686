namespace Ballast.Host.Logs;

/// <summary>
/// What the log says of the link to the broker: that it is lost, once; while it stays away at most once a minute how many tries have failed
/// and why the last did; and that it is back, once. A host that cannot reach its broker tries about once a second, for days if it must. A
/// connection that breaks at once counts as a failed try: two programs with one client id throw each other out for ever.
/// </summary>
/// <param name="logger">Where it is said.</param>
internal sealed class BrokerLog(ILogger logger)
{
    /// <summary>Least time between two words about a broker that stays away, ms.</summary>
    internal const long EveryMs = 60_000;

    /// <summary>A connection that held for this long was one, ms.</summary>
    internal const long SteadyMs = 10_000;

    private long _lostMs = -1;
    private long _upMs = -1;
    private long _saidMs;
    private long _tries;
    private bool _saidLost;

    /// <summary>The connection broke, or a try to get it failed.</summary>
    /// <param name="sentence">Why.</param>
    /// <param name="nowMs">Monotonic time, ms.</param>
    internal void Lost(string sentence, long nowMs)
    {
        bool was = _upMs >= 0 && nowMs - _upMs >= SteadyMs;
        _upMs = -1;
        if (_lostMs < 0 || was)
        {
            (_lostMs, _saidMs, _tries, _saidLost) = (nowMs, nowMs, 0, true);
            HostLog.Lost(logger, sentence);
            return;
        }

        _tries++;
        if (nowMs - _saidMs >= EveryMs)
        {
            (_saidMs, _saidLost) = (nowMs, true);
            HostLog.StillLost(logger, sentence, _tries, (nowMs - _lostMs) / 1000);
        }
    }

    /// <summary>Connected and subscribed.</summary>
    /// <param name="sentence">To what.</param>
    /// <param name="nowMs">Monotonic time, ms.</param>
    internal void Connected(string sentence, long nowMs)
    {
        _upMs = nowMs;
        if (_lostMs < 0)
        {
            HostLog.Connected(logger, sentence);
        }
        else if (_saidLost)
        {
            _saidLost = false;
            HostLog.Back(logger, sentence, _tries, (nowMs - _lostMs) / 1000);
        }
    }
}
