using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Step 9 of control.md: turns targets into orders. Falls: publish, then journal. Rises: journal, then publish, and only when no fall is
/// still settling (S19). Keeps the repeats, restatements and the copies of an emergency.
/// </summary>
internal sealed class OrderDesk(DispatchContext context)
{
    /// <summary>Between two messages to a pod that say no new content, ms: at most one a second (contract section 1).</summary>
    internal const long ApartMs = 1000;

    private const long LateAfterReconnectMs = 10_000;

    private readonly List<PodRecord> _falls = [];
    private readonly List<(PodRecord Pod, PodTarget Target)> _rises = [];

    /// <summary>Until then a fall is under way: nothing rises and nobody is admitted.</summary>
    internal long FallSettledMs { get; private set; } = long.MinValue / 2;

    /// <summary>Until then anything is under way.</summary>
    internal long SettledMs { get; private set; } = long.MinValue / 2;

    /// <summary>True if the last change reached the disk.</summary>
    internal bool Durable { get; private set; } = true;

    /// <summary>Orders with new content since the start.</summary>
    internal long Changes { get; private set; }

    /// <summary>True for pods under an emergency: they never rise (contract section 5).</summary>
    internal bool IsEmergency(PodRecord pod) => context.Limits.IsEmergency(context.Tree.Of(pod));

    /// <summary>True if a pod still has an emergency order although no emergency holds for it.</summary>
    internal bool WaitsToLeaveEmergency()
    {
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            if (pod.Class == OrderClass.Emergency && !IsEmergency(pod))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The broker is back: every pod is restated within a second, and nothing counts as settled for a while. A fall that boards
    /// could not hear begins for them only now (F1, F30).</summary>
    internal void Reconnected(long nowMs)
    {
        long settled = nowMs + LateAfterReconnectMs;
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            RestateSoon(pod, nowMs);
            if (pod.HasOrder && FallWatch.IsAwaited(pod, context.Sender.Epoch))
            {
                FallWatch.Begin(pod, nowMs);
                settled = Math.Max(settled, nowMs + 1000 + context.FallDelayMs(pod.Class));
            }
        }

        FallSettledMs = Math.Max(FallSettledMs, settled);
        SettledMs = Math.Max(SettledMs, settled);
    }

    /// <summary>Applies targets. Returns true if any order's content changed.</summary>
    /// <param name="targets">Orders by pod.</param>
    /// <param name="mayRise">False: only what falls is sent.</param>
    /// <param name="small">True: the rises together are within the dead band (step 8), so they wait; leaving an emergency does not.</param>
    /// <param name="nowMs">Now.</param>
    internal bool Apply(PodTarget[] targets, bool mayRise, bool small, long nowMs)
    {
        _rises.Clear();
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            PodTarget target = targets[pod.Index];
            bool emergency = IsEmergency(pod);
            int compared = PodTarget.Compare(target.Limit, target.Share, pod.Limit, pod.Share);
            OrderClass fallClass = emergency ? OrderClass.Emergency : target.Binding.Holds && target.Binding.Class != OrderClass.Emergency ? target.Binding.Class : OrderClass.Economic;
            if (compared < 0)
            {
                Fall(pod, target.Limit, target.Share, fallClass);
            }
            else if ((emergency && pod.Class != OrderClass.Emergency) || !pod.HasOrder)
            {
                // Same content under the class that forbids rises.
                Fall(pod, pod.Limit, pod.Share, emergency ? OrderClass.Emergency : OrderClass.Economic);
            }
            else if (!emergency && pod.Class == OrderClass.Emergency)
            {
                // Another class frees the boards that the emergency latched: that is a rise, even with the same number.
                _rises.Add((pod, target with { Limit = pod.Limit, Share = pod.Share }));
            }
            else if (compared > 0 && !emergency && !small)
            {
                _rises.Add((pod, target));
            }
        }

        if (_falls.Count > 0)
        {
            SendFalls(nowMs);
            return true;
        }

