namespace Ballast.Firmware.Mining
{
    /// <summary>What a miner counted. Plain fields with one owner: read them between steps.</summary>
    public sealed class MinerStats
    {
        /// <summary>Chips counted one by one; further ones count in the last place.</summary>
        public const int MaxChips = 128;

        /// <summary>Shares that the pool accepted.</summary>
        public int Accepted;

        /// <summary>Shares that the pool rejected, for any reason.</summary>
        public int Rejected;

        /// <summary>Nonces for work that is no longer worth anything: older than a clean job, another session, or outside the version mask.</summary>
        public int Stale;

        /// <summary>Nonces that had been reported before.</summary>
        public int Duplicates;

        /// <summary>Nonces whose hash does not reach difficulty 1: the chip computed wrongly.</summary>
        public int HwErrors;

        /// <summary>Nonces with an id under which no job was sent.</summary>
        public int UnknownJob;

        /// <summary>Shares sent to the pool.</summary>
        public int SharesSubmitted;

        /// <summary>Shares found that could not be sent because the session was gone, and blocks among them that no later session could take.</summary>
        public int SharesLost;

        /// <summary>Blocks found without a session that were sent in a later one.</summary>
        public int BlocksSentLate;

        /// <summary>Nonces that reached the ticket difficulty.</summary>
        public int ValidNonces;

        /// <summary>Jobs sent to the chips.</summary>
        public int JobsSent;

        /// <summary>Jobs that were due while no fresh work was ready and the chips had nothing left to do.</summary>
        public int Starved;

        /// <summary>Hash rate from the nonces that reached the ticket difficulty, over the last five minutes or since hashing began, GH/s.</summary>
        public int HashGhs;

        /// <summary>When the last share was sent, on the monotonic clock; -1 if none was.</summary>
        public long LastShareMs = -1;

        /// <summary>Time from the step that read the last share's nonce frame to its submit, ms.</summary>
        public int SubmitDelayMs;

        /// <summary>The longest such time since the start, ms.</summary>
        public int SubmitDelayMaxMs;

        /// <summary>Share of the controller's time that work and nonces took in the last ten seconds, by the settings' cost of each, ‰.</summary>
        public int LoadPermille;

        /// <summary>Hash rate by the chips' own counters, GH/s; -1 if they do not tell.</summary>
        public int CounterGhs = -1;

        /// <summary><see cref="HashGhs"/> by <see cref="CounterGhs"/>, ‰; -1 if not known. Luck moves it; far below 1000 for long means lost nonces.</summary>
        public int SharePermille = -1;

        /// <summary>When the last valid nonce came, on the monotonic clock; -1 if none did.</summary>
        public long LastNonceMs = -1;

        /// <summary>Highest difficulty of a hash found, in units of the profile, rounded down.</summary>
        public long BestDifficulty;

        /// <summary>Hashes that met the network's target.</summary>
        public int BlocksFound;

        /// <summary>Hardware errors by chip.</summary>
        public readonly int[] HwErrorsByChip = new int[MaxChips];

        /// <summary>Valid nonces by chip.</summary>
        public readonly int[] NoncesByChip = new int[MaxChips];

        /// <summary>SHA-256 compressions done so far.</summary>
        public long Compressions;
    }
}
