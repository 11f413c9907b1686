using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>Register model of the DS4432U and the converter that it trims; switched by a pin alone.</summary>
    public sealed class SimDs4432u : SimByteRegisters, ISimRegulator
    {
        /// <summary>A converter with the Bitaxe's divider; code 0 after power-up is 1.458 V.</summary>
        public SimDs4432u()
            : base(0x48)
        {
        }

        /// <summary>Voltage at the converter's input, mV; below 4 V it does not run.</summary>
        public int InputMilliVolts { get; set; } = 5000;

        /// <summary>The converter's enable, active.</summary>
        public bool EnablePin { get; set; }

        /// <summary>Current that the load draws, mA.</summary>
        public int LoadMilliAmps { get; set; }

        /// <summary>Temperature of the converter, m°C. Nothing on these boards reads it.</summary>
        public int MilliC { get; set; }

        /// <summary>Fault: the converter does not run.</summary>
        public bool Broken { get; set; }

        /// <summary>True while it converts.</summary>
        public bool IsOn { get; private set; }

        /// <summary>Voltage at the output, mV.</summary>
        public int OutputMilliVolts => IsOn ? TargetMilliVolts : 0;

        /// <summary>Follows its enable pin.</summary>
        public void Step(long nowMs) => IsOn = EnablePin && !Broken && InputMilliVolts >= 4000;

        /// <summary>Voltage that the converter would give while enabled, mV.</summary>
        public int TargetMilliVolts
        {
            get
            {
                int code = Registers[(int)Ds4432uRegister.Out0];
                long nanoAmps = (code & 0x7F) * 98921L / 127;
                if ((code & 0x80) == 0)
                {
                    nanoAmps = -nanoAmps;
                }

                // The node holds 0.6 V: what the lower resistor takes comes from the DAC and, through the upper one, from the output.
                long lower = 600L * 1000000 / 3320;
                return (int)(600 + ((lower - nanoAmps) * 4750 / 1000000));
            }
        }
    }

    /// <summary>Register model of an INA260 at the board's input.</summary>
    public sealed class SimIna260 : SimWordRegisters
    {
        /// <summary>A part with its own identity.</summary>
        public SimIna260()
            : base(0x40)
        {
            Registers[(int)Ina260Register.Configuration] = 0x6127;
            Registers[(int)Ina260Register.ManufacturerId] = 0x5449;
            Registers[(int)Ina260Register.DieId] = 0x2270;
        }

        /// <summary>Voltage at the bus, mV.</summary>
        public int MilliVolts { get; set; }

        /// <summary>Power through the shunt, mW.</summary>
        public int MilliWatts { get; set; }

        /// <inheritdoc/>
        protected override int ReadRegister(int register)
        {
            switch ((Ina260Register)register)
            {
                case Ina260Register.BusVoltage:
                    return MilliVolts * 4 / 5;
                case Ina260Register.Current:
                    return MilliVolts == 0 ? 0 : (int)((long)MilliWatts * 1000 / MilliVolts * 4 / 5) & 0xFFFF;
                case Ina260Register.Power:
                    return MilliWatts / 10;
                default:
                    return Registers[register];
            }
        }
    }
}
