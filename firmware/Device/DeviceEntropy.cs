using System;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>
    /// Random numbers. On the ESP32 the runtime's Random asks the chip's generator at each call, whatever its seed; that one is fed by
    /// radio noise once Wi-Fi runs. Until then the time since start is mixed in, which differs from start to start by the boot's jitter only.
    /// </summary>
    public sealed class DeviceEntropy : IEntropy
    {
        private readonly Random _random = new Random();
        private readonly byte[] _four = new byte[4];

        /// <inheritdoc/>
        public uint NextUInt32()
        {
            _random.NextBytes(_four);
            uint value = ((uint)_four[0] << 24) | ((uint)_four[1] << 16) | ((uint)_four[2] << 8) | _four[3];
            return value ^ ((uint)Environment.TickCount64 * 2654435761);
        }
    }
}
