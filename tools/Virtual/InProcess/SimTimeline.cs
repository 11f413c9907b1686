using Ballast.Hw.Bus;

namespace Ballast.Virtual.InProcess;

/// <summary>Simulated time for a whole site: boards, host and broker read it, and what is due later waits here. One thread.</summary>
public sealed class SimTimeline : TimeProvider, IClock
{
    private readonly PriorityQueue<Action, (long DueMs, long Number)> _due = new();
    private long _number;

    /// <summary>UTC at the start of every simulation.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 21, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public long NowMs { get; private set; } = 1_000;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000;

    /// <inheritdoc/>
    public override long GetTimestamp() => NowMs;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start.AddMilliseconds(NowMs);

    /// <summary>Has something done at a time; what is due at the same time is done in the order of these calls.</summary>
    public void At(long dueMs, Action action) => _due.Enqueue(action, (Math.Max(dueMs, NowMs), _number++));

    /// <summary>Moves time on and does what falls due, each at its own time.</summary>
    public void AdvanceTo(long ms)
    {
        while (_due.TryPeek(out Action? action, out (long DueMs, long) key) && key.DueMs <= ms)
        {
            _due.Dequeue();
            NowMs = Math.Max(NowMs, key.DueMs);
            action();
        }

        NowMs = ms;
    }
}
