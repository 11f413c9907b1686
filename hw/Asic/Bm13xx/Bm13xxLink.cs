using Ballast.Hw.Bus;

namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>The transmitting side of a chain: one buffer, a bound on what one control tick may send, and repeats of a failed write.</summary>
    internal sealed class Bm13xxLink
    {
        /// <summary>Writes of one frame before the UART counts as broken.</summary>
        public const int MaxTries = 3;

        /// <summary>What <see cref="Broken"/> means to people.</summary>
        public const string BrokenText = "The UART to the chips failed 3 writes in a row: check the port and its pins.";

        private const int RetryPauseMs = 50;

        // 200 bytes are 17 ms at 115200 bit/s: a tick of the control loop stays bounded while a long chain is brought up.
        private const int BytesPerStep = 200;

        public readonly Bm13xxProfile Profile;
        public readonly int ChipCount;
        public readonly int Interval;
        public readonly IUart Uart;
        public readonly byte[] Buffer = new byte[Bm13xxFrame.MaxBytes];

        private int _budget;
        private int _failures;
        private long _retryMs;

        public Bm13xxLink(Bm13xxProfile profile, int chipCount, IUart uart)
        {
            Profile = profile;
            ChipCount = chipCount;
            Interval = Bm13xxProfile.AddressInterval(chipCount);
            Uart = uart;
        }

        /// <summary>True after <see cref="MaxTries"/> failed writes of the same frame.</summary>
        public bool Broken { get; private set; }

        public void Reset()
        {
            Broken = false;
            _failures = 0;
            _retryMs = 0;
            _budget = 0;
        }

        public void BeginStep() => _budget = BytesPerStep;

        /// <summary>Sends what is in the buffer. False: not sent, try the same frame again in a later step.</summary>
        public bool Send(int length, long nowMs)
        {
            if (Broken || nowMs < _retryMs || _budget < length)
                return false;
            if (Uart.Write(Buffer, 0, length) == BusStatus.Ok)
            {
                _budget -= length;
                _failures = 0;
                return true;
            }

            _failures++;
            _retryMs = nowMs + RetryPauseMs;
            Broken = _failures >= MaxTries;
            return false;
        }
    }
}
