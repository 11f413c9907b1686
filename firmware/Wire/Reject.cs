namespace Ballast.Wire
{
    /// <summary>Why a message was refused. A refused message changes nothing but a counter (S14).</summary>
    public enum Reject
    {
        /// <summary>Not refused.</summary>
        None = 0,

        /// <summary>Longer than <see cref="Envelope.MaxMessage"/>.</summary>
        TooLong,

        /// <summary>The broker had it in store.</summary>
        Retained,

        /// <summary>It does not end with the MAC member.</summary>
        Suffix,

        /// <summary>Not one flat JSON object in the form of contract section 2.</summary>
        Syntax,

        /// <summary>A member name occurs twice.</summary>
        DuplicateMember,

        /// <summary>A member that the message needs is not there.</summary>
        Missing,

        /// <summary>A member has the wrong type or a value out of its range.</summary>
        Range,

        /// <summary>No key with this id.</summary>
        UnknownKid,

        /// <summary>The MAC is wrong.</summary>
        Mac,

        /// <summary>(epoch, seq) is not above what was accepted before.</summary>
        Stale,

        /// <summary>`sent` is too old.</summary>
        Time,

        /// <summary>More than one order or action in a message for one board.</summary>
        TwoActions,

        /// <summary>No order or action in a message for one board.</summary>
        NoAction,
    }

    /// <summary>The names of the reasons in telemetry and acknowledgements.</summary>
    public static class RejectName
    {
        /// <summary>Number of reasons, <see cref="Reject.None"/> included: the length of a counter array.</summary>
        public const int Count = 14;

        private static readonly string[] Names =
        {
            "none", "tooLong", "retained", "suffix", "syntax", "duplicateMember", "missing", "range", "unknownKid", "mac", "stale",
            "time", "twoActions", "noAction",
        };

        /// <summary>The name of a reason; "?" for a number that is none.</summary>
        public static string Of(Reject value)
        {
            int i = (int)value;
            return i >= 0 && i < Names.Length ? Names[i] : "?";
        }
    }
}
