namespace Ballast.Wire
{
    /// <summary>What a board is doing.</summary>
    public enum BoardMode
    {
        /// <summary>Chips without power.</summary>
        Asleep = 0,

        /// <summary>Fans, regulator and chips are being brought up.</summary>
        Starting = 1,

        /// <summary>Hashing at its effective point.</summary>
        Running = 2,

        /// <summary>On its way to its effective point.</summary>
        Ramping = 3,

        /// <summary>Power off, fans on.</summary>
        Cooling = 4,

        /// <summary>Held asleep by a fault.</summary>
        Fault = 5,
    }

    /// <summary>Which limit binds a board's effective point.</summary>
    public enum LimitedBy
    {
        /// <summary>The pod's order.</summary>
        PodOrder = 0,

        /// <summary>The board's power cap.</summary>
        PowerW = 1,

        /// <summary>Its own setting.</summary>
        OwnSetting = 2,

        /// <summary>The failsafe.</summary>
        Failsafe = 3,

        /// <summary>Derating by temperature or supply.</summary>
        Derate = 4,

        /// <summary>The lock-out.</summary>
        LockOut = 5,

        /// <summary>A latch.</summary>
        Latch = 6,

        /// <summary>Nothing: it runs at its nameplate.</summary>
        Nameplate = 7,
    }

    /// <summary>One of the two streams of orders.</summary>
    public enum OrderStream
    {
        /// <summary>Orders to the pod.</summary>
        Dispatch = 0,

        /// <summary>Messages for one board.</summary>
        Set = 1,
    }

    /// <summary>What became of an order.</summary>
    public enum AckResult
    {
        /// <summary>Its content is new and holds.</summary>
        Applied = 0,

        /// <summary>Same (epoch, seq) once more; it renewed nothing.</summary>
        Again = 1,

        /// <summary>Authentic, but not followed; the reason says why.</summary>
        Ignored = 2,

        /// <summary>Refused after its MAC was found right.</summary>
        Rejected = 3,
    }

    /// <summary>The names of modes, limits, streams and results on the wire.</summary>
    public static class BoardName
    {
        /// <summary>Reason in the state of a board that means to follow an order which wakes it, and rests or waits for its random moment.</summary>
        public const string WaitsToStart = "waiting for its moment to start";

        private static readonly string[] Modes = { "asleep", "starting", "running", "ramping", "cooling", "fault" };

        private static readonly string[] Limits =
        {
            "pod-order", "power-w", "own-setting", "failsafe", "derate", "lock-out", "latch", "nameplate",
        };

        private static readonly string[] Results = { "applied", "again", "ignored", "rejected" };

        /// <summary>The name of a mode; "?" for a number that is none.</summary>
        public static string Of(BoardMode value) => Pick(Modes, (int)value);

        /// <summary>The name of a limit; "?" for a number that is none.</summary>
        public static string Of(LimitedBy value) => Pick(Limits, (int)value);

        /// <summary>The name of a stream.</summary>
        public static string Of(OrderStream value) => value == OrderStream.Set ? "set" : "dispatch";

        /// <summary>The name of a result; "?" for a number that is none.</summary>
        public static string Of(AckResult value) => Pick(Results, (int)value);

        private static string Pick(string[] names, int i) => i >= 0 && i < names.Length ? names[i] : "?";
    }
}
