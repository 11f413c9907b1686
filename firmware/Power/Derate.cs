using Ballast.Hw.Boards;

namespace Ballast.Firmware.Power
{
    /// <summary>Takes the board down one ladder step per interval while it is near its limit with fans at full, and back up slowly.</summary>
    public sealed class Derate
    {
        /// <summary>Distance below the cut limit at which steps down begin, m°C.</summary>
        public const int MarginMilliC = 5000;

        /// <summary>Time over the margin before a step down, and between two, ms.</summary>
        public const int DownMs = 5000;

        /// <summary>Time well below the margin before a step up, ms.</summary>
        public const int UpMs = 60000;

        private const int BackMilliC = 10000;

        private readonly BoardLimits _limits;
        private readonly int _top;
        private long _hotSince = -1;
        private long _coolSince = -1;

        /// <summary>Makes a derater for a ladder with points 0…<paramref name="top"/>.</summary>
        public Derate(BoardLimits limits, int top)
        {
            _limits = limits;
            _top = top;
            Cap = top;
        }

        /// <summary>Highest point allowed. Never sleep by itself: the cut limit does that.</summary>
        public int Cap { get; private set; }

        /// <summary>True while the cap binds below the top.</summary>
        public bool Active => Cap < _top;

        /// <summary>Advances to now, while the board runs at <paramref name="point"/>.</summary>
        public void Step(long nowMs, bool valid, int milliC, int point)
        {
            int hot = _limits.ChipMaxMilliC - MarginMilliC;
            if (valid && milliC >= hot)
            {
                _coolSince = -1;
                if (_hotSince < 0)
                {
                    _hotSince = nowMs;
                }

                if (nowMs - _hotSince >= DownMs)
                {
                    _hotSince = nowMs;
                    int from = point < Cap ? point : Cap;
                    Cap = from > 1 ? from - 1 : from < 1 ? Cap : 1;
                }

                return;
            }

            _hotSince = -1;
            if (Cap == _top || !valid || milliC > _limits.ChipMaxMilliC - BackMilliC)
            {
                _coolSince = -1;
                return;
            }

            if (_coolSince < 0)
            {
                _coolSince = nowMs;
            }

            if (nowMs - _coolSince >= UpMs)
            {
                _coolSince = nowMs;
                Cap++;
            }
        }
    }
}
