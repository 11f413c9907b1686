using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Lets equal boards take turns: now and then, outside events, the salt moves by a small step. One step is a pure fall: with the salt the
/// share moves by the same amount, so that some boards at the margin go to sleep and none wakes. The watts that this frees come back as an
/// ordinary rise, journaled first, within the ramp and to other boards (S16, S19). Boards wear by being switched, so the period is the
/// operator's, and each step moves at most 1/64 of the equal boards.
/// </summary>
internal sealed class RotationDesk(DispatchContext context, OrderDesk desk)
{
    /// <summary>Step of the salt: 1/64 of the circle.</summary>
    internal const uint StepOfCircle = 1u << 26;

    private const long QuietMs = 5_000;

    private long _nextMs = long.MinValue;

    /// <summary>Steps so far.</summary>
    internal long Steps { get; private set; }

    internal void Step(long nowMs, bool mayRise, bool quiet, bool othersWait)
    {
        long periodMs = context.Options.RotateMinutes * 60_000L;
        if (periodMs == 0)
        {
            return;
        }

        if (_nextMs == long.MinValue)
        {
            _nextMs = nowMs + periodMs;
        }

        if (nowMs < _nextMs || !mayRise || !quiet || othersWait || nowMs < desk.SettledMs + QuietMs)
        {
            return;
        }

        _nextMs = nowMs + periodMs;
        if (context.Fleet.Pods.All(p => !p.HasOrder || p.Limit is 0 or Ladder.Everything))
        {
            // Everybody runs, or nobody: there is no margin to take turns at.
            return;
        }

        Steps++;
        context.Salt += StepOfCircle;
        desk.Turn(StepOfCircle, nowMs);
        context.Curve.Refresh(context.Salt);
    }

    /// <summary>True if no event holds or gives back watts.</summary>
    internal static bool IsQuiet(LimitBook limits) => !limits.Open.Any(l => l.State is EventState.Active or EventState.Restoring);
}
