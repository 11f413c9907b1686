using Ballast.Hw.Asic;

namespace Ballast.Firmware.Mining
{
    /// <summary>How long a job keeps chips busy, from the chip's numbers (facts: hash counting number, A1 ranges).</summary>
    public static class JobLife
    {
        /// <summary>
        /// Time from a job to its exhaustion, µs, at a clock. BM13xx: half of the nonce space divided by cores and chips rounded up to powers of
        /// two, as the hash counting number sets it, times the version space where the chip rolls it. A1/T1: the whole nonce space of one chip
        /// with all its cores. 0 while the clock is off.
        /// </summary>
        public static long Micros(ChipProfile profile, int chips, int freqKhz)
        {
            if (freqKhz <= 0 || profile.Cores <= 0)
            {
                return 0;
            }

            if (profile.JobsPerChip)
            {
                int midstates = profile.Midstates > 1 ? profile.Midstates : 1;
                return 4294967296L * 1000 / ((long)profile.Cores * freqKhz) * midstates;
            }

            long hashes = 2147483648L / NextPowerOfTwo(profile.Cores) / NextPowerOfTwo(chips);
            long micros = hashes * 1000 / freqKhz;
            if (profile.RollsVersion)
            {
                int perCore = (profile.SmallCores + (profile.Cores / 2)) / profile.Cores;
                micros = micros * 65536 / (perCore < 1 ? 1 : perCore);
            }

            return micros;
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
    }
}
