namespace Ballast.Firmware.Power
{
    /// <summary>
    /// Judges from valid nonces whether the chips do their work (S07): none for ten expected intervals, or fewer than half of the
    /// expected number over a minute (longer where so few are expected that chance alone could halve them).
    /// </summary>
    public sealed class HashHealth
    {
        /// <summary>Expected intervals without a nonce that count as lost.</summary>
        public const int SilentIntervals = 10;

        /// <summary>
        /// Shortest silence that counts, ms. Ten intervals of a second pass without a nonce by chance alone every six hours; twenty in fifteen years.
        /// </summary>
        public const int MinSilentMs = 20000;

        /// <summary>Shortest window for the half-rate rule, ms.</summary>
        public const int WindowMs = 60000;

        // By chance alone fewer than half of 80 come once in two million windows.
        private const int MinExpectedInWindow = 80;

        private bool _working;
        private long _lastNonces;
        private long _lastNonceMs;
        private long _windowStartMs;
        private long _windowNonces;
        private long _expectedMicros;
        private int _ticket;
        private long _lastStepMs;

        /// <summary>True if the rule has tripped; stays until <see cref="Reset"/>.</summary>
        public bool Lost { get; private set; }

        /// <summary>Forgets everything: at each start of the chain and whenever there was no work.</summary>
        public void Reset()
        {
            _working = false;
            Lost = false;
        }

        /// <summary>Advances to now.</summary>
        /// <param name="nowMs">Monotonic time, ms.</param>
        /// <param name="working">True while the chips run and have a job.</param>
        /// <param name="nonces">Valid nonces ever, a counter.</param>
        /// <param name="expectedGhs">Hash rate expected at the present frequency, GH/s.</param>
        /// <param name="ticketDifficulty">Difficulty from which chips report.</param>
        public void Step(long nowMs, bool working, long nonces, int expectedGhs, int ticketDifficulty)
        {
            if (!working || expectedGhs <= 0 || ticketDifficulty <= 0)
            {
                _working = false;
                return;
            }

            if (!_working)
            {
                _working = true;
                _lastNonceMs = nowMs;
                _lastNonces = nonces;
                _lastStepMs = nowMs;
                _ticket = ticketDifficulty;
                StartWindow(nowMs, nonces);
                return;
            }

            // difficulty · 2^32 hashes at GH/s: 4295 ms per unit of difficulty and GH/s.
            long intervalMs = (ticketDifficulty * 4295L / expectedGhs) + 1;
            if (nonces != _lastNonces || ticketDifficulty != _ticket)
            {
                _ticket = ticketDifficulty;
                _lastNonces = nonces;
                _lastNonceMs = nowMs;
            }

            long silent = intervalMs * SilentIntervals;
            if (nowMs - _lastNonceMs >= (silent > MinSilentMs ? silent : MinSilentMs))
            {
                Lost = true;
            }

            // Clock and ticket change within a window, so what they let expect is summed up step by step, in millionths of a nonce.
            _expectedMicros += (nowMs - _lastStepMs) * expectedGhs * 1000000 / (ticketDifficulty * 4295L);
            _lastStepMs = nowMs;
            long expected = _expectedMicros / 1000000;
            if (nowMs - _windowStartMs >= WindowMs && expected >= MinExpectedInWindow)
            {
                if ((nonces - _windowNonces) * 2 < expected)
                {
                    Lost = true;
                }

                StartWindow(nowMs, nonces);
            }
        }

        private void StartWindow(long nowMs, long nonces)
        {
            _windowStartMs = nowMs;
            _windowNonces = nonces;
            _expectedMicros = 0;
        }
    }
}
