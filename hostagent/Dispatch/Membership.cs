using Ballast.Host.Fleet;

namespace Ballast.Host.Dispatch;

/// <summary>Sums over all boards that one decision needs, W.</summary>
internal sealed class FleetSums
{
    /// <summary>Boards outside the curve at max(estimate, failsafe point), boards without a known ladder, and what silent boards in the
    /// curve may draw above their order, mW.</summary>
    internal long FixedMw;

    /// <summary>Ordered watts above standby of the boards that say they run, mW. One on its way to its point tells nothing about the
    /// gain yet.</summary>
    internal long PredictedMw;

    /// <summary>What boards in the curve draw above standby without being at the order now (on their way, derated, own cap), mW.</summary>
    internal long StrayMw;

    /// <summary>What all boards are believed to draw, mW.</summary>
    internal long EstimateMw;

    /// <summary>Suspects' watts above their orders, mW.</summary>
    internal long ExcessMw;

    /// <summary>Ordered watts above standby of the whole curve, mW.</summary>
    internal long OrderedMw;

}

/// <summary>Who is steered, and the sums over all boards. One pass over the fleet per decision.</summary>
internal sealed class Membership(DispatchContext context)
{
    private const double Noticed = 0.02;

    private readonly Dictionary<PodRecord, (long FixedMw, long StandbyMw)> _podSums = [];
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

            context.Curve.Invalidate();
        }

        context.Curve.Refresh(context.Salt);
    }

    internal void Sum(long nowMs)
    {
        FleetSums sums = new();
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            long podFixed = 0;
            long podStandby = 0;
            pod.OrderedMw = 0;
            foreach (BoardRecord board in pod.BoardList)
            {
                long estimate = context.Fleet.EstimateMw(board, nowMs);
                sums.EstimateMw += estimate;
                if (!board.InCurve)
                {
                    podFixed += Math.Max(estimate, FleetBook.FailsafeMw(board));
                    continue;
                }

                if (board.AgreedLadder is not { } ladder)
                {
                    podFixed += board.NameplateMw;
                    continue;
                }

                long standby = ladder.PowerMw(0);
                long asked = context.Curve.AskedMw(board, pod.Limit, pod.Share);
                podStandby += standby;
                pod.OrderedMw += asked;
                if (board.Suspect)
                {
                    sums.ExcessMw += Math.Max(0, estimate - standby - asked);
                }
                else if (!board.Online || !board.IsFresh(nowMs))
                {
                    // Silent: it may draw its nameplate, whatever it was told.
                    podFixed += Math.Max(0, board.NameplateMw - standby - asked);
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

            _podSums[pod] = (podFixed, podStandby);
            sums.FixedMw += podFixed;
            sums.OrderedMw += pod.OrderedMw;
        }

        if (_movedMw > Noticed * context.Curve.FullMw)
        {
            LastReturnMs = nowMs;
            _movedMw = 0;
        }

        Sums = sums;
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

    /// <summary>Watts of a node's boards that no order moves, mW.</summary>
    internal long UnsteeredMw(Limits.LimitNode node)
    {
        long sum = 0;
        foreach (PodRecord pod in node.Pods)
        {
            if (_podSums.TryGetValue(pod, out (long FixedMw, long StandbyMw) own))
            {
                sum += own.FixedMw + own.StandbyMw;
            }
        }

        return sum;
    }

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
