namespace Ballast.Wire
{
    /// <summary>What every message to boards carries: contract section 2.</summary>
    public abstract class SignedMessage
    {
        /// <summary>Key id, 0…255.</summary>
        public int Kid;

        /// <summary>Epoch of the host.</summary>
        public uint Epoch;

        /// <summary>Number of the transmission; repeats have their own.</summary>
        public uint Seq;

        /// <summary>Number of the content; repeats keep it.</summary>
        public uint OrderId;

        /// <summary>Host's time, ms, 0…2^53−1.</summary>
        public long SentMs;

        /// <summary>Class.</summary>
        public OrderClass Class;

        internal readonly FlatReader Reader = new FlatReader();
        internal readonly JsonWriter Writer = new JsonWriter();
    }
}
