namespace Ballast.Wire
{
    /// <summary>What a signal from the grid side does.</summary>
    public enum GridOp
    {
        /// <summary>Sets a limit.</summary>
        Set = 0,

        /// <summary>Ends a limit; needs the right to raise.</summary>
        Release = 1,

        /// <summary>Says that the source lives.</summary>
        Heartbeat = 2,
    }

    /// <summary>A string inside a message, in place.</summary>
    public struct TextRange
    {
        /// <summary>First byte in the buffer that was parsed.</summary>
        public int Off;

        /// <summary>Length, bytes; 0 also for a member that is absent.</summary>
        public int Length;
    }

    /// <summary>
    /// A signed limit from outside: contract section 6. It has the form of section 2 and is signed like it, on the topic it comes on, with
    /// the key of its source and kid; its <c>Seq</c> rises per source and kid, and its <c>Class</c> counts only for <see cref="GridOp.Set"/>. Its owner reuses it; after a refused parse its fields mean nothing.
    /// </summary>
    public sealed class GridSignal : SignedText
    {
        /// <summary>Version that this build reads.</summary>
        public const int Version = 1;

        /// <summary>Highest limit, W, and rate, W/s.</summary>
        public const long MaxWatts = 1000000000000L;

        /// <summary>Longest duration, s: about ten years.</summary>
        public const int MaxDurationS = 315360000;

        /// <summary>Stands for an optional number that is absent.</summary>
        public const int Absent = -1;

        /// <summary>What it does.</summary>
        public GridOp Op;

        /// <summary>Limit, W, 0…10^12; only for <see cref="GridOp.Set"/>.</summary>
        public long LimitW;

        /// <summary>How long it holds, s; <see cref="Absent"/> means until it is replaced.</summary>
        public int DurationS;

        /// <summary>Rate of the rise afterwards, W/s; <see cref="Absent"/> if the site's own holds.</summary>
        public long RampUpWPerS;

        /// <summary>Id of the limit; needed but for a heartbeat.</summary>
        public TextRange Id;

        /// <summary>Who signals.</summary>
        public TextRange Source;

        /// <summary>Node of the site; only for <see cref="GridOp.Set"/>.</summary>
        public TextRange Node;

        /// <summary>Start as RFC 3339 text, not yet checked; empty means now.</summary>
        public TextRange Start;

        /// <summary>Reason as text; empty if none was given.</summary>
        public TextRange Reason;

        /// <summary>Buffer that the strings lie in: the message parsed.</summary>
        public byte[]? Text;
    }
}
