using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>Register model of the EMC2101 with one fan and the diode of one chip.</summary>
    public sealed class SimEmc2101 : SimI2cDevice
    {
        private const int TachClock = 5400000;

        private readonly byte[] _registers = new byte[256];
        private readonly SimFan _fan;
        private int _pointer;
        private byte _latchedExternalLow;
        private byte _latchedTachHigh;

        /// <summary>Takes the fan on its connector.</summary>
        public SimEmc2101(SimFan fan)
            : base(0x4C)
        {
            _fan = fan;
            _registers[(int)Emc2101Register.Ideality] = 0x12;
            _registers[(int)Emc2101Register.BetaCompensation] = 0x08;
            _registers[(int)Emc2101Register.FanConfiguration] = 0x20;
            _registers[(int)Emc2101Register.PwmFrequency] = 0x17;
            _registers[(int)Emc2101Register.ProductId] = 0x16;
            _registers[(int)Emc2101Register.ManufacturerId] = 0x5D;
        }

        /// <summary>True temperature at the diode, m°C.</summary>
        public int DiodeMilliC { get; set; }

        /// <summary>True temperature of the part, m°C.</summary>
        public int OwnMilliC { get; set; }

        /// <summary>Fault: the diode's line is open.</summary>
        public bool DiodeOpen { get; set; }

        /// <summary>Fault: the diode's lines are shorted.</summary>
        public bool DiodeShorted { get; set; }

        /// <summary>Duty at the fan's connector, %: the setting over twice the PWM frequency register; 0 after power-up.</summary>
        public int DutyPercent
        {
            get
            {
                int full = 2 * (_registers[(int)Emc2101Register.PwmFrequency] & 0x1F);
                int setting = _registers[(int)Emc2101Register.FanSetting] & 0x3F;
                int percent = full == 0 ? 0 : setting * 100 / full;
                return percent > 100 ? 100 : percent;
            }
        }

        /// <inheritdoc/>
        public override bool OnWrite(byte[] data, int offset, int count)
        {
            _pointer = data[offset];
            for (int i = 1; i < count; i++)
            {
                WriteRegister((_pointer + i - 1) & 0xFF, data[offset + i]);
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

        private void WriteRegister(int register, byte value)
        {
            switch ((Emc2101Register)register)
            {
                case Emc2101Register.InternalTemperature:
                case Emc2101Register.ExternalHigh:
                case Emc2101Register.ExternalLow:
                case Emc2101Register.Status:
                case Emc2101Register.TachLow:
                case Emc2101Register.TachHigh:
                case Emc2101Register.ProductId:
                case Emc2101Register.ManufacturerId:
                    break;
                case Emc2101Register.FanSetting:
                    // Writable only while the host sets the duty.
                    if ((_registers[(int)Emc2101Register.FanConfiguration] & 0x20) != 0)
                    {
                        _registers[register] = (byte)(value & 0x3F);
                    }

                    break;
                default:
                    _registers[register] = value;
                    break;
            }
        }

        private byte ReadRegister(int register)
        {
            switch ((Emc2101Register)register)
            {
                case Emc2101Register.InternalTemperature:
                    return (byte)(OwnMilliC / 1000);
                case Emc2101Register.ExternalHigh:
                    int raw = ExternalRaw() << 5;
                    _latchedExternalLow = (byte)raw;
                    return (byte)(raw >> 8);
                case Emc2101Register.ExternalLow:
                    return _latchedExternalLow;
                case Emc2101Register.Status:
                    return (byte)(DiodeOpen || DiodeShorted ? 0x04 : 0);
                case Emc2101Register.TachLow:
                    int count = TachCount();
                    _latchedTachHigh = (byte)(count >> 8);
                    return (byte)count;
                case Emc2101Register.TachHigh:
                    return _latchedTachHigh;
                default:
                    return _registers[register];
            }
        }

        private int ExternalRaw()
        {
            if (DiodeOpen)
            {
                return 0x3F8;
            }

            if (DiodeShorted)
            {
                return 0x3FF;
            }

            // The diodes of mining chips have an ideality of 1.0319 (0x24); another setting scales the absolute temperature.
            long setting = 1008000 + ((_registers[(int)Emc2101Register.Ideality] - 0x12) * 1328L);
            long milliK = (DiodeMilliC + 273150L) * 1031904 / setting;

            // With beta compensation on, such a diode reads nonsense.
            if (_registers[(int)Emc2101Register.BetaCompensation] != 0)
            {
                milliK -= 40000;
            }

            int eighths = (int)((milliK - 273150) / 125);
            return (eighths > 0x3F0 ? 0x3F0 : eighths) & 0x7FF;
        }

        private int TachCount()
        {
            // Pin 6 is the alert output until the configuration makes it the tach input.
            if ((_registers[(int)Emc2101Register.Configuration] & 0x04) == 0 || _fan.Rpm == 0)
            {
                return 0xFFFF;
            }

            int count = TachClock / _fan.Rpm;
            return count > 0xFFFF ? 0xFFFF : count;
        }
    }
}
