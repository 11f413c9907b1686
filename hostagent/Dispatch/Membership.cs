using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>Who is steered, and the sums over all boards. One pass over the fleet per decision.</summary>
internal sealed class Membership(DispatchContext context)
{
    private const double Noticed = 0.02;

    private readonly FleetSums[] _pods = new FleetSums[context.Fleet.Pods.Count];
    private long _movedMw;

    internal FleetSums Sums { get; private set; } = new();

    /// <summary>When boards last left or reached their order that have more than 2 % of the curve between them. In a fleet of thousands some
    /// board always does; only a share that the gain could mistake counts.</summary>
    internal long LastReturnMs { get; private set; } = long.MinValue / 2;

    /// <summary>Lets boards into and out of the curve by what they say.</summary>
    internal void Refresh(long nowMs)
    {
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            bool inside = Belongs(board, nowMs);
            if (inside == board.InCurve)
            {
                continue;
            }

            board.InCurve = inside;
            if (!inside && board.Phase != AdmissionPhase.Unavailable)
            {
                board.Phase = AdmissionPhase.Out;
                board.Tries = 0;
            }

            context.Curve.Invalidate(board.Pod);
        }

        context.Curve.Refresh(context.Salt);
    }

    internal void Sum(long nowMs)
    {
        FleetSums all = new();
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            FleetSums sums = new() { FullMw = context.Curve.FullOf(pod) };
            foreach (BoardRecord board in pod.BoardList)
            {
                Add(sums, board, nowMs);
            }

            pod.OrderedMw = sums.OrderedMw;
            _pods[pod.Index] = sums;
            all.Add(sums);
        }

        if (_movedMw > Noticed * context.Curve.FullMw)
        {
            LastReturnMs = nowMs;
            _movedMw = 0;
        }

        Sums = all;
    }

    private void Add(FleetSums sums, BoardRecord board, long nowMs)
    {
        long estimate = context.Fleet.EstimateMw(board, nowMs);
        sums.EstimateMw += estimate;
        if (!board.InCurve)
        {
            long counted = board.Unproven ? Math.Max(estimate, board.NameplateMw) : Math.Max(estimate, FleetBook.FailsafeMw(board));
            sums.FixedMw += counted;
            sums.ReserveMw += counted - estimate;
            return;
        }

        if (board.AgreedLadder is not { } ladder)
        {
            sums.FixedMw += board.NameplateMw;
            sums.ReserveMw += Math.Max(0, board.NameplateMw - estimate);
            return;
        }

        long asked = context.Curve.AskedMw(board, board.Pod.Limit, board.Pod.Share);
        bool asleep = Standby.IsAsleep(board, nowMs);
        long standby = Standby.Believed(board, ladder, asked, estimate, asleep, Follows(board) && board.IsFresh(nowMs), nowMs);
        long lessThanFull = ladder.PowerMw(0) - standby;
        sums.StandbyMw += standby;
        sums.OrderedMw += asked;
        if (asked > 0)
        {
            sums.CoolingMw += lessThanFull;
        }
        else if (lessThanFull > 0 && ladder.HullCount > 1)
        {
            sums.WakingMw += lessThanFull;
            sums.FirstStepsMw += ladder.PowerMw(ladder.HullPoint(1)) - ladder.PowerMw(0);
        }

        if (asleep)
        {
            sums.ReserveMw += Math.Max(0, standby - estimate);
        }

        if (board.Suspect)
        {
            sums.ExcessMw += Math.Max(0, estimate - standby - asked);
        }
        else if (!board.Online || !board.IsFresh(nowMs))
        {
            // Silent: it may draw its nameplate, whatever it was told.
            long more = Math.Max(0, board.NameplateMw - standby - asked);
            sums.FixedMw += more;
            sums.ReserveMw += more;
            sums.StrayMw += asked;
        }
        else if (NoteFollows(board, asked))
        {
            sums.PredictedMw += asked;
        }
        else
        {
            sums.StrayMw += Math.Max(0, estimate - standby);
        }
    }

    private bool NoteFollows(BoardRecord board, long askedMw)
    {
        bool follows = Follows(board);
        if (follows != board.Followed)
        {
            board.Followed = follows;
            _movedMw += askedMw;
        }

        return follows;
    }

    /// <summary>Sums over a node's boards.</summary>
    internal FleetSums Of(LimitNode node)
    {
        if (node.Kind == NodeKind.Site)
        {
            return Sums;
        }

        FleetSums sums = new();
        foreach (PodRecord pod in node.Pods)
        {
            if (_pods[pod.Index] is { } own)
            {
                sums.Add(own);
            }
        }

        return sums;
    }

    /// <summary>Watts of a node's boards that no order moves, mW.</summary>
    internal long UnsteeredMw(LimitNode node) => Of(node).UnsteeredMw;

    private static bool Follows(BoardRecord board)
        => board.Mode == ReportedMode.Running
            && board.LimitedBy is ReportedLimit.PodOrder or ReportedLimit.Nameplate or ReportedLimit.Unknown;

    private bool Belongs(BoardRecord board, long nowMs)
    {
        if (board.LockedOut || !board.HasState)
        {
            return false;
        }

        if (!board.Online)
        {
            // It may still obey under its last lease.
            return board.InCurve && board.Phase == AdmissionPhase.Admitted && context.Fleet.MayStillObey(board, nowMs);
        }

        if (board.Admitted != false)
        {
            board.Phase = AdmissionPhase.Admitted;
            return true;
        }

        // A fresh nonce ends an admission: the board is back at its failsafe.
        if (board.Phase is AdmissionPhase.Reserved or AdmissionPhase.Asked)
        {
            return board.ReservedNonce == board.BootNonce;
        }

        if (board.Phase == AdmissionPhase.Unavailable && board.ReservedNonce != board.BootNonce)
        {
            board.Phase = AdmissionPhase.Out;
        }

        return false;
    }
}
