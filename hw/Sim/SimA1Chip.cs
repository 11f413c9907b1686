namespace Ballast.Hw.Sim
{
    /// <summary>One modelled A1 chip: register, PLL, two job slots, results, and its search from start to end nonce.</summary>
    public sealed class SimA1Chip
    {
        private const int ResultSlots = 8;

        private readonly SimA1Type _type;
        private readonly SimSha256 _sha = new SimSha256();
        private readonly byte[][] _jobs = { new byte[58], new byte[58] };
        private readonly byte[] _register = new byte[6];
        private readonly uint[] _midstate = new uint[8];
        private readonly byte[] _tail = new byte[16];
        private readonly byte[] _hash = new byte[32];
        private readonly uint[] _results = new uint[ResultSlots];
        private readonly int[] _resultJobs = new int[ResultSlots];
        private readonly int _workShift;
        private int _resultHead;
        private int _resultCount;
        private int _jobCount;
        private int _lockKhz;
        private long _lockAtMs;
        private long _searched;
        private long _credit;

        internal SimA1Chip(SimA1Type type, int workShift)
        {
            _type = type;
            _workShift = workShift;
            Reset();
        }

        /// <summary>Fault: the chip is dead, and with it everything behind it in the chain.</summary>
        public bool Dead { get; set; }

        /// <summary>Fault: cores that fail the self-test.</summary>
        public int BadCores { get; set; }

        /// <summary>Clock, kHz; 0 while the PLL is not locked.</summary>
        public int FreqKhz { get; private set; }

        /// <summary>Jobs that came while both slots were full, and were lost.</summary>
        public int JobsRefused { get; private set; }

        /// <summary>Jobs whose range was searched to its end.</summary>
        public int JobsDone { get; private set; }

        /// <summary>Attempts left out because of a step's budget.</summary>
        internal long LeftOut { get; private set; }

        internal bool BistDone { get; set; }

        internal bool BistFixed { get; set; }

        internal bool IsHashing => FreqKhz > 0 && BistFixed && _jobCount > 0 && !Dead;

        internal int WorkingCores => BistFixed ? _type.Cores - BadCores : 0;

        internal void Reset()
        {
            System.Array.Clear(_register, 0, _register.Length);
            BistDone = false;
            BistFixed = false;
            FreqKhz = 0;
            _lockAtMs = -1;
            DropJobs();
            _resultCount = 0;
        }

        /// <summary>Drops the running job and the queued one.</summary>
        internal void DropJobs()
        {
            _jobCount = 0;
            _searched = 0;
            _credit = 0;
        }

        internal void WriteRegister(byte[] data, int offset, long nowMs)
        {
            System.Array.Copy(data, offset, _register, 0, 6);
            int post = data[offset] >> 6;
            int pre = (data[offset] >> 1) & 0x1F;
            int fb = ((data[offset] & 1) << 8) | data[offset + 1];
            _lockKhz = post == 0 || pre == 0 || fb == 0 ? 0 : _type.ReferenceKhz * fb / (pre << (post - 1));
            _lockAtMs = nowMs + _type.PllLockMs;
            FreqKhz = 0;
        }

        /// <summary>The register as it reads: PLL echo, lock bit, queue state, job ids, cores.</summary>
        internal int ReadRegister(int index)
        {
            switch (index)
            {
                case 0:
                case 1:
                    return _register[index];
                case 2:
                    return FreqKhz > 0 ? 1 : 0;
                case 3:
                    return _jobCount == 2 ? 3 : _jobCount;
                case 4:
                    int running = _jobCount > 0 ? _jobs[0][0] >> 4 : 0;
                    int queued = _jobCount > 1 ? _jobs[1][0] >> 4 : 0;
                    return (queued << 4) | running;
                default:
                    return WorkingCores;
            }
        }

        internal void TakeJob(byte[] data)
        {
            if (_jobCount == 2)
            {
                JobsRefused++;
                return;
            }

            System.Array.Copy(data, 0, _jobs[_jobCount], 0, 58);
            _jobCount++;
            if (_jobCount == 1)
            {
                Begin();
            }
        }

        internal bool TryTakeResult(out int job, out uint wire)
        {
            job = 0;
            wire = 0;
            if (_resultCount == 0)
            {
                return false;
            }

            job = _resultJobs[_resultHead];
            wire = _results[_resultHead];
            _resultHead = (_resultHead + 1) % ResultSlots;
            _resultCount--;
            return true;
        }

        internal void Step(long nowMs, long elapsedMs, int budget)
        {
            if (_lockAtMs >= 0 && nowMs >= _lockAtMs)
            {
                _lockAtMs = -1;
                FreqKhz = _lockKhz;
            }

            if (!IsHashing)
            {
                _credit = 0;
                return;
            }

            _credit += (long)FreqKhz * WorkingCores * elapsedMs;
            int left = budget;
            while (_credit > 0 && _jobCount > 0)
            {
                long range = (long)End() - Start() + 1 - _searched;
                long part = range < _credit ? range : _credit;
                Search(part, ref left);
                _credit -= part;
                if (part == range)
                {
                    Finish();
                }
            }

            if (_jobCount == 0)
            {
                _credit = 0;
            }
        }

        private uint Start() => Word(_jobs[0], 46);

        private uint End() => Word(_jobs[0], 54);

        /// <summary>One attempt stands for 2^k nonces: the search takes every 2^k-th nonce of the range.</summary>
        private void Search(long count, ref int left)
        {
            long stride = 1L << _workShift;
            long at = (_searched + stride - 1) / stride * stride;
            long end = _searched + count;
            while (at < end)
            {
                if (left == 0)
                {
                    LeftOut += (end - at + stride - 1) / stride;
                    break;
                }

                left--;
                Try((uint)(Start() + at));
                at += stride;
            }

            _searched = end;
        }

        /// <summary>Test hook and search alike: one nonce of the running job; reported only if its hash meets the job's target.</summary>
        internal void Try(uint nonce)
        {
            _tail[12] = (byte)nonce;
            _tail[13] = (byte)(nonce >> 8);
            _tail[14] = (byte)(nonce >> 16);
            _tail[15] = (byte)(nonce >> 24);
            _sha.Finish(_midstate, 0, _tail, _hash);
            if (!Meets() || _resultCount == ResultSlots)
            {
                return;
            }

            int slot = (_resultHead + _resultCount) % ResultSlots;
            _resultJobs[slot] = _jobs[0][0] >> 4;
            _results[slot] = ((uint)_tail[12] << 24) | ((uint)_tail[13] << 16) | ((uint)_tail[14] << 8) | _tail[15];
            _resultCount++;
        }

        internal bool HasJob => _jobCount > 0;

        private void Begin()
        {
            byte[] job = _jobs[0];
            for (int i = 0; i < 8; i++)
            {
                int at = 2 + (4 * (7 - i));
                _midstate[i] = ((uint)job[at] << 24) | ((uint)job[at + 1] << 16) | ((uint)job[at + 2] << 8) | job[at + 3];
            }

            System.Array.Copy(job, 34, _tail, 0, 12);
            _searched = 0;
            if (Start() > End())
            {
                Finish();
            }
        }

        private void Finish()
        {
            JobsDone++;
            _jobCount--;
            if (_jobCount > 0)
            {
                System.Array.Copy(_jobs[1], 0, _jobs[0], 0, 58);
                Begin();
            }
        }

        /// <summary>The hash, as a number, below target·2^k.</summary>
        private bool Meets()
        {
            byte[] job = _jobs[0];
            int exponent = job[53];
            uint mantissa = ((uint)job[52] << 16) | ((uint)job[51] << 8) | job[50];
            int shift = (8 * (exponent - 3)) + _workShift;
            for (int bit = 255; bit >= shift + 24; bit--)
            {
                if ((_hash[bit >> 3] & (1 << (bit & 7))) != 0)
                {
                    return false;
                }
            }

            uint top = 0;
            for (int bit = shift + 23; bit >= shift; bit--)
            {
                int set = bit < 256 && (_hash[bit >> 3] & (1 << (bit & 7))) != 0 ? 1 : 0;
                top = (top << 1) | (uint)set;
            }

            return top < mantissa;
        }

        private static uint Word(byte[] data, int at) => data[at] | ((uint)data[at + 1] << 8) | ((uint)data[at + 2] << 16) | ((uint)data[at + 3] << 24);
    }
}
