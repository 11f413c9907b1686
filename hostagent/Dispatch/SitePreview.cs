using Ballast.Host.Events;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>What a limit would do once everything has settled.</summary>
/// <param name="Limit">The limit as it would be kept.</param>
/// <param name="Decision">Orders before and after, watts, hash rate, and who would be skipped.</param>
/// <param name="Changes">Boards whose ordered watts would change.</param>
/// <param name="Binds">False: another limit on the same node is lower, so this one would change nothing now.</param>
/// <param name="Unreachable">The node cannot get below its floor.</param>
/// <param name="SettlesInMs">How long the fall would take (class delay).</param>
/// <param name="Waits">Why a rise would have to wait; empty if it would not.</param>
public sealed record DecisionPreview(
    ActiveLimit Limit, DecisionSnapshot Decision, IReadOnlyList<PreviewedBoard> Changes, bool Binds, bool Unreachable, long SettlesInMs, IReadOnlyList<string> Waits);

/// <summary>What a limit would ask of one board.</summary>
/// <param name="Board">"pod/board".</param>
/// <param name="FromW">Ordered now, standby included, W.</param>
/// <param name="ToW">Ordered then, W.</param>
/// <param name="HashLostGhs">Hash rate that goes with it, GH/s.</param>
public sealed record PreviewedBoard(string Board, double FromW, double ToW, long HashLostGhs);

/// <content>A decision on trial: steps 5 and 7 with one more limit, and nothing is sent.</content>
public sealed partial class SiteDispatcher
{
    /// <summary>What would be ordered if this limit held; null before the first decision.</summary>
    public DecisionPreview? Preview(ActiveLimit draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (Phase != HostPhase.Leading || ReferenceEquals(Picture, DispatchPicture.Empty))
        {
            return null;
        }

        ActiveLimit trial = new(draft.Entry, draft.Node, EventState.Active);
        return _context.Limits.With(trial, () => Try(trial));
    }

    private DecisionPreview Try(ActiveLimit trial)
    {
        FleetSums sums = _membership.Sums;
        MeteredNode site = _context.Meters.Site;
        NodeCap cap = _context.Limits.CapOf(_context.Tree.Site);
        bool emergency = _context.Limits.IsEmergency(_context.Tree.Site);
        long floorMw = (long)(site.BaseW * 1000) + sums.FixedMw + _context.Curve.StandbyMw;
        double gain = SiteGain(site, sums, emergency, site.Watts > cap.W, _context.Clock.NowMs);
        bool unreachable = cap.Holds && cap.W * 1000 < floorMw;
        long allowed = unreachable ? -1 : Allowed(site, cap, sums, gain, resolve: true);
        NodeBudgets budgets = new(_context, _membership, _ramps);
        OrderSolver solver = new(_context, budgets);
        solver.SetCeiling();
        long want = Math.Min(sums.FullMw, Math.Min(allowed, solver.CeilingMw));
        budgets.Set(gain, resolve: true);
        solver.Solve(emergency ? Math.Min(sums.OrderedMw, want) : want, cap);

        PodNumber[] before = [.. _context.Fleet.Pods.Select(PodNumber.Of)];
        PodNumber[] after = [.. _context.Fleet.Pods.Select(pod => After(pod, solver.Targets[pod.Index]))];
        List<BoardChange> changes = [];
        DecisionInputs inputs = new(
            cap.Holds ? cap.W : null, cap.Why, site.Watts, site.Fresh, gain, floorMw / 1000.0, sums.OrderedMw / 1000.0,
            cap.Holds ? allowed / 1000.0 : sums.FullMw / 1000.0, sums.FullMw / 1000.0, _context.Curve.Boards, Held);
        DecisionSnapshot decision = DecisionMaker.Describe(_context, trial, inputs, before, after, changes);
        return new DecisionPreview(
            trial,
            decision,
            [.. changes.OrderByDescending(c => c.FromMw - c.ToMw).Select(c => new PreviewedBoard(c.Board.Name, c.FromMw / 1000.0, c.ToMw / 1000.0, c.HashLostGhs))],
            _context.Limits.CapOf(trial.Node).Limit == trial,
            trial.Node.Kind == NodeKind.Site ? unreachable : trial.Unreachable,
            _context.FallDelayMs(trial.Class),
            RiseWaits());
    }

    /// <summary>Fastest rise of the site now, W/s.</summary>
    public double RiseWPerS => _ramps.SiteWPerS;

    /// <summary>Why nothing may rise now; empty if it may.</summary>
    public IReadOnlyList<string> RiseWaits()
    {
        List<string> waits = [.. _context.RiseHolds.All.Values];
        long now = _context.Clock.NowMs;
        void Add(bool holds, string why)
        {
            if (holds)
            {
                waits.Add(why);
            }
        }

        Add(_context.Limits.IsEmergency(_context.Tree.Site), "An emergency holds.");
        Add(!Picture.MeterFresh, "The site meter is silent.");
        Add(Picture.MeterFresh && Picture.MeterW > Picture.Cap.W, "The meter is above the cap.");
        Add(now < _noRiseBeforeMs, "The host has just started, or a source has just reversed itself.");
        Add(now < _desk.FallSettledMs, "A fall is still settling.");
        Add(!_context.Carrier.IsConnected, "The broker is not reached.");
        Add(_context.Journal.Problem is not null, "The journal cannot be written.");
        return waits;
    }

    // An emergency never raises a pod.
    private PodNumber After(PodRecord pod, PodTarget target)
        => _context.Limits.IsEmergency(_context.Tree.Of(pod)) && PodTarget.Compare(target.Limit, target.Share, pod.Limit, pod.Share) > 0
            ? PodNumber.Of(pod)
            : new PodNumber(target.Limit, target.Share);
}
