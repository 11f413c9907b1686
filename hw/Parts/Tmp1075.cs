using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the TMP1075 (TI SBOS854), words high byte first.</summary>
    public enum Tmp1075Register
    {
        /// <summary>Temperature, signed, high 12 bits, 1/16 °C.</summary>
        Temperature = 0x00,

        /// <summary>Configuration; bit 8 shuts down.</summary>
        Configuration = 0x01,

        /// <summary>Die id: 0x7500.</summary>
        DieId = 0x0F,
    }

    /// <summary>TMP1075 temperature sensors of one board, one channel each. The board's offset stands for the way from sensor to chip.</summary>
    public sealed class Tmp1075 : ITemperatureSensor
    {
        /// <summary>Address of the first sensor; others follow.</summary>
        public const int DefaultAddress = 0x48;

        private const int PowerUpConfiguration = 0x00FF;

        private readonly I2cPart[] _parts;
        private readonly int _offsetMilliC;

        /// <summary>Takes the bus, the sensors' addresses and the offset of the board, m°C.</summary>
        public Tmp1075(II2cBus bus, int[] addresses, int offsetMilliC)
        {
            _parts = new I2cPart[addresses.Length];
            for (int i = 0; i < addresses.Length; i++)
            {
                _parts[i] = new I2cPart(bus, addresses[i]);
            }

            _offsetMilliC = offsetMilliC;
        }

        /// <summary>Sensors on the board.</summary>
        public int ChannelCount => _parts.Length;

        /// <summary>Identifies every sensor and sets continuous conversion.</summary>
        public PartStatus Configure()
        {
            for (int i = 0; i < _parts.Length; i++)
            {
                PartStatus status = _parts[i].ReadWordBe((int)Tmp1075Register.DieId, out int id);
                if (status == PartStatus.Ok && id != 0x7500)
                {
                    status = PartStatus.WrongPart;
                }

                if (status == PartStatus.Ok)
                {
                    status = _parts[i].WriteWordBeChecked((int)Tmp1075Register.Configuration, PowerUpConfiguration);
                }

                if (status != PartStatus.Ok)
                {
                    return status;
                }
            }

            return PartStatus.Ok;
        }

        /// <summary>Reads a sensor in m°C with the board's offset, steps of 62.5. Outside -55…125 °C is <see cref="PartStatus.Implausible"/>.</summary>
        public PartStatus ReadMilliC(int channel, out int milliC)
        {
            milliC = 0;
            if (channel < 0 || channel >= _parts.Length)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = _parts[channel].ReadWordBe((int)Tmp1075Register.Temperature, out int word);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            int raw = word >> 4;
            int value = (raw >= 0x800 ? raw - 0x1000 : raw) * 125 / 2;
            if (value < -55000 || value > 125000)
            {
                return PartStatus.Implausible;
            }

            milliC = value + _offsetMilliC;
            return PartStatus.Ok;
        }
    }

    /// <summary>The hottest channel of another sensor as one channel: what a board with several sensors gives to its supervisor.</summary>
    public sealed class HottestOf : ITemperatureSensor
    {
        private readonly ITemperatureSensor _sensor;
        private readonly int _first;
        private readonly int _count;

        /// <summary>Takes a sensor and the channels <paramref name="first"/>…first + count - 1 of it.</summary>
        public HottestOf(ITemperatureSensor sensor, int first, int count)
        {
            _sensor = sensor;
            _first = first;
            _count = count;
        }

        /// <summary>Channel 0 the hottest, then the sensor's own channels.</summary>
        public int ChannelCount => 1 + _sensor.ChannelCount;

        /// <summary>Sets up the sensor.</summary>
        public PartStatus Configure() => _sensor.Configure();

        /// <summary>Reads the hottest channel; one that fails makes the whole reading fail (rule S04).</summary>
        public PartStatus ReadMilliC(int channel, out int milliC)
        {
            if (channel > 0)
            {
                return _sensor.ReadMilliC(channel - 1, out milliC);
            }

            milliC = int.MinValue;
            for (int i = 0; i < _count; i++)
            {
                PartStatus status = _sensor.ReadMilliC(_first + i, out int value);
                if (status != PartStatus.Ok)
                {
                    milliC = 0;
                    return status;
                }

                milliC = value > milliC ? value : milliC;
            }

            return PartStatus.Ok;
        }
    }
}
