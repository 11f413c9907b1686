using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>What sits at the other end of a simulated UART.</summary>
    public interface ISimUartDevice
    {
        /// <summary>The rate that the device's receiver and transmitter use now, bit/s.</summary>
        int BaudRate { get; }

        /// <summary>A byte arrived, complete at <paramref name="timeUs"/>.</summary>
        void Receive(int value, long timeUs);
    }

    /// <summary>
    /// A UART between controller and chips: bytes take their time on the wire (10 bits each), and arrive garbled when the two ends' rates
    /// differ by more than 4.5 % (half a bit over a frame of 10).
    /// </summary>
    public sealed class SimUart : IUart
    {
        /// <summary>Bytes that each direction holds: as many as the ESP32's driver is given.</summary>
        public const int BufferBytes = 2048;

        private const int BitsPerByte = 10;
        private const int MaxDifferencePermille = 45;

        private readonly IClock _clock;
        private readonly SimRandom _random;
        private readonly byte[] _out = new byte[BufferBytes];
        private readonly long[] _outDue = new long[BufferBytes];
        private readonly byte[] _in = new byte[BufferBytes];
        private readonly long[] _inDue = new long[BufferBytes];
        private ISimUartDevice? _device;
        private int _outHead;
        private int _outCount;
        private int _inHead;
        private int _inCount;
        private int _baud = 115200;
        private int _oldBaud = 115200;
        private long _baudFromUs;
        private long _outFreeUs;
        private long _inFreeUs;

        /// <summary>Takes the clock and the random source for faults.</summary>
        public SimUart(IClock clock, SimRandom random)
        {
            _clock = clock;
            _random = random;
        }

        /// <summary>Fault: nothing from the chips reaches the controller.</summary>
        public bool Silent { get; set; }

        /// <summary>Fault: nothing from the controller reaches the chips.</summary>
        public bool CutToChips { get; set; }

        /// <summary>Fault: one byte in this many toward the controller has a flipped bit; 0 for none.</summary>
        public int FlipOneIn { get; set; }

        /// <summary>Fault: one byte in this many toward the chips has a flipped bit; 0 for none.</summary>
        public int FlipOneInToChips { get; set; }

        /// <summary>Bytes from the chips that found the controller's buffer full.</summary>
        public int Overruns { get; private set; }

        /// <summary>Bytes toward the controller that are kept at most: a bridge has fewer than a driver's buffer.</summary>
        public int InputLimit { get; set; } = BufferBytes;

        /// <summary>Bytes written that have not yet left.</summary>
        public int OutputPending
        {
            get
            {
                Pump(_clock.NowMs);
                return _outCount;
            }
        }

        /// <summary>Bytes that have arrived and wait to be read.</summary>
        public int InputReady
        {
            get
            {
                Pump(_clock.NowMs);
                long now = _clock.NowMs * 1000;
                int ready = 0;
                while (ready < _inCount && _inDue[(_inHead + ready) % BufferBytes] <= now)
                {
                    ready++;
                }

                return ready;
            }
        }

        /// <summary>The controller's rate.</summary>
        public int BaudRate => _baud;

        /// <summary>Connects the other end.</summary>
        public void Connect(ISimUartDevice device) => _device = device;

        /// <summary>Changes the controller's rate from the moment when everything written has left.</summary>
        public BusStatus SetBaudRate(int baud)
        {
            if (baud < 300 || baud > 5000000)
            {
                return BusStatus.Fault;
            }

            Pump(_clock.NowMs);
            _oldBaud = _baud;
            _baud = baud;
            long now = _clock.NowMs * 1000;
            _baudFromUs = _outFreeUs > now ? _outFreeUs : now;
            return BusStatus.Ok;
        }

        /// <summary>Queues bytes; <see cref="BusStatus.Timeout"/> and none queued if they do not fit.</summary>
        public BusStatus Write(byte[] data, int offset, int count)
        {
            Pump(_clock.NowMs);
            if (count > BufferBytes - _outCount)
            {
                return BusStatus.Timeout;
            }

            long start = _clock.NowMs * 1000;
            if (_outFreeUs > start)
            {
                start = _outFreeUs;
            }

            for (int i = 0; i < count; i++)
            {
                int at = (_outHead + _outCount) % BufferBytes;
                _out[at] = data[offset + i];
                _outDue[at] = start + ((long)(i + 1) * BitsPerByte * 1000000 / _baud);
                _outCount++;
            }

            _outFreeUs = start + ((long)count * BitsPerByte * 1000000 / _baud);
            return BusStatus.Ok;
        }

        /// <summary>Takes bytes that have arrived by now.</summary>
        public int Read(byte[] data, int offset, int count)
        {
            Pump(_clock.NowMs);
            long now = _clock.NowMs * 1000;
            int taken = 0;
            while (taken < count && _inCount > 0 && _inDue[_inHead] <= now)
            {
                data[offset + taken] = _in[_inHead];
                _inHead = (_inHead + 1) % BufferBytes;
                _inCount--;
                taken++;
            }

            return taken;
        }

        /// <summary>Delivers to the chips what has left the controller by <paramref name="nowMs"/>.</summary>
        public void Pump(long nowMs)
        {
            long now = nowMs * 1000;
            while (_outCount > 0 && _outDue[_outHead] <= now)
            {
                int value = _out[_outHead];
                long due = _outDue[_outHead];
                _outHead = (_outHead + 1) % BufferBytes;
                _outCount--;
                if (_device == null || CutToChips)
                {
                    continue;
                }

                int baud = due <= _baudFromUs ? _oldBaud : _baud;
                value = OnWire(value, baud, FlipOneInToChips);
                _device.Receive(value, due);
            }
        }

        /// <summary>The device sends bytes, the first one not before <paramref name="timeUs"/>.</summary>
        public void Reply(byte[] data, int offset, int count, long timeUs)
        {
            if (_device == null)
            {
                return;
            }

            long start = _inFreeUs > timeUs ? _inFreeUs : timeUs;
            int deviceBaud = _device.BaudRate;
            for (int i = 0; i < count; i++)
            {
                if (_inCount >= InputLimit)
                {
                    Overruns++;
                    continue;
                }

                if (Silent)
                {
                    continue;
                }

                int at = (_inHead + _inCount) % BufferBytes;
                _in[at] = (byte)OnWire(data[offset + i], _baud, FlipOneIn);
                _inDue[at] = start + ((long)(i + 1) * BitsPerByte * 1000000 / deviceBaud);
                _inCount++;
            }

            _inFreeUs = start + ((long)count * BitsPerByte * 1000000 / deviceBaud);
        }

        private int OnWire(int value, int baud, int flipOneIn)
        {
            int deviceBaud = _device == null ? baud : _device.BaudRate;
            int difference = baud > deviceBaud ? baud - deviceBaud : deviceBaud - baud;
            if ((long)difference * 1000 > (long)deviceBaud * MaxDifferencePermille)
            {
                return (int)(_random.NextUInt32() & 0xFF);
            }

            return _random.OneIn(flipOneIn) ? value ^ (1 << (int)(_random.NextUInt32() & 7)) : value;
        }
    }
}
