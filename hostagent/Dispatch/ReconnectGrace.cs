namespace Ballast.Host.Dispatch;

/// <summary>
/// When a broker stalls it lets go of everybody: the host comes back to wills of all boards and to telemetry that is old, while the boards
/// themselves need 1 to 4 s more (contract section 1). Each counts at nameplate until it is heard, and the rest would be ordered down for
/// watts that nobody draws. So for these seconds such a reserve alone orders no fall: the orders that held through the outage stand
/// (control.md, BROKER DOWN: hold u), as long as the meter proves the sum. S16 stays whole: nothing rises meanwhile, no board can have
/// more than it was ordered, and a reading over the cap, a lower cap, an emergency or a meter that does not speak ends it at once. After
/// that, and wherever there is no meter, a board that was not heard counts at nameplate: what it may have been told meanwhile, by another
/// host too, is not known (S17).
/// </summary>
internal sealed class ReconnectGrace
{
    /// <summary>Boards are back by then, ms: their longest wait before a try, and the try.</summary>
    internal const long BoardsMs = 5000;

    /// <summary>The meter, which speaks once a second, is heard by then, ms.</summary>
    internal const long MeterMs = 2000;

    private long _sinceMs = long.MinValue / 2;

    /// <summary>The host that leads has the broker again.</summary>
    internal void Begin(long nowMs) => _sinceMs = nowMs;

    /// <summary>True if what is not heard of yet orders no fall now.</summary>
    /// <param name="site">The site's meter.</param>
    /// <param name="over">True if the watts to go by are over the cap.</param>
    /// <param name="nowMs">Now.</param>
    internal bool Holds(MeteredNode site, bool over, long nowMs)
        => site.Meter is not null && (site.Fresh ? !over && nowMs - _sinceMs < BoardsMs : nowMs - _sinceMs < MeterMs);
}
