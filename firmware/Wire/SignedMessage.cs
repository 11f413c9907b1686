namespace Ballast.Wire
{
    /// <summary>What every signed message carries, to boards and from outside: contract sections 2 and 6.</summary>
    public abstract class SignedText
    {
        /// <summary>Key id, 0…255.</summary>
        public int Kid;

        /// <summary>Number of the transmission, strictly rising; repeats have their own.</summary>
        public uint Seq;

        /// <summary>Sender's time, ms, 0…2^53−1.</summary>
        public long SentMs;

        /// <summary>Class.</summary>
        public OrderClass Class;

        internal readonly FlatReader Reader = new FlatReader();
    }

    /// <summary>What every message to boards carries: contract section 2.</summary>
    public abstract class SignedMessage : SignedText
    {
        /// <summary>Epoch of the host.</summary>
        public uint Epoch;

        /// <summary>Number of the content; repeats keep it.</summary>
        public uint OrderId;

        internal readonly JsonWriter Writer = new JsonWriter();
    }
}
