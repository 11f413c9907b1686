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
        MeteredNode site = _context.Meters.Site;
        NodeCap cap = _context.Limits.CapOf(_context.Tree.Site);
        bool emergency = _context.Limits.IsEmergency(_context.Tree.Site);
        long floorMw = (long)(site.BaseW * 1000) + sums.FixedMw + _context.Curve.StandbyMw;
        long ordered = sums.OrderedMw;
        ReadMeters(now, tick, emergency);
        if (tick)
        {
            _ramps.Step(now - _lastTickMs);
        }

        bool over = site.Watts > cap.W;
        double gain = SiteGain(site, sums, emergency, over, now);
        bool unreachable = cap.Holds && cap.W * 1000 < floorMw;
        long allowed = unreachable ? -1 : Allowed(site, cap, sums, gain, _resolve);
        _solver.SetCeiling();
        long want = Math.Min(sums.FullMw, Math.Min(allowed, _solver.CeilingMw));
        if (cap.Limit is not null)
        {
            cap.Limit.Unreachable = unreachable;
        }

        bool mayRise = tick && !_context.RiseHolds.Any && site.Fresh && !over && !emergency && now >= _noRiseBeforeMs && _context.Carrier.IsConnected
            && _context.Journal.Problem is null && _leadership.BoardsWithHigherEpoch == 0;
        bool held = !_resolve && _grace.Holds(site, over, now);
        long budget = held && !emergency ? ordered : Budget(want, ordered, sums.FullMw, emergency, over, mayRise, now);
        _budgets.Set(gain, _resolve);
        if (budget != ordered || _resolve || _desk.WaitsToLeaveEmergency() || _solver.PresentOrdersViolate())
        {
            if (budget < ordered && MayTurn)
            {
                _rotation.StepWithFall(now);
            }

            Solve(budget, cap, ordered, mayRise, now);
        }

        if (mayRise && now >= _desk.FallSettledMs)
        {
            Admit(allowed, cap, now);
        }

        _power.Step(now, mayRise);
        Lockouts.Step(now);
        Keys.Step(now);
        _identities.Step(now);
        bool quiet = RotationDesk.IsQuiet(_context.Limits);
        Ladders.Step(now, mayRise, quiet);
        _rotation.Step(now, mayRise, _admitter.Waiting > 0 || Ladders.Current is not null);
        sums = _membership.Sums;
        _context.Events.Step(new EventInputs(
            now, tick, floorMw, want, sums.OrderedMw, _membership.UnsteeredMw, _desk.FallSettledMs,
            new DecisionInputs(
                cap.Holds ? cap.W : null, cap.Why, site.Watts, site.Fresh, gain, floorMw / 1000.0, ordered / 1000.0, cap.Holds ? allowed / 1000.0 : sums.FullMw / 1000.0,
                sums.FullMw / 1000.0, _context.Curve.Boards, Held)));
        Picture = new DispatchPicture(
            now, cap, emergency, site.Watts, site.Fresh, site.Meter is not null, floorMw / 1000.0, want / 1000.0, sums.OrderedMw / 1000.0,
            sums.PredictedMw / 1000.0, sums.EstimateMw / 1000.0, sums.FullMw / 1000.0, site.Gain.Gain, unreachable, _admitter.Waiting,
            Math.Max(0, _desk.SettledMs - now), Math.Max(0, _noRiseBeforeMs - now), Breakers.Nodes, _desk.Changes);
    }

    // Boards take turns only where what that frees can come back: no hold, no journal that refuses, no broker that is away.
    private bool MayTurn => !_context.RiseHolds.Any && _context.Carrier.IsConnected && _context.Journal.Problem is null && _leadership.BoardsWithHigherEpoch == 0;

    // Steps 2 and 4, for every node that has a gain.
    private void ReadMeters(long now, bool tick, bool siteEmergency)
    {
        bool frozen = !_context.Carrier.IsConnected || _context.Journal.Problem is not null;
        bool falling = now < _desk.FallSettledMs;
        foreach (MeteredNode node in _context.Meters.All)
        {
            FleetSums sums = _membership.Of(node.Node);
            node.Read(_context.Alarms, sums.EstimateMw, now);
            if (!tick)
            {
                continue;
            }

            NodeCap cap = _context.Limits.CapOf(node.Node);
            bool emergency = siteEmergency || _context.Limits.IsEmergency(node.Node);
            node.Gain.Step(new GainInput(
                now, node.Fresh ? node.Watts : null, cap.W, NotSteeredW(node, sums), sums.PredictedMw / 1000.0, sums.OrderedMw / 1000.0, sums.FullMw / 1000.0,
                _context.FallDelayMs(cap.Class), _context.RiseDelayMs, falling, _membership.LastReturnMs + 5000, emergency || frozen));
            bool site = node.Node.Kind == NodeKind.Site;
            _context.Alarms.Set(
                node.Gain.AtBound && node.Meter is not null,
                "gain",
                (site ? "Metered and ordered watts" : "Metered and ordered watts of " + node.Node.Id) + " differ by more than the loop may correct: check the meter and baseW.",
                site ? "" : node.Node.Id);
        }
    }

    // A journal that failed is tried again with what it missed: nothing else would write while rises are refused (F31). What it missed is
    // asked for, not whether the last write failed: a part of a series that got through says nothing of the limit before it.
    private void RetryJournal(long now)
    {
        bool missed = _context.Journal.Problem is not null || !_holdKept || _context.Limits.All.Any(l => !l.Durable);
        if (!missed || now < _nextRetryMs)
        {
            return;
        }

        _nextRetryMs = now + 5000;
        if (_desk.Journal())
        {
            Keep([.. _context.Limits.All.Where(l => !l.Durable)]);
            SetHold(Held);
        }
    }

    private static double NotSteeredW(MeteredNode node, FleetSums sums) => node.BaseW + ((sums.UnsteeredMw + sums.StrayMw - sums.ReserveMw) / 1000.0);

    private double SiteGain(MeteredNode site, FleetSums sums, bool emergency, bool over, long now)
    {
        double gain = site.Fresh && !emergency ? site.Gain.Gain : Math.Max(site.Gain.Gain, 1);
        if (!site.Fresh && over && now >= _desk.FallSettledMs
            && GainLoop.Ratio(site.Watts, NotSteeredW(site, sums), sums.PredictedMw / 1000.0, sums.FullMw / 1000.0) is { } drawn)
        {
            // The boards' own sum is over the cap: it corrects downward, and teaches the gain nothing (S17).
            gain = Math.Max(gain, drawn);
        }

        return gain;
    }

    // Step 5.
    private static long Allowed(MeteredNode site, NodeCap cap, FleetSums sums, double gain, bool resolve)
    {
        if (!cap.Holds)
        {
            return long.MaxValue / 4;
        }

        double roomMw = (((0.99 * cap.W) - site.BaseW) * 1000) - sums.UnsteeredMw - sums.ExcessMw;
        return (long)Math.Max(0, sums.Fits(roomMw, gain, resolve));
    }

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

        bool worth = want - ordered >= RiseBand * fullMw || (want == Math.Min(fullMw, _solver.CeilingMw) && want > ordered);
        return mayRise && worth && now >= _nextRiseMs ? Math.Min(want, ordered + _ramps.SiteMw) : ordered;
    }

    private void Solve(long budget, NodeCap cap, long ordered, bool mayRise, long now)
    {
        _solver.Solve(budget, cap);
        _resolve = false;
        bool small = _solver.AskedMw - ordered < RiseBand * _context.Curve.FullMw && _solver.AskedMw < _context.Curve.FullMw;
        if (!_desk.Apply(_solver.Targets, mayRise, small, now))
        {
            return;
        }

        foreach (PodRecord pod in _context.Fleet.Pods)
        {
            long gained = _context.Curve.AskedMw(pod, pod.Limit, pod.Share) - pod.OrderedMw;
            if (gained > 0)
            {
                _ramps.Spend(pod, gained);
                _nextRiseMs = now + 5000;
            }
        }

        _membership.Sum(now);
    }

    private void Admit(long allowed, NodeCap cap, long now)
    {
        _admitter.Collect();
        if (_admitter.Waiting == 0 || !_desk.Journal())
        {
            return;
        }

        _admitter.Reserve(_ramps);
        _membership.Sum(now);
        if (_membership.Sums.OrderedMw > allowed || _solver.PresentOrdersViolate())
        {
            _solver.Solve(Math.Min(allowed, _membership.Sums.OrderedMw), cap);
            _desk.Apply(_solver.Targets, false, false, now);
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
}
