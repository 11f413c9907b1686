namespace Ballast.Wire
{
    /// <summary>
    /// The host's side of contract section 7: finds the (limit, share) that keeps the boards of a curve under a cap. Add fixed watts and
    /// boards, then solve as many caps as wanted: the segments are sorted once. One owner at a time.
    /// </summary>
    public sealed class Inversion
    {
        // A key is cost·2^32 + rank: ordering by it is ordering by (cost, rank).
        private ulong[] _keys = new ulong[64];
        private long[] _stepMw = new long[64];
        private ulong[] _otherKeys = new ulong[0];
        private long[] _otherStepMw = new long[0];
        private int _segments;
        private int _groups;
        private bool _sorted;
        private int _boards;
        private long _standbyMw;

        /// <summary>Answer: limit of cost, mJ/TH.</summary>
        public int LimitMjPerTh { get; private set; }

        /// <summary>Answer: share of the circle at the limit.</summary>
        public uint Share { get; private set; }

        /// <summary>Answer: true if the cap is below fixed watts and standby; the order is then (0, 0).</summary>
        public bool Unreachable { get; private set; }

        /// <summary>Answer: fixed watts and what the boards choose under the order, mW. At most the cap unless <see cref="Unreachable"/>.</summary>
        public long TotalMw { get; private set; }

        /// <summary>Watts outside the curve and standby of the boards in it, mW: no order goes below.</summary>
        public long FloorMw => _standbyMw;

        /// <summary>Boards in the curve.</summary>
        public int Boards => _boards;

        /// <summary>Forgets everything added; keeps the buffers.</summary>
        public void Clear()
        {
            _segments = 0;
            _groups = 0;
            _sorted = false;
            _boards = 0;
            _standbyMw = 0;
        }

        /// <summary>Adds watts that no order moves, mW.</summary>
        public void AddFixed(long powerMw) => _standbyMw += powerMw;

        /// <summary>Adds a board. Add boards before the first <see cref="Solve"/> after a <see cref="Clear"/>.</summary>
        /// <param name="ladder">Its ladder in use.</param>
        /// <param name="rank">Its rank under the order's salt.</param>
        public void Add(Ladder ladder, uint rank)
        {
            if (_sorted)
                Unsort();
            _boards++;
            _standbyMw += ladder.PowerMw(0);
            for (int k = 1; k < ladder.HullCount; k++)
            {
                if (_segments == _keys.Length)
                    Grow();
                _keys[_segments] = ((ulong)(uint)ladder.CostMjPerTh(k) << 32) | rank;
                _stepMw[_segments] = ladder.PowerMw(ladder.HullPoint(k)) - ladder.PowerMw(ladder.HullPoint(k - 1));
                _segments++;
            }
        }

        /// <summary>Finds the order for a cap and leaves it in the answer properties.</summary>
        /// <param name="capMw">Cap on fixed watts and boards together, mW.</param>
        /// <returns>False if the cap cannot be reached.</returns>
        public bool Solve(long capMw)
        {
            LimitMjPerTh = 0;
            Share = 0;
            TotalMw = _standbyMw;
            Unreachable = _standbyMw > capMw;
            if (Unreachable)
                return false;
            if (_boards == 0)
                return true;
            if (!_sorted)
                SortAndGroup();

            // Groups never take watts away, so the sums rise and the first that does not fit can be searched for.
            long room = capMw - _standbyMw;
            int low = 0;
            int high = _groups;
            while (low < high)
            {
                int middle = (low + high) >> 1;
                if (_stepMw[middle] <= room)
                    low = middle + 1;
                else
                    high = middle;
            }

            if (low > 0)
                TotalMw = _standbyMw + _stepMw[low - 1];
            LimitMjPerTh = low == _groups ? Ladder.Everything : (int)(_keys[low] >> 32);
            Share = low == _groups ? 0 : (uint)_keys[low];
            return true;
        }

        // After this each key occurs once and _stepMw holds the sum of all groups up to it.
        private void SortAndGroup()
        {
            if (_otherKeys.Length < _keys.Length)
            {
                _otherKeys = new ulong[_keys.Length];
                _otherStepMw = new long[_keys.Length];
            }

            if (CurveSort.Sort(_keys, _stepMw, _otherKeys, _otherStepMw, _segments))
            {
                ulong[] keys = _keys;
                long[] steps = _stepMw;
                _keys = _otherKeys;
                _stepMw = _otherStepMw;
                _otherKeys = keys;
                _otherStepMw = steps;
            }

            int groups = 0;
            long sum = 0;
            for (int i = 0; i < _segments; i++)
            {
                sum += _stepMw[i];
                if (groups == 0 || _keys[i] != _keys[groups - 1])
                    _keys[groups++] = _keys[i];
                _stepMw[groups - 1] = sum;
            }

            _groups = groups;
            _sorted = true;
        }

        // Groups are as good as segments for what is added later: only their sums must become steps again.
        private void Unsort()
        {
            for (int i = _groups - 1; i > 0; i--)
                _stepMw[i] -= _stepMw[i - 1];
            _segments = _groups;
            _sorted = false;
        }

        private void Grow()
        {
            ulong[] keys = new ulong[2 * _keys.Length];
            long[] steps = new long[2 * _keys.Length];
            System.Array.Copy(_keys, 0, keys, 0, _segments);
            System.Array.Copy(_stepMw, 0, steps, 0, _segments);
            _keys = keys;
            _stepMw = steps;
        }
    }
}
