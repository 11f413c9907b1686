using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the EMC2302 (Microchip DS20006532). Those of fan 2 are 0x10 above fan 1.</summary>
    public enum Emc2302Register
    {
        /// <summary>Polarity of the outputs.</summary>
        Polarity = 0x2A,

        /// <summary>Output type: a set bit is push-pull.</summary>
        OutputType = 0x2B,

        /// <summary>PWM base frequency: 0x09 is 19.53 kHz on both.</summary>
        BaseFrequency = 0x2D,

        /// <summary>Duty of fan 1, 0…255.</summary>
        FanSetting = 0x30,

        /// <summary>Configuration 1 of fan 1: bits 6–5 range (1, 2, 4, 8), bits 4–3 edges; bit 7 off: the host sets the duty.</summary>
        FanConfiguration1 = 0x32,

        /// <summary>Tach count of fan 1, high 8 of 13 bits.</summary>
        TachHigh = 0x3E,

        /// <summary>Tach count of fan 1, low 5 bits in bits 7–3.</summary>
        TachLow = 0x3F,

        /// <summary>Product id: 0x36.</summary>
        ProductId = 0xFD,

        /// <summary>Manufacturer id: 0x5D.</summary>
        ManufacturerId = 0xFE,
    }

    /// <summary>EMC2302 controller of two fans.</summary>
    public sealed class Emc2302 : IFanController
    {
        /// <summary>The part's address on the Hex and NerdQAxe boards.</summary>
        public const int DefaultAddress = 0x2F;

        private const int RpmFactor = 3932160;
        private const int FanStride = 0x10;
        private const int StandsStill = 0x1FFF;

        private readonly I2cPart _part;
        private readonly int _polarity;

        /// <summary>Takes the bus, the number of fans on the board (1 or 2), and whether its fans need inverted outputs.</summary>
        public Emc2302(II2cBus bus, int fans, bool inverted)
        {
            _part = new I2cPart(bus, DefaultAddress);
            FanCount = fans;
            _polarity = inverted ? 0x03 : 0x00;
        }

        /// <summary>Fans that the board has.</summary>
        public int FanCount { get; }

        /// <summary>Identifies the part and sets both fans to host control at full, read back.</summary>
        public PartStatus Configure()
        {
            PartStatus status = _part.ReadByte((int)Emc2302Register.ProductId, out int id);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            if (id != 0x36)
            {
                return PartStatus.WrongPart;
            }

            status = _part.WriteByteChecked((int)Emc2302Register.Polarity, _polarity);
            if (status == PartStatus.Ok)
            {
                status = _part.WriteByteChecked((int)Emc2302Register.OutputType, 0x03);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.WriteByteChecked((int)Emc2302Register.BaseFrequency, 0x09);
            }

            for (int fan = 0; fan < FanCount && status == PartStatus.Ok; fan++)
            {
                status = _part.WriteByteChecked((int)Emc2302Register.FanConfiguration1 + (fan * FanStride), 0x08);
                if (status == PartStatus.Ok)
                {
                    status = SetDutyPercent(fan, 100);
                }
            }

            return status;
        }

        /// <summary>Sets a fan's duty, 0…100 %, rounded up to 1/255, and reads it back.</summary>
        public PartStatus SetDutyPercent(int fan, int percent)
        {
            if (fan < 0 || fan >= FanCount || percent < 0 || percent > 100)
            {
                return PartStatus.OutOfRange;
            }

            return _part.WriteByteChecked((int)Emc2302Register.FanSetting + (fan * FanStride), ((percent * 255) + 99) / 100);
        }

        /// <summary>Reads a fan's speed, rpm, 480…16,000; standing still, slower or missing: 0.</summary>
        public PartStatus ReadRpm(int fan, out int rpm)
        {
            rpm = 0;
            if (fan < 0 || fan >= FanCount)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = _part.ReadByte((int)Emc2302Register.TachHigh + (fan * FanStride), out int high);
            int low = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Emc2302Register.TachLow + (fan * FanStride), out low);
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
    }
}
