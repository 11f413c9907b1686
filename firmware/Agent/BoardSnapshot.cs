using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>What a board did and obeys, for its console, its local page and tests. The agent writes it at the end of each step.</summary>
    public sealed class BoardSnapshot
    {
        /// <summary>What the board is doing.</summary>
        public BoardMode Mode;

        /// <summary>Why, in a few words.</summary>
        public string Reason = "";

        /// <summary>Effective point.</summary>
        public int EffectivePoint;

        /// <summary>Its power, mW.</summary>
        public int EffectiveMw;

        /// <summary>What binds it.</summary>
        public LimitedBy LimitedBy;

        /// <summary>True while admitted.</summary>
        public bool Admitted;

        /// <summary>Nonce that an admission must name.</summary>
        public uint BootNonce;

        /// <summary>High-water of the dispatch stream: epoch.</summary>
        public uint DispatchEpoch;

        /// <summary>High-water of the dispatch stream: seq.</summary>
        public uint DispatchSeq;

        /// <summary>High-water of the set stream: epoch.</summary>
        public uint SetEpoch;

        /// <summary>High-water of the set stream: seq.</summary>
        public uint SetSeq;

        /// <summary>Number of the last order's content.</summary>
        public uint OrderId;

        /// <summary>End of the lease on the monotonic clock, ms; 0 when none runs.</summary>
        public long LeaseEndMs;

        /// <summary>Emergency latch of the dispatch stream.</summary>
        public bool LatchDispatch;

        /// <summary>Emergency latch of the set stream.</summary>
        public bool LatchSet;

        /// <summary>Latched fault, or none.</summary>
        public Power.SafetyRule LatchedFault;

        /// <summary>Messages refused, by <see cref="Reject"/>; the array is the follower's own.</summary>
        public int[] Rejects = null!;

        /// <summary>Estimate of the power at the input, mW.</summary>
        public int PowerMw;

        /// <summary>Chip clock, kHz.</summary>
        public int FreqKhz;

        /// <summary>True while the regulator is ordered on.</summary>
        public bool Powered;
    }
}
