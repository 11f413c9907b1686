using Ballast.Firmware.Pool;
using Ballast.Hw.Asic;
using Ballast.Hw.Bus;

namespace Ballast.Firmware.Mining
{
    /// <summary>From a chip's nonce to a share at the pool: finds the work, rebuilds and hashes the header, counts, and submits. Allocates nothing.</summary>
    public sealed class SharePath
    {
        /// <summary>Compressions of one nonce.</summary>
        public const int NonceCost = 3;

        private readonly PoolClient _pool;
        private readonly IHashChain _chain;
        private readonly IClock _clock;
        private readonly JobRecords _records;
        private readonly WorkTable _table;
        private readonly MinerStats _stats;
        private readonly ShareCheck _check;
        private readonly RecentNonces _recent = new RecentNonces();
        private readonly ChipNonce _nonce = new ChipNonce();
        private readonly byte[] _extranonce2 = new byte[PoolJob.MaxExtranonce];
        private readonly HeldBlock _held = new HeldBlock();
        private int _ambiguousRejects;
        private int _ambiguousAccepts;
        private bool _xorForm;

        /// <summary>A share path between a chain and a pool.</summary>
        public SharePath(PoolClient pool, IHashChain chain, IClock clock, JobRecords records, WorkTable table, MinerStats stats)
        {
            _pool = pool;
            _chain = chain;
            _clock = clock;
            _records = records;
            _table = table;
            _stats = stats;
            _check = new ShareCheck(chain.Profile.WorkShift);
        }

        /// <summary>Hash rate by the nonces that reached the ticket difficulty.</summary>
        public HashMeter Meter { get; } = new HashMeter();

        /// <summary>
        /// Pools differ in how they read version_bits when the job's own version has bits inside the mask: merge (BIP 310) or exclusive or. The
        /// rolled bits are kept clear of them; merge is tried first, the other form after three rejects without an accept.
        /// </summary>
        public void WatchVersionForm(PoolCounters counters)
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

        /// <summary>Takes one nonce from the chain. Returns the compressions that it took, 0 if its work is unknown, -1 if there was none.</summary>
        public int TakeOne(int ticket, long nowMs)
        {
            if (!_chain.TryTakeNonce(_nonce))
            {
                return -1;
            }

            int lane = _chain.Profile.JobsPerChip ? _nonce.Chip : 0;
            WorkEntry? entry = _table.Find(lane, _nonce.JobId, false);
            if (entry == null)
            {
                _stats.UnknownJob++;
                return 0;
            }

            int spent = NonceCost;
            JobRecord? record = _records.Find(entry.Record);
            NonceVerdict verdict = _check.Judge(entry, _nonce, ticket, record);
            if (verdict == NonceVerdict.HardwareError)
            {
                // The id may have been given to newer work while this nonce was on its way.
                WorkEntry? before = _table.Find(lane, _nonce.JobId, true);
                if (before != null)
                {
                    spent += NonceCost;
                    record = _records.Find(before.Record);
                    entry = before;
                    verdict = _check.Judge(before, _nonce, ticket, record);
                }
            }

            Count(entry, record, verdict, ticket, nowMs);
            return spent;
        }

        private void Count(WorkEntry entry, JobRecord? record, NonceVerdict verdict, int ticket, long nowMs)
        {
            int chip = _nonce.Chip < 0 ? -1 : _nonce.Chip >= MinerStats.MaxChips ? MinerStats.MaxChips - 1 : _nonce.Chip;
            if (verdict == NonceVerdict.HardwareError)
            {
                _stats.HwErrors++;
                if (chip >= 0)
                {
                    _stats.HwErrorsByChip[chip]++;
                }

                return;
            }

            if (!_recent.Add(entry.Serial, _nonce.Nonce, _check.Version))
            {
                _stats.Duplicates++;
                return;
            }

            _stats.LastNonceMs = nowMs;
            if (verdict != NonceVerdict.BelowTicket)
            {
                _stats.ValidNonces++;
                Meter.Add(ticket);
                if (chip >= 0)
                {
                    _stats.NoncesByChip[chip]++;
                }
            }

            if (_check.Difficulty > _stats.BestDifficulty)
            {
                _stats.BestDifficulty = _check.Difficulty;
            }

            if (record == null)
            {
                _stats.Stale++;
            }
            else if (verdict >= NonceVerdict.Share)
            {
                Submit(entry, record, verdict, nowMs);
            }
        }

