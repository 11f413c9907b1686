namespace Ballast.Firmware.Grid
{
    /// <summary>
    /// The host's time as accepted orders tell it, run on by the monotonic clock (contract section 5, "Time"). It is in RAM only and
    /// exists from the first accepted order on; a step of the host's wall clock never enters it.
    /// </summary>
    public sealed class HostTime
    {
        /// <summary>How far an accepted order may set it back, ms.</summary>
        public const int BackMs = 100;

        private long _hostMs;
        private long _atMs;

        /// <summary>True once an order has been accepted since the start.</summary>
        public bool Known { get; private set; }

        /// <summary>Host time now, ms; meaningless unless <see cref="Known"/>.</summary>
        public long At(long nowMs) => _hostMs + (nowMs - _atMs);

        /// <summary>True if a message with this <c>sent</c> is older than a lease.</summary>
        public bool IsOld(long sentMs, int leaseS, long nowMs) => Known && sentMs < At(nowMs) - (leaseS * 1000L);

        /// <summary>Takes an accepted message's time.</summary>
        public void Accept(long sentMs, long nowMs)
        {
            long least = At(nowMs) - BackMs;
            _hostMs = Known && least > sentMs ? least : sentMs;
            _atMs = nowMs;
            Known = true;
        }

        /// <summary>Takes the time of a new epoch's first order as it is.</summary>
        public void Restart(long sentMs, long nowMs)
        {
            _hostMs = sentMs;
            _atMs = nowMs;
            Known = true;
        }
    }
}
