using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>A TCA9548 between a bus and eight buses behind it: parts behind channels that are not connected do not answer.</summary>
    public sealed class SimTca9548 : II2cBus
    {
        private readonly SimI2cBus _front;
        private readonly SimI2cBus[] _behind = new SimI2cBus[8];
        private readonly int _address;
        private int _control;

        /// <summary>Takes the parts on the near side and the switch's address.</summary>
        public SimTca9548(SimI2cBus front, int address)
        {
            _front = front;
            _address = address;
            for (int i = 0; i < _behind.Length; i++)
            {
                _behind[i] = new SimI2cBus();
            }
        }

        /// <summary>Fault: the switch does not acknowledge.</summary>
        public bool Nacks { get; set; }

        /// <summary>Fault: the switch takes no new setting.</summary>
        public bool Stuck { get; set; }

        /// <summary>The parts behind a channel.</summary>
        public SimI2cBus Behind(int channel) => _behind[channel];

        /// <inheritdoc/>
        public BusStatus Write(int address, byte[] data, int offset, int count)
        {
            if (address == _address)
            {
                if (!Stuck && !Nacks)
                {
                    _control = data[offset];
                }

                return Nacks ? BusStatus.Nack : BusStatus.Ok;
            }

            BusStatus status = _front.Write(address, data, offset, count);
            for (int i = 0; i < _behind.Length && status == BusStatus.Nack; i++)
            {
                if ((_control & (1 << i)) != 0)
                {
                    status = _behind[i].Write(address, data, offset, count);
                }
            }

            return status;
        }

        /// <inheritdoc/>
        public BusStatus Read(int address, byte[] data, int offset, int count)
        {
            if (address == _address)
            {
                data[offset] = (byte)_control;
                return Nacks ? BusStatus.Nack : BusStatus.Ok;
            }

            BusStatus status = _front.Read(address, data, offset, count);
            for (int i = 0; i < _behind.Length && status == BusStatus.Nack; i++)
            {
                if ((_control & (1 << i)) != 0)
                {
                    status = _behind[i].Read(address, data, offset, count);
                }
            }

            return status;
        }

        /// <inheritdoc/>
        public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount)
        {
            BusStatus status = Write(address, write, writeOffset, writeCount);
            return status == BusStatus.Ok ? Read(address, read, readOffset, readCount) : status;
        }
    }
}
