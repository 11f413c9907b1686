namespace Ballast.Hw.Sim
{
    /// <summary>Which converter a modelled board has.</summary>
    public enum SimConverter
    {
        /// <summary>TPS546 at 0x24.</summary>
        Tps546,

        /// <summary>TPS53647 at 0x71.</summary>
        Tps53647,

        /// <summary>A converter trimmed by a DS4432U, with an INA260 at the input.</summary>
        Trimmed,
    }

    /// <summary>Which fan controller a modelled board has.</summary>
    public enum SimFanPart
    {
        /// <summary>EMC2101, one fan, one diode.</summary>
        Emc2101,

        /// <summary>EMC2103, one fan, two diodes.</summary>
        Emc2103,

        /// <summary>EMC2302, two fans.</summary>
        Emc2302,
    }

    /// <summary>What a modelled board is made of. The models' own table, on purpose not the boards' descriptions.</summary>
    public sealed class SimBoardPlan
    {
        /// <summary>The BM13xx type; null on boards with A1 chips.</summary>
        public SimChipType? Chip;

        /// <summary>The A1 type; null on boards with BM13xx chips.</summary>
        public SimA1Type? A1;

        /// <summary>Chips on the board.</summary>
        public int Chips = 1;

        /// <summary>Voltage domains in series on the rail.</summary>
        public int Domains = 1;

        /// <summary>Supply, mV.</summary>
        public int SupplyMilliVolts = 5000;

        /// <summary>Power of the control board itself, mW.</summary>
        public int ControlMw = 900;

        /// <summary>The converter.</summary>
        public SimConverter Converter;

        /// <summary>The fan controller.</summary>
        public SimFanPart FanPart;

        /// <summary>Fans.</summary>
        public int Fans = 1;

        /// <summary>A fan's speed at full duty.</summary>
        public int FanRpm = 7000;

        /// <summary>A fan's power at full duty, mW.</summary>
        public int FanMw = 1300;

        /// <summary>TMP1075 sensors beside chips, by address; null for none.</summary>
        public int[]? ChipSensors;

        /// <summary>TMP1075 sensor at the converter; 0 for none.</summary>
        public int ConverterSensor;

        /// <summary>True if the sensors are behind channel 0 of a TCA9548.</summary>
        public bool BehindSwitch;

        /// <summary>How much cooler than the chip its sensor on the board is, m°C.</summary>
        public int SensorBelowChipMilliC;

        /// <summary>False on boards where no GPIO reaches the converter: its enable hangs on a divider at the input.</summary>
        public bool EnableWired = true;

        /// <summary>Active level of the board's enable line.</summary>
        public bool EnableActiveHigh;

        /// <summary>Heat of the chips at the nominal point, W: scales the heat sink.</summary>
        public int HeatWatt = 14;
    }
}
