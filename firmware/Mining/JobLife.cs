using Ballast.Hw.Asic;

namespace Ballast.Firmware.Mining
{
    /// <summary>How long a job keeps chips busy, from the chip's numbers.</summary>
    public static class JobLife
    {
        /// <summary>
        /// Time from a job to its exhaustion, µs, at a clock; 0 while the clock is off. A BM13xx divides the nonce space by cores and chips, each
        /// rounded up to a power of two. Chips that roll the version search half of their part, as the hash counting number is set, once for
        /// each version that a small core gets. A chip of its own (A1, T1) searches all nonces with its cores, once a midstate.
        /// </summary>
        /// <param name="profile">The chip.</param>
        /// <param name="chips">Chips in the chain.</param>
        /// <param name="freqKhz">Clock.</param>
        /// <param name="rollBits">Version bits that the chips may roll; 16 with the full mask.</param>
        public static long Micros(ChipProfile profile, int chips, int freqKhz, int rollBits)
        {
            if (freqKhz <= 0 || profile.Cores <= 0 || chips <= 0)
            {
                return 0;
            }

            if (profile.JobsPerChip)
            {
                return ChipMicros(profile, profile.Cores, freqKhz);
            }

            long hashes = 4294967296L / NextPowerOfTwo(profile.Cores) / NextPowerOfTwo(chips);
            if (!profile.RollsVersion)
            {
                return hashes * 1000 / freqKhz;
            }

            int perCore = (profile.SmallCores + (profile.Cores / 2)) / profile.Cores;
            long versions = 1L << rollBits;
            long rounds = perCore < 1 ? versions : (versions + perCore - 1) / perCore;
            return hashes / 2 * 1000 / freqKhz * rounds;
        }

        /// <summary>Time in which one chip with a queue searches the whole nonce space of a job with so many working cores, µs.</summary>
        public static long ChipMicros(ChipProfile profile, int cores, int freqKhz)
        {
            int midstates = profile.Midstates > 1 ? profile.Midstates : 1;
            long perClock = (long)cores * profile.SmallCores / profile.Cores;
            return perClock <= 0 ? 0 : 4294967296L * 1000 / (perClock * freqKhz) * midstates;
        }

        /// <summary>The smallest power of two that is not below a number of at least 1.</summary>
        public static int NextPowerOfTwo(int value)
        {
            int power = 1;
            while (power < value)
            {
                power <<= 1;
            }

            return power;
        }

        /// <summary>Bits set in a mask.</summary>
        public static int BitCount(uint mask)
        {
            int bits = 0;
            for (; mask != 0; mask &= mask - 1)
            {
                bits++;
            }

            return bits;
        }
    }
}
