using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>Register model of the EMC2101 with one fan and the diode of one chip.</summary>
    public sealed class SimEmc2101 : SimByteRegisters
    {
        private const int TachClock = 5400000;

        private readonly SimFan _fan;
        private byte _latchedExternalLow;
        private byte _latchedTachHigh;

        /// <summary>Takes the fan on its connector.</summary>
        public SimEmc2101(SimFan fan)
            : base(0x4C)
        {
            _fan = fan;
            Registers[(int)Emc2101Register.Ideality] = 0x12;
            Registers[(int)Emc2101Register.BetaCompensation] = 0x08;
            Registers[(int)Emc2101Register.FanConfiguration] = 0x20;
            Registers[(int)Emc2101Register.PwmFrequency] = 0x17;
            Registers[(int)Emc2101Register.ProductId] = 0x16;
            Registers[(int)Emc2101Register.ManufacturerId] = 0x5D;
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
                int full = 2 * (Registers[(int)Emc2101Register.PwmFrequency] & 0x1F);
                int setting = Registers[(int)Emc2101Register.FanSetting] & 0x3F;
                int percent = full == 0 ? 0 : setting * 100 / full;
                return percent > 100 ? 100 : percent;
            }
        }

        /// <inheritdoc/>
        protected override void WriteRegister(int register, byte value)
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
                    if ((Registers[(int)Emc2101Register.FanConfiguration] & 0x20) != 0)
                    {
                        Registers[register] = (byte)(value & 0x3F);
                    }

                    break;
                default:
                    Registers[register] = value;
                    break;
            }
        }

        /// <inheritdoc/>
        protected override byte ReadRegister(int register)
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
                    return Registers[register];
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
            long setting = 1008000 + ((Registers[(int)Emc2101Register.Ideality] - 0x12) * 1328L);
            long milliK = (DiodeMilliC + 273150L) * 1031904 / setting;

            // With beta compensation on, such a diode reads nonsense.
            if (Registers[(int)Emc2101Register.BetaCompensation] != 0)
            {
                milliK -= 40000;
            }

            int eighths = (int)((milliK - 273150) / 125);
            return (eighths > 0x3F0 ? 0x3F0 : eighths) & 0x7FF;
        }

        private int TachCount()
        {
            // Pin 6 is the alert output until the configuration makes it the tach input.
            if ((Registers[(int)Emc2101Register.Configuration] & 0x04) == 0 || _fan.Rpm == 0)
            {
                return 0xFFFF;
            }

            int count = TachClock / _fan.Rpm;
            return count > 0xFFFF ? 0xFFFF : count;
        }
    }
}
