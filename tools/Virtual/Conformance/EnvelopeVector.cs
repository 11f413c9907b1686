using System.Text;
using System.Text.Json;
using Ballast.Wire;

namespace Ballast.Virtual.Conformance;

/// <summary>
/// A vector of `envelopes`: a signed message that must be taken on its topic with its key. Orders to a pod must also carry the values that
/// a general JSON reader finds, and lose their MAC when a byte or the topic changes.
/// </summary>
internal static class EnvelopeVector
{
    public static string? Mismatch(VectorNode vector)
    {
        byte[] key;
        try
        {
            key = Convert.FromHexString(vector.Text("keyHex"));
        }
        catch (FormatException e)
        {
            throw new VectorShapeException($"{vector.Path}.keyHex must be hexadecimal.", e);
        }

        byte[] topic = Encoding.UTF8.GetBytes(vector.Text("topic"));
        string text = vector.Text("message");
        byte[] message = Encoding.UTF8.GetBytes(text);
        var order = new DispatchOrder();
        bool dispatch = false;
        Reject reject;
        if (vector.Text("topic").EndsWith("/set", StringComparison.Ordinal))
            reject = Envelope.ParseSet(message, 0, message.Length, false, new SetMessage());
        else if (vector.Text("topic").EndsWith("/grid/signal", StringComparison.Ordinal))
            reject = Envelope.ParseGridSignal(message, 0, message.Length, false, new GridSignal());
        else
        {
            dispatch = true;
            reject = Envelope.ParseDispatch(message, 0, message.Length, false, order);
        }

        if (reject != Reject.None)
            return $"the message should be taken, this build refuses it ({RejectName.Of(reject)})";
        var mac = new HmacSha256(key);
        if (!Envelope.VerifyMac(message, 0, message.Length, topic, topic.Length, mac))
            return "the MAC should be right, this build finds it wrong";
        if (Envelope.VerifyMac(message, 0, message.Length, topic, topic.Length - 1, mac))
            return "the MAC should be wrong on another topic, this build finds it right";
        return dispatch ? Fields(text, order) : null;
    }

    private static string? Fields(string text, DispatchOrder order)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        (string Name, long Value)[] ours =
        [
            (MemberName.Kid, order.Kid), (MemberName.Epoch, order.Epoch), (MemberName.Seq, order.Seq), (MemberName.OrderId, order.OrderId),
            (MemberName.LeaseS, order.LeaseS), (MemberName.Sent, order.SentMs), (MemberName.LimitMjPerTh, order.LimitMjPerTh),
            (MemberName.Share, order.Share), (MemberName.Salt, order.Salt), (MemberName.RampS, order.RampS),
            (MemberName.SpreadS, order.SpreadS), (MemberName.FailSpreadS, order.FailSpreadS),
        ];
        foreach (var (name, value) in ours)
        {
            long expected = document.RootElement.GetProperty(name).GetInt64();
            if (expected != value)
                return ChoiceVector.Differ(name, expected, value);
        }

        string expectedClass = document.RootElement.GetProperty(MemberName.Class).GetString()!;
        return expectedClass == OrderClassName.Of(order.Class) ? null : ChoiceVector.Differ(MemberName.Class, expectedClass, OrderClassName.Of(order.Class));
    }
}
