using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Wire.Tests;

/// <summary>Whatever bytes come, nothing throws, and nothing is taken without the MAC (S14).</summary>
public sealed class FuzzTests
{
    private static readonly byte[] Good = Signed.Message(Signed.Dispatch, Signed.PodTopic);

    private static readonly Gen<uint> U32 = Laws.Places;

    private static readonly Gen<DispatchOrder> Orders =
        from kid in Gen.Choose(0, 255)
        from numbers in U32.ArrayOf(5)
        from urgency in Gen.Choose(0, 2)
        from lease in Gen.Choose(5, 3600)
        from sent in Gen.OneOf(Gen.Elements(0L, 9007199254740991L), Gen.Choose(0, int.MaxValue).Select(i => 1_763_800_000_000L + i))
        from limit in Laws.Limits
        from times in Gen.Choose(0, 3600).ArrayOf(3)
        select new DispatchOrder
        {
            Kid = kid,
            Epoch = numbers[0],
            Seq = numbers[1],
            OrderId = numbers[2],
            Class = (OrderClass)urgency,
            LeaseS = lease,
            SentMs = sent,
            LimitMjPerTh = limit,
            Share = numbers[3],
            Salt = numbers[4],
            RampS = times[0],
            SpreadS = times[1],
            FailSpreadS = times[2],
        };

    [Fact]
    public void What_is_written_is_read() => Laws.Hold(
        Prop.ForAll(Orders.ToArbitrary(), order =>
        {
            byte[] topic = Encoding.UTF8.GetBytes(Signed.PodTopic);
            byte[] buffer = new byte[Envelope.MaxMessage];
            int length = Envelope.WriteDispatch(order, topic, topic.Length, new HmacSha256(Signed.Key), buffer, 0);
            byte[] message = buffer[..length];
            var back = new DispatchOrder();
            return Signed.ParseDispatch(message, back) == Reject.None && Signed.Verify(message, Signed.PodTopic)
                && (order.Kid, order.Epoch, order.Seq, order.OrderId, order.Class, order.LeaseS, order.SentMs)
                    == (back.Kid, back.Epoch, back.Seq, back.OrderId, back.Class, back.LeaseS, back.SentMs)
                && (order.LimitMjPerTh, order.Share, order.Salt, order.RampS, order.SpreadS, order.FailSpreadS)
                    == (back.LimitMjPerTh, back.Share, back.Salt, back.RampS, back.SpreadS, back.FailSpreadS);
        }),
        1000);

    [Fact]
    public void Random_bytes_are_refused() => Laws.Hold(
        Prop.ForAll(Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().ToArbitrary(), bytes => Refused(bytes)), 2000);

    [Fact]
    public void A_random_body_with_a_true_suffix_never_throws() => Laws.Hold(
        Prop.ForAll(
            (from body in Gen.Elements([.. "{}[]\":,0123456789.-e\\ \tkidsetmacu"]).ArrayOf() select new string(body)).ToArbitrary(),
            body =>
            {
                byte[] message = Signed.Body("{" + body, Signed.PodTopic);
                Parse(message);
                return Signed.Verify(message, Signed.PodTopic);
            }),
        3000);

    [Fact]
    public void A_mutated_message_is_refused() => Laws.Hold(
        Prop.ForAll(
            (from cuts in Gen.Choose(0, 3)
             from places in Gen.Choose(0, Good.Length - 1).ArrayOf(4)
             from values in Gen.Choose(0, 255).ArrayOf(4)
             from kind in Gen.Choose(0, 3)
             select Mutate(cuts, places, values, kind)).ToArbitrary(),
            bytes => bytes.AsSpan().SequenceEqual(Good) || Refused(bytes)),
        5000);

    [Fact]
    public void A_mutated_body_signed_anew_never_throws() => Laws.Hold(
        Prop.ForAll(
            (from places in Gen.Choose(0, Good.Length - 75).ArrayOf(4)
             from values in Gen.Choose(0, 255).ArrayOf(4)
             from kind in Gen.Choose(0, 3)
             select Mutate(1, places, values, kind)).ToArbitrary(),
            bytes =>
            {
                string body = Encoding.Latin1.GetString(bytes, 0, Math.Max(0, bytes.Length - Envelope.SuffixLength));
                Parse(Signed.Body(body, Signed.PodTopic));
                return true;
            }),
        3000);

    private static bool Refused(byte[] bytes)
    {
        bool parsed = Parse(bytes);
        return !(parsed && Signed.Verify(bytes, Signed.PodTopic));
    }

    private static bool Parse(byte[] bytes)
    {
        bool dispatch = Signed.ParseDispatch(bytes) == Reject.None;
        bool set = Signed.ParseSet(bytes) == Reject.None;
        bool grid = Signed.ParseGrid(bytes) == Reject.None;
        Signed.Verify(bytes, Signed.PodTopic);
        return dispatch || set || grid;
    }

    private static byte[] Mutate(int cuts, int[] places, int[] values, int kind)
    {
        List<byte> bytes = [.. Good];
        for (int i = 0; i <= cuts; i++)
        {
            int at = Math.Min(places[i], bytes.Count - 1);
            switch (kind)
            {
                case 0:
                    bytes[at] = (byte)values[i];
                    break;
                case 1:
                    bytes.Insert(at, (byte)values[i]);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(Math.Min(at, bytes.Count - 20), 20));
                    break;
            }
        }

        return [.. bytes];
    }
}
