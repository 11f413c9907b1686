using Ballast.Host.Fleet;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Step 6a of control.md: reserves a board's watts first, sends the order that carries the reservation, and asks the board in only when
/// that order has settled (S10, S15).
/// </summary>
internal sealed class Admitter(DispatchContext context, OrderDesk desk)
{
    private const int MaxPerRound = 500;
    private const long AnswerMs = 5000;
    private const int MaxTries = 3;

    private readonly List<BoardRecord> _candidates = [];

    /// <summary>Boards that wait to be admitted.</summary>
    internal int Waiting => _candidates.Count;

    /// <summary>Finds who may be admitted, in random order.</summary>
    internal void Collect()
    {
        _candidates.Clear();
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            if (MayAdmit(board))
            {
                _candidates.Add(board);
            }
        }
    }

    /// <summary>Puts boards into the curve while tokens last.</summary>
    internal void Reserve(RampBudget ramps)
    {
        int count = 0;
        bool siteFull = false;
        for (int i = 0; i < _candidates.Count && count < MaxPerRound && !siteFull; i++)
        {
            int pick = context.Random.Next(i, _candidates.Count);
            (_candidates[i], _candidates[pick]) = (_candidates[pick], _candidates[i]);
            BoardRecord board = _candidates[i];
            if (desk.IsEmergency(board.Pod))
            {
                continue;
            }

            long asked = context.Curve.AskedMw(board, board.Pod.Limit, board.Pod.Share);
            if (!ramps.Allows(board.Pod, asked))
            {
                siteFull = ramps.SiteMw < asked;
                continue;
            }

            ramps.Spend(board.Pod, asked);
            count++;
            board.InCurve = true;
            board.Phase = AdmissionPhase.Reserved;
            board.ReservedNonce = board.BootNonce;
            board.Tries = 0;
            board.AskDueMs = long.MaxValue;
            context.Curve.Invalidate(board.Pod);
        }

        if (count > 0)
        {
            context.Curve.Refresh(context.Salt);
        }
    }

    /// <summary>Notes that the order with the reservation has been sent.</summary>
    internal void OrderSent(long nowMs)
    {
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            if (board.Phase == AdmissionPhase.Reserved && board.AskDueMs == long.MaxValue)
            {
                board.AfterSeq = board.Pod.LastSeq;
                board.AskDueMs = nowMs;
            }
        }
    }

    /// <summary>True if some board is reserved and its order has not been sent yet.</summary>
    internal static bool NeedsOrder(PodRecord pod)
    {
        foreach (BoardRecord board in pod.BoardList)
        {
            if (board.Phase == AdmissionPhase.Reserved && board.AskDueMs == long.MaxValue)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sends `admit` where it is due, and gives up after three tries.</summary>
    internal void Ask(long nowMs)
    {
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            if (board.Phase is not (AdmissionPhase.Reserved or AdmissionPhase.Asked) || nowMs < board.AskDueMs)
            {
                continue;
            }

            // The order that carries the reservation, and every fall since, must have settled.
            if (desk.IsEmergency(board.Pod) || nowMs < desk.FallSettledMs)
            {
                continue;
            }

            if (board.Tries >= MaxTries)
            {
                board.Phase = AdmissionPhase.Unavailable;
                board.InCurve = false;
                context.Curve.Invalidate(board.Pod);
                context.Alarms.Set(true, "not-admitted", "Board " + board.Name + " did not answer three admissions: check its key and its log.", board.Name);
                continue;
            }

            // A board that missed the order would never be admitted by its seq, so a retry sends the order again first.
            if (board.Tries > 0 && desk.Repeat(board.Pod, nowMs))
            {
                board.AfterSeq = board.Pod.LastSeq;
            }

            if (context.Sender.SendAdmit(board, board.AfterSeq))
            {
                board.Phase = AdmissionPhase.Asked;
                board.AskedNonce = board.BootNonce;
                board.Tries++;
                board.AskDueMs = nowMs + AnswerMs;
            }
        }
    }

    private static bool MayAdmit(BoardRecord board)
    {
        if (!board.Online || board.Admitted != false || board.Phase != AdmissionPhase.Out || board.LockedOut || !board.HasBirth)
        {
            return false;
        }

        // A new board under a known name waits for the operator (contract section 8).
        return board.BirthSerial == board.StateSerial && !board.Unproven && board.AgreedLadder is not null;
    }
}
