using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>Bitaxe Gamma Duo (650): two BM1370 on 5 V, TPS546, EMC2101 with one chip's diode. Pins: <see cref="BoardPinTable"/>.</summary>
    public static class BitaxeGammaDuo
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "bitaxe-gamma-duo";

        /// <summary>Chips on the board.</summary>
        public const int Chips = 2;

        private const int FixedMw = 2300;
        private const int MicroWattPerV2Mhz = 22040;

        /// <summary>What the board is: nominal 400 MHz (ESP-Miner's BM1370XP). Points below 350 MHz are assumptions [?].</summary>
        public static BoardDescription Describe(int workShift)
        {
            Bm13xxProfile chip = Bm1370.Create(workShift);
            int[] freqKhz = { 250000, 300000, 325000, 350000, 375000, 400000 };
            int[] milliVolts = { 1000, 1000, 1040, 1080, 1115, 1150 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, Chips, freqKhz, milliVolts);
            return BoardKit.Describe(Model, chip, Chips, points, BoardKit.SmallFanMw, BoardKit.Limits(4500, 6500, 1000, 1250, 25000), BoardKit.SelfEnabledWhileDead);
        }

        /// <summary>Puts the drivers together over the given buses and pins. Touches nothing.</summary>
        public static Hashboard Create(BoardIo io, int workShift) =>
            BoardKit.WithTps546(io, Describe(workShift), BoardKit.FiveVolt(1000, 1250), new Emc2101(io.I2c!, BoardKit.BitmainIdeality, 0, 0));
    }
}
