using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>
    /// TCA9548 I2C switch (TI SCPS207): one control register without an address, a bit per channel. <see cref="Channel"/> is a bus of its own
    /// for the parts behind a channel.
    /// </summary>
    public sealed class Tca9548
    {
        /// <summary>The part's address with its pins low.</summary>
        public const int DefaultAddress = 0x70;

        /// <summary>Channels of the part.</summary>
        public const int ChannelCount = 8;

        private readonly II2cBus _bus;
        private readonly int _address;
        private readonly byte[] _control = new byte[1];
        private readonly ChannelBus[] _channels = new ChannelBus[ChannelCount];
        private int _selected = -1;

        /// <summary>Takes the bus in front of the switch and its address, 0x70…0x77.</summary>
        public Tca9548(II2cBus bus, int address)
        {
            _bus = bus;
            _address = address;
            for (int i = 0; i < ChannelCount; i++)
            {
                _channels[i] = new ChannelBus(this, i);
            }
        }

        /// <summary>The bus behind channel 0…7. Each transfer on it selects the channel first, if another one was.</summary>
        public II2cBus Channel(int channel) => _channels[channel];

        /// <summary>Disconnects all channels.</summary>
        public PartStatus Disconnect() => I2cPart.Of(Select(-1));

        private BusStatus Select(int channel)
        {
            if (channel == _selected && channel >= 0)
            {
                return BusStatus.Ok;
            }

            int wanted = channel < 0 ? 0 : 1 << channel;
            _selected = -1;
            _control[0] = (byte)wanted;
            BusStatus status = _bus.Write(_address, _control, 0, 1);
            if (status == BusStatus.Ok)
            {
                status = _bus.Read(_address, _control, 0, 1);
            }

            if (status == BusStatus.Ok && _control[0] != wanted)
            {
                status = BusStatus.Fault;
            }

            if (status == BusStatus.Ok)
            {
                _selected = channel;
            }

            return status;
        }

        /// <summary>Forgets the selection after a failed transfer, so that the next one selects again.</summary>
        private BusStatus After(BusStatus status)
        {
            if (status != BusStatus.Ok)
            {
                _selected = -1;
            }

            return status;
        }

        private sealed class ChannelBus : II2cBus
        {
            private readonly Tca9548 _switch;
            private readonly int _channel;

            internal ChannelBus(Tca9548 owner, int channel)
            {
                _switch = owner;
                _channel = channel;
            }

            public BusStatus Write(int address, byte[] data, int offset, int count)
            {
                BusStatus status = _switch.Select(_channel);
                return status == BusStatus.Ok ? _switch.After(_switch._bus.Write(address, data, offset, count)) : status;
            }

            public BusStatus Read(int address, byte[] data, int offset, int count)
            {
                BusStatus status = _switch.Select(_channel);
                return status == BusStatus.Ok ? _switch.After(_switch._bus.Read(address, data, offset, count)) : status;
            }

            public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount)
            {
                BusStatus status = _switch.Select(_channel);
                return status == BusStatus.Ok
                    ? _switch.After(_switch._bus.WriteRead(address, write, writeOffset, writeCount, read, readOffset, readCount))
                    : status;
            }
        }
    }
}
