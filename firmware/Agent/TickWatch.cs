namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// Rule S08 without the thread: a second thread calls this every 200 ms of its own runs with the control loop's tick. Five runs in a
    /// row without a new tick mean that the loop hangs while this thread lives: it cuts power and restarts the controller. A stall of all
    /// threads is not its case, because it counts its own runs and not time.
    /// </summary>
    public sealed class TickWatch
    {
        /// <summary>Time between two runs, ms.</summary>
        public const int PeriodMs = 200;

        /// <summary>Runs without a new tick that count as a stall.</summary>
        public const int Runs = 5;

        private int _lastTick = -1;
        private int _same;

        /// <summary>One run. True if the loop has stalled: cut power, then restart.</summary>
        public bool Run(int tick)
        {
            if (tick != _lastTick)
            {
                _lastTick = tick;
                _same = 0;
                return false;
            }

            _same++;
            return _same >= Runs;
        }
    }
}
