namespace Ballast.Hw.Sim
{
    /// <summary>A modelled chain of chips as the board around it sees it.</summary>
    public interface ISimHashChain
    {
        /// <summary>Core voltage of each chip, mV. The board's model sets it before every step.</summary>
        int CoreMilliVolts { get; set; }

        /// <summary>Power at the chips, mW.</summary>
        int PowerMw { get; }

        /// <summary>True full hash rate of all chips now, MH/s, 0 when idle.</summary>
        long HashMhs { get; }

        /// <summary>True while at least one chip hashes a job.</summary>
        bool IsHashing { get; }

        /// <summary>Reset line: true holds the chips; they forget everything.</summary>
        void HoldInReset(bool held);

        /// <summary>Advances the chips to now.</summary>
        void Step(long nowMs);
    }
}
