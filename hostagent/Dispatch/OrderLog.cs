using Ballast.Host.Fleet;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>A pod's order as it first left.</summary>
/// <param name="AtMs">Host's time.</param>
/// <param name="Epoch">Epoch.</param>
/// <param name="OrderId">Its content's number.</param>
/// <param name="Seq">Seq of the first transmission.</param>
/// <param name="Class">Class.</param>
/// <param name="LimitMjPerTh">Limit, mJ/TH.</param>
/// <param name="Share">Share.</param>
/// <param name="Salt">Salt.</param>
internal readonly record struct SentOrder(long AtMs, uint Epoch, uint OrderId, uint Seq, OrderClass Class, int LimitMjPerTh, uint Share, uint Salt);

/// <summary>A message to one board.</summary>
/// <param name="Board">The board.</param>
/// <param name="AtMs">Host's time.</param>
/// <param name="Epoch">Epoch.</param>
/// <param name="OrderId">Its number.</param>
/// <param name="Seq">Seq.</param>
/// <param name="Kind">What it asks.</param>
/// <param name="Value">Watts of a cap, value of an action; -1 for none. Never a secret.</param>
/// <param name="Answer">The board's answer, or null.</param>
/// <param name="AnswerMs">Host's time of the answer.</param>
internal readonly record struct SentSet(BoardRecord Board, long AtMs, uint Epoch, uint OrderId, uint Seq, SetKind Kind, long Value, string? Answer, long AnswerMs);

/// <summary>
/// What was sent last, for people: the last contents of each pod's order, and the last messages to single boards of the whole site. The
/// room is fixed, so a large site does not grow by it; nothing decides by it. Only on the host's loop.
/// </summary>
public sealed class OrderLog
{
    private const int PerPod = 6;
    private const int Sets = 1024;

    private readonly Dictionary<PodRecord, SentOrder[]> _orders = [];
    private readonly SentSet[] _sets = new SentSet[Sets];
    private long _setsSent;

    internal void Dispatched(PodRecord pod, uint epoch)
    {
        if (!_orders.TryGetValue(pod, out SentOrder[]? last))
        {
            _orders[pod] = last = new SentOrder[PerPod];
        }

        if (last[0].OrderId == pod.OrderId && last[0].Epoch == epoch)
        {
            return;
        }

        Array.Copy(last, 0, last, 1, PerPod - 1);
        last[0] = new SentOrder(pod.LastSentMs, epoch, pod.OrderId, pod.LastSeq, pod.Class, pod.Limit, pod.Share, pod.Salt);
    }

    internal void Sent(BoardRecord board, SetMessage message, long nowMs)
        => _sets[_setsSent++ % Sets] = new SentSet(board, nowMs, message.Epoch, message.OrderId, message.Seq, message.Kind, ValueOf(message), null, 0);

    /// <summary>Notes a board's answer to a message of its own.</summary>
    internal void Answered(BoardRecord board, in AckWord ack, long nowMs)
    {
        // Numbers rise, so the search ends where the answer's own would stand.
        for (long i = _setsSent - 1; ack.IsSet && i >= 0 && i >= _setsSent - Sets; i--)
        {
            ref SentSet set = ref _sets[i % Sets];
            if (set.Epoch != ack.Epoch || set.OrderId < ack.OrderId)
            {
                return;
            }

            if (set.OrderId == ack.OrderId && set.Board == board)
            {
                set = set.Answer is null ? set with { Answer = ack.Result, AnswerMs = nowMs } : set;
                return;
            }
        }
    }

    /// <summary>The last orders of a pod, the newest first.</summary>
    internal IEnumerable<SentOrder> OrdersOf(PodRecord pod) => _orders.TryGetValue(pod, out SentOrder[]? last) ? last.TakeWhile(o => o.Epoch != 0) : [];

    /// <summary>The last messages to a board, as far as the log reaches, the newest first.</summary>
    internal IEnumerable<SentSet> SetsOf(BoardRecord board)
    {
        for (long i = _setsSent - 1; i >= 0 && i >= _setsSent - Sets; i--)
        {
            if (_sets[i % Sets].Board == board)
            {
                yield return _sets[i % Sets];
            }
        }
    }

    private static long ValueOf(SetMessage message) => message.Kind switch
    {
        SetKind.PowerW => message.PowerW,
        SetKind.Lockout or SetKind.Restart or SetKind.LadderId or SetKind.LogLevel => message.Value,
        _ => -1,
    };
}
