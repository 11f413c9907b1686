namespace Ballast.Wire
{
    /// <content>Orders and actions for one board, written: contract section 4.</content>
    public static partial class Envelope
    {
        /// <summary>Writes a message for one board with its MAC.</summary>
        /// <param name="message">What to ask for. A new key must already be enciphered (<see cref="KeyCipher"/>) for this epoch and seq.</param>
        /// <param name="topic">The topic it will be published on, UTF-8.</param>
        /// <param name="topicLen">Length of the topic, bytes.</param>
        /// <param name="mac">HMAC with the board's key of the message's kid.</param>
        /// <param name="into">Takes the message.</param>
        /// <param name="off">Index of its first byte.</param>
        /// <returns>Its length; 0 if a field is out of range or the buffer too small, and then nothing may be sent.</returns>
        public static int WriteSet(SetMessage message, byte[] topic, int topicLen, HmacSha256 mac, byte[] into, int off)
        {
            if (message.Kid < 0 || message.Kid > 255 || message.SentMs < 0 || message.SentMs > FlatReader.MaxNumber)
                return 0;
            JsonWriter writer = message.Writer;
            writer.Begin(into, off, off + MaxMessage - SuffixLength);
            writer.OpenObject();
            writer.Number(MemberName.Kid, message.Kid);
            writer.Number(MemberName.Epoch, message.Epoch);
            writer.Number(MemberName.Seq, message.Seq);
            writer.Number(MemberName.OrderId, message.OrderId);
            writer.Number(MemberName.Sent, message.SentMs);
            return WriteKind(message, writer) ? Sign(into, off, writer.Length, topic, topicLen, mac) : 0;
        }

        private static bool WriteKind(SetMessage message, JsonWriter writer)
        {
            switch (message.Kind)
            {
                case SetKind.PowerW:
                    writer.Number(MemberName.PowerW, message.PowerW);
                    writer.Text(MemberName.Class, OrderClassName.Of(message.Class));
                    return message.PowerW >= 0 && message.PowerW <= SetMessage.MaxPowerW && IsClass(message.Class);
                case SetKind.Release:
                    writer.Number(MemberName.Release, 1);
                    writer.Text(MemberName.Class, OrderClassName.Of(message.Class));
                    return IsClass(message.Class) && message.Class != OrderClass.Emergency;
                case SetKind.Admit:
                    writer.Number(MemberName.Admit, message.BootNonce);
                    writer.Number(MemberName.AfterSeq, message.AfterSeq);
                    return true;
                case SetKind.Identify:
                    writer.Number(MemberName.Identify, 1);
                    return true;
                case SetKind.ClearFault:
                    writer.Number(MemberName.ClearFault, 1);
                    return true;
                case SetKind.Restart:
                    return WriteValue(writer, MemberName.Restart, message);
                case SetKind.Lockout:
                    return WriteValue(writer, MemberName.Lockout, message);
                case SetKind.LadderId:
                    return WriteValue(writer, MemberName.LadderId, message);
                case SetKind.LogLevel:
                    return WriteValue(writer, MemberName.LogLevel, message);
                case SetKind.DropKid:
                    return WriteValue(writer, MemberName.DropKid, message);
                case SetKind.Pool:
                    return WritePool(writer, message);
                case SetKind.InstallKey:
                    writer.Number(MemberName.Slot, message.Value);
                    writer.Number(MemberName.NewKid, message.NewKid);
                    writer.HexBytes(MemberName.NewKey, message.NewKey, 0, SetMessage.KeySize);
                    return message.Value <= SetMessage.MaxKeySlot && message.NewKid >= 0 && message.NewKid <= 255;
                default:
                    return false;
            }
        }

        private static bool WriteValue(JsonWriter writer, string name, SetMessage message)
        {
            writer.Number(name, message.Value);
            return message.Value >= SetLowest(message.Kind) && message.Value <= SetHighest(message.Kind);
        }

        private static bool WritePool(JsonWriter writer, SetMessage message)
        {
            byte[]? text = message.Text;
            if (text == null || message.Value > SetMessage.MaxPoolSlot || !IsPlain(text, message.UrlOff, message.UrlLength)
                || !IsPlain(text, message.UserOff, message.UserLength) || !IsPlain(text, message.PassOff, message.PassLength))
                return false;
            writer.Number(MemberName.Pool, 1);
            writer.Number(MemberName.Slot, message.Value);
            writer.Plain(MemberName.Url, text, message.UrlOff, message.UrlLength);
            writer.Plain(MemberName.User, text, message.UserOff, message.UserLength);
            writer.Plain(MemberName.Pass, text, message.PassOff, message.PassLength);
            return true;
        }

        private static bool IsClass(OrderClass value) => value >= OrderClass.Economic && value <= OrderClass.Emergency;

        // Boards take no escapes, so what would need one cannot be sent.
        private static bool IsPlain(byte[] text, int off, int count)
        {
            if (off < 0 || count < 0 || off > text.Length - count)
                return false;
            for (int i = off; i < off + count; i++)
                if (text[i] < 32 || text[i] > 127 || text[i] == '"' || text[i] == '\\')
                    return false;
            return true;
        }
    }
}
