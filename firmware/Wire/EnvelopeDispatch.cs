namespace Ballast.Wire
{
    /// <content>Orders to a pod: contract section 3.</content>
    public static partial class Envelope
    {
        private const int DispatchLeaseS = 7;
        private const int DispatchLimit = 8;
        private const int DispatchShare = 9;
        private const int DispatchSalt = 10;
        private const int DispatchRampS = 11;
        private const int DispatchSpreadS = 12;
        private const int DispatchFailSpreadS = 13;
        private const ulong DispatchMembers = 0x3FFF;

        // Places are the numbers above.
        private static readonly MemberTable DispatchTable = new MemberTable(
            new string[]
            {
                MemberName.Kid, MemberName.Epoch, MemberName.Seq, MemberName.OrderId, MemberName.Sent, MemberName.Mac, MemberName.Class,
                MemberName.LeaseS, MemberName.LimitMjPerTh, MemberName.Share, MemberName.Salt, MemberName.RampS, MemberName.SpreadS,
                MemberName.FailSpreadS,
            },
            new int[]
            {
                MemberKid, MemberEpoch, MemberSeq, MemberOrderId, MemberClass, DispatchLeaseS, MemberSent, DispatchLimit, DispatchShare,
                DispatchSalt, DispatchRampS, DispatchSpreadS, DispatchFailSpreadS,
            });

        /// <summary>Checks length, retain flag, suffix and fields of an order to a pod, in that order.</summary>
        /// <param name="msg">Buffer with the message.</param>
        /// <param name="off">Its first byte.</param>
        /// <param name="len">Its length, bytes.</param>
        /// <param name="retained">The broker's retain flag.</param>
        /// <param name="into">Takes the fields; they mean nothing after a refusal.</param>
        public static Reject ParseDispatch(byte[] msg, int off, int len, bool retained, DispatchOrder into)
        {
            Reject frame = CheckFrame(msg, off, len, retained);
            if (frame != Reject.None)
                return frame;
            FlatReader reader = into.Reader;
            reader.Begin(msg, off, off + len - SuffixLength, DispatchTable, 1UL << MemberMac);
            while (reader.Next())
                if (!TakeDispatch(reader, into))
                    return Reject.Range;
            if (reader.Error != Reject.None)
                return reader.Error;
            return (reader.Seen & DispatchMembers) == DispatchMembers ? Reject.None : Reject.Missing;
        }

        /// <summary>Writes an order to a pod with its MAC.</summary>
        /// <param name="order">The order.</param>
        /// <param name="topic">The topic it will be published on, UTF-8.</param>
        /// <param name="topicLen">Length of the topic, bytes.</param>
        /// <param name="mac">HMAC with the pod's key of the order's kid.</param>
        /// <param name="into">Takes the message.</param>
        /// <param name="off">Index of its first byte.</param>
        /// <returns>Its length; 0 if a field is out of range or the buffer too small, and then nothing may be sent.</returns>
        public static int WriteDispatch(DispatchOrder order, byte[] topic, int topicLen, HmacSha256 mac, byte[] into, int off)
        {
            if (!order.IsInRange())
                return 0;
            JsonWriter writer = order.Writer;
            writer.Begin(into, off, off + MaxMessage - SuffixLength);
            writer.OpenObject();
            writer.Number(MemberName.Kid, order.Kid);
            writer.Number(MemberName.Epoch, order.Epoch);
            writer.Number(MemberName.Seq, order.Seq);
            writer.Number(MemberName.OrderId, order.OrderId);
            writer.Text(MemberName.Class, OrderClassName.Of(order.Class));
            writer.Number(MemberName.LeaseS, order.LeaseS);
            writer.Number(MemberName.Sent, order.SentMs);
            writer.Number(MemberName.LimitMjPerTh, order.LimitMjPerTh);
            writer.Number(MemberName.Share, order.Share);
            writer.Number(MemberName.Salt, order.Salt);
            writer.Number(MemberName.RampS, order.RampS);
            writer.Number(MemberName.SpreadS, order.SpreadS);
            writer.Number(MemberName.FailSpreadS, order.FailSpreadS);
            return Sign(into, off, writer.Length, topic, topicLen, mac);
        }

        private static bool TakeDispatch(FlatReader reader, DispatchOrder into)
        {
            long number = reader.Number;
            switch (reader.Member)
            {
                case DispatchLeaseS:
                    into.LeaseS = (int)number;
                    return reader.IsNumber(5, 3600);
                case DispatchLimit:
                    into.LimitMjPerTh = (int)number;
                    return reader.IsNumber(0, 2147483647);
                case DispatchShare:
                    into.Share = (uint)number;
                    return IsU32(reader);
                case DispatchSalt:
                    into.Salt = (uint)number;
                    return IsU32(reader);
                case DispatchRampS:
                    into.RampS = (int)number;
                    return reader.IsNumber(0, 3600);
                case DispatchSpreadS:
                    into.SpreadS = (int)number;
                    return reader.IsNumber(0, 3600);
                case DispatchFailSpreadS:
                    into.FailSpreadS = (int)number;
                    return reader.IsNumber(0, 3600);
                default:
                    return TakeCommon(reader, into);
            }
        }
    }
}
