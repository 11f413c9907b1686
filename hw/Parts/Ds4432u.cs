using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the DS4432U (Maxim/Analog Devices data sheet).</summary>
    public enum Ds4432uRegister
    {
        /// <summary>Output 0: bit 7 sources current (more volts), bits 6–0 the current in 127ths of full scale.</summary>
        Out0 = 0xF8,

        /// <summary>Output 1.</summary>
        Out1 = 0xF9,
    }

    /// <summary>
    /// DS4432U current DAC that trims the feedback of a buck converter, as on early Bitaxe boards: reference 0.6 V, 3,320 Ω to ground, 4,750 Ω
    /// from the output, 98.921 µA full scale.
    /// </summary>
    public sealed class Ds4432u
    {
        /// <summary>The part's address.</summary>
        public const int DefaultAddress = 0x48;

        /// <summary>Lowest voltage that the DAC reaches, mV.</summary>
        public const int MinMilliVolts = 46;

        /// <summary>Highest voltage that the DAC reaches, mV.</summary>
        public const int MaxMilliVolts = 2390;

        private const long LowerOhm = 3320;
        private const long UpperOhm = 4750;
        private const long FullScaleNanoAmps = 98921;
        private const long ReferenceMilliVolts = 600;

        private readonly I2cPart _part;

        /// <summary>Takes the bus.</summary>
        public Ds4432u(II2cBus bus)
        {
            _part = new I2cPart(bus, DefaultAddress);
        }

        /// <summary>
        /// Code of a voltage: ceil(|0.6/3320 - (V - 0.6)/4750| / 98.921 µA × 127), bit 7 set below 1.458 V. 1,200 mV is C6.
        /// </summary>
        /// <returns>The code, or -1 outside 46…2,390 mV.</returns>
        public static int CodeOf(int milliVolts)
        {
            if (milliVolts < MinMilliVolts || milliVolts > MaxMilliVolts)
            {
                return -1;
            }

            // mV / Ω = mA; over a common denominator, in nA.
            long current = (ReferenceMilliVolts * UpperOhm) - ((milliVolts - ReferenceMilliVolts) * LowerOhm);
            bool source = current > 0;
            if (!source)
            {
                current = -current;
            }

            long denominator = LowerOhm * UpperOhm * FullScaleNanoAmps;
            long code = ((current * 127 * 1000000) + denominator - 1) / denominator;
            if (code > 127)
            {
                return -1;
            }

            return source ? (int)code | 0x80 : (int)code;
        }

        /// <summary>Sets output 0 for a voltage in mV and reads it back.</summary>
        public PartStatus SetMillivolts(int milliVolts)
        {
            int code = CodeOf(milliVolts);
            return code < 0 ? PartStatus.OutOfRange : _part.WriteByteChecked((int)Ds4432uRegister.Out0, code);
        }

        /// <summary>Tells whether output 0 still has the code of a voltage in mV: after a power-up of the part it has not.</summary>
        public PartStatus Holds(int milliVolts, out bool holds)
        {
            PartStatus status = _part.ReadByte((int)Ds4432uRegister.Out0, out int code);
            holds = status == PartStatus.Ok && code == CodeOf(milliVolts);
            return status;
        }
    }
}
