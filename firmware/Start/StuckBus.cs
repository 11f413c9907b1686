namespace Ballast.Firmware.Start
{
    /// <summary>
    /// Keeps a stuck bus from stopping the controller. The runtime waits up to a second for a stuck I2C line, in a native call that stops every
    /// thread (S20). After one call that was far too slow the bus is left alone, and calls fail at once: the rules see missing readings and
    /// switch off (S04, S06) instead of a loop that crawls. Every few seconds one call tries again, so an order to be off still arrives.
    /// </summary>
    public sealed class StuckBus
    {
        /// <summary>A call that took this long found the bus stuck, ms; a healthy one takes some 5 ms at 100 kHz.</summary>
        public const int StuckMs = 100;

        /// <summary>Rest after such a call, ms.</summary>
        public const int RestMs = 4000;

        private long _restUntilMs;

        /// <summary>Calls that found the bus stuck.</summary>
        public int Stalls { get; private set; }

        /// <summary>True if a call may be made now.</summary>
        public bool MayCall(long nowMs)
        {
            return nowMs >= _restUntilMs;
        }

        /// <summary>A call was made; when it began and when it returned.</summary>
        public void Called(long begunMs, long nowMs)
        {
            if (nowMs - begunMs >= StuckMs)
            {
                Stalls++;
                _restUntilMs = nowMs + RestMs;
            }
        }
    }
}
