using System;
using System.Device.I2c;
using Ballast.Firmware.Start;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>
    /// One I2C bus at 100 kHz: by their layouts Ultra, Supra and Gamma have no pull-up resistors on it, and with those inside the ESP32 (some 45 kΩ)
    /// edges are too slow for 400 kHz. The runtime has an object per address; they are made at first use and kept.
    /// </summary>
    public sealed class DeviceI2cBus : II2cBus
    {
        private const int MaxDevices = 16;

        private readonly int _bus;
        private readonly StuckBus _stuck = new StuckBus();
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
            return Transfer(address, data, offset, count, null, 0, 0);
        }

        /// <inheritdoc/>
        public BusStatus Read(int address, byte[] data, int offset, int count)
        {
            return Transfer(address, null, 0, 0, data, offset, count);
        }

        /// <inheritdoc/>
        public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount)
        {
            return Transfer(address, write, writeOffset, writeCount, read, readOffset, readCount);
        }

        private BusStatus Transfer(int address, byte[]? write, int writeOffset, int writeCount, byte[]? read, int readOffset, int readCount)
        {
            long begun = Environment.TickCount64;
            if (!_stuck.MayCall(begun))
            {
                return BusStatus.Timeout;
            }

            try
            {
                I2cDevice? device = Device(address);
                if (device == null)
                {
                    return BusStatus.Fault;
                }

                I2cTransferResult result;
                if (write == null)
                {
                    result = device.Read(new SpanByte(read!, readOffset, readCount));
                }
                else if (read == null)
                {
                    result = device.Write(new SpanByte(write, writeOffset, writeCount));
                }
                else
                {
                    result = device.WriteRead(new SpanByte(write, writeOffset, writeCount), new SpanByte(read, readOffset, readCount));
                }

                return StatusOf(result);
            }
            catch (Exception)
            {
                return BusStatus.Fault;
            }
            finally
            {
                _stuck.Called(begun, Environment.TickCount64);
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

            I2cDevice device = I2cDevice.Create(new I2cConnectionSettings(_bus, address, I2cBusSpeed.StandardMode));
            _addresses[_count] = address;
            _devices[_count] = device;
            _count++;
            return device;
        }
    }
}
