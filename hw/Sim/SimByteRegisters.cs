using System;

namespace Ballast.Hw.Sim
{
    /// <summary>A part with 256 registers of one byte and a pointer that a write sets and reads advance.</summary>
    public abstract class SimByteRegisters : SimI2cDevice
    {
        private byte[]? _first;
        private int _pointer;

        /// <summary>Takes the 7-bit address.</summary>
        protected SimByteRegisters(int address)
            : base(address)
        {
        }

        /// <summary>What the registers hold.</summary>
        protected byte[] Registers { get; } = new byte[256];

        /// <summary>Fault: this register does not take writes; -1 for none.</summary>
        public int StuckRegister { get; set; } = -1;

        /// <inheritdoc/>
        public override void PowerCycle()
        {
            if (_first != null)
            {
                Array.Copy(_first, Registers, _first.Length);
            }
        }

        /// <inheritdoc/>
        public override bool OnWrite(byte[] data, int offset, int count)
        {
            if (_first == null)
            {
                // Nothing was written yet: this is what the part holds at power-up.
                _first = new byte[Registers.Length];
                Array.Copy(Registers, _first, _first.Length);
            }

            _pointer = data[offset];
            for (int i = 1; i < count; i++)
            {
                int register = (_pointer + i - 1) & 0xFF;
                if (register != StuckRegister)
                {
                    WriteRegister(register, data[offset + i]);
                }
            }

            return true;
        }

        /// <inheritdoc/>
        public override bool OnRead(byte[] data, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                data[offset + i] = ReadRegister((_pointer + i) & 0xFF);
            }

            return true;
        }

        /// <summary>A byte was written to a register.</summary>
        protected virtual void WriteRegister(int register, byte value) => Registers[register] = value;

        /// <summary>A byte is read from a register.</summary>
        protected virtual byte ReadRegister(int register) => Registers[register];
    }

    /// <summary>A part with 256 registers of two bytes, high byte first.</summary>
    public abstract class SimWordRegisters : SimI2cDevice
    {
        private int[]? _first;
        private int _pointer;

        /// <summary>Takes the 7-bit address.</summary>
        protected SimWordRegisters(int address)
            : base(address)
        {
        }

        /// <summary>What the registers hold.</summary>
        protected int[] Registers { get; } = new int[256];

        /// <inheritdoc/>
        public override void PowerCycle()
        {
            if (_first != null)
            {
                Array.Copy(_first, Registers, _first.Length);
            }
        }

        /// <inheritdoc/>
        public override bool OnWrite(byte[] data, int offset, int count)
        {
            if (_first == null)
            {
                _first = new int[Registers.Length];
                Array.Copy(Registers, _first, _first.Length);
            }

            _pointer = data[offset];
            if (count > 2)
            {
                Registers[_pointer] = (data[offset + 1] << 8) | data[offset + 2];
            }

            return true;
        }

        /// <inheritdoc/>
        public override bool OnRead(byte[] data, int offset, int count)
        {
            int value = ReadRegister(_pointer);
            data[offset] = (byte)(value >> 8);
            if (count > 1)
            {
                data[offset + 1] = (byte)value;
            }

            return true;
        }

        /// <summary>A word is read from a register.</summary>
        protected virtual int ReadRegister(int register) => Registers[register];
    }
}
