using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>
    /// EMC2101 fan controller with one fan and two temperature channels: 0 the external diode (in the mining chip), 1 the part itself
    /// (Microchip DS20006703).
    /// </summary>
    public sealed class Emc2101 : IFanController, ITemperatureSensor
    {
        /// <summary>The part's only address.</summary>
        public const int DefaultAddress = 0x4C;

        /// <summary>Channel of the external diode.</summary>
        public const int ExternalChannel = 0;

        /// <summary>Channel of the part's own sensor.</summary>
        public const int InternalChannel = 1;

        private const int ConfigurationTach = 0x04;
        private const int FanByHost = 0x23;
        private const int PwmFinest = 0x1F;
        private const int FullSetting = 63;
        private const int TachClock = 5400000;

        /// <summary>A fan that turns at least this fast is counted; slower readings are what the part shows without a fan (82 rpm).</summary>
        private const int SlowestRpm = 100;

        private readonly I2cPart _part;
        private readonly int _ideality;
        private readonly int _beta;
        private readonly int _offsetMilliC;

        /// <summary>
        /// Takes the bus, ideality and beta of the external diode (0x24 and 0 for BM1366 and later), and an offset in m°C that the board's
        /// file adds to channel 1 where the chip temperature is estimated from the part's own sensor.
        /// </summary>
        public Emc2101(II2cBus bus, int ideality, int beta, int internalOffsetMilliC)
        {
            _part = new I2cPart(bus, DefaultAddress);
            _ideality = ideality;
            _beta = beta;
            _offsetMilliC = internalOffsetMilliC;
        }

        /// <summary>One fan.</summary>
        public int FanCount => 1;

        /// <summary>External diode and own sensor.</summary>
        public int ChannelCount => 2;

        /// <summary>Identifies the part, sets up diode and tach, and drives the fan at full, all read back.</summary>
        public PartStatus Configure()
        {
            PartStatus status = _part.ReadByte((int)Emc2101Register.ProductId, out int id);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            if (id != 0x16 && id != 0x28)
            {
                return PartStatus.WrongPart;
            }

            status = Write(Emc2101Register.FanConfiguration, FanByHost);
            if (status == PartStatus.Ok)
            {
                status = Write(Emc2101Register.PwmFrequency, PwmFinest);
            }

            if (status == PartStatus.Ok)
            {
                status = Write(Emc2101Register.FanSetting, FullSetting);
            }

            if (status == PartStatus.Ok)
            {
                status = Write(Emc2101Register.Configuration, ConfigurationTach);
            }

            if (status == PartStatus.Ok)
            {
                status = Write(Emc2101Register.Ideality, _ideality);
            }

            if (status == PartStatus.Ok)
            {
                status = Write(Emc2101Register.BetaCompensation, _beta);
            }

            return status;
        }

        /// <summary>Sets the duty of fan 0, 0…100 %, rounded up to the part's steps of 1.6 %, and reads it back.</summary>
        public PartStatus SetDutyPercent(int fan, int percent)
        {
            if (fan != 0 || percent < 0 || percent > 100)
            {
                return PartStatus.OutOfRange;
            }

            return Write(Emc2101Register.FanSetting, ((percent * FullSetting) + 99) / 100);
        }

        /// <summary>Reads fan 0's speed, rpm; two pulses a turn. Standing still or missing: 0.</summary>
        public PartStatus ReadRpm(int fan, out int rpm)
        {
            rpm = 0;
            if (fan != 0)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = _part.ReadByte((int)Emc2101Register.TachLow, out int low);
            int high = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Emc2101Register.TachHigh, out high);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            int count = (high << 8) | low;
            if (count == 0)
            {
                return PartStatus.Implausible;
            }

            int value = TachClock / count;
            rpm = value < SlowestRpm ? 0 : value;
            return PartStatus.Ok;
        }

        /// <summary>
        /// Reads a channel in m°C: 0 external diode, steps of 125; 1 own sensor, steps of 1000 plus the board's offset.
        /// <see cref="PartStatus.Implausible"/> for an open or shorted diode.
        /// </summary>
        public PartStatus ReadMilliC(int channel, out int milliC)
        {
            milliC = 0;
            if (channel == InternalChannel)
            {
                PartStatus result = _part.ReadByte((int)Emc2101Register.InternalTemperature, out int degrees);
                if (result != PartStatus.Ok)
                {
                    return result;
                }

                // -128 is not in the sensor's range.
                if (degrees == 0x80)
                {
                    return PartStatus.Implausible;
                }

                milliC = ((degrees >= 0x80 ? degrees - 0x100 : degrees) * 1000) + _offsetMilliC;
                return PartStatus.Ok;
            }

            if (channel != ExternalChannel)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = _part.ReadByte((int)Emc2101Register.ExternalHigh, out int high);
            int low = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Emc2101Register.ExternalLow, out low);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            int raw = ((high << 8) | low) >> 5;

            // 0x3F8 open, 0x3FF shorted; 0x400 is outside the sensor's range.
            if (raw == 0x3F8 || raw == 0x3FF || raw == 0x400)
            {
                return PartStatus.Implausible;
            }

            milliC = (raw >= 0x400 ? raw - 0x800 : raw) * 125;
            return PartStatus.Ok;
        }

        private PartStatus Write(Emc2101Register register, int value) => _part.WriteByteChecked((int)register, value);
    }
}
