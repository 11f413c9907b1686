using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>One part on a simulated I2C bus, as its wire sees it.</summary>
    public abstract class SimI2cDevice
    {
        /// <summary>Takes the 7-bit address.</summary>
        protected SimI2cDevice(int address)
        {
            Address = address;
        }

        /// <summary>7-bit address.</summary>
        public int Address { get; }

        /// <summary>Fault: the part does not acknowledge.</summary>
        public bool Nacks { get; set; }

        /// <summary>Fault: the part does not acknowledge this many more transfers.</summary>
        public int NackNext { get; set; }

        /// <summary>Fault: the part holds the clock line, so that transfers to it end in a time-out.</summary>
        public bool HoldsClock { get; set; }

        /// <summary>The part lost its supply and has it back: what it holds is as at first. Nothing, unless a part holds something.</summary>
        public virtual void PowerCycle()
        {
        }

        /// <summary>Bytes written by the controller. False: not acknowledged.</summary>
        public abstract bool OnWrite(byte[] data, int offset, int count);

        /// <summary>Bytes read by the controller. False: not acknowledged.</summary>
        public abstract bool OnRead(byte[] data, int offset, int count);
    }

    /// <summary>A simulated I2C bus with up to 16 parts.</summary>
    public sealed class SimI2cBus : II2cBus
    {
        private readonly SimI2cDevice[] _devices = new SimI2cDevice[16];
        private int _count;

        /// <summary>Fault: a line is stuck low, every transfer ends in a time-out.</summary>
        public bool LineStuck { get; set; }

        /// <summary>Transfers since the start, for tests of cost.</summary>
        public int Transfers { get; private set; }

        /// <summary>Adds a part.</summary>
        public void Add(SimI2cDevice device)
        {
            _devices[_count] = device;
            _count++;
        }

        /// <summary>All parts lost their supply and have it back.</summary>
        public void PowerCycle()
        {
            for (int i = 0; i < _count; i++)
            {
                _devices[i].PowerCycle();
            }
        }

        /// <summary>Writes to a part; <see cref="BusStatus.Nack"/> if nobody has the address.</summary>
        public BusStatus Write(int address, byte[] data, int offset, int count)
        {
            BusStatus status = Select(address, out SimI2cDevice? device);
            if (status != BusStatus.Ok || device == null)
            {
                return status;
            }

            return device.OnWrite(data, offset, count) ? BusStatus.Ok : BusStatus.Nack;
        }

        /// <summary>Reads from a part.</summary>
        public BusStatus Read(int address, byte[] data, int offset, int count)
        {
            BusStatus status = Select(address, out SimI2cDevice? device);
            if (status != BusStatus.Ok || device == null)
            {
                return status;
            }

            return device.OnRead(data, offset, count) ? BusStatus.Ok : BusStatus.Nack;
        }

        /// <summary>Writes, then reads after a repeated start.</summary>
        public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount)
        {
            BusStatus status = Select(address, out SimI2cDevice? device);
            if (status != BusStatus.Ok || device == null)
            {
                return status;
            }

            bool taken = device.OnWrite(write, writeOffset, writeCount) && device.OnRead(read, readOffset, readCount);
            return taken ? BusStatus.Ok : BusStatus.Nack;
        }

        private BusStatus Select(int address, out SimI2cDevice? device)
        {
            Transfers++;
            device = null;
            if (LineStuck)
            {
                return BusStatus.Timeout;
            }

            for (int i = 0; i < _count; i++)
            {
                SimI2cDevice candidate = _devices[i];
                if (candidate.Address != address)
                {
                    continue;
                }

                if (candidate.HoldsClock)
                {
                    return BusStatus.Timeout;
                }

                if (candidate.NackNext > 0)
                {
                    candidate.NackNext--;
                    return BusStatus.Nack;
                }

                if (candidate.Nacks)
                {
                    return BusStatus.Nack;
                }

                device = candidate;
                return BusStatus.Ok;
            }

            return BusStatus.Nack;
        }
    }
}
