namespace Ballast.Hw.Bus.Capture
{
    /// <summary>Where the lines of a capture go: a file, a console, a list.</summary>
    public interface ICaptureLog
    {
        /// <summary>Takes one line, without its end.</summary>
        void Add(string line);
    }

    /// <summary>
    /// Records what drivers say to the wires and what these answer, for a bug report. Put its buses in the place of the real ones. It makes
    /// strings: it is a tool for a bench, not for steady operation.
    /// </summary>
    public sealed class CaptureSession
    {
        private readonly IClock _clock;
        private readonly ICaptureLog _log;

        /// <summary>A session that writes times of a clock to a log.</summary>
        public CaptureSession(IClock clock, ICaptureLog log)
        {
            _clock = clock;
            _log = log;
        }

        /// <summary>A UART that records.</summary>
        public IUart Uart(IUart inner) => new CaptureUart(this, inner);

        /// <summary>An SPI device that records.</summary>
        public ISpiBus Spi(ISpiBus inner) => new CaptureSpi(this, inner);

        /// <summary>An I2C bus that records.</summary>
        public II2cBus I2c(II2cBus inner) => new CaptureI2c(this, inner);

        /// <summary>Adds a line for people: the board, the firmware's version, what was seen.</summary>
        public void Comment(string text) => _log.Add("# " + text);

        internal void Add(string request, string answer) => _log.Add(CaptureText.Line(_clock.NowMs, request, answer));

        private sealed class CaptureUart : IUart
        {
            private readonly CaptureSession _session;
            private readonly IUart _inner;

            public CaptureUart(CaptureSession session, IUart inner)
            {
                _session = session;
                _inner = inner;
            }

            public int BaudRate => _inner.BaudRate;

            public BusStatus SetBaudRate(int baud)
            {
                BusStatus status = _inner.SetBaudRate(baud);
                _session.Add(Requests.Baud(baud), CaptureText.Status(status));
                return status;
            }

            public BusStatus Write(byte[] data, int offset, int count)
            {
                BusStatus status = _inner.Write(data, offset, count);
                _session.Add(Requests.UartWrite(data, offset, count), CaptureText.Status(status));
                return status;
            }

            public int Read(byte[] data, int offset, int count)
            {
                int got = _inner.Read(data, offset, count);
                if (got > 0)
                    _session.Add(Requests.UartRead, CaptureText.Hex(data, offset, got));
                return got;
            }
        }

        private sealed class CaptureSpi : ISpiBus
        {
            private readonly CaptureSession _session;
            private readonly ISpiBus _inner;

            public CaptureSpi(CaptureSession session, ISpiBus inner)
            {
                _session = session;
                _inner = inner;
            }

            public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
            {
                string request = Requests.Spi(write, writeOffset, count);
                BusStatus status = _inner.Transfer(write, writeOffset, read, readOffset, count);
                _session.Add(request, CaptureText.Hex(read, readOffset, count) + " " + CaptureText.Status(status));
                return status;
            }
        }

        private sealed class CaptureI2c : II2cBus
        {
            private readonly CaptureSession _session;
            private readonly II2cBus _inner;

            public CaptureI2c(CaptureSession session, II2cBus inner)
            {
                _session = session;
                _inner = inner;
            }

            public BusStatus Write(int address, byte[] data, int offset, int count)
            {
                BusStatus status = _inner.Write(address, data, offset, count);
                _session.Add(Requests.I2cWrite(address, data, offset, count), "- " + CaptureText.Status(status));
                return status;
            }

            public BusStatus Read(int address, byte[] data, int offset, int count)
            {
                BusStatus status = _inner.Read(address, data, offset, count);
                _session.Add(Requests.I2cRead(address, count), CaptureText.Hex(data, offset, count) + " " + CaptureText.Status(status));
                return status;
            }

            public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount)
            {
                string request = Requests.I2cWriteRead(address, write, writeOffset, writeCount, readCount);
                BusStatus status = _inner.WriteRead(address, write, writeOffset, writeCount, read, readOffset, readCount);
                _session.Add(request, CaptureText.Hex(read, readOffset, readCount) + " " + CaptureText.Status(status));
                return status;
            }
        }
    }

    /// <summary>How each call of a driver is written down; capture and replay agree because both use it.</summary>
    internal static class Requests
    {
        public const string UartRead = "uart rx";

        public static string UartWrite(byte[] data, int offset, int count) => "uart tx " + CaptureText.Hex(data, offset, count);

        public static string Baud(int baud) => "uart baud " + baud.ToString();

        public static string Spi(byte[] data, int offset, int count) => "spi " + CaptureText.Hex(data, offset, count);

        public static string I2cWrite(int address, byte[] data, int offset, int count)
            => "i2c w " + Address(address) + " " + CaptureText.Hex(data, offset, count);

        public static string I2cRead(int address, int count) => "i2c r " + Address(address) + " " + count.ToString();

        public static string I2cWriteRead(int address, byte[] data, int offset, int count, int readCount)
            => "i2c wr " + Address(address) + " " + CaptureText.Hex(data, offset, count) + " " + readCount.ToString();

        private static string Address(int address)
        {
            byte[] one = { (byte)address };
            return CaptureText.Hex(one, 0, 1);
        }
    }
}
