namespace Ballast.Hw.Sim
{
    /// <summary>One modelled A1 chip: register, PLL, two job slots, results, and its search from start to end nonce.</summary>
    public sealed class SimA1Chip
    {
        private const int ResultSlots = 8;

        private readonly SimA1Type _type;
        private readonly SimSha256 _sha = new SimSha256();
        private readonly byte[][] _jobs;
        private readonly byte[] _register;
        private readonly uint[] _midstates;
        private readonly int _tailAt;
        private readonly byte[] _tail = new byte[16];
        private readonly byte[] _hash = new byte[32];
        private readonly uint[] _results = new uint[ResultSlots];
        private readonly int[] _resultJobs = new int[ResultSlots];
        private readonly int[] _resultMidstates = new int[ResultSlots];
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
            _jobs = new[] { new byte[type.JobBytes], new byte[type.JobBytes] };
            _register = new byte[type.RegisterBytes];
            _midstates = new uint[8 * type.Midstates];
            _tailAt = 2 + (32 * type.Midstates);
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

        internal bool BistCollected { get; set; }

        internal bool BistFixed { get; set; }

        internal bool IsHashing => FreqKhz > 0 && BistFixed && _jobCount > 0 && !Dead;

        internal int WorkingCores => BistFixed ? _type.Cores - BadCores : 0;

        internal void Reset()
        {
            System.Array.Clear(_register, 0, _register.Length);
            BistDone = false;
            BistCollected = !_type.IsT1;
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
            System.Array.Copy(data, offset, _register, 0, _register.Length);

            // The A1 divides by 2^(post - 1), the T1 by 2^post, which it keeps in its fourth byte.
            int post = _type.IsT1 ? (data[offset + 3] >> 6) + 1 : data[offset] >> 6;
            int pre = (data[offset] >> 1) & 0x1F;
            int fb = ((data[offset] & 1) << 8) | data[offset + 1];
            _lockKhz = post == 0 || pre == 0 || fb == 0 ? 0 : _type.ReferenceKhz * fb / (pre << (post - 1));
            _lockAtMs = nowMs + _type.PllLockMs;
            FreqKhz = 0;
        }

        /// <summary>The register as it reads: PLL echo, then lock bit, queue state, job ids and cores (A1), or ADC, queue state and cores (T1).</summary>
        internal int ReadRegister(int index)
        {
            int state = _jobCount == 2 ? 3 : _jobCount;
            if (_type.IsT1)
            {
                // ADC 0x1F8 is 56 degrees: (588 - x) x 2/3.
                return index == 5 ? 0x01 : index == 6 ? 0xF8 : index == 7 ? state : index == 9 ? WorkingCores : _register[index];
            }

            switch (index)
            {
                case 0:
                case 1:
                    return _register[index];
                case 2:
                    return FreqKhz > 0 ? 1 : 0;
                case 3:
                    return state;
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

            System.Array.Copy(data, 0, _jobs[_jobCount], 0, _type.JobBytes);
            _jobCount++;
            if (_jobCount == 1)
            {
                Begin();
            }
        }

        internal bool TryTakeResult(out int job, out uint wire, out int midstate)
        {
            midstate = 0;
            job = 0;
            wire = 0;
            if (_resultCount == 0)
            {
                return false;
            }

            job = _resultJobs[_resultHead];
            wire = _results[_resultHead];
            midstate = _resultMidstates[_resultHead];
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

            _credit += (long)FreqKhz * WorkingCores * _type.HashesPerCore * elapsedMs;
            int left = budget;
            while (_credit > 0 && _jobCount > 0)
            {
                long range = (((long)End() - Start() + 1) * _type.Midstates) - _searched;
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

        private uint Start() => Word(_jobs[0], _tailAt + 12);

        private uint End() => Word(_jobs[0], _tailAt + 20);

        /// <summary>One attempt stands for 2^k hashes: the search takes every 2^k-th of the range, each with the next midstate.</summary>
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
                Try((uint)(Start() + (at / _type.Midstates)), (int)((at >> _workShift) % _type.Midstates));
                at += stride;
            }

            _searched = end;
        }

        /// <summary>Test hook and search alike: one nonce of the running job; reported only if its hash meets the job's target.</summary>
        internal void Try(uint nonce, int midstate)
        {
            _tail[12] = (byte)nonce;
            _tail[13] = (byte)(nonce >> 8);
            _tail[14] = (byte)(nonce >> 16);
            _tail[15] = (byte)(nonce >> 24);
            _sha.Finish(_midstates, 8 * midstate, _tail, _hash);
            if (!Meets() || _resultCount == ResultSlots)
            {
                return;
            }

            int slot = (_resultHead + _resultCount) % ResultSlots;
            _resultMidstates[slot] = midstate;
            _resultJobs[slot] = _jobs[0][0] >> 4;
            _results[slot] = ((uint)_tail[12] << 24) | ((uint)_tail[13] << 16) | ((uint)_tail[14] << 8) | _tail[15];
            _resultCount++;
        }

        internal bool HasJob => _jobCount > 0;

        private void Begin()
        {
            byte[] job = _jobs[0];
            for (int m = 0; m < _type.Midstates; m++)
            {
                // The last midstate comes first, and each one's words in reverse order.
                int from = 2 + (32 * (_type.Midstates - 1 - m));
                for (int i = 0; i < 8; i++)
                {
                    int at = from + (4 * (7 - i));
                    _midstates[(8 * m) + i] = ((uint)job[at] << 24) | ((uint)job[at + 1] << 16) | ((uint)job[at + 2] << 8) | job[at + 3];
                }
            }

            System.Array.Copy(job, _tailAt, _tail, 0, 12);
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
                System.Array.Copy(_jobs[1], 0, _jobs[0], 0, _type.JobBytes);
                Begin();
            }
        }

        /// <summary>The hash, as a number, below target·2^k.</summary>
        private bool Meets()
        {
            byte[] job = _jobs[0];
            int target = _tailAt + 16;
            int exponent = job[target + 3];
            uint mantissa = ((uint)job[target + 2] << 16) | ((uint)job[target + 1] << 8) | job[target];
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
