using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>
    /// Register access to one I2C part: bounded tries, own buffers, every failure as a <see cref="PartStatus"/>.
    /// Drivers of parts hold one of these; it allocates only when it is made.
    /// </summary>
    public sealed class I2cPart
    {
        /// <summary>Tries per transfer. A transfer that fails this often is reported.</summary>
        public const int Tries = 3;

        private const int MaxTransfer = 34;

        private readonly II2cBus _bus;
        private readonly byte[] _out = new byte[MaxTransfer];
        private readonly byte[] _in = new byte[MaxTransfer];

        /// <summary>Takes the bus and the part's 7-bit address.</summary>
        public I2cPart(II2cBus bus, int address)
        {
            _bus = bus;
            Address = address;
        }

        /// <summary>7-bit address.</summary>
        public int Address { get; }

        /// <summary>What a driver reports for a bus result.</summary>
        public static PartStatus Of(BusStatus status)
        {
            switch (status)
            {
                case BusStatus.Ok:
                    return PartStatus.Ok;
                case BusStatus.Nack:
                    return PartStatus.Nack;
                case BusStatus.Timeout:
                    return PartStatus.Timeout;
                default:
                    return PartStatus.BusFault;
            }
        }

        /// <summary>Sends a command byte without data.</summary>
        public PartStatus SendByte(int command)
        {
            _out[0] = (byte)command;
            return Write(1);
        }

        /// <summary>Writes one byte to a register.</summary>
        public PartStatus WriteByte(int register, int value)
        {
            _out[0] = (byte)register;
            _out[1] = (byte)value;
            return Write(2);
        }

        /// <summary>Writes a word, low byte first (SMBus order).</summary>
        public PartStatus WriteWordLe(int register, int value)
        {
            _out[0] = (byte)register;
            _out[1] = (byte)value;
            _out[2] = (byte)(value >> 8);
            return Write(3);
        }

        /// <summary>Writes a word, high byte first.</summary>
        public PartStatus WriteWordBe(int register, int value)
        {
            _out[0] = (byte)register;
            _out[1] = (byte)(value >> 8);
            _out[2] = (byte)value;
            return Write(3);
        }

        /// <summary>Reads one byte, 0…255. <paramref name="value"/> is 0 unless the result is <see cref="PartStatus.Ok"/>.</summary>
        public PartStatus ReadByte(int register, out int value)
        {
            PartStatus status = Read(register, 1);
            value = status == PartStatus.Ok ? _in[0] : 0;
            return status;
        }

        /// <summary>Reads a word sent low byte first, 0…65535.</summary>
        public PartStatus ReadWordLe(int register, out int value)
        {
            PartStatus status = Read(register, 2);
            value = status == PartStatus.Ok ? _in[0] | (_in[1] << 8) : 0;
            return status;
        }

        /// <summary>Reads a word sent high byte first, 0…65535.</summary>
        public PartStatus ReadWordBe(int register, out int value)
        {
            PartStatus status = Read(register, 2);
            value = status == PartStatus.Ok ? (_in[0] << 8) | _in[1] : 0;
            return status;
        }

        /// <summary>Reads <paramref name="count"/> (at most 34) bytes from a register.</summary>
        public PartStatus ReadBytes(int register, byte[] into, int offset, int count)
        {
            if (count < 1 || count > MaxTransfer)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = Read(register, count);
            if (status == PartStatus.Ok)
            {
                System.Array.Copy(_in, 0, into, offset, count);
            }

            return status;
        }

        /// <summary>Writes a byte and reads it back; <see cref="PartStatus.ReadBackDiffers"/> if it is not the same.</summary>
        public PartStatus WriteByteChecked(int register, int value)
        {
            PartStatus status = WriteByte(register, value);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            status = ReadByte(register, out int back);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            return back == (value & 0xFF) ? PartStatus.Ok : PartStatus.ReadBackDiffers;
        }

        /// <summary>Writes a word, low byte first, and reads it back.</summary>
        public PartStatus WriteWordLeChecked(int register, int value)
        {
            PartStatus status = WriteWordLe(register, value);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            status = ReadWordLe(register, out int back);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            return back == (value & 0xFFFF) ? PartStatus.Ok : PartStatus.ReadBackDiffers;
        }

        /// <summary>Writes an SMBus block (length, then at most 32 bytes) and reads it back.</summary>
        public PartStatus WriteBlockChecked(int register, byte[] data)
        {
            if (data.Length > MaxTransfer - 2)
            {
                return PartStatus.OutOfRange;
            }

            _out[0] = (byte)register;
            _out[1] = (byte)data.Length;
            System.Array.Copy(data, 0, _out, 2, data.Length);
            PartStatus status = Write(data.Length + 2);
            if (status == PartStatus.Ok)
            {
                status = Read(register, data.Length + 1);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            bool same = _in[0] == data.Length;
            for (int i = 0; i < data.Length; i++)
            {
                same &= _in[i + 1] == data[i];
            }

            return same ? PartStatus.Ok : PartStatus.ReadBackDiffers;
        }

        /// <summary>Writes a word, high byte first, and reads it back.</summary>
        public PartStatus WriteWordBeChecked(int register, int value)
        {
            PartStatus status = WriteWordBe(register, value);
            int back = 0;
            if (status == PartStatus.Ok)
            {
                status = ReadWordBe(register, out back);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            return back == (value & 0xFFFF) ? PartStatus.Ok : PartStatus.ReadBackDiffers;
        }

        private PartStatus Write(int count)
        {
            BusStatus status = BusStatus.Fault;
            for (int i = 0; i < Tries && status != BusStatus.Ok; i++)
            {
                status = _bus.Write(Address, _out, 0, count);
            }

            return Of(status);
        }

        private PartStatus Read(int register, int count)
        {
            _out[0] = (byte)register;
            BusStatus status = BusStatus.Fault;
            for (int i = 0; i < Tries && status != BusStatus.Ok; i++)
            {
                status = _bus.WriteRead(Address, _out, 0, 1, _in, 0, count);
            }

            return Of(status);
        }
    }
}
