namespace Ballast.Firmware.Pool
{
    /// <summary>Why a pool rejected a share.</summary>
    public enum ShareReject
    {
        /// <summary>No reason that we know.</summary>
        Other = 0,

        /// <summary>Job not found: stale (code 21).</summary>
        Stale = 1,

        /// <summary>Duplicate (code 22).</summary>
        Duplicate = 2,

        /// <summary>Difficulty too low (code 23).</summary>
        LowDifficulty = 3,

        /// <summary>Worker not authorized (code 24).</summary>
        Unauthorized = 4,

        /// <summary>Not subscribed (code 25).</summary>
        NotSubscribed = 5,

        /// <summary>The block time was out of the pool's range, by its text.</summary>
        Time = 6,
    }

    /// <summary>What a client counted since it was made; sessions do not reset it.</summary>
    public sealed class PoolCounters
    {
        /// <summary>Number of <see cref="ShareReject"/> values.</summary>
        public const int Reasons = 7;

        /// <summary>Shares sent.</summary>
        public int Submitted;

        /// <summary>Shares accepted.</summary>
        public int Accepted;

        /// <summary>Shares rejected, by <see cref="ShareReject"/>.</summary>
        public readonly int[] Rejected = new int[Reasons];

        /// <summary>Shares that the pool never answered.</summary>
        public int Unanswered;

        /// <summary>Accepted shares of jobs whose version has bits inside the rolling mask.</summary>
        public int AmbiguousAccepted;

        /// <summary>Rejected shares of such jobs.</summary>
        public int AmbiguousRejected;

        /// <summary>Lines that were no message, or a message with wrong parameters.</summary>
        public int Malformed;

        /// <summary>Notifications that repeated the running job.</summary>
        public int DuplicateNotifies;

        /// <summary>Sessions that became ready.</summary>
        public int Sessions;

        /// <summary>Connects that failed and sessions that ended.</summary>
        public int Failures;

        /// <summary>Time from the last submit to its answer, ms.</summary>
        public int LastReplyMs;

        /// <summary>All rejects.</summary>
        public int RejectedTotal()
        {
            int sum = 0;
            for (int i = 0; i < Reasons; i++)
            {
                sum += Rejected[i];
            }

            return sum;
        }
    }
}
