using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// HOST RESTART of control.md: hear every online board first, at most 12 s; commit a higher epoch; continue with the lower of the
/// journaled order and what the boards obey, so that no watt moves.
/// </summary>
internal sealed class StartUp(DispatchContext context, Leadership leadership, OrderDesk desk)
{
    private const long MinMs = 1000;
    private const long HostsMs = 6500;
    private const long MaxMs = 12_000;

    private long _beganMs;

    /// <summary>Since when this host stands by.</summary>
    internal long PassiveSinceMs { get; private set; }

    /// <summary>True if an operator told it to stand by: then only an operator ends that.</summary>
    internal bool ToldToWait { get; private set; }

    internal void Begin(long nowMs) => _beganMs = nowMs;

    internal void WentPassive(long nowMs, bool told)
    {
        PassiveSinceMs = nowMs;
        ToldToWait = told;
    }

    /// <summary>True when enough has been heard.</summary>
    internal bool IsComplete(long nowMs)
    {
        long since = nowMs - _beganMs;
        if (since < MinMs || (leadership.MustWait && since < HostsMs))
        {
            return false;
        }

        return since >= MaxMs || context.Fleet.Boards.All(b => !b.Online || b.TelemetryThisRun);
    }

    /// <summary>Commits a new epoch and adopts the orders. False if the epoch could not be committed: nothing may be published then.</summary>
    internal bool Commit(JournaledState journaled, long nowMs, out long noRiseBeforeMs)
    {
        noRiseBeforeMs = nowMs;
        ToldToWait = false;
        uint epoch = leadership.NextEpoch(Math.Max(journaled.Epoch, context.LastEpoch), nowMs);
        bool committed = context.Journal.CommitEpoch(epoch, context.Clock.SentMs);
        context.Alarms.Set(!committed, "journal", context.Journal.Problem ?? "The journal cannot be written.");
        if (!committed)
        {
            return false;
        }

        context.LastEpoch = epoch;
        context.Sender.Lead(epoch);
        AdoptOrders(journaled, nowMs);
        bool anyAdmitted = context.Fleet.Boards.Any(b => b.Online && b.Admitted != false);
        if (!journaled.IsEmpty || anyAdmitted)
        {
            noRiseBeforeMs = nowMs + (context.Options.LeaseS * 1000L);
        }

        return true;
    }

    private void AdoptOrders(JournaledState journaled, long nowMs)
    {
        Dictionary<string, JournaledOrder> kept = journaled.Orders.ToDictionary(o => o.Pod);
        context.Salt = Salt(journaled, nowMs);
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            bool known = false;
            int limit = int.MaxValue;
            uint share = uint.MaxValue;
            if (kept.TryGetValue(pod.Id, out JournaledOrder? order))
            {
                (limit, share, known) = (order.LimitMjPerTh, ShareUnder(order.Salt, order.Share), true);
            }

            foreach (BoardRecord board in Obeying(pod, nowMs))
            {
                known = true;
                uint own = ShareUnder(board.OrderSalt, board.OrderShare);
                if (PodTarget.Compare(board.OrderLimit, own, limit, share) < 0)
                {
                    (limit, share) = (board.OrderLimit, own);
                }
            }

            OrderClass orderClass = desk.IsEmergency(pod) ? OrderClass.Emergency : OrderClass.Economic;
            desk.Adopt(pod, known ? limit : 0, known ? share : 0, orderClass);
        }
    }

    // A share means other boards under another salt: such an order is taken without its margin, so that nobody rises.
    private uint ShareUnder(uint salt, uint share) => salt == context.Salt ? share : 0;

    // What most boards obey; a salt that moved just before the end may be on the boards and not in the journal.
    private uint Salt(JournaledState journaled, long nowMs)
    {
        Dictionary<uint, int> votes = [];
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            foreach (BoardRecord board in Obeying(pod, nowMs))
            {
                votes[board.OrderSalt] = votes.GetValueOrDefault(board.OrderSalt) + 1;
            }
        }

        return votes.Count > 0 ? votes.MaxBy(v => v.Value).Key
            : journaled.Orders.Count > 0 ? journaled.Orders[0].Salt : context.Salt;
    }

    // Admitted, lease running, and of the highest epoch that the pod's boards know: those show what the pod obeys now.
    private static IEnumerable<BoardRecord> Obeying(PodRecord pod, long nowMs)
    {
        uint highest = 0;
        foreach (BoardRecord board in pod.BoardList)
        {
            highest = Obeys(board, nowMs) ? Math.Max(highest, board.OrderEpoch) : highest;
        }

        foreach (BoardRecord board in pod.BoardList)
        {
            if (highest > 0 && Obeys(board, nowMs) && board.OrderEpoch == highest)
            {
                yield return board;
            }
        }
    }

    private static bool Obeys(BoardRecord board, long nowMs)
        => board.Online && board.Admitted == true && board.IsFresh(nowMs) && board.LeaseLeftS > 0;
}
