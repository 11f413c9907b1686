namespace Ballast.Firmware.Agent
{
    /// <summary>What the agent needs of whoever feeds the chips with work.</summary>
    public interface IMiner
    {
        /// <summary>
        /// One control tick. While <paramref name="hashing"/> is false the pool session is kept and no job is sent; while
        /// <paramref name="powered"/> is true the core has power and no connect may stall the controller (S20).
        /// </summary>
        void Step(long nowMs, bool hashing, bool powered);

        /// <summary>True while there is work to hash.</summary>
        bool HasWork { get; }

        /// <summary>Difficulty from which chips report, in the profile's unit.</summary>
        int TicketDifficulty { get; }

        /// <summary>Nonces that met the ticket difficulty since the start (S07).</summary>
        long ValidNonces { get; }

        /// <summary>Hash rate by valid nonces, GH/s.</summary>
        int HashGhs { get; }

        /// <summary>Shares that the pool took.</summary>
        int Accepted { get; }

        /// <summary>Shares that the pool refused.</summary>
        int Rejected { get; }

        /// <summary>Shares that were too late.</summary>
        int Stale { get; }

        /// <summary>Nonces that did not meet the ticket difficulty.</summary>
        int HwErrors { get; }

        /// <summary>Share of the controller's time that feeding the chips takes, ‰.</summary>
        int LoadPermille { get; }

        /// <summary>
        /// Why this controller could not keep the chips in work at a clock, as a sentence with what to change; null if it can. Cheap when asked
        /// again for the same clock. A board is not started for a clock that is refused.
        /// </summary>
        string? Refuses(int freqKhz);

        /// <summary>True once hashing is wasted power because no pool has given work for long.</summary>
        bool ShouldIdle { get; }

        /// <summary>True if the next connect must wait until the chips are without power (S20).</summary>
        bool NeedsQuiet { get; }

        /// <summary>Replaces a pool and connects anew if it was in use. Null if done, else the reason; nothing changes then.</summary>
        string? SetPool(int slot, string url, string user, string password);
    }
}
