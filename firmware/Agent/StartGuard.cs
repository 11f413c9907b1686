using Ballast.Firmware.Grid;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// Recovery after brown-outs (fault F19): a start that was not followed by ten minutes of power counts as unstable, is stored before
    /// power comes on, and makes the next one wait longer. Power cycling faster than the wait writes nothing.
    /// </summary>
    public sealed class StartGuard
    {
        /// <summary>Time under power after which a start counts as stable, ms.</summary>
        public const int StableMs = 600000;

        /// <summary>Wait after one unstable start, ms; it doubles with each further one.</summary>
        public const int WaitMs = 3000;

        /// <summary>Unstable starts after which a board waits for an hour.</summary>
        public const int Limit = 5;

        private const int HourMs = 3600000;

        private readonly BoardRecord _record;
        private long _poweredSinceMs = -1;
        private bool _counted;

        /// <summary>Makes a guard over the stored counter.</summary>
        public StartGuard(BoardRecord record)
        {
            _record = record;
        }

        /// <summary>No power before this moment, ms.</summary>
        public long NotBeforeMs { get; private set; }

        /// <summary>A restart of the controller: draws the wait.</summary>
        public void Begin(long nowMs, uint random)
        {
            int unstable = _record.UnstableStarts;
            if (unstable == 0)
            {
                NotBeforeMs = nowMs;
                return;
            }

            int wait = unstable >= Limit ? HourMs : WaitMs << (unstable - 1);
            NotBeforeMs = nowMs + wait + (random % (uint)wait);
        }

        /// <summary>Advances to now. True if the record must be stored: before power comes on, and once it proved stable.</summary>
        public bool Step(long nowMs, bool starting, bool powered)
        {
            bool save = false;
            if (starting && !_counted)
            {
                _counted = true;
                if (_record.UnstableStarts < 255)
                {
                    _record.UnstableStarts++;
                    save = true;
                }
            }

            if (!powered)
            {
                _poweredSinceMs = -1;
            }
            else if (_poweredSinceMs < 0)
            {
                _poweredSinceMs = nowMs;
            }

            if (_counted && _poweredSinceMs >= 0 && nowMs - _poweredSinceMs >= StableMs && _record.UnstableStarts > 0)
            {
                _record.UnstableStarts = 0;
                save = true;
            }

            return save;
        }
    }
}
