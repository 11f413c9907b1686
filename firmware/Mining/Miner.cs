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
        private const int NonceCost = 3;

        private readonly PoolClient _pool;
        private readonly IHashChain _chain;
        private readonly IClock _clock;
        private readonly MinerSettings _settings;
        private readonly ChipProfile _profile;
        private readonly JobRecords _records = new JobRecords();
        private readonly WorkSource _source;
        private readonly WorkTable _table;
        private readonly ShareCheck _check;
        private readonly RecentNonces _recent = new RecentNonces();
        private readonly HashMeter _meter = new HashMeter();
        private readonly ChipJob _job = new ChipJob();
        private readonly ChipNonce _nonce = new ChipNonce();
        private readonly byte[] _extranonce2 = new byte[PoolJob.MaxExtranonce];
        private int _session;
        private int _jobSerial;
        private uint _mask;
        private bool _running;
        private int _ticket;
        private uint _chainMask;
        private bool _chainMaskKnown;
        private long _difficultyFloor = 1;
        private long _dueMicros;
        private long _lastStepMs = -1;
        private long _tickMs = 20;
        private int _sentRecord;
        private int _timeRejects;
        private int _ambiguousRejects;
        private int _ambiguousAccepts;
        private bool _xorForm;

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
            _check = new ShareCheck(_profile.WorkShift);
        }

        /// <summary>What was counted.</summary>
        public MinerStats Stats { get; } = new MinerStats();

        /// <summary>The pool client.</summary>
        public PoolClient Pool { get { return _pool; } }

        /// <summary>True if the next connect must wait until the chips are without power (rule S20): the board should fall to failsafe or sleep.</summary>
        public bool NeedsQuiet { get { return _pool.NeedsQuiet; } }

        /// <summary>True once no pool has given work for so long that hashing is wasted power: the board should idle until this is false.</summary>
        public bool ShouldIdle { get; private set; }

        /// <summary>Difficulty from which the chips report now; 0 before it was set.</summary>
        public int TicketDifficulty { get { return _ticket; } }

        /// <summary>
        /// One tick. While <paramref name="hashing"/> is false the pool session and the newest root are kept and no job is sent, so that a
        /// board that wakes hashes on the newest job at once.
        /// </summary>
        public void Step(long nowMs, bool hashing)
        {
            if (_lastStepMs >= 0 && nowMs > _lastStepMs)
            {
                _tickMs = nowMs - _lastStepMs;
            }

            _lastStepMs = nowMs;
            _pool.Step(nowMs, hashing || (_chain.State != ChainState.Off && _chain.State != ChainState.Failed));
            FollowPool();
            FollowChain(nowMs);
            int budget = _settings.CompressionsPerStep;
            budget -= TakeNonces(budget, nowMs);
            if (budget > 0)
            {
                int spent = _source.Build(budget, nowMs);
                Stats.Compressions += spent;
                budget -= spent;
            }

            if (hashing && _running)
            {
                if (_profile.JobsPerChip)
                {
                    FeedEachChip(budget, nowMs);
                }
                else
                {
                    FeedChain(nowMs);
                }
            }

            _meter.Tick(nowMs);
            Stats.HashGhs = _meter.Ghs(nowMs);
            Stats.Accepted = _pool.Counters.Accepted;
            Stats.Rejected = _pool.Counters.RejectedTotal();
            ShouldIdle = _pool.WithoutPoolMs(nowMs) >= _settings.IdleAfterMs;
        }

        private void FollowPool()
        {
            if (!_pool.HasJob)
            {
                if (_jobSerial != 0)
                {
                    // The session ended: nothing that is in the chips can be sent any more.
                    _records.Clear();
                    _source.Clear();
                    _jobSerial = 0;
                    _xorForm = false;
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

            WatchAmbiguous(counters);
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
                _records.Add(job, _profile.WorkShift);
                _difficultyFloor = job.Difficulty.Floor();
                _source.SetJob(job, _records.NewestSerial, mask, job.Clean);
            }
        }

        // Pools differ in how they read version_bits when the job's own version has bits inside the mask: merge (BIP 310) or exclusive or.
        // The chips' rolled bits are kept clear of them, merge is tried first, and the other form after three rejects without an accept.
        private void WatchAmbiguous(PoolCounters counters)
        {
            if (counters.AmbiguousAccepted != _ambiguousAccepts)
            {
                _ambiguousAccepts = counters.AmbiguousAccepted;
                _ambiguousRejects = counters.AmbiguousRejected;
            }
            else if (counters.AmbiguousRejected - _ambiguousRejects >= 3)
            {
                _ambiguousRejects = counters.AmbiguousRejected;
                _xorForm = !_xorForm;
            }
        }

        private void FollowChain(long nowMs)
        {
            bool running = _chain.State == ChainState.Running;
            if (running != _running)
            {
                _running = running;
                _table.Clear();
                _meter.Reset(nowMs);
                _ticket = 0;
                _chainMaskKnown = false;
                _dueMicros = 0;
                _sentRecord = 0;
            }

            if (!running)
            {
                return;
            }

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

        // About one nonce a second, never above the pool's difficulty, and never so low that nonces flood the processor.
        private int WantedTicket()
        {
            int wanted = _settings.TicketDifficulty;
            long perSecond = ExpectedGhs() * 1000000000L / 4294967296L;
            if (wanted == 0)
            {
                wanted = PowerBelow(perSecond);
            }

            int fromPool = PowerBelow(_difficultyFloor);
            if (fromPool < wanted)
            {
                wanted = fromPool;
            }

            int least = PowerBelow(perSecond / (_settings.MaxNoncesPerS < 1 ? 1 : _settings.MaxNoncesPerS));
            return wanted > least ? wanted : least;
        }

        private long ExpectedGhs()
        {
            return (long)_chain.FreqKhz * _profile.SmallCores * _chain.ChipsFound / 1000000;
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

        private int TakeNonces(int budget, long nowMs)
        {
            int spent = 0;
            while (spent + NonceCost <= budget && _chain.TryTakeNonce(_nonce))
            {
                spent += OnNonce(nowMs);
            }

            Stats.Compressions += spent;
            return spent;
        }

        private int OnNonce(long nowMs)
        {
            int lane = _profile.JobsPerChip ? _nonce.Chip : 0;
            WorkEntry? entry = _table.Find(lane, _nonce.JobId, false);
            if (entry == null)
            {
                Stats.UnknownJob++;
                return 0;
            }

            int spent = NonceCost;
            JobRecord? record = _records.Find(entry.Record);
            NonceVerdict verdict = _check.Judge(entry, _nonce, _ticket, record);
            if (verdict == NonceVerdict.HardwareError)
            {
                // The id may have been given to newer work while this nonce was on its way.
                WorkEntry? before = _table.Find(lane, _nonce.JobId, true);
                if (before != null)
                {
                    spent += NonceCost;
                    record = _records.Find(before.Record);
                    entry = before;
                    verdict = _check.Judge(before, _nonce, _ticket, record);
                }
            }

            int chip = _nonce.Chip < 0 ? -1 : _nonce.Chip >= MinerStats.MaxChips ? MinerStats.MaxChips - 1 : _nonce.Chip;
            if (verdict == NonceVerdict.HardwareError)
            {
                Stats.HwErrors++;
                if (chip >= 0)
                {
                    Stats.HwErrorsByChip[chip]++;
                }

                return spent;
            }

            if (!_recent.Add(entry.Serial, _nonce.Nonce, _check.Version))
            {
                Stats.Duplicates++;
                return spent;
            }

            Stats.LastNonceMs = nowMs;
            if (verdict != NonceVerdict.BelowTicket)
            {
                Stats.ValidNonces++;
                _meter.Add(_ticket);
                if (chip >= 0)
                {
                    Stats.NoncesByChip[chip]++;
                }
            }

            if (_check.Difficulty > Stats.BestDifficulty)
            {
                Stats.BestDifficulty = _check.Difficulty;
            }

            if (record == null)
            {
                Stats.Stale++;
            }
            else if (verdict >= NonceVerdict.Share)
            {
                Send(entry, record, verdict, nowMs);
            }

            return spent;
        }

        private void Send(WorkEntry entry, JobRecord record, NonceVerdict verdict, long nowMs)
        {
            uint rolled = _check.Version ^ record.Version;
            if ((rolled & ~_mask) != 0)
            {
                // The mask narrowed while the work was in the chips; the pool would reject the version.
                Stats.Stale++;
                return;
            }

            bool ambiguous = (record.Version & _mask) != 0;
            uint bits = ambiguous && _xorForm ? rolled : _check.Version & _mask;
            WorkSource.WriteCounter(entry.Extranonce2, _extranonce2);
            bool sent = _pool.Submit(record.Id, record.IdLength, _extranonce2, record.Extranonce2Length, entry.Ntime, _nonce.Nonce, _mask != 0, bits, ambiguous);
            if (sent)
            {
                Stats.SharesSubmitted++;
                Stats.LastShareMs = nowMs;
                Stats.SubmitDelayMs = (int)(_clock.NowMs - nowMs);
            }
            else
            {
                Stats.SharesLost++;
            }

            if (verdict == NonceVerdict.Block)
            {
                Stats.BlocksFound++;
                _pool.Events.Add(PoolEventKind.BlockFound, "a hash met the network's target at difficulty " + _check.Difficulty.ToString());
            }
        }

        // One job reaches all chips and replaces the one before it.
        private void FeedChain(long nowMs)
        {
            long nowMicros = nowMs * 1000;
            bool newJob = _source.Ready && _source.Record != _sentRecord;
            long life = JobLife.Micros(_profile, _chain.ChipsFound, _chain.FreqKhz);
            long ahead = _profile.RollsVersion ? 0 : _tickMs * 1000;
            if (!newJob && nowMicros + ahead <= _dueMicros && _dueMicros - nowMicros <= life)
            {
                return;
            }

            WorkEntry entry = _table.Spare;
            if (!_source.TryTake(nowMs, entry, _job, out int spent))
            {
                Stats.Compressions += spent;
                if (!_profile.RollsVersion && _sentRecord != 0)
                {
                    Stats.Starved++;
                }

                return;
            }

            Stats.Compressions += spent;
            _job.Chip = -1;
            if (_chain.SendJob(_job, out int id) != PartStatus.Ok || !_table.Put(0, id))
            {
                return;
            }

            long interval = life;
            if (_profile.RollsVersion)
            {
                long wanted = _settings.JobIntervalMs * 1000L;
                interval = life / 2 < wanted ? life / 2 : wanted;
            }

            _dueMicros = nowMicros + interval;
            _sentRecord = entry.Record;
            Stats.JobsSent++;
        }

        // Each chip has a queue and gets headers of its own.
        private void FeedEachChip(int budget, long nowMs)
        {
            int chips = _chain.ChipCount;
            for (int chip = 0; chip < chips && budget >= 0; chip++)
            {
                if (_chain.WorkingCores(chip) == 0)
                {
                    continue;
                }

                for (int slots = _chain.JobSlotsFree(chip); slots > 0; slots--)
                {
                    WorkEntry entry = _table.Spare;
                    bool fresh = _source.TryTake(nowMs, entry, _job, out int spent);
                    Stats.Compressions += spent;
                    budget -= spent;
                    if (!fresh)
                    {
                        if (_sentRecord != 0)
                        {
                            Stats.Starved++;
                        }

                        return;
                    }

                    _job.Chip = chip;
                    _job.StartNonce = 0;
                    _job.EndNonce = 0xFFFFFFFF;
                    if (_chain.SendJob(_job, out int id) != PartStatus.Ok || !_table.Put(chip, id))
                    {
                        break;
                    }

                    _sentRecord = entry.Record;
                    Stats.JobsSent++;
                }
            }
        }
    }
}
