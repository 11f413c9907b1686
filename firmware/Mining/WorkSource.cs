using System;
using Ballast.Firmware.Pool;
using Ballast.Hw.Asic;

namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// Turns the pool's newest job into headers that were never used before, the cheapest freedom first: block time (no hashing, it lies
    /// behind the midstate), then the version for chips that do not roll it themselves (one compression a midstate), then extranonce2 (a
    /// merkle root). The next root is computed ahead, in slices, before the present one is used up.
    /// </summary>
    public sealed class WorkSource
    {
        private readonly ChipProfile _profile;
        private readonly MinerSettings _settings;
        private readonly MerkleBuilder _builder = new MerkleBuilder();
        private readonly byte[] _extranonce2 = new byte[PoolJob.MaxExtranonce];

        // What work is made from now.
        private readonly byte[] _header = new byte[HeaderHash.Length];
        private readonly uint[] _midstates = new uint[8 * ChipJob.MaxMidstates];
        private readonly uint[] _versions = new uint[ChipJob.MaxMidstates];
        private bool _haveRoot;
        private int _record;
        private uint _baseVersion;
        private uint _baseNtime;
        private long _receivedMs;
        private uint _rollMask;
        private ulong _rootCounter;
        private uint _nextVersion;
        private long _versionsLeft;
        private int _versionCount;
        private bool _setReady;
        private int _offset;

        // The pool's newest job, whose first root may still be under way.
        private PoolJob? _job;
        private int _jobRecord;
        private uint _jobMask;
        private bool _jobIsNew;
        private bool _haveNextRoot;
        private ulong _nextCounter;
        private ulong _builtCounter;
        private long _rootsBegun;
        private bool _strictTime;

        /// <summary>A source without a job.</summary>
        public WorkSource(ChipProfile profile, MinerSettings settings)
        {
            _profile = profile;
            _settings = settings;
        }

        /// <summary>True if a root is there, so that work can be taken.</summary>
        public bool Ready { get { return _haveRoot; } }

        /// <summary>Serial of the pool's job that work comes from; 0 if there is none.</summary>
        public int Record { get { return _haveRoot ? _record : 0; } }

        /// <summary>Version bits that may be rolled in the present work: the pool's mask without bits that the job's version has set itself.</summary>
        public uint RollMask { get { return _rollMask; } }

        /// <summary>
        /// True for chips whose job outlasts many seconds: while block time is tied to the clock they wait for the next second instead of taking
        /// a merkle root for a header that they do not need.
        /// </summary>
        public bool Patient { get; set; }

        /// <summary>Jobs that must still be possible before the next root is computed ahead.</summary>
        public int LeadJobs { get; set; } = 8;

        /// <summary>Compressions that one more extranonce2 costs.</summary>
        public int CompressionsPerRoot { get { return _builder.CompressionsPerRoot; } }

        /// <summary>Set once the pool refused a share for its time: from then on block time runs no faster than the clock.</summary>
        public bool StrictTime { get { return _strictTime; } }

        /// <summary>Narrows the time window to the seconds elapsed since a job came.</summary>
        public void RestrictTime()
        {
            _strictTime = true;
        }

        /// <summary>Takes a new job. Work of the job before is given out until this one's first root is ready, unless it is worthless.</summary>
        public void SetJob(PoolJob job, int record, uint versionMask, bool previousIsWorthless)
        {
            _job = job;
            _jobRecord = record;
            _jobMask = versionMask & ~job.Version;
            _jobIsNew = true;
            _haveNextRoot = false;
            _rootsBegun = 0;
            _builder.SetJob(job);
            BeginRoot();
            if (previousIsWorthless)
            {
                _haveRoot = false;
            }
        }

        /// <summary>Takes a new version mask, valid at once for everything that is given out from here on.</summary>
        public void SetVersionMask(uint versionMask)
        {
            if (_job == null)
            {
                return;
            }

            _jobMask = versionMask & ~_job.Version;
            if (_haveRoot)
            {
                // The versions used under this root are not remembered: go on with a fresh root instead of repeating one.
                _rollMask = versionMask & ~_baseVersion;
                if (_profile.Midstates > 0)
                {
                    _versionsLeft = 0;
                    _setReady = false;
                }
            }
        }

        /// <summary>Forgets everything, as after the end of a session. The extranonce2 counter goes on, so that nothing is hashed twice.</summary>
        public void Clear()
        {
            _job = null;
            _haveRoot = false;
            _haveNextRoot = false;
            _jobIsNew = false;
            _strictTime = false;
        }

        /// <summary>Computes the next root when it is needed, in at most so many compressions. Returns how many it took.</summary>
        public int Build(int budget, long nowMs)
        {
            if (_job == null)
            {
                return 0;
            }

            if (!_builder.Busy)
            {
                if (_haveNextRoot || JobsLeft(nowMs) >= LeadJobs || !MoreRoots())
                {
                    return 0;
                }

                BeginRoot();
            }

            int done = _builder.Step(budget);
            if (_builder.Done)
            {
                if (_jobIsNew || !_haveRoot)
                {
                    _jobIsNew = false;
                    Adopt();
                }
                else
                {
                    _haveNextRoot = true;
                }
            }

            return done;
        }

        /// <summary>
        /// Fills the next unused header, with midstates if the profile wants them, and what the table keeps of it. False if nothing fresh is
        /// left for now. <paramref name="compressions"/> is what it took.
        /// </summary>
        public bool TryTake(long nowMs, WorkEntry entry, ChipJob job, out int compressions)
        {
            compressions = 0;
            while (_haveRoot)
            {
                if (!_setReady && _versionsLeft > 0)
                {
                    compressions += LoadVersions();
                }

                if (_setReady)
                {
                    if (_offset <= Window(nowMs))
                    {
                        Fill(entry, job);
                        _offset++;
                        return true;
                    }

                    if (Waits())
                    {
                        return false;
                    }

                    _setReady = false;
                    if (_versionsLeft > 0)
                    {
                        continue;
                    }
                }

                if (!_haveNextRoot)
                {
                    return false;
                }

                Adopt();
            }

            return false;
        }

        private long JobsLeft(long nowMs)
        {
            if (!_haveRoot)
            {
                return 0;
            }

            if (Waits())
            {
                return LeadJobs;
            }

            long perSet = Window(nowMs) + 1;
            long sets = _versionCount > 0 ? _versionsLeft / _versionCount : _versionsLeft;
            return (sets * perSet) + (_setReady ? perSet - _offset : 0);
        }

        private bool Waits()
        {
            return Patient && _strictTime && _setReady && _offset <= _settings.NtimeWindowS;
        }

        private int Window(long nowMs)
        {
            if (!_strictTime)
            {
                return _settings.NtimeWindowS;
            }

            long elapsed = (nowMs - _receivedMs) / 1000;
            return elapsed < _settings.NtimeWindowS ? (int)elapsed : _settings.NtimeWindowS;
        }

        private bool MoreRoots()
        {
            int length = _job!.Extranonce2Length;
            return length >= 8 || _rootsBegun < (1L << (8 * length));
        }

        private void BeginRoot()
        {
            _builtCounter = _nextCounter++;
            _rootsBegun++;
            WriteCounter(_builtCounter, _extranonce2);
            _builder.Begin(_extranonce2);
        }

        /// <summary>Writes an extranonce2 counter, least significant byte first, into a buffer of 32 bytes.</summary>
        public static void WriteCounter(ulong counter, byte[] into)
        {
            for (int i = 0; i < 8; i++)
            {
                into[i] = (byte)(counter >> (8 * i));
            }
        }

        private void Adopt()
        {
            PoolJob job = _job!;
            _haveNextRoot = false;
            _haveRoot = true;
            _record = _jobRecord;
            _baseVersion = job.Version;
            _baseNtime = job.NTime;
            _receivedMs = job.ReceivedMs;
            _rollMask = _jobMask;
            _rootCounter = _builtCounter;
            HeaderHash.Write(_header, job.Version, job.PreviousHash, _builder.Root, job.NTime, job.NBits);
            _nextVersion = job.Version;
            _setReady = false;
            _versionsLeft = 1;
            _versionCount = 1;
            if (_profile.Midstates > 0)
            {
                _versionsLeft = 1L << JobLife.BitCount(_rollMask);
                _versionCount = _versionsLeft >= _profile.Midstates ? _profile.Midstates : 1;
            }
        }

        // The next versions and their midstates; block time starts over.
        private int LoadVersions()
        {
            _offset = 0;
            _setReady = true;
            _versionsLeft -= _versionCount;
            for (int i = 0; i < _versionCount; i++)
            {
                uint version = _nextVersion;
                _versions[i] = version;

                // Counts upward inside the mask, through the bits that are not in it.
                _nextVersion = (version & ~_rollMask) | (((version | ~_rollMask) + 1) & _rollMask);
                if (_profile.Midstates > 0)
                {
                    HeaderHash.Put(_header, 0, version);
                    HeaderHash.Midstate(_header, _midstates, 8 * i);
                }
            }

            HeaderHash.Put(_header, 0, _versions[0]);
            return _profile.Midstates > 0 ? _versionCount : 0;
        }

        private void Fill(WorkEntry entry, ChipJob job)
        {
            uint ntime = _baseNtime + (uint)_offset;
            HeaderHash.Put(_header, 68, ntime);
            Array.Copy(_header, 0, entry.Header, 0, HeaderHash.Length);
            Array.Copy(_header, 0, job.Header, 0, HeaderHash.Length);
            Array.Copy(_versions, 0, entry.Versions, 0, _versionCount);
            entry.VersionCount = _versionCount;
            entry.Record = _record;
            entry.Extranonce2 = _rootCounter;
            entry.Ntime = ntime;
            job.MidstateCount = _profile.Midstates > 0 ? _versionCount : 0;
            if (job.MidstateCount > 0)
            {
                Array.Copy(_midstates, 0, job.Midstates, 0, 8 * _versionCount);
            }
        }
    }
}
