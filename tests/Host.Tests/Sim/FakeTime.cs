namespace Ballast.Host.Tests.Sim;

/// <summary>A clock that moves only when told; UTC may be stepped apart from the monotonic time.</summary>
internal sealed class FakeTime : TimeProvider
{
    private long _ticks;
    private TimeSpan _utcStep;

    internal static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => Start + _utcStep + TimeSpan.FromTicks(_ticks);

    internal void Advance(long ms) => _ticks += ms * TimeSpan.TicksPerMillisecond;

    internal void StepUtc(TimeSpan by) => _utcStep += by;
}
