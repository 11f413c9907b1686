namespace Ballast.Wire
{
    /// <summary>What became of an order. Messages that fail before or at their MAC never get one.</summary>
    public sealed class AckMessage
    {
        /// <summary>Room that the largest acknowledgement needs, bytes.</summary>
        public const int MaxLength = 512;

        /// <summary>Stream of the order.</summary>
        public OrderStream Stream;

        /// <summary>Epoch of the order.</summary>
        public uint Epoch;

        /// <summary>Seq of the order.</summary>
        public uint Seq;

        /// <summary>Number of the order's content.</summary>
        public uint OrderId;

        /// <summary>What became of it.</summary>
        public AckResult Result;

        /// <summary>Why; empty if there is nothing to say.</summary>
        public string Reason = "";

        /// <summary>The board's effective point.</summary>
        public int Point;

        /// <summary>Power of that point, mW.</summary>
        public int EffectiveMw;

        private readonly JsonWriter _writer = new JsonWriter();

        /// <summary>Writes the message; its length, or 0 if it does not fit.</summary>
        public int Write(byte[] into, int off)
        {
            JsonWriter w = _writer;
            w.Begin(into, off, into.Length);
            w.OpenObject();
            w.Text(MemberName.Stream, BoardName.Of(Stream));
            w.Number(MemberName.Epoch, Epoch);
            w.Number(MemberName.Seq, Seq);
            w.Number(MemberName.OrderId, OrderId);
            w.Text(MemberName.Result, BoardName.Of(Result));
            w.Text(MemberName.Reason, Reason);
            w.Number(MemberName.Point, Point);
            w.Number(MemberName.EffectiveMw, EffectiveMw);
            w.CloseObject();
            return w.Length;
        }
    }
}
