using System;
using System.IO.Ports;
using System.Threading;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>One UART, 8N1. COM1 may belong to the debugger's link, so the chips are on COM2 and the console on COM3.</summary>
    public sealed class DeviceUart : IUart
    {
        /// <summary>Bytes that may wait until they are read: 200 nonces.</summary>
        private const int ReadBuffer = 2200;

        private const int BitsPerByte = 10;

        private readonly SerialPort _port;
        private readonly IClock _clock;
        private long _sentAtMs;

        /// <summary>Opens the port; its pins must have been chosen before.</summary>
        public DeviceUart(string port, int baud, IClock clock)
        {
            _clock = clock;
            _port = new SerialPort(port, baud) { ReadBufferSize = ReadBuffer, WriteTimeout = 500 };
            _port.Open();
            BaudRate = baud;
        }

        /// <inheritdoc/>
        public int BaudRate { get; private set; }

        /// <summary>Time until everything written so far has left the transmitter, ms.</summary>
        public int BusyMs
        {
            get
            {
                long wait = _sentAtMs - _clock.NowMs;
                return wait > 0 ? (int)wait : 0;
            }
        }

        /// <inheritdoc/>
        public BusStatus SetBaudRate(int baud)
        {
            try
            {
                // The driver hands the last bytes to the transmitter and returns; they still have to leave it at the old rate.
                int wait = BusyMs;
                if (wait > 0)
                {
                    Thread.Sleep(wait);
                }

                _port.BaudRate = baud;
                BaudRate = baud;
                return BusStatus.Ok;
            }
            catch (Exception)
            {
                return BusStatus.Fault;
            }
        }

        /// <inheritdoc/>
        public BusStatus Write(byte[] data, int offset, int count)
        {
            try
            {
                _port.Write(data, offset, count);
                long now = _clock.NowMs;
                long start = _sentAtMs > now ? _sentAtMs : now;
                _sentAtMs = start + ((long)count * BitsPerByte * 1000 / BaudRate) + 1;
                return BusStatus.Ok;
            }
            catch (TimeoutException)
            {
                return BusStatus.Timeout;
            }
            catch (Exception)
            {
                return BusStatus.Fault;
            }
        }

        /// <inheritdoc/>
        public int Read(byte[] data, int offset, int count)
        {
            try
            {
                int waiting = _port.BytesToRead;
                if (waiting == 0)
                {
                    return 0;
                }

                return _port.Read(data, offset, waiting < count ? waiting : count);
            }
            catch (Exception)
            {
                return 0;
            }
        }
    }
}
