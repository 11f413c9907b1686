using Ballast.Hw.Boards;

namespace Ballast.Firmware.Power
{
    /// <summary>
    /// Learns what each point really draws: the mean over a minute of steady hashing. When one differs by more than 3 % from the ladder in
    /// use, it makes a ladder to offer; the host decides when that takes effect (contract section 7). Points that were never run take the
    /// factor of their nearest measured neighbour. "Measured" is the board's own estimate from its regulator, not a meter.
    /// </summary>
    public sealed class LadderLearner
    {
        /// <summary>Steady time at a point before its power counts, ms.</summary>
        public const int SettleMs = 60000;

        /// <summary>Time over which the mean is taken, ms.</summary>
        public const int MeanMs = 60000;

        /// <summary>Difference that is offered, in thousandths of the power in use.</summary>
        public const int OfferPermille = 30;

        private readonly BoardDescription _board;
        private readonly int[] _measuredMw;
        private readonly int[] _offerMw;
        private BoardLadder _inUse;
        private int _point = -1;
        private long _sinceMs;
        private long _sumMw;
        private int _samples;

        /// <summary>Makes a learner that knows nothing.</summary>
        public LadderLearner(BoardDescription board, BoardLadder inUse)
        {
            _board = board;
            _inUse = inUse;
            _measuredMw = new int[board.Points.Length];
            _offerMw = new int[board.Points.Length];
        }

        /// <summary>The ladder that waits for the host, or null.</summary>
        public BoardLadder? Offered { get; private set; }

        /// <summary>Power per point of <see cref="Offered"/>, mW.</summary>
        public int[] OfferedMw => _offerMw;

        /// <summary>The offered ladder was accepted, or another one came into use.</summary>
        public void Use(BoardLadder ladder)
        {
            _inUse = ladder;
            Offered = null;
        }

        /// <summary>Takes a measurement. True if there is a new offer.</summary>
        /// <param name="nowMs">Monotonic time, ms.</param>
        /// <param name="point">Point at which the board runs steadily and hashes; -1 if it does not.</param>
        /// <param name="powerMw">Its power, mW.</param>
        public bool Step(long nowMs, int point, int powerMw)
        {
            // Only ladders with all points of the description can be learned: a number must mean the same point before and after.
            if (point <= 0 || point != _point || _inUse.Top != _board.Points.Length - 1)
            {
                _point = point;
                _sinceMs = nowMs;
                _sumMw = 0;
                _samples = 0;
                return false;
            }

            if (nowMs - _sinceMs < SettleMs)
            {
                return false;
            }

            _sumMw += powerMw;
            _samples++;
            if (nowMs - _sinceMs < SettleMs + MeanMs)
            {
                return false;
            }

            _measuredMw[point] = Round(point, (int)(_sumMw / _samples));
            _sinceMs = nowMs - SettleMs;
            _sumMw = 0;
            _samples = 0;
            return Differs(point) && Offer();
        }

        /// <summary>Up to the next per cent of the point's nominal power, so that small changes do not make new ladders.</summary>
        private int Round(int point, int mw)
        {
            int unit = _board.Points[point].PowerMw / 100;
            return unit < 1 ? mw : (mw + unit - 1) / unit * unit;
        }

        private bool Differs(int point)
        {
            int before = Offered != null ? Offered.Ladder.PowerMw(point) : _inUse.Ladder.PowerMw(point);
            long difference = _measuredMw[point] - before;
            return (difference < 0 ? -difference : difference) * 1000 > (long)before * OfferPermille;
        }

        private bool Offer()
        {
            int n = _offerMw.Length;
            int sleep = _board.Points[0].PowerMw;
            _offerMw[0] = sleep;
            for (int i = 1; i < n; i++)
            {
                int near = Nearest(i);
                long nominal = _board.Points[near].PowerMw - sleep;
                long factored = nominal <= 0 ? 0 : (long)(_board.Points[i].PowerMw - sleep) * (_measuredMw[near] - sleep) / nominal;
                int mw = near == i ? _measuredMw[i] : sleep + (int)factored;

                // Strictly rising: no point may drop out, or numbers would change their meaning.
                _offerMw[i] = mw > _offerMw[i - 1] ? mw : _offerMw[i - 1] + 1;
            }

            Offered = BoardLadder.TryCreate(_board, _offerMw, out _);
            return Offered != null;
        }

        private int Nearest(int point)
        {
            for (int d = 0; d < _measuredMw.Length; d++)
            {
                if (point - d > 0 && _measuredMw[point - d] > 0)
                {
                    return point - d;
                }

                if (point + d < _measuredMw.Length && _measuredMw[point + d] > 0)
                {
                    return point + d;
                }
            }

            return point;
        }
    }
}
