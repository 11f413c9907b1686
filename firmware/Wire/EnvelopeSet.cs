namespace Ballast.Wire
{
    /// <content>Orders and actions for one board, read: contract section 4.</content>
    public static partial class Envelope
    {
        // The members that are an order or an action by themselves, in the order of SetKind from PowerW on.
        private const int SetFirstKind = 7;
        private const int SetLastKind = SetFirstKind + 11;
        private const int SetAfterSeq = 19;
        private const int SetSlot = 20;
        private const int SetUrl = 21;
        private const int SetUser = 22;
        private const int SetPass = 23;
        private const int SetNewKid = 24;
        private const ulong PoolMembers = (1UL << SetSlot) | (1UL << SetUrl) | (1UL << SetUser) | (1UL << SetPass);
        private const ulong KeyMembers = (1UL << SetSlot) | (1UL << SetNewKid);

        // Places are the numbers above; a new key is known by `newKey`.
        private static readonly MemberTable SetTable = new MemberTable(
            new string[]
            {
                MemberName.Kid, MemberName.Epoch, MemberName.Seq, MemberName.OrderId, MemberName.Sent, MemberName.Mac, MemberName.Class,
                MemberName.PowerW, MemberName.Release, MemberName.Admit, MemberName.Identify, MemberName.Restart, MemberName.ClearFault,
                MemberName.Lockout, MemberName.Pool, MemberName.LadderId, MemberName.LogLevel, MemberName.NewKey, MemberName.DropKid,
                MemberName.AfterSeq, MemberName.Slot, MemberName.Url, MemberName.User, MemberName.Pass, MemberName.NewKid,
            },
            new int[] { MemberKid, MemberEpoch, MemberSeq, MemberOrderId, MemberSent });

        /// <summary>
        /// Checks length, retain flag, suffix and fields of a message for one board, in that order. It must carry exactly one order or
        /// action; flags (`release`, `identify`, `clearFault`, `pool`) are 1.
        /// </summary>
        /// <param name="msg">Buffer with the message.</param>
        /// <param name="off">Its first byte.</param>
        /// <param name="len">Its length, bytes.</param>
        /// <param name="retained">The broker's retain flag.</param>
        /// <param name="into">Takes the fields; they mean nothing after a refusal. Its strings lie in <paramref name="msg"/>.</param>
        public static Reject ParseSet(byte[] msg, int off, int len, bool retained, SetMessage into)
        {
            Reject frame = CheckFrame(msg, off, len, retained);
            if (frame != Reject.None)
                return frame;
            into.Text = msg;
            into.Kind = SetKind.None;
            uint slot = 0;
            bool two = false;
            FlatReader reader = into.Reader;
            reader.Begin(msg, off, off + len - SuffixLength, SetTable, 1UL << MemberMac);
            while (reader.Next())
            {
                int member = reader.Member;
                if (member >= SetFirstKind && member <= SetLastKind)
                {
                    two |= into.Kind != SetKind.None;
                    into.Kind = (SetKind)(member - SetFirstKind + (int)SetKind.PowerW);
                    if (!TakeKind(reader, into))
                        return Reject.Range;
                }
                else if (member == SetSlot)
                {
                    slot = (uint)reader.Number;
                    if (!reader.IsNumber(0, SetMessage.MaxPoolSlot))
                        return Reject.Range;
                }
                else if (!TakeSet(reader, into))
                    return Reject.Range;
            }

            if (reader.Error != Reject.None)
                return reader.Error;
            if ((reader.Seen & CommonMembers) != CommonMembers)
                return Reject.Missing;
            if (two)
                return Reject.TwoActions;
            return CheckKind(reader.Seen, slot, into);
        }

        // What belongs to the one order or action.
        private static Reject CheckKind(ulong seen, uint slot, SetMessage into)
        {
            ulong needs = 0;
            switch (into.Kind)
            {
                case SetKind.None:
                    // Half of a key to install is a missing member rather than no action.
                    return (seen & (1UL << SetNewKid)) != 0 ? Reject.Missing : Reject.NoAction;
                case SetKind.PowerW:
                case SetKind.Release:
                    needs = 1UL << MemberClass;
                    break;
                case SetKind.Admit:
                    needs = 1UL << SetAfterSeq;
                    break;
                case SetKind.Pool:
                    needs = PoolMembers;
                    into.Value = slot;
                    break;
                case SetKind.InstallKey:
                    needs = KeyMembers;
                    into.Value = slot;
                    break;
            }

            if ((seen & needs) != needs)
                return Reject.Missing;
            if (into.Kind == SetKind.Release && into.Class == OrderClass.Emergency)
                return Reject.Range;
            return into.Kind == SetKind.InstallKey && slot > SetMessage.MaxKeySlot ? Reject.Range : Reject.None;
        }

        private static bool TakeKind(FlatReader reader, SetMessage into)
        {
            long number = reader.Number;
            switch (into.Kind)
            {
                case SetKind.PowerW:
                    into.PowerW = (int)number;
                    return reader.IsNumber(0, SetMessage.MaxPowerW);
                case SetKind.Admit:
                    into.BootNonce = (uint)number;
                    return IsU32(reader);
                case SetKind.InstallKey:
                    return TakeKey(reader, into.NewKey);
                case SetKind.Release:
                case SetKind.Identify:
                case SetKind.ClearFault:
                case SetKind.Pool:
                    return reader.IsNumber(1, 1);
                default:
                    into.Value = (uint)number;
                    return reader.IsNumber(SetLowest(into.Kind), SetHighest(into.Kind));
            }
        }

        private static bool TakeSet(FlatReader reader, SetMessage into)
        {
            long number = reader.Number;
            switch (reader.Member)
            {
                case SetAfterSeq:
                    into.AfterSeq = (uint)number;
                    return IsU32(reader);
                case SetNewKid:
                    into.NewKid = (int)number;
                    return reader.IsNumber(0, 255);
                case SetUrl:
                    into.UrlOff = reader.ValueOff;
                    into.UrlLength = reader.ValueLength;
                    return reader.Kind == ValueKind.Text;
                case SetUser:
                    into.UserOff = reader.ValueOff;
                    into.UserLength = reader.ValueLength;
                    return reader.Kind == ValueKind.Text;
                case SetPass:
                    into.PassOff = reader.ValueOff;
                    into.PassLength = reader.ValueLength;
                    return reader.Kind == ValueKind.Text;
                default:
                    return TakeCommon(reader, into);
            }
        }

        private static bool TakeKey(FlatReader reader, byte[] key)
        {
            if (reader.Kind != ValueKind.Text || reader.ValueLength != 2 * SetMessage.KeySize)
                return false;
            for (int i = 0; i < SetMessage.KeySize; i++)
            {
                int high = Ascii.HexDigit(reader.Data[reader.ValueOff + 2 * i]);
                int low = Ascii.HexDigit(reader.Data[reader.ValueOff + 2 * i + 1]);
                if (high < 0 || low < 0)
                    return false;
                key[i] = (byte)((high << 4) | low);
            }

            return true;
        }

        // Range of Value for the kinds whose member carries it.
        private static long SetLowest(SetKind kind) => kind == SetKind.Restart ? 1 : 0;

        private static long SetHighest(SetKind kind)
        {
            switch (kind)
            {
                case SetKind.Restart:
                    return 2;
                case SetKind.Lockout:
                    return 1;
                case SetKind.LogLevel:
                    return SetMessage.MaxLogLevel;
                case SetKind.DropKid:
                    return 255;
                default:
                    return MaxU32;
            }
        }
    }
}
