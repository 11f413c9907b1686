namespace Ballast.Wire
{
    /// <content>Limits from outside: contract section 6.</content>
    public static partial class Envelope
    {
        private const int GridVersion = 7;
        private const int GridId = 8;
        private const int GridSource = 9;
        private const int GridOpMember = 10;
        private const int GridNode = 11;
        private const int GridLimitW = 12;
        private const int GridStart = 13;
        private const int GridDurationS = 14;
        private const int GridRampUp = 15;
        private const int GridReason = 16;

        private const ulong GridAlways =
            (1UL << MemberKid) | (1UL << MemberSeq) | (1UL << MemberSent) | (1UL << GridVersion) | (1UL << GridSource) | (1UL << GridOpMember);

        private const ulong GridForRelease = 1UL << GridId;
        private const ulong GridForSet = (1UL << GridId) | (1UL << MemberClass) | (1UL << GridNode) | (1UL << GridLimitW);

        private static readonly byte[] OpSet = Ascii.Bytes("set");
        private static readonly byte[] OpRelease = Ascii.Bytes("release");
        private static readonly byte[] OpHeartbeat = Ascii.Bytes("heartbeat");

        // Places are the numbers of the common members and those above. A signal has no epoch and no orderId: their places hold names
        // that cannot be read, because a quote ends a name.
        private static readonly MemberTable GridTable = new MemberTable(
            new string[]
            {
                MemberName.Kid, "\"", MemberName.Seq, "\"\"", MemberName.Sent, MemberName.Mac, MemberName.Class,
                MemberName.V, MemberName.Id, MemberName.Source, MemberName.Op, MemberName.Node, MemberName.LimitW, MemberName.Start,
                MemberName.DurationS, MemberName.RampUpWPerS, MemberName.Reason,
            },
            new int[] { GridVersion, GridId, GridSource, MemberSeq, GridOpMember });

        /// <summary>Checks length, retain flag, suffix and fields of a limit from outside, in that order.</summary>
        /// <param name="msg">Buffer with the message.</param>
        /// <param name="off">Its first byte.</param>
        /// <param name="len">Its length, bytes.</param>
        /// <param name="retained">The broker's retain flag.</param>
        /// <param name="into">Takes the fields; they mean nothing after a refusal. Its strings lie in <paramref name="msg"/>.</param>
        public static Reject ParseGridSignal(byte[] msg, int off, int len, bool retained, GridSignal into)
        {
            Reject frame = CheckFrame(msg, off, len, retained);
            if (frame != Reject.None)
                return frame;
            into.Text = msg;
            into.Class = OrderClass.Economic;
            into.LimitW = 0;
            into.DurationS = GridSignal.Absent;
            into.RampUpWPerS = GridSignal.Absent;
            into.Id.Length = 0;
            into.Node.Length = 0;
            into.Start.Length = 0;
            into.Reason.Length = 0;
            FlatReader reader = into.Reader;
            reader.Begin(msg, off, off + len - SuffixLength, GridTable, 1UL << MemberMac);
            while (reader.Next())
                if (!TakeGrid(reader, into))
                    return Reject.Range;
            if (reader.Error != Reject.None)
                return reader.Error;

            ulong needs = GridAlways;
            if ((reader.Seen & needs) == needs)
                needs |= into.Op == GridOp.Set ? GridForSet : into.Op == GridOp.Release ? GridForRelease : 0;
            return (reader.Seen & needs) == needs ? Reject.None : Reject.Missing;
        }

        private static bool TakeGrid(FlatReader reader, GridSignal into)
        {
            long number = reader.Number;
            switch (reader.Member)
            {
                case GridVersion:
                    return reader.IsNumber(GridSignal.Version, GridSignal.Version);
                case GridOpMember:
                    return TakeOp(reader, into);
                case GridLimitW:
                    into.LimitW = number;
                    return reader.IsNumber(0, GridSignal.MaxWatts);
                case GridDurationS:
                    into.DurationS = (int)number;
                    return reader.IsNumber(0, GridSignal.MaxDurationS);
                case GridRampUp:
                    into.RampUpWPerS = number;
                    return reader.IsNumber(0, GridSignal.MaxWatts);
                case GridId:
                    return TakeText(reader, ref into.Id) && reader.ValueLength > 0;
                case GridSource:
                    return TakeText(reader, ref into.Source) && reader.ValueLength > 0;
                case GridNode:
                    return TakeText(reader, ref into.Node) && reader.ValueLength > 0;
                case GridStart:
                    return TakeText(reader, ref into.Start) && reader.ValueLength > 0;
                case GridReason:
                    return TakeText(reader, ref into.Reason);
                default:
                    return TakeSigned(reader, into);
            }
        }

        private static bool TakeText(FlatReader reader, ref TextRange into)
        {
            into.Off = reader.ValueOff;
            into.Length = reader.ValueLength;
            return reader.Kind == ValueKind.Text;
        }

        private static bool TakeOp(FlatReader reader, GridSignal into)
        {
            if (reader.Kind != ValueKind.Text)
                return false;
            if (Ascii.Same(reader.Data, reader.ValueOff, reader.ValueLength, OpSet))
                into.Op = GridOp.Set;
            else if (Ascii.Same(reader.Data, reader.ValueOff, reader.ValueLength, OpRelease))
                into.Op = GridOp.Release;
            else if (Ascii.Same(reader.Data, reader.ValueOff, reader.ValueLength, OpHeartbeat))
                into.Op = GridOp.Heartbeat;
            else
                return false;
            return true;
        }
    }
}
