using Ballast.Firmware.Pool;
using Ballast.Hw.Asic;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// Takes jobs from the pool, keeps the chips in work, judges their nonces and sends the shares. Owned by the control loop: one
    /// <see cref="Step"/> a tick, bounded by <see cref="MinerSettings.CompressionsPerStep"/>. It never steps, starts or stops the chain.
    /// </summary>
    public sealed class Miner
    {
        // Chips roll bits 13–28 and no others.
        private const uint ChipRollMask = 0x1FFFE000;

        // Compressions between two looks at whether a job is due.
        private const int Slice = 3;
        private const int LoadWindowMs = 10000;

        private readonly PoolClient _pool;
        private readonly IHashChain _chain;
        private readonly IClock _clock;
        private readonly MinerSettings _settings;
        private readonly ChipProfile _profile;
        private readonly JobRecords _records = new JobRecords();
        private readonly WorkSource _source;
        private readonly JobDispatcher _dispatcher;
        private readonly SharePath _shares;
        private readonly WorkTable _table;
        private int _session;
        private int _jobSerial;
        private uint _mask;
        private bool _running;
        private int _ticket;
        private uint _chainMask;
        private bool _chainMaskKnown;
        private long _difficultyFloor = 1;
        private int _timeRejects;
        private int _plannedKhz = -1;
        private int _plannedChips;
        private uint _plannedMask;
        private int _plannedRoot;
        private bool _plannedStrict;
        private readonly WorkBudget _ahead = new WorkBudget();
        private int _aheadKhz = -1;
        private uint _aheadMask = ChipRollMask;
        private int _aheadRoot;
        private bool _aheadStrict;
        private bool _aheadStale;
        private long _loadStartMs;
        private long _loadCompressions;
        private int _loadJobs;

        /// <summary>A miner between a pool client and a chain. The clock is the one that drives <see cref="Step"/>.</summary>
        public Miner(PoolClient pool, IHashChain chain, IClock clock, MinerSettings settings)
        {
            _pool = pool;
            _chain = chain;
            _clock = clock;
            _settings = settings;
            _profile = chain.Profile;
            _source = new WorkSource(_profile, settings);
            _table = _profile.JobsPerChip ? new WorkTable(chain.ChipCount, 16) : new WorkTable(1, 128);
            _dispatcher = new JobDispatcher(chain, settings, _source, _table, Stats);
            _shares = new SharePath(pool, chain, clock, _records, _table, Stats);
        }

        /// <summary>What was counted.</summary>
        public MinerStats Stats { get; } = new MinerStats();

        /// <summary>The pool client.</summary>
        public PoolClient Pool { get { return _pool; } }

        /// <summary>What feeding the board costs at its present point.</summary>
        public WorkBudget Budget { get; } = new WorkBudget();

        /// <summary>True if the next connect must wait until the chips are without power (rule S20): the board should fall to failsafe or sleep.</summary>
        public bool NeedsQuiet { get { return _pool.NeedsQuiet; } }

        /// <summary>True once no pool has given work for so long that hashing is wasted power: the board should idle until this is false.</summary>
        public bool ShouldIdle { get; private set; }

        /// <summary>Difficulty from which the chips report now; 0 before it was set.</summary>
        public int TicketDifficulty { get { return _ticket; } }

        /// <summary>
        /// One tick. While <paramref name="hashing"/> is false the pool session and the newest root are kept and no job is sent, so that a
        /// board that wakes hashes on the newest job at once. While <paramref name="powered"/> is true the core has power, whatever the chain
        /// does: no connect may stall the controller (S20).
        /// </summary>
        public void Step(long nowMs, bool hashing, bool powered)
        {
            _pool.Step(nowMs, powered);
            FollowPool();
            FollowTerms();
            FollowChain(nowMs);
            bool feed = hashing && _running && Budget.Refusal == null;
            Feed(feed, nowMs);
            int budget = _settings.CompressionsPerStep;
            while (budget >= SharePath.NonceCost)
            {
                int spent = _shares.TakeOne(_ticket, nowMs);
                if (spent < 0)
                {
                    break;
                }

                Stats.Compressions += spent;
                budget -= spent;
                Feed(feed, _clock.NowMs);
            }

            while (budget > 0)
            {
                int spent = _source.Build(budget < Slice ? budget : Slice, nowMs);
                if (spent == 0)
                {
                    break;
                }

                Stats.Compressions += spent;
                budget -= spent;
                Feed(feed, _clock.NowMs);
            }

            Report(nowMs);
        }

        /// <summary>
        /// Why this controller cannot keep all chips of the board in work at a clock, kHz, on the last pool's terms (before the first: version
        /// rolling granted, a typical root); null if it can. Plans only when clock or terms are new.
        /// </summary>
        public string? Refuses(int freqKhz)
        {
            if (freqKhz != _aheadKhz || _aheadStale)
            {
                _aheadKhz = freqKhz;
                _aheadStale = false;
                _ahead.Forget();
                _ahead.Plan(_profile, _chain.ChipCount, freqKhz, _aheadMask, _aheadRoot, _aheadStrict, _settings);
            }

            return _ahead.Refusal;
        }

        private void Feed(bool feed, long nowMs)
        {
            if (feed)
            {
                Stats.Compressions += _dispatcher.Feed(Budget, nowMs);
            }
        }

        private void FollowPool()
        {
            if (!_pool.HasJob)
            {
                if (_jobSerial != 0)
                {
                    // The session ended. The records stay until the next begins: a block is kept for it, shares are counted as lost.
                    _source.Clear();
                    _jobSerial = 0;
                }

                return;
            }

            bool newSession = _session != _pool.SessionSerial;
            if (newSession)
            {
                _session = _pool.SessionSerial;
                _records.Clear();
                _source.Clear();
            }

            PoolCounters counters = _pool.Counters;
            if (counters.Rejected[(int)ShareReject.Time] != _timeRejects)
            {
                _timeRejects = counters.Rejected[(int)ShareReject.Time];
                _source.RestrictTime();
            }

            _shares.WatchVersionForm(counters);
            uint mask = _pool.VersionMask;
            if (mask != _mask)
            {
                _mask = mask;
                _source.SetVersionMask(mask);
            }

            if (newSession || _pool.JobSerial != _jobSerial)
            {
                _jobSerial = _pool.JobSerial;
                PoolJob job = _pool.Job;
                bool worthless = job.Clean || newSession;
                _records.Add(job, mask, _profile.WorkShift);
                _difficultyFloor = job.Difficulty.Floor();
                _source.SetJob(job, _records.NewestSerial, mask, worthless);
                if (worthless)
                {
                    _dispatcher.DropOld();
                }

                _shares.SendHeld(job, _clock.NowMs);
            }
        }

        // What the pool's terms make of a job's cost; those of a lost session hold until the next.
        private void FollowTerms()
        {
            if (!_source.Ready)
            {
                return;
            }

            uint mask = _source.RollMask & ChipRollMask;
            int root = _source.CompressionsPerRoot;
            bool strict = _source.StrictTime;
            if (mask != _aheadMask || root != _aheadRoot || strict != _aheadStrict)
            {
                _aheadMask = mask;
                _aheadRoot = root;
                _aheadStrict = strict;
                _aheadStale = true;
            }
        }

        private void FollowChain(long nowMs)
        {
            bool running = _chain.State == ChainState.Running;
            if (running != _running)
            {
                _running = running;
                _table.Clear();
                _dispatcher.Reset();
                _shares.Meter.Reset(nowMs);
                _ticket = 0;
                _chainMaskKnown = false;
            }

            if (!running)
            {
                return;
            }

            Plan();
            int ticket = WantedTicket();
            if (ticket != _ticket && _chain.SetTicketDifficulty(ticket) == PartStatus.Ok)
            {
                _ticket = ticket;
            }

            if (_profile.RollsVersion && _source.Ready)
            {
                uint mask = _source.RollMask & ChipRollMask;
                if (mask != _chainMask || !_chainMaskKnown)
                {
                    PartStatus status = _chain.SetVersionMask(mask);
                    if (status == PartStatus.Ok || status == PartStatus.NotPresent)
                    {
                        _chainMask = mask;
                        _chainMaskKnown = true;
                    }
                }
            }
        }

        private void Plan()
        {
            int khz = _chain.FreqKhz;
            int chips = _chain.ChipsFound;
            uint mask = _source.Ready ? _source.RollMask & ChipRollMask : ChipRollMask;
            int root = _source.CompressionsPerRoot;
            if (khz == _plannedKhz && chips == _plannedChips && mask == _plannedMask && root == _plannedRoot && _source.StrictTime == _plannedStrict)
            {
                return;
            }

            bool could = Budget.Refusal == null;
            _plannedKhz = khz;
            _plannedChips = chips;
            _plannedMask = mask;
            _plannedRoot = root;
            _plannedStrict = _source.StrictTime;
            Budget.Plan(_profile, chips, khz, mask, root, _source.StrictTime, _settings);
            if (could && Budget.Refusal != null)
            {
                _pool.Events.Add(PoolEventKind.CannotFeed, Budget.Refusal);
            }

            _source.Patient = Budget.Patient;

            // The next root is begun five seconds, or its own making at this load, before it is needed.
            long lead = Budget.MilliJobsPerS / Budget.GroupSize * 5 / 1000;
            _source.LeadJobs = lead < 4 ? 4 : lead > 100000 ? 100000 : (int)lead;
        }

        // About one nonce a second, never above the pool's difficulty, and never so low that nonces flood the processor.
        private int WantedTicket()
        {
            long perSecond = (long)_chain.FreqKhz * _profile.SmallCores * _chain.ChipsFound / 1000000 * 1000000000L / 4294967296L;
            int wanted = _settings.TicketDifficulty == 0 ? PowerBelow(perSecond) : PowerBelow(_settings.TicketDifficulty);
            int fromPool = PowerBelow(_difficultyFloor);
            if (fromPool < wanted)
            {
                wanted = fromPool;
            }

            int least = PowerBelow(perSecond / (_settings.MaxNoncesPerS < 1 ? 1 : _settings.MaxNoncesPerS));
            return wanted > least ? wanted : least;
        }

        private static int PowerBelow(long value)
        {
            int power = 1;
            while (power <= value / 2 && power < (1 << 24))
            {
                power <<= 1;
            }

            return power;
        }

        private void Report(long nowMs)
        {
            _shares.Meter.Tick(nowMs);
            Stats.HashGhs = _shares.Meter.Ghs(nowMs);
            Stats.Accepted = _pool.Counters.Accepted;
            Stats.Rejected = _pool.Counters.RejectedTotal();
            ShouldIdle = _pool.WithoutPoolMs(nowMs) >= _settings.IdleAfterMs;
            if (nowMs - _loadStartMs >= LoadWindowMs)
            {
                long micros = ((Stats.Compressions - _loadCompressions) * _settings.CompressionMicros) + ((Stats.JobsSent - _loadJobs) * (long)_settings.JobMicros);
                Stats.LoadPermille = (int)(micros / (nowMs - _loadStartMs));
                _loadStartMs = nowMs;
                _loadCompressions = Stats.Compressions;
                _loadJobs = Stats.JobsSent;
                CompareRates();
            }
        }

        // The chips' own counters see every hash, shares only the lucky ones: a rate by shares well below the counters means lost nonces.
        private void CompareRates()
        {
            int sum = 0;
            int chips = _running ? _chain.ChipsFound : 0;
            for (int i = 0; i < chips; i++)
            {
                int ghs = _chain.ChipHashGhs(i);
                if (ghs < 0)
                {
                    sum = -1;
                    break;
                }

                sum += ghs;
            }

            Stats.CounterGhs = chips == 0 ? -1 : sum;
            Stats.SharePermille = sum > 0 ? (int)(Stats.HashGhs * 1000L / sum) : -1;
        }
    }
}
