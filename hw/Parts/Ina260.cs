using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the INA260 (TI SBOS656), words high byte first.</summary>
    public enum Ina260Register
    {
        /// <summary>Configuration.</summary>
        Configuration = 0x00,

        /// <summary>Current, signed, 1.25 mA.</summary>
        Current = 0x01,

        /// <summary>Bus voltage, 1.25 mV.</summary>
        BusVoltage = 0x02,

        /// <summary>Power, 10 mW.</summary>
        Power = 0x03,

        /// <summary>Manufacturer id: 0x5449.</summary>
        ManufacturerId = 0xFE,

        /// <summary>Die id: 0x227 in the high 12 bits.</summary>
        DieId = 0xFF,
    }

    /// <summary>INA260 power monitor with its shunt inside.</summary>
    public sealed class Ina260
    {
        /// <summary>The part's address on the Bitaxe boards.</summary>
        public const int DefaultAddress = 0x40;

        /// <summary>Continuous, both measured, 1.1 ms conversions, 16 averaged.</summary>
        private const int Averaging16 = 0x6527;

        private readonly I2cPart _part;

        /// <summary>Takes the bus.</summary>
        public Ina260(II2cBus bus)
        {
            _part = new I2cPart(bus, DefaultAddress);
        }

        /// <summary>Identifies the part and sets it to averaged continuous measurement.</summary>
        public PartStatus Configure()
        {
            PartStatus status = _part.ReadWordBe((int)Ina260Register.ManufacturerId, out int maker);
            int die = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadWordBe((int)Ina260Register.DieId, out die);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            return maker == 0x5449 && (die >> 4) == 0x227 ? _part.WriteWordBeChecked((int)Ina260Register.Configuration, Averaging16) : PartStatus.WrongPart;
        }

        /// <summary>Reads the bus voltage, 0…40,959 mV. <see cref="PartStatus.Implausible"/> above 36 V, the part's limit.</summary>
        public PartStatus ReadMilliVolts(out int milliVolts)
        {
            PartStatus status = _part.ReadWordBe((int)Ina260Register.BusVoltage, out int raw);
            milliVolts = raw * 5 / 4;
            if (status == PartStatus.Ok && milliVolts > 36000)
            {
                milliVolts = 0;
                return PartStatus.Implausible;
            }

            return status;
        }

        /// <summary>Reads the current, mA, signed. <see cref="PartStatus.Implausible"/> beyond ±20 A.</summary>
        public PartStatus ReadMilliAmps(out int milliAmps)
        {
            PartStatus status = _part.ReadWordBe((int)Ina260Register.Current, out int raw);
            milliAmps = (raw >= 0x8000 ? raw - 0x10000 : raw) * 5 / 4;
            if (status == PartStatus.Ok && (milliAmps > 20000 || milliAmps < -20000))
            {
                milliAmps = 0;
                return PartStatus.Implausible;
            }

            return status;
        }

        /// <summary>Reads the power, mW, 0…655,350.</summary>
        public PartStatus ReadMilliWatts(out int milliWatts)
        {
            PartStatus status = _part.ReadWordBe((int)Ina260Register.Power, out int raw);
            milliWatts = raw * 10;
            return status;
        }
    }
}
