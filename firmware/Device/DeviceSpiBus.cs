using System;
using System.Device.Spi;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>The SPI to a chain of A1: mode 1 at 2 MHz, most significant bit first.</summary>
    public sealed class DeviceSpiBus : ISpiBus
    {
        private const int ClockHz = 2000000;

        private readonly SpiDevice _device;

        /// <summary>A bus by its number, from 1, with its select line or -1; its pins must have been chosen before.</summary>
        public DeviceSpiBus(int bus, int select)
        {
            _device = SpiDevice.Create(new SpiConnectionSettings(bus, select) { ClockFrequency = ClockHz, Mode = SpiMode.Mode1, DataFlow = DataFlow.MsbFirst });
        }

        /// <inheritdoc/>
        public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
        {
            try
            {
                _device.TransferFullDuplex(new SpanByte(write, writeOffset, count), new SpanByte(read, readOffset, count));
                return BusStatus.Ok;
            }
            catch (Exception)
            {
                return BusStatus.Fault;
            }
        }
    }
}
