namespace Ballast.Firmware.Start
{
    /// <summary>
    /// When an external watchdog gets its edge (S08): only after the control loop stamped a new tick, which it does after outputs were applied. A loop
    /// that hangs, that failed, or a native call that stops all threads gives none, and the watchdog cuts power.
    /// </summary>
    public sealed class WatchdogKick
    {
        private int _last;

        /// <summary>One turn of the loop. True if an edge is due.</summary>
        public bool Step(int tick, bool failed)
        {
            if (failed || tick == _last)
            {
                return false;
            }

            _last = tick;
            return true;
        }
    }
}
