using System;
using System.Device.I2c;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>One I2C bus at 400 kHz. The runtime has an object per address; they are made at first use and kept.</summary>
    public sealed class DeviceI2cBus : II2cBus
    {
        private const int MaxDevices = 16;

        private readonly int _bus;
        private readonly I2cDevice[] _devices = new I2cDevice[MaxDevices];
        private readonly int[] _addresses = new int[MaxDevices];
        private int _count;

        /// <summary>A bus by its number, from 1; its pins must have been chosen before.</summary>
        public DeviceI2cBus(int bus)
        {
            _bus = bus;
        }

        /// <inheritdoc/>
        public BusStatus Write(int address, byte[] data, int offset, int count)
        {
            try
            {
                I2cDevice? device = Device(address);
                return device == null ? BusStatus.Fault : StatusOf(device.Write(new SpanByte(data, offset, count)));
            }
            catch (Exception)
            {
                return BusStatus.Fault;
            }
        }

        /// <inheritdoc/>
        public BusStatus Read(int address, byte[] data, int offset, int count)
        {
            try
            {
                I2cDevice? device = Device(address);
                return device == null ? BusStatus.Fault : StatusOf(device.Read(new SpanByte(data, offset, count)));
            }
            catch (Exception)
            {
                return BusStatus.Fault;
            }
        }

        /// <inheritdoc/>
        public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount)
        {
            try
            {
                I2cDevice? device = Device(address);
                return device == null
                    ? BusStatus.Fault
                    : StatusOf(device.WriteRead(new SpanByte(write, writeOffset, writeCount), new SpanByte(read, readOffset, readCount)));
            }
            catch (Exception)
            {
                return BusStatus.Fault;
            }
        }

        // A NACK is a status on the device, not an exception.
        private static BusStatus StatusOf(I2cTransferResult result)
        {
            switch (result.Status)
            {
                case I2cTransferStatus.FullTransfer:
                    return BusStatus.Ok;
                case I2cTransferStatus.SlaveAddressNotAcknowledged:
                case I2cTransferStatus.PartialTransfer:
                    return BusStatus.Nack;
                case I2cTransferStatus.ClockStretchTimeout:
                    return BusStatus.Timeout;
                default:
                    return BusStatus.Fault;
            }
        }

        private I2cDevice? Device(int address)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_addresses[i] == address)
                {
                    return _devices[i];
                }
            }

            if (_count == MaxDevices)
            {
                return null;
            }

            I2cDevice device = I2cDevice.Create(new I2cConnectionSettings(_bus, address, I2cBusSpeed.FastMode));
            _addresses[_count] = address;
            _devices[_count] = device;
            _count++;
            return device;
        }
    }
}
