using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>Register model of a TMP1075.</summary>
    public sealed class SimTmp1075 : SimWordRegisters
    {
        /// <summary>Takes the address.</summary>
        public SimTmp1075(int address)
            : base(address)
        {
            Registers[(int)Tmp1075Register.Configuration] = 0x00FF;
            Registers[(int)Tmp1075Register.DieId] = 0x7500;
        }

        /// <summary>True temperature of the part, m°C.</summary>
        public int MilliC { get; set; }

        /// <inheritdoc/>
        protected override int ReadRegister(int register) =>
            register == (int)Tmp1075Register.Temperature ? ((MilliC * 2 / 125) << 4) & 0xFFFF : Registers[register];
    }

    /// <summary>Register model of a TMP451 with one diode.</summary>
    public sealed class SimTmp451 : SimByteRegisters
    {
        /// <summary>Takes the address.</summary>
        public SimTmp451(int address)
            : base(address)
        {
            Registers[(int)Tmp451Register.ManufacturerId] = 0x55;
        }

        /// <summary>True temperature at the diode, m°C.</summary>
        public int DiodeMilliC { get; set; }

        /// <summary>True temperature of the part, m°C.</summary>
        public int OwnMilliC { get; set; }

        /// <summary>Fault: the diode's line is open.</summary>
        public bool DiodeOpen { get; set; }

        /// <inheritdoc/>
        protected override void WriteRegister(int register, byte value)
        {
            if (register == (int)Tmp451Register.ConfigurationWrite)
            {
                Registers[(int)Tmp451Register.ConfigurationRead] = value;
            }
            else if (register == (int)Tmp451Register.NFactor || register == (int)Tmp451Register.RemoteOffset)
            {
                Registers[register] = value;
            }
        }

        /// <inheritdoc/>
        protected override byte ReadRegister(int register)
        {
            switch ((Tmp451Register)register)
            {
                case Tmp451Register.Status:
                    return (byte)(DiodeOpen ? 0x04 : 0);
                case Tmp451Register.RemoteHigh:
                    return (byte)(Sixteenths(DiodeOpen ? 0 : DiodeMilliC) >> 4);
                case Tmp451Register.RemoteLow:
                    return (byte)(Sixteenths(DiodeOpen ? 0 : DiodeMilliC) << 4);
                case Tmp451Register.LocalHigh:
                    return (byte)(Sixteenths(OwnMilliC) >> 4);
                case Tmp451Register.LocalLow:
                    return (byte)(Sixteenths(OwnMilliC) << 4);
                default:
                    return Registers[register];
            }
        }

        private static int Sixteenths(int milliC)
        {
            int value = milliC * 2 / 125;
            return value < 0 ? 0 : value > 0x7FF ? 0x7FF : value;
        }
    }
}
