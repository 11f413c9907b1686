namespace Ballast.Hw.Bus.Capture
{
    /// <summary>
    /// Plays a capture to drivers: what they ask for must be what the capture has next, and they get its answers at its times. Step the
    /// drivers at the times of the recording. The first difference is kept with its line; from there on every call ends in a fault.
    /// </summary>
    public sealed class ReplaySession
    {
        private readonly string[] _lines;
        private readonly IClock _clock;
        private int _next;
        private bool _parsed;
        private long _ms;
        private string _request = "";
        private string _answer = "";
        private int _taken;

        /// <summary>A replay of lines as <see cref="CaptureSession"/> wrote them.</summary>
        public ReplaySession(string[] lines, IClock clock)
        {
            _lines = lines;
            _clock = clock;
        }

        /// <summary>The first difference, with its line counted from 1; null while there is none.</summary>
        public string? Problem { get; private set; }

        /// <summary>A UART that plays.</summary>
        public IUart Uart() => new ReplayUart(this);

        /// <summary>An SPI device that plays.</summary>
        public ISpiBus Spi() => new ReplaySpi(this);

        /// <summary>An I2C bus that plays.</summary>
        public II2cBus I2c() => new ReplayI2c(this);

        /// <summary>Call it at the end: true if everything was played and nothing differed.</summary>
        public bool Finish()
        {
            if (Look())
                Problem = At() + "the drivers ended before '" + _request + "'.";
            return Problem == null;
        }

        // Makes the next line ready; false at the end or after a problem.
        private bool Look()
        {
            while (Problem == null && !_parsed && _next < _lines.Length)
            {
                string line = _lines[_next];
                if (line.Length == 0 || line[0] == '#')
                {
                    _next++;
                    continue;
                }

                _parsed = CaptureText.TryParse(line, out _ms, out _request, out _answer);
                _taken = 0;
                if (!_parsed)
                    Problem = At() + "it was changed after it was written, or is no line of a capture.";
            }

            return _parsed && Problem == null;
        }

        private string At() => "Line " + (_next + 1).ToString() + ": ";

        private void Pass()
        {
            _parsed = false;
            _next++;
        }

        // The answer to a request, or null with Problem set.
        private string? Ask(string request)
        {
            if (!Look())
            {
                if (Problem == null)
                    Problem = At() + "the capture has ended, the drivers go on with '" + request + "'.";
                return null;
            }

            if (_request != request)
            {
                Problem = At() + "the drivers do '" + request + "', the capture has '" + _request + "'.";
                return null;
            }

            string answer = _answer;
            Pass();
            return answer;
        }

        private BusStatus Transfer(string request, byte[] into, int offset, int count)
        {
            string? answer = Ask(request);
            if (answer == null)
                return BusStatus.Fault;
            string hex = CaptureText.Word(answer, 0);
            if (CaptureText.HexLength(hex) != count || !CaptureText.TryStatus(CaptureText.Word(answer, 1), out BusStatus status))
            {
                Problem = "Line " + _next.ToString() + ": its answer does not fit its request.";
                return BusStatus.Fault;
            }

            for (int i = 0; i < count; i++)
                into[offset + i] = CaptureText.HexByte(hex, i);
            return status;
        }

        private sealed class ReplayUart : IUart
        {
            private readonly ReplaySession _session;

            public ReplayUart(ReplaySession session)
            {
                _session = session;
            }

            public int BaudRate { get; private set; } = 115200;

            public BusStatus SetBaudRate(int baud)
            {
                BusStatus status = Send(Requests.Baud(baud));
                if (status == BusStatus.Ok)
                    BaudRate = baud;
                return status;
            }

            public BusStatus Write(byte[] data, int offset, int count) => Send(Requests.UartWrite(data, offset, count));

            public int Read(byte[] data, int offset, int count)
            {
                ReplaySession session = _session;
                if (!session.Look() || session._request != Requests.UartRead || session._ms > session._clock.NowMs)
                    return 0;
                string hex = session._answer;
                int left = CaptureText.HexLength(hex) - session._taken;
                if (left <= 0)
                {
                    session.Problem = session.At() + "its answer is no bytes.";
                    return 0;
                }

                int take = left < count ? left : count;
                for (int i = 0; i < take; i++)
                    data[offset + i] = CaptureText.HexByte(hex, session._taken + i);
                session._taken += take;
                if (take == left)
                    session.Pass();
                return take;
            }

            private BusStatus Send(string request)
            {
                string? answer = _session.Ask(request);
                return answer != null && CaptureText.TryStatus(answer, out BusStatus status) ? status : BusStatus.Fault;
            }
        }

        private sealed class ReplaySpi : ISpiBus
        {
            private readonly ReplaySession _session;

            public ReplaySpi(ReplaySession session)
            {
                _session = session;
            }

            public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
                => _session.Transfer(Requests.Spi(write, writeOffset, count), read, readOffset, count);
        }

        private sealed class ReplayI2c : II2cBus
        {
            private static readonly byte[] Nothing = new byte[0];
            private readonly ReplaySession _session;

            public ReplayI2c(ReplaySession session)
            {
                _session = session;
            }

            public BusStatus Write(int address, byte[] data, int offset, int count)
                => _session.Transfer(Requests.I2cWrite(address, data, offset, count), Nothing, 0, 0);

            public BusStatus Read(int address, byte[] data, int offset, int count)
                => _session.Transfer(Requests.I2cRead(address, count), data, offset, count);

            public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount)
                => _session.Transfer(Requests.I2cWriteRead(address, write, writeOffset, writeCount, readCount), read, readOffset, readCount);
        }
    }
}
