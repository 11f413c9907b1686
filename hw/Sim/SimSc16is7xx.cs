using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>
    /// Register model of one channel of an SC16IS7xx between a bus (SPI or I2C) and a simulated UART line: two FIFOs of 64 bytes, the divider,
    /// and an overrun when nobody drains it in time.
    /// </summary>
    public sealed class SimSc16is7xx : SimI2cDevice, ISpiBus
    {
        /// <summary>Depth of each FIFO.</summary>
        public const int FifoBytes = 64;

        private readonly SimUart _line;
        private readonly int _clockHz;
        private readonly byte[] _one = new byte[FifoBytes + 1];
        private int _lineControl;
        private int _scratch;
        private int _divisor = 1;
        private int _pointer;
        private int _overrunsSeen;

        /// <summary>Takes the line, the I2C address (0 on SPI) and the clock in Hz.</summary>
        public SimSc16is7xx(SimUart line, int address, int clockHz)
            : base(address)
        {
            _line = line;
            _line.InputLimit = FifoBytes;
            _clockHz = clockHz;
        }

        /// <summary>Fault: the SPI data line is stuck high.</summary>
        public bool LineStuck { get; set; }

        /// <summary>Longest burst written at once.</summary>
        public int LongestBurst { get; private set; }

        /// <summary>Bytes written to a FIFO that was full, and lost.</summary>
        public int LostBytes { get; private set; }

        /// <inheritdoc/>
        public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
        {
            if (LineStuck)
            {
                for (int i = 0; i < count; i++)
                {
                    read[readOffset + i] = 0xFF;
                }

                return BusStatus.Ok;
            }

            int command = write[writeOffset];
            int register = (command >> 3) & 0x0F;
            read[readOffset] = 0;
            if ((command & 0x80) != 0)
            {
                ReadBurst(register, read, readOffset + 1, count - 1);
            }
            else
            {
                WriteBurst(register, write, writeOffset + 1, count - 1);
            }

            return BusStatus.Ok;
        }

        /// <inheritdoc/>
        public override bool OnWrite(byte[] data, int offset, int count)
        {
            _pointer = (data[offset] >> 3) & 0x0F;
            if (count > 1)
            {
                // A reset is not acknowledged.
                bool reset = _pointer == (int)Sc16is7xxRegister.IoControl && (data[offset + 1] & 0x08) != 0;
                WriteBurst(_pointer, data, offset + 1, count - 1);
                return !reset;
            }

            return true;
        }

        /// <inheritdoc/>
        public override bool OnRead(byte[] data, int offset, int count)
        {
            ReadBurst(_pointer, data, offset, count);
            return true;
        }

        private void WriteBurst(int register, byte[] data, int offset, int count)
        {
            if (register == (int)Sc16is7xxRegister.Data && (_lineControl & 0x80) == 0)
            {
                LongestBurst = count > LongestBurst ? count : LongestBurst;
                int room = FifoBytes - _line.OutputPending;
                int taken = count < room ? count : room;
                LostBytes += count - taken;
                _line.Write(data, offset, taken);
                return;
            }

            for (int i = 0; i < count; i++)
            {
                WriteRegister(register, data[offset + i]);
            }
        }

        private void WriteRegister(int register, int value)
        {
            switch ((Sc16is7xxRegister)register)
            {
                case Sc16is7xxRegister.Data:
                    _divisor = (_divisor & 0xFF00) | value;
                    break;
                case Sc16is7xxRegister.InterruptEnable:
                    if ((_lineControl & 0x80) != 0)
                    {
                        _divisor = (_divisor & 0xFF) | (value << 8);
                    }

                    break;
                case Sc16is7xxRegister.LineControl:
                    _lineControl = value;
                    if ((value & 0x80) == 0 && _divisor > 0)
                    {
                        // The divider acts at once on what is still in the FIFO; a driver that cares waits for it to drain.
                        _line.SetBaudRate(_clockHz / (16 * _divisor));
                    }

                    break;
                case Sc16is7xxRegister.ScratchPad:
                    _scratch = value;
                    break;
                case Sc16is7xxRegister.IoControl:
                    if ((value & 0x08) != 0)
                    {
                        _lineControl = 0;
                        _scratch = 0xFF;
                        _divisor = 1;
                    }

                    break;
                default:
                    break;
            }
        }

        private void ReadBurst(int register, byte[] data, int offset, int count)
        {
            if (register == (int)Sc16is7xxRegister.Data && (_lineControl & 0x80) == 0)
            {
                int got = _line.Read(_one, 0, count > FifoBytes ? FifoBytes : count);
                for (int i = 0; i < count; i++)
                {
                    data[offset + i] = i < got ? _one[i] : (byte)0;
                }

                return;
            }

            int value = ReadRegister(register);
            for (int i = 0; i < count; i++)
            {
                data[offset + i] = (byte)value;
            }
        }

        private int ReadRegister(int register)
        {
            switch ((Sc16is7xxRegister)register)
            {
                case Sc16is7xxRegister.LineControl:
                    return _lineControl;
                case Sc16is7xxRegister.LineStatus:
                    int overrun = _line.Overruns != _overrunsSeen ? 0x02 : 0;
                    _overrunsSeen = _line.Overruns;
                    return (_line.OutputPending == 0 ? 0x60 : 0) | overrun;
                case Sc16is7xxRegister.ScratchPad:
                    return _scratch;
                case Sc16is7xxRegister.TransmitLevel:
                    int pending = _line.OutputPending;
                    return pending > FifoBytes ? 0 : FifoBytes - pending;
                case Sc16is7xxRegister.ReceiveLevel:
                    return _line.InputReady;
                default:
                    return 0;
            }
        }
    }
}
