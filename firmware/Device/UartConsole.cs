using Ballast.Firmware.Console;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>The technician's console on a UART. A write takes no more than the transmitter's own buffer holds, so it never waits.</summary>
    public sealed class UartConsole : IConsolePort
    {
        /// <summary>Half of the transmitter's 128 bytes.</summary>
        private const int Chunk = 64;

        private readonly DeviceUart _uart;

        /// <summary>A console on an open UART.</summary>
        public UartConsole(DeviceUart uart)
        {
            _uart = uart;
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int offset, int count)
        {
            return _uart.Read(buffer, offset, count);
        }

        /// <inheritdoc/>
        public int Write(byte[] buffer, int offset, int count)
        {
            if (_uart.BusyMs > 0)
            {
                return 0;
            }

            int now = count < Chunk ? count : Chunk;
            return _uart.Write(buffer, offset, now) == BusStatus.Ok ? now : 0;
        }
    }
}
