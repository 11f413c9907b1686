namespace Ballast.Firmware.Power
{
    /// <summary>A straight line of frequency over time, in integers.</summary>
    public sealed class RampPlan
    {
        private int _fromKhz;
        private int _toKhz;
        private long _startMs;
        private int _durationMs;

        /// <summary>True while a plan is being followed.</summary>
        public bool Active { get; private set; }

        /// <summary>Where the line ends, kHz.</summary>
        public int ToKhz => _toKhz;

        /// <summary>Starts a line at now.</summary>
        public void Start(int fromKhz, int toKhz, long nowMs, int durationMs)
        {
            _fromKhz = fromKhz;
            _toKhz = toKhz;
            _startMs = nowMs;
            _durationMs = durationMs < 0 ? 0 : durationMs;
            Active = true;
        }

        /// <summary>Drops the plan.</summary>
        public void Clear() => Active = false;

        /// <summary>True once the line has ended in time.</summary>
        public bool Ended(long nowMs) => nowMs - _startMs >= _durationMs;

        /// <summary>The frequency of the line at a time, kHz.</summary>
        public int KhzAt(long nowMs)
        {
            long age = nowMs - _startMs;
            if (age >= _durationMs)
            {
                return _toKhz;
            }

            return age <= 0 ? _fromKhz : _fromKhz + (int)((_toKhz - _fromKhz) * age / _durationMs);
        }
    }
}
