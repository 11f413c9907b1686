namespace Ballast.Host.Rehearsal;

/// <summary>The clock of a rehearsal: both of its times run faster than real ones, so that seconds of operation need no seconds.</summary>
internal sealed class QuickTime : TimeProvider
{
    private const int Factor = 10;

    private readonly long _start = System.GetTimestamp();
    private readonly DateTimeOffset _startUtc = System.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => _start + ((System.GetTimestamp() - _start) * Factor);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _startUtc + (System.GetElapsedTime(_start) * Factor);
}
