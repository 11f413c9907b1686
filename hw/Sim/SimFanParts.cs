using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>Register model of an EMC2302 with one or two fans.</summary>
    public sealed class SimEmc2302 : SimByteRegisters
    {
        private const int RpmFactor = 3932160;

        private readonly SimFan[] _fans;

        /// <summary>Takes the fans on its connectors.</summary>
        public SimEmc2302(SimFan[] fans)
            : base(0x2F)
        {
            _fans = fans;
            Registers[(int)Emc2302Register.ProductId] = 0x36;
            Registers[(int)Emc2302Register.ManufacturerId] = 0x5D;
            Registers[(int)Emc2302Register.FanConfiguration1] = 0x2B;
            Registers[(int)Emc2302Register.FanConfiguration1 + 0x10] = 0x2B;
        }

        /// <summary>Duty at a fan's connector, %; inverted while the polarity register says so.</summary>
        public int DutyPercent(int fan)
        {
            int setting = Registers[(int)Emc2302Register.FanSetting + (fan * 0x10)];
            if ((Registers[(int)Emc2302Register.Polarity] & (1 << fan)) != 0)
            {
                setting = 255 - setting;
            }

            return setting * 100 / 255;
        }

        /// <inheritdoc/>
        protected override byte ReadRegister(int register)
        {
            for (int fan = 0; fan < _fans.Length; fan++)
            {
                if (register == (int)Emc2302Register.TachHigh + (fan * 0x10))
                {
                    return (byte)(Count(fan) >> 5);
                }

                if (register == (int)Emc2302Register.TachLow + (fan * 0x10))
                {
                    return (byte)(Count(fan) << 3);
                }
            }

            return Registers[register];
        }

        private int Count(int fan)
        {
            int rpm = _fans[fan].Rpm;
            int range = 1 << ((Registers[(int)Emc2302Register.FanConfiguration1 + (fan * 0x10)] >> 5) & 3);
            int count = rpm == 0 ? 0x1FFF : RpmFactor * range / rpm;
            return count > 0x1FFF ? 0x1FFF : count;
        }
    }

    /// <summary>Register model of an EMC2103 with one fan and two diodes.</summary>
    public sealed class SimEmc2103 : SimByteRegisters
    {
        private const int RpmFactor = 3932160;

        private readonly SimFan _fan;

        /// <summary>Takes the fan on its connector.</summary>
        public SimEmc2103(SimFan fan)
            : base(0x2E)
        {
            _fan = fan;
            Registers[(int)Emc2103Register.ProductId] = 0x26;
            Registers[(int)Emc2103Register.ManufacturerId] = 0x5D;
            Registers[(int)Emc2103Register.FanConfiguration1] = 0x2B;
        }

        /// <summary>True temperature at diode 1, m°C.</summary>
        public int Diode1MilliC { get; set; }

        /// <summary>True temperature at diode 2, m°C.</summary>
        public int Diode2MilliC { get; set; }

        /// <summary>Fault: diode 1 is open or shorted.</summary>
        public bool Diode1Bad { get; set; }

        /// <summary>Fault: diode 2 is open or shorted.</summary>
        public bool Diode2Bad { get; set; }

        /// <summary>Duty at the fan's connector, %.</summary>
        public int DutyPercent => Registers[(int)Emc2103Register.FanSetting] * 100 / 255;

        /// <inheritdoc/>
        protected override byte ReadRegister(int register)
        {
            switch ((Emc2103Register)register)
            {
                case Emc2103Register.External1High:
                    return (byte)(Raw(Diode1MilliC, Diode1Bad) >> 8);
                case Emc2103Register.External1Low:
                    return (byte)Raw(Diode1MilliC, Diode1Bad);
                case Emc2103Register.External2High:
                    return (byte)(Raw(Diode2MilliC, Diode2Bad) >> 8);
                case Emc2103Register.External2Low:
                    return (byte)Raw(Diode2MilliC, Diode2Bad);
                case Emc2103Register.TachHigh:
                    return (byte)(Count() >> 5);
                case Emc2103Register.TachLow:
                    return (byte)(Count() << 3);
                default:
                    return Registers[register];
            }
        }

        private static int Raw(int milliC, bool bad) => bad ? 0x8000 : ((milliC / 125) << 5) & 0xFFFF;

        private int Count()
        {
            int range = 1 << ((Registers[(int)Emc2103Register.FanConfiguration1] >> 5) & 3);
            int count = _fan.Rpm == 0 ? 0x1FFF : RpmFactor * range / _fan.Rpm;
            return count > 0x1FFF ? 0x1FFF : count;
        }
    }
}
