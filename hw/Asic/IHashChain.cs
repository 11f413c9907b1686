using Ballast.Hw.Parts;

namespace Ballast.Hw.Asic
{
    /// <summary>Where a chain is between reset and hashing.</summary>
    public enum ChainState
    {
        /// <summary>Held in reset.</summary>
        Off = 0,

        /// <summary>Running the profile's init script.</summary>
        BringUp = 1,

        /// <summary>Takes jobs.</summary>
        Running = 2,

        /// <summary>Bring-up or operation failed; <see cref="IHashChain.Fault"/> says how. Held in reset.</summary>
        Failed = 3,
    }

    /// <summary>A chain of hashing chips. Nothing blocks: <see cref="Step"/> moves scripts, ramps and reception on.</summary>
    public interface IHashChain
    {
        /// <summary>What the chips of this chain are.</summary>
        ChipProfile Profile { get; }

        /// <summary>Chips that the board should have.</summary>
        int ChipCount { get; }

        /// <summary>Chips that answered the last enumeration.</summary>
        int ChipsFound { get; }

        /// <summary>Where the chain is.</summary>
        ChainState State { get; }

        /// <summary>Why the chain failed, as a sentence with what to check; null unless <see cref="State"/> is <see cref="ChainState.Failed"/>.</summary>
        string? Fault { get; }

        /// <summary>The frequency that the chips run at now, kHz; 0 while off.</summary>
        int FreqKhz { get; }

        /// <summary>True while a frequency ramp is under way.</summary>
        bool Ramping { get; }

        /// <summary>Releases reset and runs the init script. The rail must be up and settled. Ends at the profile's start frequency.</summary>
        void Start();

        /// <summary>Sets the frequency to ramp to, kHz, in the profile's steps (at most 6.25 MHz per 100 ms upward).</summary>
        /// <returns><see cref="PartStatus.OutOfRange"/> and no change if the profile cannot run it.</returns>
        PartStatus RampTo(int freqKhz);

        /// <summary>Holds the chips in reset at once, from any state.</summary>
        void Stop();

        /// <summary>Advances script, ramp and reception to now. Call it every control tick.</summary>
        void Step(long nowMs);

        /// <summary>Sends a job to the chips. The id under which nonces will come back is chosen by the profile's stepping.</summary>
        PartStatus SendJob(ChipJob job, out int jobId);

        /// <summary>Takes the oldest nonce received; false when there is none.</summary>
        bool TryTakeNonce(ChipNonce into);

        /// <summary>Sets which header version bits (13–28, in their header position) the chips may roll; 0 stops rolling.</summary>
        /// <returns><see cref="PartStatus.NotPresent"/> for chips that do not roll, <see cref="PartStatus.OutOfRange"/> for other bits; nothing changed then.</returns>
        PartStatus SetVersionMask(uint mask);

        /// <summary>Jobs that a chip's queue takes now. Chains that every job reaches at once (chip -1) replace the running job and always take one while running.</summary>
        int JobSlotsFree(int chip);

        /// <summary>Cores of a chip that passed its own test, 0 for a chip that is missing, cooling down or given up; the profile's number where the chip cannot tell.</summary>
        int WorkingCores(int chip);

        /// <summary>Hash rate of a chip from its own counters, GH/s; -1 while unknown, and for chips that do not count.</summary>
        int ChipHashGhs(int chip);

        /// <summary>Sets the difficulty from which chips report, in units of the profile (a power of two).</summary>
        PartStatus SetTicketDifficulty(int difficulty);

        /// <summary>Counters since <see cref="Start"/>; the object is the chain's own and changes with <see cref="Step"/>.</summary>
        ChainCounters Counters { get; }
    }

    /// <summary>What a chain counted since its start.</summary>
    public sealed class ChainCounters
    {
        /// <summary>Frames with a right CRC.</summary>
        public int GoodFrames;

        /// <summary>Bytes skipped while looking for the next good frame.</summary>
        public int SkippedBytes;

        /// <summary>Nonces received.</summary>
        public int Nonces;

        /// <summary>Nonces lost because the queue was full.</summary>
        public int NoncesDropped;

        /// <summary>Nonces dropped because they name a job id that is never given.</summary>
        public int Stray;

        /// <summary>Nonces dropped because the chip sent the same one twice in a row.</summary>
        public int Repeats;

        /// <summary>Jobs sent.</summary>
        public int Jobs;

        /// <summary>Starts all of them at 0.</summary>
        public void Clear()
        {
            GoodFrames = 0;
            SkippedBytes = 0;
            Nonces = 0;
            NoncesDropped = 0;
            Stray = 0;
            Repeats = 0;
            Jobs = 0;
        }
    }

    /// <summary>One job for a chain: what a header is made of, and midstates for chips that want them.</summary>
    public sealed class ChipJob
    {
        /// <summary>Largest number of midstates in one job.</summary>
        public const int MaxMidstates = 4;

        /// <summary>The 80 header bytes with nonce 0, in header order.</summary>
        public readonly byte[] Header = new byte[80];

        /// <summary>Midstates, 8 words each, for chips whose profile asks for them.</summary>
        public readonly uint[] Midstates = new uint[8 * MaxMidstates];

        /// <summary>Midstates that are filled; 0 for chips that take the header.</summary>
        public int MidstateCount;

        /// <summary>First nonce, for chips with ranges.</summary>
        public uint StartNonce;

        /// <summary>Last nonce, inclusive, for chips with ranges.</summary>
        public uint EndNonce = 0xFFFFFFFF;

        /// <summary>Chip index for jobs to one chip, or -1 for all.</summary>
        public int Chip = -1;

        /// <summary>True if everything before this job is worthless: a chip with a queue drops what it holds (A1: RESET EDED) and takes this job even when full.</summary>
        public bool DropQueued;
    }

    /// <summary>One nonce as a chip reported it.</summary>
    public sealed class ChipNonce
    {
        /// <summary>The id that <see cref="IHashChain.SendJob"/> gave.</summary>
        public int JobId;

        /// <summary>The number for header bytes 76…79 (little-endian there).</summary>
        public uint Nonce;

        /// <summary>Bits to OR into the job's version, already in their header position (BIP 320).</summary>
        public uint VersionBits;

        /// <summary>Which midstate of the job, for chips that take several.</summary>
        public int MidstateIndex;

        /// <summary>Index of the chip in the chain, or -1 if it cannot be told.</summary>
        public int Chip;

        /// <summary>Core number inside the chip, or -1.</summary>
        public int Core;

        /// <summary>Monotonic time of the step that read its frame, ms; -1 if the chain does not tell.</summary>
        public long ReceivedMs = -1;
    }
}
