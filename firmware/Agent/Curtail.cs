namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// The hard-wired curtail input (S13). Closed (low: a contact to ground) in two readings of the 20 ms loop sheds: inside 100 ms with no network in the
    /// path. It is released only after the input was open for a minute without a break, and power then rises like any other rise. The hold is stored
    /// and survives a restart, after which the minute begins anew.
    /// </summary>
    public sealed class Curtail
    {
        /// <summary>Readings in a row that count.</summary>
        public const int Readings = 2;

        /// <summary>Time that the input must be open before power may rise, ms.</summary>
        public const int ReleaseMs = 60000;

        private int _closed;
        private long _openSinceMs = -1;

        /// <summary>True while power must be off.</summary>
        public bool Active { get; private set; }

        /// <summary>Starts as a restart found it stored: power stays off until the input was open for a whole minute from now on.</summary>
        public void Restore() => Active = true;

        /// <summary>Takes a reading. True if <see cref="Active"/> changed.</summary>
        public bool Step(long nowMs, bool closed)
        {
            bool was = Active;
            if (closed)
            {
                _openSinceMs = -1;
                _closed = _closed < Readings ? _closed + 1 : Readings;
                Active |= _closed >= Readings;
            }
            else
            {
                _closed = 0;
                if (_openSinceMs < 0)
                {
                    _openSinceMs = nowMs;
                }

                if (Active && nowMs - _openSinceMs >= ReleaseMs)
                {
                    Active = false;
                }
            }

            return was != Active;
        }
    }
}
