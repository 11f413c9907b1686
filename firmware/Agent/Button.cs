namespace Ballast.Firmware.Agent
{
    /// <summary>What a press of the board's button means.</summary>
    public enum ButtonPress
    {
        /// <summary>Nothing yet.</summary>
        None = 0,

        /// <summary>Short: identify.</summary>
        Short = 1,

        /// <summary>Long: release a latched fault.</summary>
        Long = 2,

        /// <summary>Very long: factory reset.</summary>
        VeryLong = 3,
    }

    /// <summary>Times presses of the one button, with debounce. A press counts when it ends, so that a long one never begins as a short one.</summary>
    public sealed class Button
    {
        /// <summary>Shortest press that counts, ms.</summary>
        public const int DebounceMs = 60;

        /// <summary>Shortest long press, ms.</summary>
        public const int LongMs = 5000;

        /// <summary>Shortest very long press, ms.</summary>
        public const int VeryLongMs = 15000;

        /// <summary>A button held longer is stuck and means nothing, ms.</summary>
        public const int StuckMs = 60000;

        private long _sinceMs = -1;

        /// <summary>Takes a reading.</summary>
        public ButtonPress Step(long nowMs, bool pressed)
        {
            if (pressed)
            {
                if (_sinceMs < 0)
                {
                    _sinceMs = nowMs;
                }

                return ButtonPress.None;
            }

            if (_sinceMs < 0)
            {
                return ButtonPress.None;
            }

            long held = nowMs - _sinceMs;
            _sinceMs = -1;
            if (held < DebounceMs || held >= StuckMs)
            {
                return ButtonPress.None;
            }

            return held >= VeryLongMs ? ButtonPress.VeryLong : held >= LongMs ? ButtonPress.Long : ButtonPress.Short;
        }
    }
}
