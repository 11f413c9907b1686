namespace Ballast.Hw.Asic.A1
{
    /// <summary>One range of a PLL table: from this frequency on, these dividers.</summary>
    public sealed class A1PllRange
    {
        /// <summary>Lowest frequency of the range, kHz.</summary>
        public readonly int FromKhz;

        /// <summary>Reference divider.</summary>
        public readonly int Pre;

        /// <summary>Power of two of the post divider: the output is divided by 2^Post.</summary>
        public readonly int Post;

        /// <summary>A range.</summary>
        public A1PllRange(int fromKhz, int pre, int post)
        {
            FromKhz = fromKhz;
            Pre = pre;
            Post = post;
        }
    }

    /// <summary>
    /// In what the chips of the Innosilicon A1 family differ, as a table. Source: cgminer's drivers for the A1 (one source, long in
    /// production) and the Dragonmint T1, as facts.
    /// </summary>
    public sealed class A1Profile : ChipProfile
    {
        /// <summary>Reference clock, kHz: 12,000 or 16,000 by board.</summary>
        public int ReferenceKhz;

        /// <summary>Ranges of the PLL, lowest first; null if dividers are searched for.</summary>
        public A1PllRange[]? PllRanges;

        /// <summary>Data bytes of the register.</summary>
        public int RegisterBytes;

        /// <summary>True if writes of registers and jobs, register replies and results end in a CRC (T1).</summary>
        public bool HasCrc;

        /// <summary>True if the self-test's result is collected before it is fixed (T1).</summary>
        public bool CollectsBist;

        /// <summary>Command of a job.</summary>
        public A1Command JobCommand;

        /// <summary>Bytes of a job on the wire, CRC included, padding not.</summary>
        public int JobBytes;

        /// <summary>Bytes of a result, CRC included.</summary>
        public int ResultBytes;

        /// <summary>Place of the nonce in a result.</summary>
        public int ResultNonceAt;

        /// <summary>Place of the queue state (low two bits) in a register reply, which starts with command and chip.</summary>
        public int QueueAt;

        /// <summary>Place of the number of working cores in a register reply.</summary>
        public int CoresAt;

        /// <summary>Place of the PLL lock (bit 0) in a register reply; 0 if the chip does not tell.</summary>
        public int LockAt;

        /// <summary>Place of the 10-bit ADC value in a register reply; 0 if there is none.</summary>
        public int AdcAt;

        /// <summary>Below this many cores a chip is weak and keeps to <see cref="WeakKhz"/>.</summary>
        public int WeakCores;

        /// <summary>Below this many cores a chip is given up and parked at <see cref="BrokenKhz"/>.</summary>
        public int BrokenCores;

        /// <summary>Highest frequency of a weak chip, kHz.</summary>
        public int WeakKhz;

        /// <summary>Frequency of a chip that was given up, kHz.</summary>
        public int BrokenKhz;

        /// <summary>Upward step of the ramp, kHz; the time between steps follows from 6.25 MHz per 100 ms. S15.</summary>
        public int RampStepKhz;

        /// <summary>Downward step, every 20 ms, kHz; no source names a safe rate [?].</summary>
        public int RampDownStepKhz;
    }

    /// <summary>The A1 of 2014: 32 cores, one midstate, no CRC.</summary>
    public static class ChipA1
    {
        /// <summary>The profile at a reference clock of 12,000 or 16,000 kHz. <paramref name="workShift"/> is 0 on real chips.</summary>
        public static A1Profile Create(int workShift, int referenceKhz)
        {
            return new A1Profile
            {
                Name = "A1",
                Cores = 32,
                SmallCores = 32,
                MinKhz = 400000,
                MaxKhz = 1000000,
                StartKhz = 400000,
                Midstates = 1,
                JobsPerChip = true,
                JobIntervalMs = 160,
                WorkShift = workShift,
                ReferenceKhz = referenceKhz,
                RegisterBytes = 6,
                JobCommand = A1Command.WriteJob,
                JobBytes = 58,
                ResultBytes = 6,
                ResultNonceAt = 2,
                LockAt = 4,
                QueueAt = 5,
                CoresAt = 7,
                WeakCores = 30,
                BrokenCores = 26,
                WeakKhz = 600000,
                BrokenKhz = 400000,
                RampStepKhz = 4000,
                RampDownStepKhz = 16000,
            };
        }
    }

    /// <summary>
    /// The Dragonmint T1's chip: CRC on registers, jobs and results, four midstates. Wants SPI at 390 kHz until its PLL is above 310 MHz; the
    /// buses here have one rate, so a board opens it at that one. Two hashes per core and clock follow from its known rate [?].
    /// </summary>
    public static class ChipT1
    {
        private static readonly A1PllRange[] Ranges =
        {
            new A1PllRange(120000, 1, 3),
            new A1PllRange(150000, 1, 2),
            new A1PllRange(240000, 2, 2),
            new A1PllRange(300000, 2, 1),
            new A1PllRange(600000, 2, 0),
            new A1PllRange(1200000, 1, 0),
        };

        /// <summary>The profile. <paramref name="workShift"/> is 0 on real chips.</summary>
        public static A1Profile Create(int workShift)
        {
            return new A1Profile
            {
                Name = "T1",
                Cores = 32,
                SmallCores = 64,
                MinKhz = 120000,
                MaxKhz = 1596000,
                StartKhz = 120000,
                Midstates = 4,
                JobsPerChip = true,
                JobIntervalMs = 190,
                WorkShift = workShift,
                ReferenceKhz = 12000,
                PllRanges = Ranges,
                RegisterBytes = 12,
                HasCrc = true,
                CollectsBist = true,
                JobCommand = A1Command.WriteJobT1,
                JobBytes = 160,
                ResultBytes = 10,
                ResultNonceAt = 4,
                AdcAt = 7,
                QueueAt = 9,
                CoresAt = 11,
                WeakCores = 5,
                BrokenCores = 5,
                WeakKhz = 600000,
                BrokenKhz = 120000,
                RampStepKhz = 12000,
                RampDownStepKhz = 48000,
            };
        }
    }
}
