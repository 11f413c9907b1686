using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>
    /// Bitaxe Gamma (board 601 and its kin): one BM1370 on 5 V. TPS546D24A at 0x24, EMC2101 at 0x4C with the chip's diode. Pins:
    /// <see cref="BoardPinTable"/>; no GPIO reaches the regulator's enable.
    /// </summary>
    public static class BitaxeGamma
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "bitaxe-gamma";

        /// <summary>Control board 0.9 W and fan at full 1.3 W (modelled).</summary>
        private const int FixedMw = 2200;

        /// <summary>Fits 17.5 W at the input at 525 MHz and 1150 mV (modelled; AxeOS shows 17–18 W there).</summary>
        private const int MicroWattPerV2Mhz = 22040;

        /// <summary>
        /// What the board is. Ladder: below 400 MHz at the regulator's lowest 1,000 mV, then 30 mV per 25 MHz to 525 MHz / 1150 mV.
        /// 300 MHz as the lowest stable point is an assumption [?]: ESP-Miner offers 400–625 MHz.
        /// </summary>
        public static BoardDescription Describe(int workShift)
        {
            Bm13xxProfile chip = Bm1370.Create(workShift);
            int[] freqKhz = { 300000, 350000, 400000, 425000, 450000, 475000, 500000, 525000 };
            int[] milliVolts = { 1000, 1000, 1000, 1030, 1060, 1090, 1120, 1150 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, 1, freqKhz, milliVolts);
            return new BoardDescription
            {
                Model = Model,
                ChipCount = 1,
                Chip = chip,
                Points = points,
                NominalPoint = points.Length - 1,
                FixedMw = FixedMw,
                FanMw = BoardKit.SmallFanMw,
                Limits = Limits(),
                ExternalWatchdog = false,
                WhileControllerDead = BoardKit.SelfEnabledWhileDead,
            };
        }

        /// <summary>Puts the drivers together over the given buses and pins. Touches nothing.</summary>
        public static Hashboard Create(BoardIo io, int workShift)
        {
            BoardDescription description = Describe(workShift);
            Emc2101 fanAndSensor = new Emc2101(io.I2c!, 0x24, 0x00, 0);
            return new Hashboard
            {
                Description = description,
                Chain = new Bm13xxChain((Bm13xxProfile)description.Chip, 1, io.AsicUart!, io.AsicReset!),
                Regulator = new Tps546(io.I2c!, Tps546.DefaultAddress, Supply(), io.RegulatorEnable, false),
                Fans = fanAndSensor,
                ChipTemperature = fanAndSensor,
                ChipTemperatureChannel = Emc2101.ExternalChannel,
                Io = io,
            };
        }

        private static Tps546Settings Supply() => new Tps546Settings
        {
            VinOnMilliVolts = 4800,
            VinOffMilliVolts = 4500,
            VinOvFaultMilliVolts = 6500,
            VoutMinMilliVolts = 1000,
            VoutMaxMilliVolts = 1250,
            IoutOcWarnMilliAmps = 25000,
            IoutOcFaultMilliAmps = 30000,
        };

        private static BoardLimits Limits() => BoardKit.Limits(4500, 6500, 1000, 1250, 25000);
    }
}
