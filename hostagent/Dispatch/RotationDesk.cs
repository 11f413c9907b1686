using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Lets equal boards take turns: now and then, outside events, the salt moves by a small step. One step is a pure fall: with the salt the
/// share moves by the same amount, so that some boards at the margin go to sleep and none wakes. The watts that this frees come back as an
/// ordinary rise, journaled first, within the ramp and to other boards (S16, S19). Boards wear by being switched, so the period is the
/// operator's, and each step moves at most 1/64 of the equal boards. A step waits for a quiet moment or for a fall that goes out anyway,
/// whichever comes first.
/// </summary>
internal sealed class RotationDesk(DispatchContext context, OrderDesk desk)
{
    /// <summary>Step of the salt: 1/64 of the circle.</summary>
    internal const uint StepOfCircle = 1u << 26;

    private const long QuietMs = 5_000;

    private long _nextMs = long.MinValue;

    private long PeriodMs => context.Options.RotateMinutes * 60_000L;

    /// <summary>Steps so far.</summary>
    internal long Steps { get; private set; }

    /// <summary>A step of its own, in a quiet moment.</summary>
    internal void Step(long nowMs, bool mayRise, bool othersWait)
    {
        if (IsDue(nowMs) && mayRise && !othersWait && nowMs >= desk.SettledMs + QuietMs && Turn(nowMs))
        {
            desk.SendTurned(nowMs);
        }
    }

    /// <summary>
    /// A step with a fall that goes out anyway: where orders change all the time no moment is quiet, and such a fall puts off the next rise
    /// whether or not boards take turns. Call it before the orders are worked out; they leave with that fall.
    /// </summary>
    internal void StepWithFall(long nowMs)
    {
        if (IsDue(nowMs))
        {
            Turn(nowMs);
        }
    }

    private bool IsDue(long nowMs)
    {
        if (PeriodMs == 0)
        {
            return false;
        }

        if (_nextMs == long.MinValue)
        {
            _nextMs = nowMs + PeriodMs;
        }

        return nowMs >= _nextMs && IsQuiet();
    }

    private bool Turn(long nowMs)
    {
        _nextMs = nowMs + PeriodMs;
        if (context.Fleet.Pods.All(p => !p.HasOrder || p.Limit is 0 or Ladder.Everything))
        {
            // Everybody runs, or nobody: there is no margin to take turns at.
            return false;
        }

        Steps++;
        context.Salt += StepOfCircle;
        desk.Turn(StepOfCircle);
        context.Curve.Refresh(context.Salt);
        return true;
    }

    // No event holds or gives back watts, or is still to be left.
    private bool IsQuiet() => !desk.WaitsToLeaveEmergency() && IsQuiet(context.Limits);

    /// <summary>True if no event holds or gives back watts.</summary>
    internal static bool IsQuiet(LimitBook limits) => !limits.Open.Any(l => l.State is EventState.Active or EventState.Restoring);
}
