using Ballast.Host.Events;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <content>Steps 1 to 9 of control.md: one decision.</content>
public sealed partial class SiteDispatcher
{
    private void Decide(long now, bool tick)
    {
        // Without a broker nothing is known and nothing can leave; only a changed cap is worked out, for the moment it is back.
        if (!_context.Carrier.IsConnected && !_resolve)
        {
            return;
        }

        _membership.Refresh(now);
        _membership.Sum(now);
        FleetSums sums = _membership.Sums;
        NodeCap cap = _context.Limits.CapOf(_context.Tree.Site);
        bool emergency = _context.Limits.IsEmergency(_context.Tree.Site);
        double baseW = _context.Options.BaseW;
        long floorMw = (long)(baseW * 1000) + sums.FixedMw + _context.Curve.StandbyMw;
        long fullMw = _context.Curve.FullMw;
        long ordered = sums.OrderedMw;
        double notSteeredW = (floorMw + sums.StrayMw) / 1000.0;
        (double meterW, bool fresh) = Meter(now, sums);
        if (tick)
        {
            _tokensMw = Math.Min(_tokensMw + (RampW * (now - _lastTickMs)), Math.Max(RampW * 5000, _context.Curve.LargestBoardMw * 1.1));
            _context.Gain.Step(new GainInput(
                now,
                fresh ? meterW : null,
                cap.W,
                notSteeredW,
                sums.PredictedMw / 1000.0,
                ordered / 1000.0,
                fullMw / 1000.0,
                _context.FallDelayMs(cap.Class),
                _context.RiseDelayMs,
                now < _desk.FallSettledMs,
                _membership.LastReturnMs + 5000,
                emergency || !_context.Carrier.IsConnected || _context.Journal.Problem is not null));
            _context.Alarms.Set(_context.Gain.AtBound, "gain", "Metered and ordered watts differ by more than the loop may correct: check the meter and baseW.");
        }

        double gain = fresh && !emergency ? _context.Gain.Gain : Math.Max(_context.Gain.Gain, 1);
        bool over = meterW > cap.W;
        if (!fresh && over && now >= _desk.FallSettledMs && GainLoop.Ratio(meterW, notSteeredW, sums.PredictedMw / 1000.0, fullMw / 1000.0) is { } drawn)
        {
            // The boards' own sum is over the cap: it corrects downward, and teaches the gain nothing (S17).
            gain = Math.Max(gain, drawn);
        }

        bool unreachable = cap.Holds && cap.W * 1000 < floorMw;
        long allowed = cap.Holds ? (long)(((0.99 * cap.W * 1000) - floorMw - sums.ExcessMw) / gain) : long.MaxValue / 4;
        allowed = unreachable ? -1 : Math.Max(0, allowed);
        _solver.SetCeiling();
        long want = Math.Min(fullMw, Math.Min(allowed, _solver.CeilingMw));
        if (cap.Limit is not null)
        {
            cap.Limit.Unreachable = unreachable;
        }

        bool mayRise = tick && !_context.RiseHolds.Any && fresh && !over && !emergency && now >= _noRiseBeforeMs && _context.Carrier.IsConnected
            && _context.Journal.Problem is null && _leadership.BoardsWithHigherEpoch == 0;
        long budget = Budget(want, ordered, fullMw, emergency, over, mayRise, now);
        _solver.SetCaps(_membership.UnsteeredMw, gain);
        if (budget != ordered || _resolve || _desk.WaitsToLeaveEmergency() || _solver.PresentOrdersViolate())
        {
            Solve(budget, cap, ordered, mayRise, now);
        }

        if (mayRise && now >= _desk.FallSettledMs)
        {
            Admit(allowed, cap, now);
        }

        _power.Step(now, mayRise);
        _context.Events.Step(new EventInputs(
            now, tick, meterW, fresh, floorMw, want, _membership.Sums.OrderedMw, _membership.UnsteeredMw, _desk.FallSettledMs,
            new DecisionInputs(
                cap.Holds ? cap.W : null, cap.Why, meterW, fresh, gain, floorMw / 1000.0, ordered / 1000.0, cap.Holds ? allowed / 1000.0 : fullMw / 1000.0,
                fullMw / 1000.0, _context.Curve.Boards, Held)));
        Picture = new DispatchPicture(
            now, cap, emergency, meterW, fresh, _context.Options.Meter.Configured, floorMw / 1000.0, want / 1000.0, _membership.Sums.OrderedMw / 1000.0,
            sums.PredictedMw / 1000.0, sums.EstimateMw / 1000.0, fullMw / 1000.0, _context.Gain.Gain, unreachable, _admitter.Waiting,
            Math.Max(0, _desk.SettledMs - now), Math.Max(0, _noRiseBeforeMs - now), _power.BreakerRequest, _desk.Changes);
    }

