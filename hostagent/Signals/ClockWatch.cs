using Ballast.Host.Dispatch;

namespace Ballast.Host.Signals;

/// <summary>
/// Notices when the wall clock is set (F15). Ramps, leases and ages run on the monotonic clock and do not care; limits with a start or an
/// end do. Nothing rises for a minute afterwards, so that a clock that is set wrong and then right releases nothing in between.
/// Steps below two seconds (a leap second, NTP's small corrections) are not worth it: occurrences are found again by their ids.
/// </summary>
public sealed class ClockWatch(DispatchContext context, SiteDispatcher dispatcher)
{
    private const long SmallestStepMs = 2000;
    private const long HoldMs = 60_000;

    private long _offsetMs = Offset(context);
    private long _clearAtMs = long.MaxValue;

    /// <summary>Looks at both clocks; call it before the dispatcher looks at the time.</summary>
    public void Tick()
    {
        long now = context.Clock.NowMs;
        long offset = Offset(context);
        long step = offset - _offsetMs;
        _offsetMs = offset;
        if (Math.Abs(step) >= SmallestStepMs)
        {
            dispatcher.HoldRises(HoldMs);
            _clearAtMs = now + HoldMs;
            string sentence = FormattableString.Invariant($"The wall clock was set by {step / 1000.0:0.#} s: nothing rises for {HoldMs / 1000} s. Check the time service.");
            context.Alarms.Set(true, "clock-step", sentence);
            context.Journal.Note("clock", sentence, context.Clock.UtcNow.ToUnixTimeMilliseconds());
        }
        else if (now >= _clearAtMs)
        {
            _clearAtMs = long.MaxValue;
            context.Alarms.Set(false, "clock-step", "");
        }
    }

    private static long Offset(DispatchContext context) => context.Clock.UtcNow.ToUnixTimeMilliseconds() - context.Clock.NowMs;
}
