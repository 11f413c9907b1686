namespace Ballast.Firmware.Start
{
    /// <summary>
    /// Counts own runs without a new tick of the control loop (S08). It counts runs, not time: when a native call stops all threads, this
    /// one is stopped too, and such a stall is no reason to reboot (S20).
    /// </summary>
    public sealed class TickWatch
    {
        /// <summary>Time between two runs, ms.</summary>
        public const int EveryMs = 200;

        /// <summary>Runs without a new tick after which power is cut.</summary>
        public const int Limit = 5;

        private int _last;
        private int _stalled;

        /// <summary>One run. True if the control loop is dead: cut power and reboot.</summary>
        public bool Step(int tick)
        {
            if (tick != _last)
            {
                _last = tick;
                _stalled = 0;
                return false;
            }

            _stalled++;
            return _stalled >= Limit;
        }
    }
}