    private double RampW => _context.RampUpWPerS;

    private long Budget(long want, long ordered, long fullMw, bool emergency, bool over, bool mayRise, long now)
    {
        if (emergency)
        {
            return Math.Min(ordered, want);
        }

        if (want < ordered)
        {
            // Step 8: small corrections wait, unless the meter is over the cap or the cap changed.
            return _resolve || over || ordered - want >= 0.003 * fullMw ? want : ordered;
        }

        bool worth = want - ordered >= 0.005 * fullMw || (want == Math.Min(fullMw, _solver.CeilingMw) && want > ordered);
        return mayRise && worth && now >= _nextRiseMs ? (long)Math.Min(want, ordered + _tokensMw) : ordered;
    }

    private void Solve(long budget, NodeCap cap, long ordered, bool mayRise, long now)
    {
        _solver.Solve(budget, cap);
        _resolve = false;
        if (!_desk.Apply(_solver.Targets, mayRise, now))
        {
            return;
        }

        _membership.Sum(now);
        long gained = _membership.Sums.OrderedMw - ordered;
        if (gained > 0)
        {
            _tokensMw -= gained;
            _nextRiseMs = now + 5000;
        }
    }

    private void Admit(long allowed, NodeCap cap, long now)
    {
        _admitter.Collect();
        if (_admitter.Waiting == 0 || !_desk.Journal())
        {
            return;
        }

        _tokensMw -= _admitter.Reserve((long)_tokensMw);
        _membership.Sum(now);
        if (_membership.Sums.OrderedMw > allowed || _solver.PresentOrdersViolate())
        {
            _solver.Solve(Math.Min(allowed, _membership.Sums.OrderedMw), cap);
            _desk.Apply(_solver.Targets, false, now);
            _membership.Sum(now);
        }

        foreach (PodRecord pod in _context.Fleet.Pods)
        {
            if (Admitter.NeedsOrder(pod) && pod.LastSentMs != now)
            {
                _desk.Repeat(pod, now);
            }
        }

        _admitter.OrderSent(now);
    }

    // The larger of meter and boards is used when they disagree for long; the boards stand in for a stale meter, for falls only.
    private (double MeterW, bool Fresh) Meter(long now, FleetSums sums)
    {
        double estimate = _context.Options.BaseW + (sums.EstimateMw / 1000.0);
        if (!_context.Options.Meter.Configured)
        {
            return (estimate, true);
        }

        bool fresh = _context.Meter.IsFresh(now);
        _context.Alarms.Set(!fresh, "meter-stale", "The site meter is silent or implausible: power may only fall until it is back. Check the meter gateway.");
        if (!fresh)
        {
            _disagreeSinceMs = long.MaxValue;
            return (estimate, false);
        }

        double metered = _context.Meter.Watts;
        bool differs = Math.Abs(metered - estimate) > 0.05 * Math.Max(metered, estimate);
        _disagreeSinceMs = differs ? Math.Min(_disagreeSinceMs, now) : long.MaxValue;
        bool alarm = differs && now - _disagreeSinceMs >= 30_000;
        _context.Alarms.Set(alarm, "meter-differs", "Meter and boards differ by more than 5 % for 30 s: the larger value is used. Check meter, baseW and the boards' sensors.");
        return (alarm ? Math.Max(metered, estimate) : metered, true);
    }
}
