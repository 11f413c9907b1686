namespace Ballast.Firmware.Mining
{
    /// <summary>How a miner spends its work and its processor. Zero means "by the chip's profile" where that is said.</summary>
    public sealed class MinerSettings
    {
        /// <summary>Time between jobs for chips that roll the version themselves, ms. Their jobs last minutes, so this is for freshness only.</summary>
        public int JobIntervalMs = 500;

        /// <summary>How far a header's time may run ahead of the pool's, s. A pool's reject for its time narrows it to the seconds elapsed.</summary>
        public int NtimeWindowS = 600;

        /// <summary>Difficulty from which chips report, a power of two; 0 chooses about one nonce a second, never above the pool's.</summary>
        public int TicketDifficulty;

        /// <summary>Most nonces a second that the ticket difficulty may let through, so that a low pool difficulty cannot flood the processor.</summary>
        public int MaxNoncesPerS = 8;

        /// <summary>
        /// Most SHA-256 compressions in one <see cref="Miner.Step"/>: the bound of its duration. At 2.5 ms each, 16 are 40 ms, which leaves
        /// the control loop inside its 100 ms for an emergency.
        /// </summary>
        public int CompressionsPerStep = 16;

        /// <summary>Time of one compression on this controller, µs; used to say whether a board can be fed. 5000 is a slow interpreter.</summary>
        public int CompressionMicros = 5000;

        /// <summary>Time to fill and send one job on this controller, µs; an estimate of some 5,000 interpreted instructions.</summary>
        public int JobMicros = 2000;

        /// <summary>Age of work, ms, above which chips with queues share a header instead of searching one each: old work misses newer transactions and risks being stale.</summary>
        public int MaxWorkAgeMs = 2000;

        /// <summary>Time without any pool after which the board should idle at low power, ms.</summary>
        public int IdleAfterMs = 180000;
    }
}
