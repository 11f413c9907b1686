using Ballast.Hw.Asic;

namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// What feeding a board costs: jobs a second that its chips use up, SHA-256 compressions a second that making them takes, and the share of
    /// the controller's time. A board that needs more than the controller has is refused with a sentence instead of being starved.
    /// </summary>
    public sealed class WorkBudget
    {
        /// <summary>Largest share of the controller that work may take, ‰. The rest is control, network and reserve.</summary>
        public const int MaxLoadPermille = 700;

        /// <summary>Compressions of a root as long as no job has told: six for the coinbase and twelve branches.</summary>
        public const int TypicalRoot = 43;

        private const int NotifyEveryS = 30;
        private const long PatientMicros = 10000000;
        private const int NonceCompressions = 3;

        /// <summary>Time until a job is used up, µs.</summary>
        public long LifeMicros { get; private set; }

        /// <summary>Jobs that the board takes, in thousandths a second.</summary>
        public long MilliJobsPerS { get; private set; }

        /// <summary>Compressions for jobs, new pool jobs and nonces, in thousandths a second.</summary>
        public long MilliCompressionsPerS { get; private set; }

        /// <summary>Share of the controller's time, ‰.</summary>
        public int LoadPermille { get; private set; }

        /// <summary>Chips that share one header, each with a nonce range of its own; 1 for chains that a job reaches at once.</summary>
        public int GroupSize { get; private set; } = 1;

        /// <summary>True if a job lasts so long that the chips may wait for the clock's next second (<see cref="WorkSource.Patient"/>).</summary>
        public bool Patient { get; private set; }

        /// <summary>Why the board cannot be fed, with what to change; null if it can.</summary>
        public string? Refusal { get; private set; }

        /// <summary>Forgets a refusal, so that the next is worded for its own clock. <see cref="Plan"/> keeps the words of a refusal that lasts.</summary>
        public void Forget()
        {
            Refusal = null;
        }

        /// <summary>Plans for a chain at a clock.</summary>
        /// <param name="profile">The chip.</param>
        /// <param name="chips">Chips in the chain.</param>
        /// <param name="freqKhz">Clock; 0 plans nothing.</param>
        /// <param name="rollMask">Version bits that the pool grants.</param>
        /// <param name="rootCompressions">Compressions of one merkle root; 0 takes <see cref="TypicalRoot"/>.</param>
        /// <param name="strictTime">True if block time may run no faster than the clock.</param>
        /// <param name="settings">Cost of a compression and of a job, windows, intervals.</param>
        public void Plan(ChipProfile profile, int chips, int freqKhz, uint rollMask, int rootCompressions, bool strictTime, MinerSettings settings)
        {
            int bits = JobLife.BitCount(rollMask);
            LifeMicros = JobLife.Micros(profile, chips, freqKhz, bits);
            Patient = profile.RollsVersion && LifeMicros > PatientMicros;
            GroupSize = 1;
            MilliJobsPerS = 0;
            MilliCompressionsPerS = 0;
            LoadPermille = 0;
            if (LifeMicros == 0)
            {
                Refusal = null;
                return;
            }

            long every = LifeMicros;
            if (profile.RollsVersion && every / 2 > settings.JobIntervalMs * 1000L)
            {
                every = settings.JobIntervalMs * 1000L;
            }

            // Chips with a queue: as many a header as it takes to keep work fresh, while the writes stay affordable.
            int lanes = profile.JobsPerChip ? chips : 1;
            if (profile.JobsPerChip)
            {
                long most = 1000000L * MaxLoadPermille / (settings.JobMicros < 1 ? 1 : settings.JobMicros);
                while (GroupSize < chips && LifeMicros / GroupSize > settings.MaxWorkAgeMs * 1000L && lanes * (GroupSize + 1L) * 1000000000 / LifeMicros <= most)
                {
                    GroupSize++;
                }

                every = LifeMicros / GroupSize;
            }

            MilliJobsPerS = lanes * 1000000000L / every;
            int root = rootCompressions > 0 ? rootCompressions : TypicalRoot;
            long headers = MilliJobsPerS / GroupSize;
            MilliCompressionsPerS = Headers(profile, bits, headers, root, strictTime && !Patient, settings) + (root * 1000L / NotifyEveryS) + (NonceCompressions * 2000L);
            LoadPermille = (int)(((MilliCompressionsPerS * settings.CompressionMicros) + (MilliJobsPerS * settings.JobMicros)) / 1000000);
            if (LoadPermille <= MaxLoadPermille)
            {
                Refusal = null;
            }
            else if (Refusal == null)
            {
                Refusal = "this controller cannot feed the board: " + (MilliJobsPerS / 1000).ToString() + " jobs a second at " + (freqKhz / 1000).ToString()
                    + " MHz take " + (LoadPermille / 10).ToString() + " % of its time; lower the frequency, use fewer chips"
                    + (bits == 0 ? ", or use a pool that grants version rolling" : "");
            }
        }

        // Thousandths of a compression a second for the headers: a midstate set lasts a time window, a root lasts all its version sets.
        private static long Headers(ChipProfile profile, int bits, long milliHeaders, int root, bool strictTime, MinerSettings settings)
        {
            long window = strictTime ? 1 : settings.NtimeWindowS + 1L;
            if (profile.Midstates == 0)
            {
                return milliHeaders * root / window;
            }

            long sets = (1L << bits) / profile.Midstates;
            int perSet = sets < 1 ? 1 : profile.Midstates;
            sets = sets < 1 ? 1 : sets;
            return (milliHeaders * perSet / window) + (milliHeaders * root / (window * sets));
        }
    }
}
