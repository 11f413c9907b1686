using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>
    /// One channel of an SC16IS740/750/752 bridge as a UART, over SPI (at most 4 MHz, mode 0) or I2C. Frames longer than its FIFO of 64 bytes
    /// go in bursts as TXLVL allows; what does not fit waits here and moves on with the next call. With a 50 MHz clock all rates of the
    /// BM13xx are exact; other crystals fit some of them only.
    /// </summary>
    public sealed class Sc16is7xxUart : IUart
    {
        /// <summary>Depth of each FIFO, bytes.</summary>
        public const int FifoBytes = 64;

        /// <summary>Bytes that wait here behind the FIFO.</summary>
        public const int QueueBytes = 512;

        /// <summary>Largest error of a rate that is accepted, in thousandths: the chips' own limit is about 45.</summary>
        public const int MaxErrorPermille = 45;

        private const int MaxPolls = 64;
        private const int DivisorLatch = 0x80;
        private const int EightNOne = 0x03;

        private readonly ISpiBus? _spi;
        private readonly II2cBus? _i2c;
        private readonly int _address;
        private readonly int _channel;
        private readonly int _clockHz;
        private readonly byte[] _out = new byte[FifoBytes + 1];
        private readonly byte[] _in = new byte[FifoBytes + 1];
        private readonly byte[] _queue = new byte[QueueBytes];
        private int _head;
        private int _count;
        private int _beforeSwitch;
        private int _nextDivisor;

        /// <summary>Over SPI: takes the device, the channel (0 or 1 on the 752) and the clock at XTAL1 in Hz.</summary>
        public Sc16is7xxUart(ISpiBus spi, int channel, int clockHz)
        {
            _spi = spi;
            _channel = channel;
            _clockHz = clockHz;
        }

        /// <summary>Over I2C: takes the bus, the address (0x48…0x57), the channel and the clock at XTAL1 in Hz.</summary>
        public Sc16is7xxUart(II2cBus i2c, int address, int channel, int clockHz)
        {
            _i2c = i2c;
            _address = address;
            _channel = channel;
            _clockHz = clockHz;
        }

        /// <summary>The rate in use, bit/s: what the divider really gives.</summary>
        public int BaudRate { get; private set; }

        /// <summary>Bytes lost because the receive FIFO was full: overruns seen, at least one byte each.</summary>
        public int Overruns { get; private set; }

        /// <summary>Transfers to the bridge that failed.</summary>
        public int BusErrors { get; private set; }

        /// <summary>Divisor for a rate; 0 if the nearest one is off by more than <see cref="MaxErrorPermille"/>.</summary>
        public static int DivisorOf(int clockHz, int baud)
        {
            if (baud <= 0)
            {
                return 0;
            }

            int lower = (int)(clockHz / (16L * baud));
            long below = ErrorOf(clockHz, baud, lower);
            long above = ErrorOf(clockHz, baud, lower + 1);
            int divisor = below <= above ? lower : lower + 1;
            long error = below <= above ? below : above;
            return divisor > 0xFFFF || error * 1000 > (long)baud * MaxErrorPermille ? 0 : divisor;
        }

        private static long ErrorOf(int clockHz, int baud, int divisor)
        {
            if (divisor < 1)
            {
                return int.MaxValue;
            }

            long real = clockHz / (16L * divisor);
            return real > baud ? real - baud : baud - real;
        }

        /// <summary>Resets the bridge, proves that it answers through its scratch pad, and sets 8N1 at a rate with FIFOs on.</summary>
        /// <returns><see cref="PartStatus.OutOfRange"/> if the clock cannot give the rate; <see cref="PartStatus.WrongPart"/> if the scratch pad does not hold.</returns>
        public PartStatus Configure(int baud)
        {
            int divisor = DivisorOf(_clockHz, baud);
            if (divisor == 0)
            {
                return PartStatus.OutOfRange;
            }

            _count = 0;
            _head = 0;
            _nextDivisor = 0;

            // The part does not acknowledge its own reset over I2C: that answer means nothing.
            WriteRegister(Sc16is7xxRegister.IoControl, 0x08);
            BusStatus status = WriteRegister(Sc16is7xxRegister.ScratchPad, 0x5A);
            int pad = 0;
            if (status == BusStatus.Ok)
            {
                status = ReadRegister(Sc16is7xxRegister.ScratchPad, out pad);
            }

            if (status != BusStatus.Ok)
            {
                return I2cPart.Of(status);
            }

            if (pad != 0x5A)
            {
                return PartStatus.WrongPart;
            }

            status = SetDivisor(divisor);
            if (status == BusStatus.Ok)
            {
                status = WriteRegister(Sc16is7xxRegister.FifoControl, 0x06);
            }

            if (status == BusStatus.Ok)
            {
                status = WriteRegister(Sc16is7xxRegister.FifoControl, 0x01);
            }

            if (status == BusStatus.Ok)
            {
                status = WriteRegister(Sc16is7xxRegister.InterruptEnable, 0x01);
            }

            return I2cPart.Of(status);
        }

        /// <summary>Changes the rate once everything written so far has left; <see cref="BusStatus.Fault"/> and no change if the clock cannot give it.</summary>
        public BusStatus SetBaudRate(int baud)
        {
            int divisor = DivisorOf(_clockHz, baud);
            if (divisor == 0)
            {
                return BusStatus.Fault;
            }

            _nextDivisor = divisor;
            _beforeSwitch = _count;
            return Pump();
        }

        /// <summary>Queues bytes; <see cref="BusStatus.Timeout"/> and none queued if they do not fit behind what waits.</summary>
        public BusStatus Write(byte[] data, int offset, int count)
        {
            BusStatus status = Pump();
            if (status != BusStatus.Ok)
            {
                return status;
            }

            if (count > QueueBytes - _count)
            {
                return BusStatus.Timeout;
            }

            for (int i = 0; i < count; i++)
            {
                _queue[(_head + _count) % QueueBytes] = data[offset + i];
                _count++;
            }

            return Pump();
        }

        /// <summary>Takes bytes from the receive FIFO, at most 64 at a time; moves waiting bytes on too.</summary>
        public int Read(byte[] data, int offset, int count)
        {
            Pump();
            if (ReadRegister(Sc16is7xxRegister.LineStatus, out int line) != BusStatus.Ok)
            {
                return 0;
            }

            if ((line & 0x02) != 0)
            {
                Overruns++;
            }

            if (ReadRegister(Sc16is7xxRegister.ReceiveLevel, out int level) != BusStatus.Ok || level > FifoBytes)
            {
                return 0;
            }

            int take = level < count ? level : count;
            if (take == 0 || Burst(true, take) != BusStatus.Ok)
            {
                return 0;
            }

            System.Array.Copy(_in, _spi != null ? 1 : 0, data, offset, take);
            return take;
        }

        /// <summary>Fills the FIFO from the queue, and switches the rate when its turn has come.</summary>
        private BusStatus Pump()
        {
            for (int poll = 0; poll < MaxPolls; poll++)
            {
                if (_nextDivisor != 0 && _beforeSwitch == 0)
                {
                    BusStatus status = ReadRegister(Sc16is7xxRegister.LineStatus, out int line);
                    if (status != BusStatus.Ok)
                    {
                        return status;
                    }

                    if ((line & 0x40) == 0)
                    {
                        continue;
                    }

                    status = SetDivisor(_nextDivisor);
                    if (status != BusStatus.Ok)
                    {
                        return status;
                    }

                    _nextDivisor = 0;
                }

                int ready = _nextDivisor != 0 ? _beforeSwitch : _count;
                if (ready == 0)
                {
                    return BusStatus.Ok;
                }

                BusStatus result = Fill(ready);
                if (result != BusStatus.Ok)
                {
                    return result;
                }
            }

            return BusStatus.Ok;
        }

        private BusStatus Fill(int ready)
        {
            BusStatus status = ReadRegister(Sc16is7xxRegister.TransmitLevel, out int room);
            if (status != BusStatus.Ok)
            {
                return status;
            }

            int give = room < ready ? room : ready;
            if (give <= 0 || give > FifoBytes)
            {
                return BusStatus.Ok;
            }

            for (int i = 0; i < give; i++)
            {
                _out[i + 1] = _queue[(_head + i) % QueueBytes];
            }

            status = Burst(false, give);
            if (status == BusStatus.Ok)
            {
                _head = (_head + give) % QueueBytes;
                _count -= give;
                _beforeSwitch = _beforeSwitch > give ? _beforeSwitch - give : 0;
            }

            return status;
        }

        private BusStatus SetDivisor(int divisor)
        {
            BusStatus status = WriteRegister(Sc16is7xxRegister.LineControl, DivisorLatch | EightNOne);
            if (status == BusStatus.Ok)
            {
                status = WriteRegister(Sc16is7xxRegister.Data, divisor & 0xFF);
            }

            if (status == BusStatus.Ok)
            {
                status = WriteRegister(Sc16is7xxRegister.InterruptEnable, divisor >> 8);
            }

            if (status == BusStatus.Ok)
            {
                status = WriteRegister(Sc16is7xxRegister.LineControl, EightNOne);
            }

            if (status == BusStatus.Ok)
            {
                BaudRate = _clockHz / (16 * divisor);
            }

            return status;
        }

        private BusStatus WriteRegister(Sc16is7xxRegister register, int value)
        {
            _out[0] = Command(register, false);
            _out[1] = (byte)value;
            return Count(_spi != null ? _spi.Transfer(_out, 0, _in, 0, 2) : _i2c!.Write(_address, _out, 0, 2));
        }

        private BusStatus ReadRegister(Sc16is7xxRegister register, out int value)
        {
            _out[0] = Command(register, true);
            _out[1] = 0;
            BusStatus status = Count(_spi != null ? _spi.Transfer(_out, 0, _in, 0, 2) : _i2c!.WriteRead(_address, _out, 0, 1, _in, 1, 1));
            value = status == BusStatus.Ok ? _in[1] : 0;
            return status;
        }

        private BusStatus Burst(bool read, int count)
        {
            _out[0] = Command(Sc16is7xxRegister.Data, read);
            if (_spi != null)
            {
                return Count(_spi.Transfer(_out, 0, _in, 0, count + 1));
            }

            return Count(read ? _i2c!.WriteRead(_address, _out, 0, 1, _in, 0, count) : _i2c!.Write(_address, _out, 0, count + 1));
        }

        private byte Command(Sc16is7xxRegister register, bool read) =>
            (byte)(((int)register << 3) | (_channel << 1) | (read && _spi != null ? 0x80 : 0));

        private BusStatus Count(BusStatus status)
        {
            if (status != BusStatus.Ok)
            {
                BusErrors++;
            }

            return status;
        }
    }
}
