using System.Text;
using Ballast.Host.Fleet;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>Builds and publishes what goes to boards. Every transmission has a new seq, repeats too (contract section 5).</summary>
public sealed class OrderSender
{
    private readonly SiteOptions _options;
    private readonly IOrderCarrier _carrier;
    private readonly HostClock _clock;
    private readonly byte[] _buffer = new byte[Envelope.MaxMessage];
    private readonly DispatchOrder _order = new();
    private readonly SetMessage _set = new();
    private uint _seq;
    private uint _orderId;

    /// <summary>Makes a sender; it sends nothing before <see cref="Epoch"/> is set.</summary>
    public OrderSender(SiteOptions options, IOrderCarrier carrier, HostClock clock)
    {
        _options = options;
        _carrier = carrier;
        _clock = clock;
    }

    /// <summary>Epoch of everything sent; 0 while this host may not send.</summary>
    public uint Epoch { get; private set; }

    /// <summary>Last seq used.</summary>
    public uint Seq => _seq;

    /// <summary>Messages to boards that left.</summary>
    public long Sent { get; private set; }

    /// <summary>What was sent last, for people.</summary>
    public OrderLog Log { get; } = new();

    /// <summary>Starts a new epoch, which must have been committed. seq and order ids start again.</summary>
    public void Lead(uint epoch)
    {
        Epoch = epoch;
        _seq = 0;
        _orderId = 0;
    }

    /// <summary>Stops sending.</summary>
    public void StandDown() => Epoch = 0;

    /// <summary>A number for new content.</summary>
    public uint NextOrderId() => ++_orderId;

    /// <summary>Sends a pod's order as it stands.</summary>
    /// <param name="pod">The pod; its LastSeq is set.</param>
    /// <param name="qos">0 for the copies of an emergency, else 1.</param>
    /// <returns>False if it did not leave.</returns>
    public bool SendDispatch(PodRecord pod, int qos)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (Epoch == 0 || !pod.HasOrder)
        {
            return false;
        }

        _order.Kid = pod.Kid;
        _order.Epoch = Epoch;
        _order.Seq = ++_seq;
        _order.OrderId = pod.OrderId;
        _order.Class = pod.Class;
        _order.LeaseS = _options.LeaseS;
        _order.SentMs = _clock.SentMs;
        _order.LimitMjPerTh = pod.Limit;
        _order.Share = pod.Share;
        _order.Salt = pod.Salt;
        _order.RampS = _options.RampS;
        _order.SpreadS = _options.SpreadS;
        _order.FailSpreadS = _options.FailSpreadS;
        int length = Envelope.WriteDispatch(_order, pod.TopicUtf8, pod.TopicUtf8.Length, pod.Mac, _buffer, 0);
        if (length <= 0 || !_carrier.Publish(pod.Topic, _buffer.AsSpan(0, length), qos, false))
        {
            return false;
        }

        Sent++;
        pod.LastSeq = _seq;
        pod.LastSentMs = _clock.NowMs;
        if (pod.ContentOrderId != pod.OrderId || pod.ContentEpoch != Epoch)
        {
            (pod.ContentEpoch, pod.ContentOrderId, pod.ContentSentMs) = (Epoch, pod.OrderId, pod.LastSentMs);
        }

        Log.Dispatched(pod, Epoch);
        return true;
    }

    /// <summary>Caps one board, W.</summary>
    public bool SendPower(BoardRecord board, int powerW, OrderClass orderClass)
    {
        _set.Kind = SetKind.PowerW;
        _set.PowerW = powerW;
        _set.Class = orderClass;
        return Send(board);
    }

    /// <summary>Ends a board's own cap and its stream's latch.</summary>
    public bool SendRelease(BoardRecord board, OrderClass orderClass)
    {
        _set.Kind = SetKind.Release;
        _set.Class = orderClass == OrderClass.Emergency ? OrderClass.Reliability : orderClass;
        return Send(board);
    }

    /// <summary>Admits a board.</summary>
    public bool SendAdmit(BoardRecord board, uint afterSeq)
    {
        ArgumentNullException.ThrowIfNull(board);
        _set.Kind = SetKind.Admit;
        _set.BootNonce = board.BootNonce;
        _set.AfterSeq = afterSeq;
        return Send(board);
    }

    /// <summary>Sends an action with one value: restart, lock-out, ladder id.</summary>
    public bool SendAction(BoardRecord board, SetKind kind, uint value)
    {
        _set.Kind = kind;
        _set.Value = value;
        return Send(board);
    }

    /// <summary>Offers a key to a board (contract section 4).</summary>
    /// <param name="board">The board.</param>
    /// <param name="slot">0 the pod's, 1 its own.</param>
    /// <param name="newKid">Number of the key.</param>
    /// <param name="newKey">The key, 32 bytes; it is enciphered on its way.</param>
    /// <param name="kid">Number of the board's own key that signs.</param>
    /// <param name="key">That key.</param>
    public bool SendKey(BoardRecord board, uint slot, int newKid, ReadOnlySpan<byte> newKey, byte kid, byte[] key)
    {
        _set.Kind = SetKind.InstallKey;
        _set.Value = slot;
        _set.NewKid = newKid;
        newKey.CopyTo(_set.NewKey);
        bool sent = Send(board, kid, key);
        Array.Clear(_set.NewKey);
        return sent;
    }

    private bool Send(BoardRecord board) => Send(board, board.Kid, board.Key);

    private bool Send(BoardRecord board, byte kid, byte[] key)
    {
        if (Epoch == 0 || board.Revoked)
        {
            return false;
        }

        string topic = "ballast/v1/" + _options.Site + "/" + board.Name + "/set";
        byte[] topicUtf8 = Encoding.ASCII.GetBytes(topic);
        HmacSha256 mac = new(key);
        _set.Kid = kid;
        _set.Epoch = Epoch;
        _set.Seq = ++_seq;
        _set.OrderId = ++_orderId;
        _set.SentMs = _clock.SentMs;
        if (_set.Kind == SetKind.InstallKey)
        {
            KeyCipher.Apply(mac, topicUtf8, topicUtf8.Length, Epoch, _seq, _set.NewKey, 0);
        }

        int length = Envelope.WriteSet(_set, topicUtf8, topicUtf8.Length, mac, _buffer, 0);
        if (length <= 0 || !_carrier.Publish(topic, _buffer.AsSpan(0, length), 1, false))
        {
            return false;
        }

        Sent++;
        Log.Sent(board, _set, _clock.NowMs);
        return true;
    }
}
