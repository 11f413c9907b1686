namespace Ballast.Hw.Asic
{
    /// <summary>What the rooms above a chain need to know of a chip type. Families add their own tables to it.</summary>
    public class ChipProfile
    {
        /// <summary>The chip's name, as printed on it.</summary>
        public string Name = "";

        /// <summary>Cores per chip.</summary>
        public int Cores;

        /// <summary>Small cores per chip: hashes per clock.</summary>
        public int SmallCores;

        /// <summary>Lowest frequency that the PLL table allows in operation, kHz.</summary>
        public int MinKhz;

        /// <summary>Highest frequency that the PLL table allows in operation, kHz.</summary>
        public int MaxKhz;

        /// <summary>Frequency that the chip runs at after its init script, kHz.</summary>
        public int StartKhz;

        /// <summary>Midstates wanted in a job; 0 for chips that build them on their own.</summary>
        public int Midstates;

        /// <summary>True if the chip rolls version bits 13–28 itself.</summary>
        public bool RollsVersion;

        /// <summary>True if each job goes to one chip with a nonce range of its own (A1, T1); false if a job reaches the whole chain.</summary>
        public bool JobsPerChip;

        /// <summary>Time after which a chain of one chip is given a fresh job, ms; divided by nextpow2(chips). Set by share freshness, not by nonces.</summary>
        public int JobIntervalMs;

        /// <summary>k: the unit of difficulty is diff1·2^-k for ticket, pool and hash rate alike. 0 on real chips; models search rate/2^k.</summary>
        public int WorkShift;
    }
}