        return _rises.Count > 0 && mayRise && nowMs >= FallSettledMs && SendRises(nowMs);
    }

    /// <summary>Sends what is due: restatements, repeats and emergency copies. Called at every tick.</summary>
    internal void SendDue(long nowMs)
    {
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            if (!pod.HasOrder)
            {
                continue;
            }

            if (nowMs >= pod.EmergencyCopy1Ms)
            {
                pod.EmergencyCopy1Ms = long.MaxValue;
                context.Sender.SendDispatch(pod, 0);
            }

            if (nowMs >= pod.EmergencyCopy2Ms)
            {
                pod.EmergencyCopy2Ms = long.MaxValue;
                context.Sender.SendDispatch(pod, 0);
            }

            bool again = FallWatch.WantsCopy(pod, context.Sender.Epoch, nowMs);
            if ((again || nowMs >= pod.NextRepeatMs || (nowMs >= pod.RestateDueMs && nowMs - pod.LastSentMs >= ApartMs))
                && Repeat(pod, nowMs) && again)
            {
                FallWatch.Said(pod, nowMs);
            }
        }
    }

    /// <summary>Sends an order again with a new seq; content and order id stay.</summary>
    internal bool Repeat(PodRecord pod, long nowMs)
    {
        if (!context.Sender.SendDispatch(pod, 1))
        {
            return false;
        }

        pod.RestateDueMs = long.MaxValue;
        pod.NextRepeatMs = nowMs + (context.Options.RepeatS * 1000L);
        return true;
    }

    /// <summary>Restates a pod within a second, at most once a second (contract section 1).</summary>
    internal static void RestateSoon(PodRecord pod, long nowMs) => pod.RestateDueMs = Math.Min(pod.RestateDueMs, nowMs);

    /// <summary>
    /// Takes over a salt that moved by a step: each pod's share moves with it, so boards fall and none rises. The orders leave with the next
    /// call of <see cref="SendTurned"/> or <see cref="Apply"/>, in the same turn of the loop.
    /// </summary>
    internal void Turn(uint step)
    {
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            if (pod.HasOrder)
            {
                Fall(pod, pod.Limit, pod.Share > step ? pod.Share - step : 0, pod.Class);
            }
        }
    }

    /// <summary>Sends what <see cref="Turn"/> changed.</summary>
    internal void SendTurned(long nowMs) => SendFalls(nowMs);

    /// <summary>Sets the orders that a start found, without a change of content for boards that already have them.</summary>
    internal void Adopt(PodRecord pod, int limit, uint share, OrderClass orderClass)
    {
        Change(pod, limit, share, orderClass);
        pod.NextRepeatMs = long.MinValue;
    }

    /// <summary>Writes the orders that hold to the journal.</summary>
    internal bool Journal()
    {
        Durable = context.Journal.SaveOrders(
            [.. context.Fleet.Pods.Where(p => p.HasOrder).Select(p => Entry(p, p.Limit, p.Share, p.Class))],
            context.Gain.Gain,
            context.Clock.SentMs);
        context.Alarms.Set(!Durable, "journal", context.Journal.Problem ?? "The journal cannot be written.");
        return Durable;
    }

    private void SendFalls(long nowMs)
    {
        OrderClass strongest = OrderClass.Economic;
        foreach (PodRecord pod in _falls)
        {
            strongest = pod.Class > strongest ? pod.Class : strongest;
            if (pod.Class == OrderClass.Emergency)
            {
                context.Sender.SendDispatch(pod, 0);
                pod.EmergencyCopy1Ms = nowMs + 100;
                pod.EmergencyCopy2Ms = nowMs + 300;
            }

            if (!Repeat(pod, nowMs))
            {
                RestateSoon(pod, nowMs);
            }

            FallWatch.Begin(pod, nowMs);
        }

        _falls.Clear();
        FallSettledMs = Math.Max(FallSettledMs, nowMs + context.FallDelayMs(strongest));
        SettledMs = Math.Max(SettledMs, FallSettledMs);
        Journal();
    }

    private void Fall(PodRecord pod, int limit, uint share, OrderClass orderClass)
    {
        Change(pod, limit, share, orderClass);
        if (!_falls.Contains(pod))
        {
            _falls.Add(pod);
        }
    }

    private bool SendRises(long nowMs)
    {
        Durable = context.Journal.SaveOrders(
            [.. _rises.Select(r => Entry(r.Pod, r.Target.Limit, r.Target.Share, OrderClass.Economic))], context.Gain.Gain, context.Clock.SentMs);
        context.Alarms.Set(!Durable, "journal", context.Journal.Problem ?? "The journal cannot be written.");
        if (!Durable)
        {
            return false;
        }

        foreach ((PodRecord pod, PodTarget target) in _rises)
        {
            Change(pod, target.Limit, target.Share, OrderClass.Economic);
            if (!Repeat(pod, nowMs))
            {
                RestateSoon(pod, nowMs);
            }
        }

        SettledMs = Math.Max(SettledMs, nowMs + context.RiseDelayMs);
        return true;
    }

    private void Change(PodRecord pod, int limit, uint share, OrderClass orderClass)
    {
        pod.Limit = limit;
        pod.Share = share;
        pod.Salt = context.Salt;
        pod.Class = orderClass;
        pod.OrderId = context.Sender.NextOrderId();
        pod.HasOrder = true;
        if (orderClass != OrderClass.Emergency)
        {
            pod.EmergencyCopy1Ms = long.MaxValue;
            pod.EmergencyCopy2Ms = long.MaxValue;
        }

        Changes++;
    }

    private JournaledOrder Entry(PodRecord pod, int limit, uint share, OrderClass orderClass)
        => new(pod.Id, context.Sender.Epoch, context.Sender.Seq, pod.OrderId, orderClass, limit, share, context.Salt);
}
