namespace Ballast.Wire
{
    /// <summary>
    /// Reads and writes messages to boards: contract sections 2 to 4. Nothing here throws or allocates on a message, whatever its bytes.
    /// A parse covers the checks of section 2 up to the fields; kid, (epoch, seq), MAC and time follow in that order, and only then may
    /// anything move.
    /// </summary>
    public static partial class Envelope
    {
        /// <summary>Longest message, bytes.</summary>
        public const int MaxMessage = 1024;

        /// <summary>Bytes of the MAC member with the closing brace.</summary>
        public const int SuffixLength = 74;

        private const int MacDigits = 64;
        private const int MemberKid = 0;
        private const int MemberEpoch = 1;
        private const int MemberSeq = 2;
        private const int MemberOrderId = 3;
        private const int MemberSent = 4;
        private const int MemberMac = 5;
        private const int MemberClass = 6;
        private const ulong CommonMembers = 0x3F;
        private const long MaxU32 = 4294967295L;

        private static readonly byte[] SuffixStart = Ascii.Bytes(",\"mac\":\"");

        // Between topic and message in what the MAC covers.
        private static readonly byte[] Zero = { 0 };

        /// <summary>True if the message's MAC is right for the topic. Call it only after a parse that found nothing.</summary>
        /// <param name="msg">Buffer with the message.</param>
        /// <param name="off">Its first byte.</param>
        /// <param name="len">Its length, bytes.</param>
        /// <param name="topic">The topic it came on, UTF-8.</param>
        /// <param name="topicLen">Length of the topic, bytes.</param>
        /// <param name="mac">HMAC with the key of the message's kid.</param>
        public static bool VerifyMac(byte[] msg, int off, int len, byte[] topic, int topicLen, HmacSha256 mac)
        {
            if (!HasFrame(msg, off, len))
                return false;
            ComputeMac(msg, off, len - SuffixLength, topic, topicLen, mac);

            // Every digit is looked at, whatever the ones before it were: the time tells nothing. What is no digit has a bit above them.
            byte[] computed = mac.Computed;
            ushort[] values = Ascii.LowerHex;
            int p = off + len - SuffixLength + SuffixStart.Length;
            int difference = 0;
            for (int i = 0; i < computed.Length; i++)
            {
                difference |= ((values[msg[p]] << 4) | values[msg[p + 1]]) ^ computed[i];
                p += 2;
            }

            return difference == 0;
        }

        // Length, retain flag and suffix: what is looked at before any field.
        internal static Reject CheckFrame(byte[] msg, int off, int len, bool retained)
        {
            if (len > MaxMessage)
                return Reject.TooLong;
            if (retained)
                return Reject.Retained;
            return HasSuffix(msg, off, len) ? Reject.None : Reject.Suffix;
        }

        internal static bool IsU32(FlatReader reader) => reader.IsNumber(0, MaxU32);

        /// <summary>Appends the MAC member to an object without its closing brace.</summary>
        /// <param name="into">Buffer with the object.</param>
        /// <param name="off">Its first byte.</param>
        /// <param name="bodyLen">Its length, bytes.</param>
        /// <param name="topic">The topic it will be published on, UTF-8.</param>
        /// <param name="topicLen">Length of the topic, bytes.</param>
        /// <param name="mac">HMAC with the key of the message's kid.</param>
        /// <returns>Length of the message; 0 if the buffer is too small.</returns>
        public static int Sign(byte[] into, int off, int bodyLen, byte[] topic, int topicLen, HmacSha256 mac)
        {
            int p = off + bodyLen;
            if (bodyLen <= 0 || p + SuffixLength > into.Length)
                return 0;
            ComputeMac(into, off, bodyLen, topic, topicLen, mac);
            for (int i = 0; i < SuffixStart.Length; i++)
                into[p++] = SuffixStart[i];
            byte[] computed = mac.Computed;
            for (int i = 0; i < computed.Length; i++)
            {
                into[p++] = Ascii.HexByte(computed[i] >> 4);
                into[p++] = Ascii.HexByte(computed[i] & 15);
            }

            into[p] = (byte)'"';
            into[p + 1] = (byte)'}';
            return bodyLen + SuffixLength;
        }

        private static bool TakeCommon(FlatReader reader, SignedMessage into)
        {
            long number = reader.Number;
            switch (reader.Member)
            {
                case MemberEpoch:
                    into.Epoch = (uint)number;
                    return IsU32(reader);
                case MemberOrderId:
                    into.OrderId = (uint)number;
                    return IsU32(reader);
                default:
                    return TakeSigned(reader, into);
            }
        }

        private static bool TakeSigned(FlatReader reader, SignedText into)
        {
            long number = reader.Number;
            switch (reader.Member)
            {
                case MemberKid:
                    into.Kid = (int)number;
                    return reader.IsNumber(0, 255);
                case MemberSeq:
                    into.Seq = (uint)number;
                    return IsU32(reader);
                case MemberSent:
                    into.SentMs = number;
                    return number >= 0;
                case MemberClass:
                    return TakeClass(reader, out into.Class);
                default:
                    return true;
            }
        }

        private static bool TakeClass(FlatReader reader, out OrderClass value)
        {
            int i = reader.Kind == ValueKind.Text ? OrderClassName.Parse(reader.Data, reader.ValueOff, reader.ValueLength) : -1;
            value = i < 0 ? OrderClass.Economic : (OrderClass)i;
            return i >= 0;
        }

        private static bool HasSuffix(byte[] msg, int off, int len)
        {
            if (!HasFrame(msg, off, len))
                return false;
            ushort[] values = Ascii.LowerHex;
            int end = off + len - 2;
            int wrong = 0;
            for (int p = end - MacDigits; p < end; p++)
                wrong |= values[msg[p]];
            return wrong < 16;
        }

        // The suffix but for its digits.
        private static bool HasFrame(byte[] msg, int off, int len)
        {
            if (len < SuffixLength || off < 0 || off > msg.Length - len)
                return false;
            int p = off + len - SuffixLength;
            for (int i = 0; i < SuffixStart.Length; i++)
                if (msg[p + i] != SuffixStart[i])
                    return false;
            return msg[off + len - 2] == '"' && msg[off + len - 1] == '}';
        }

        private static void ComputeMac(byte[] msg, int off, int count, byte[] topic, int topicLen, HmacSha256 mac)
        {
            mac.Begin();
            mac.Update(topic, 0, topicLen);
            mac.Update(Zero, 0, 1);
            mac.Update(msg, off, count);
            mac.End(mac.Computed, 0);
        }
    }
}
