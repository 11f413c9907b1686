namespace Ballast.Hw.Sim
{
    /// <summary>What the boards that we know are made of, for their models.</summary>
    public static class SimBoards
    {
        /// <summary>The plan of a board by the name of its file; null if there is none.</summary>
        public static SimBoardPlan? Find(string model)
        {
            switch (model)
            {
                case "bitaxe-max":
                    return Max();
                case "bitaxe-ultra":
                    return Ultra();
                case "bitaxe-supra":
                    return Supra();
                case "bitaxe-gamma":
                    return Gamma();
                case "bitaxe-gamma-duo":
                    return GammaDuo();
                case "bitaxe-hex":
                    return Hex();
                case "nerdqaxe-plus-plus":
                    return NerdQAxePlusPlus();
                case "a1-eight":
                    return A1Eight();
                default:
                    return null;
            }
        }

        /// <summary>Bitaxe Max: BM1397, trimmed converter, EMC2101.</summary>
        public static SimBoardPlan Max() => new SimBoardPlan { Chip = SimChipType.Bm1397(), Converter = SimConverter.Trimmed, HeatWatt = 9 };

        /// <summary>Bitaxe Ultra up to 205: BM1366, trimmed converter, EMC2101's own sensor 5 K below the chip.</summary>
        public static SimBoardPlan Ultra() => new SimBoardPlan
        {
            Chip = SimChipType.Bm1366(),
            Converter = SimConverter.Trimmed,
            SensorBelowChipMilliC = 5000,
            HeatWatt = 9,
        };

        /// <summary>Bitaxe Supra 402 and later: BM1368, TPS546, EMC2101.</summary>
        public static SimBoardPlan Supra() => new SimBoardPlan { Chip = SimChipType.Bm1368(), EnableWired = false, HeatWatt = 10 };

        /// <summary>Bitaxe Gamma: BM1370, TPS546, EMC2101.</summary>
        public static SimBoardPlan Gamma() => new SimBoardPlan { Chip = SimChipType.Bm1370(), EnableWired = false };

        /// <summary>Bitaxe Gamma Duo: two BM1370, TPS546, EMC2101.</summary>
        public static SimBoardPlan GammaDuo() => new SimBoardPlan { Chip = SimChipType.Bm1370(), Chips = 2, EnableWired = false, HeatWatt = 21 };

        /// <summary>Bitaxe Hex: six BM1366 in three domains on 12 V, TPS546, EMC2302, TMP1075 10 K below the chips.</summary>
        public static SimBoardPlan Hex() => new SimBoardPlan
        {
            Chip = SimChipType.Bm1366(),
            Chips = 6,
            Domains = 3,
            EnableWired = false,
            SupplyMilliVolts = 12000,
            FanPart = SimFanPart.Emc2302,
            FanRpm = 5000,
            FanMw = 2000,
            ControlMw = 1200,
            ChipSensors = new[] { 0x48, 0x49 },
            SensorBelowChipMilliC = 10000,
            HeatWatt = 53,
        };

        /// <summary>NerdQAxe++: four BM1370 on 12 V, TPS53647, EMC2302, TMP1075 at the chips and one at the converter.</summary>
        public static SimBoardPlan NerdQAxePlusPlus() => new SimBoardPlan
        {
            Chip = SimChipType.Bm1370(),
            Chips = 4,
            SupplyMilliVolts = 12000,
            Converter = SimConverter.Tps53647,
            FanPart = SimFanPart.Emc2302,
            Fans = 2,
            FanRpm = 2600,
            FanMw = 1200,
            ControlMw = 1600,
            ChipSensors = new[] { 0x48, 0x4A },
            ConverterSensor = 0x49,
            SensorBelowChipMilliC = 10000,
            EnableActiveHigh = true,
            HeatWatt = 63,
        };

        /// <summary>A board of eight A1 chips on SPI with a TPS546, an EMC2302 and sensors behind an I2C switch.</summary>
        public static SimBoardPlan A1Eight() => new SimBoardPlan
        {
            A1 = SimA1Type.A1(),
            Chips = 8,
            SupplyMilliVolts = 12000,
            FanPart = SimFanPart.Emc2302,
            FanRpm = 5000,
            FanMw = 2000,
            ControlMw = 1200,
            ChipSensors = new[] { 0x48, 0x49 },
            BehindSwitch = true,
            SensorBelowChipMilliC = 5000,
            HeatWatt = 50,
        };
    }
}