        private void Submit(WorkEntry entry, JobRecord record, NonceVerdict verdict, long nowMs)
        {
            // Without a session the mask of the job's own stands: whether the share still counts is for the next session to say.
            bool away = !_pool.HasJob;
            uint mask = away ? record.VersionMask : _pool.VersionMask;
            if (((_check.Version ^ record.Version) & ~mask) != 0)
            {
                // The mask narrowed while the work was in the chips, or the chips roll what they must not: the pool would reject the version.
                _stats.Stale++;
                return;
            }

            WorkSource.WriteCounter(entry.Extranonce2, _extranonce2);
            bool sent = !away && Send(record.Id, record.IdLength, _extranonce2, record.Extranonce2Length, entry.Ntime, _nonce.Nonce, _check.Version, record.Version, mask);
            if (sent)
            {
                _stats.LastShareMs = nowMs;
                _stats.SubmitDelayMs = (int)(_clock.NowMs - (_nonce.ReceivedMs < 0 ? nowMs : _nonce.ReceivedMs));
                if (_stats.SubmitDelayMs > _stats.SubmitDelayMaxMs)
                {
                    _stats.SubmitDelayMaxMs = _stats.SubmitDelayMs;
                }
            }
            else if (verdict == NonceVerdict.Block)
            {
                Lose();
                _held.Keep(_pool.PoolIndex, record, _extranonce2, entry.Ntime, _nonce.Nonce, _check.Version);
            }
            else
            {
                _stats.SharesLost++;
            }

            if (verdict == NonceVerdict.Block)
            {
                _stats.BlocksFound++;
                _pool.Events.Add(PoolEventKind.BlockFound, "a hash met the network's target at difficulty " + _check.Difficulty.ToString() + (sent ? "" : "; the pool is away, it is kept for the next session"));
            }
        }

        /// <summary>
        /// Sends a block that was found while the stream was down, once its pool works on the same block again and gave the same extranonce1.
        /// Otherwise the pool cannot know its coinbase, and it is lost. Called with each new job.
        /// </summary>
        public void SendHeld(PoolJob job, long nowMs)
        {
            if (!_held.Waiting || (_pool.PoolIndex != _held.Pool && _held.Builds(job)))
            {
                return;
            }

            uint mask = _pool.VersionMask;
            if (_pool.PoolIndex != _held.Pool || !_held.Fits(job) || ((_held.Version ^ _held.JobVersion) & ~mask) != 0)
            {
                Lose();
                return;
            }

            if (Send(_held.Id, _held.IdLength, _held.Extranonce2, _held.Extranonce2Length, _held.Ntime, _held.Nonce, _held.Version, _held.JobVersion, mask))
            {
                _held.Release();
                _stats.BlocksSentLate++;
                _stats.LastShareMs = nowMs;
                _pool.Events.Add(PoolEventKind.BlockFound, "the block found without a session was sent");
            }
        }

        private void Lose()
        {
            if (_held.Waiting)
            {
                _held.Release();
                _stats.SharesLost++;
                _pool.Events.Add(PoolEventKind.BlockFound, "the block found without a session is lost: the pool gave another extranonce, or the network moved on");
            }
        }

        private bool Send(byte[] id, int idLength, byte[] extranonce2, int extranonce2Length, uint ntime, uint nonce, uint version, uint jobVersion, uint mask)
        {
            bool ambiguous = (jobVersion & mask) != 0;
            uint bits = ambiguous && _xorForm ? version ^ jobVersion : version & mask;
            bool sent = _pool.Submit(id, idLength, extranonce2, extranonce2Length, ntime, nonce, mask != 0, bits, ambiguous);
            _stats.SharesSubmitted += sent ? 1 : 0;
            return sent;
        }
    }
}
