namespace Ballast.Host;

/// <summary>
/// The host's two times. <see cref="NowMs"/> is monotonic and drives every age, lease and ramp; UTC only serves start times and
/// <c>sent</c>, so that a step of the wall clock moves nothing (contract section 2).
/// </summary>
public sealed class HostClock
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private long _sentBase;

    /// <summary>Starts counting now.</summary>
    public HostClock(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _start = time.GetTimestamp();
        _sentBase = time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Milliseconds since the start, monotonic.</summary>
    public long NowMs => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Wall clock.</summary>
    public DateTimeOffset UtcNow => _time.GetUtcNow();

    /// <summary>Wall clock in whole seconds since 1970.</summary>
    public long UtcSeconds => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The <c>sent</c> of an order: max(UTC at the start, last journaled sent), then monotonic.</summary>
    public long SentMs => _sentBase + NowMs;

    /// <summary>Makes sure that no <c>sent</c> is at or before one that an earlier run of this host used.</summary>
    public void NotBefore(long journaledSentMs) => _sentBase = Math.Max(_sentBase, journaledSentMs + 1 - NowMs);
}
