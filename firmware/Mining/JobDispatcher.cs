using Ballast.Hw.Asic;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// Sends jobs so that no chip runs dry: in time for chains that a job reaches at once, by free places for chips with queues. Work that a
    /// clean job made worthless is replaced at once.
    /// </summary>
    public sealed class JobDispatcher
    {
        private readonly IHashChain _chain;
        private readonly ChipProfile _profile;
        private readonly MinerSettings _settings;
        private readonly WorkSource _source;
        private readonly WorkTable _table;
        private readonly MinerStats _stats;
        private readonly ChipJob _job = new ChipJob();
        private readonly WorkEntry _shared = new WorkEntry();
        private readonly int[] _cores;
        private readonly uint[] _start;
        private readonly uint[] _end;
        private readonly bool[] _drop;
        private int _sentRecord;
        private long _sentMicros;
        private long _lastFeedMs = -1;
        private long _gapMs = 20;

        /// <summary>A dispatcher for a chain.</summary>
        public JobDispatcher(IHashChain chain, MinerSettings settings, WorkSource source, WorkTable table, MinerStats stats)
        {
            _chain = chain;
            _profile = chain.Profile;
            _settings = settings;
            _source = source;
            _table = table;
            _stats = stats;
            int chips = chain.ChipCount;
            _cores = new int[chips];
            _start = new uint[chips];
            _end = new uint[chips];
            _drop = new bool[chips];
        }

        /// <summary>Starts over on a chain that knows no job.</summary>
        public void Reset()
        {
            _sentRecord = 0;
            _lastFeedMs = -1;
            for (int i = 0; i < _drop.Length; i++)
            {
                _drop[i] = false;
            }
        }

        /// <summary>Whatever the chips hold is worthless from here on.</summary>
        public void DropOld()
        {
            for (int i = 0; i < _drop.Length; i++)
            {
                _drop[i] = true;
            }
        }

        /// <summary>Sends what is due. Returns the compressions that it took.</summary>
        public int Feed(WorkBudget budget, long nowMs)
        {
            if (_lastFeedMs >= 0)
            {
                // The longest time between two calls of late, which is how far ahead the chips must be fed.
                long gap = nowMs - _lastFeedMs;
                _gapMs = gap >= _gapMs ? gap : _gapMs - ((_gapMs - gap) >> 4);
            }

            _lastFeedMs = nowMs;
            if (!_source.Ready)
            {
                return 0;
            }

            return _profile.JobsPerChip ? FeedChips(budget.GroupSize, nowMs) : FeedChain(budget.LifeMicros, nowMs);
        }

        // One job reaches all chips and replaces the one before it.
        private int FeedChain(long lifeMicros, long nowMs)
        {
            long nowMicros = nowMs * 1000;
            if (_source.Record == _sentRecord)
            {
                long age = nowMicros - _sentMicros;
                long wanted = lifeMicros - (_gapMs * 1000);
                if (_profile.RollsVersion)
                {
                    long interval = _settings.JobIntervalMs * 1000L;
                    wanted = lifeMicros / 2 < interval ? wanted : interval;
                }

                if (age < wanted && age >= 0)
                {
                    return 0;
                }
            }

            WorkEntry entry = _table.Spare;
            if (!_source.TryTake(nowMs, entry, _job, out int spent))
            {
                if (nowMicros - _sentMicros >= lifeMicros)
                {
                    _stats.Starved++;
                }

                return spent;
            }

            _job.Chip = -1;
            _job.StartNonce = 0;
            _job.EndNonce = 0xFFFFFFFF;
            if (_chain.SendJob(_job, out int id) == PartStatus.Ok && _table.Put(0, id))
            {
                _sentMicros = nowMicros;
                _sentRecord = entry.Record;
                _stats.JobsSent++;
            }

            return spent;
        }

        // Chips with queues, in groups that share a header: a group is served when each of its chips has a free place, or one has run dry.
        private int FeedChips(int groupSize, long nowMs)
        {
            int chips = _cores.Length;
            int spent = 0;
            for (int first = 0; first < chips; first += groupSize)
            {
                int count = first + groupSize <= chips ? groupSize : chips - first;

                // At most what an empty queue of two takes.
                for (int round = 0; round < 2 && Due(first, count); round++)
                {
                    if (!_source.TryTake(nowMs, _shared, _job, out int taken))
                    {
                        _stats.Starved++;
                        return spent + taken;
                    }

                    spent += taken;
                    if (!Serve(first, count))
                    {
                        break;
                    }
                }
            }

            return spent;
        }

        private bool Due(int first, int count)
        {
            bool all = true;
            bool dry = false;
            bool any = false;
            for (int i = first; i < first + count; i++)
            {
                int cores = _chain.WorkingCores(i);
                _cores[i] = cores;
                if (cores <= 0)
                {
                    continue;
                }

                any = true;
                if (_drop[i])
                {
                    return true;
                }

                int free = _chain.JobSlotsFree(i);
                all &= free > 0;
                dry |= free > 1;
            }

            return any && (all || dry);
        }

        private bool Serve(int first, int count)
        {
            NonceRanges.Split(_cores, first, count, _start, _end);
            bool served = false;
            for (int i = first; i < first + count; i++)
            {
                if (_cores[i] <= 0 || (!_drop[i] && _chain.JobSlotsFree(i) <= 0))
                {
                    continue;
                }

                _table.Spare.Set(_shared);
                _job.Chip = i;
                _job.StartNonce = _start[i];
                _job.EndNonce = _end[i];
                _job.DropQueued = _drop[i];
                if (_chain.SendJob(_job, out int id) == PartStatus.Ok && _table.Put(i, id))
                {
                    _drop[i] = false;
                    served = true;
                    _stats.JobsSent++;
                }
            }

            _job.DropQueued = false;
            return served;
        }
    }
}
