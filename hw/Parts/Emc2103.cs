using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the EMC2103 (Microchip/SMSC data sheet).</summary>
    public enum Emc2103Register
    {
        /// <summary>Own temperature, high byte.</summary>
        InternalHigh = 0x00,

        /// <summary>Own temperature, low byte.</summary>
        InternalLow = 0x01,

        /// <summary>External diode 1, high byte; low byte follows.</summary>
        External1High = 0x02,

        /// <summary>External diode 1, low byte: bits 7–5 are 1/2, 1/4, 1/8 °C.</summary>
        External1Low = 0x03,

        /// <summary>External diode 2, high byte; low byte follows.</summary>
        External2High = 0x04,

        /// <summary>External diode 2, low byte.</summary>
        External2Low = 0x05,

        /// <summary>Configuration.</summary>
        Configuration = 0x20,

        /// <summary>PWM configuration.</summary>
        PwmConfiguration = 0x2A,

        /// <summary>Fan duty, 0…255.</summary>
        FanSetting = 0x40,

        /// <summary>Fan configuration 1: bit 7 off, the host sets the duty; bits 6–5 range.</summary>
        FanConfiguration1 = 0x42,

        /// <summary>Tach count, high 8 of 13 bits.</summary>
        TachHigh = 0x4E,

        /// <summary>Tach count, low 5 bits in bits 7–3.</summary>
        TachLow = 0x4F,

        /// <summary>Product id: 0x24 (EMC2103-1) or 0x26 (EMC2103-2, -4).</summary>
        ProductId = 0xFD,

        /// <summary>Manufacturer id: 0x5D.</summary>
        ManufacturerId = 0xFE,
    }

    /// <summary>EMC2103 with one fan and two diodes: channels 0 and 1 are the chips; the board file says whether they are exchanged.</summary>
    public sealed class Emc2103 : IFanController, ITemperatureSensor
    {
        /// <summary>The part's only address.</summary>
        public const int DefaultAddress = 0x2E;

        private const int RpmFactor = 7864320;
        private const int HostControlRange2 = 0x2B;
        private const int StandsStill = 0x1FFF;

        private readonly I2cPart _part;
        private readonly bool _exchanged;

        /// <summary>Takes the bus, and true if diode 1 is at the second chip (Gamma Turbo).</summary>
        public Emc2103(II2cBus bus, bool exchanged)
        {
            _part = new I2cPart(bus, DefaultAddress);
            _exchanged = exchanged;
        }

        /// <summary>One fan.</summary>
        public int FanCount => 1;

        /// <summary>Two diodes.</summary>
        public int ChannelCount => 2;

        /// <summary>Identifies the part and sets the fan to host control at full, read back.</summary>
        public PartStatus Configure()
        {
            PartStatus status = _part.ReadByte((int)Emc2103Register.ProductId, out int id);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            if (id != 0x24 && id != 0x26)
            {
                return PartStatus.WrongPart;
            }

            status = _part.WriteByteChecked((int)Emc2103Register.Configuration, 0);
            if (status == PartStatus.Ok)
            {
                status = _part.WriteByteChecked((int)Emc2103Register.PwmConfiguration, 0);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.WriteByteChecked((int)Emc2103Register.FanConfiguration1, HostControlRange2);
            }

            if (status == PartStatus.Ok)
            {
                status = SetDutyPercent(0, 100);
            }

            return status;
        }

        /// <summary>Sets the duty of fan 0, 0…100 %, rounded up to 1/255, and reads it back.</summary>
        public PartStatus SetDutyPercent(int fan, int percent)
        {
            if (fan != 0 || percent < 0 || percent > 100)
            {
                return PartStatus.OutOfRange;
            }

            return _part.WriteByteChecked((int)Emc2103Register.FanSetting, ((percent * 255) + 99) / 100);
        }

        /// <summary>Reads fan 0's speed, rpm; standing still or missing: 0.</summary>
        public PartStatus ReadRpm(int fan, out int rpm)
        {
            rpm = 0;
            if (fan != 0)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = _part.ReadByte((int)Emc2103Register.TachHigh, out int high);
            int low = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Emc2103Register.TachLow, out low);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            int count = (high << 5) | (low >> 3);
            if (count == 0)
            {
                return PartStatus.Implausible;
            }

            rpm = count == StandsStill ? 0 : RpmFactor / count;
            return PartStatus.Ok;
        }

        /// <summary>Reads channel 0 or 1 in m°C, steps of 125. An open or shorted diode (0x8000) is <see cref="PartStatus.Implausible"/>.</summary>
        public PartStatus ReadMilliC(int channel, out int milliC)
        {
            milliC = 0;
            if (channel < 0 || channel > 1)
            {
                return PartStatus.OutOfRange;
            }

            bool second = (channel == 1) != _exchanged;
            int register = (int)(second ? Emc2103Register.External2High : Emc2103Register.External1High);
            PartStatus status = _part.ReadByte(register, out int high);
            int low = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte(register + 1, out low);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            int word = (high << 8) | low;
            if (word == 0x8000)
            {
                return PartStatus.Implausible;
            }

            int raw = word >> 5;
            milliC = (raw >= 0x400 ? raw - 0x800 : raw) * 125;
            return PartStatus.Ok;
        }
    }
}
