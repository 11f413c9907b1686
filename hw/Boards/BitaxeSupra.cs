using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>Bitaxe Supra (402, 403): one BM1368 on 5 V, TPS546, EMC2101 with the chip's diode. Pins: <see cref="BoardPinTable"/>.</summary>
    public static class BitaxeSupra
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "bitaxe-supra";

        private const int FixedMw = 2200;

        /// <summary>Fits 13 W at the input at 490 MHz and 1166 mV (modelled from 17–18 J/TH at the chip).</summary>
        private const int MicroWattPerV2Mhz = 16512;

        /// <summary>What the board is. 300 MHz as the lowest stable point is an assumption [?]: ESP-Miner offers 400–575 MHz, 1100–1300 mV.</summary>
        public static BoardDescription Describe(int workShift)
        {
            Bm13xxProfile chip = Bm1368.Create(workShift);
            int[] freqKhz = { 300000, 350000, 400000, 425000, 450000, 490000 };
            int[] milliVolts = { 1100, 1100, 1100, 1115, 1135, 1166 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, 1, freqKhz, milliVolts);
            return BoardKit.Describe(Model, chip, 1, points, BoardKit.SmallFanMw, BoardKit.Limits(4500, 6500, 1100, 1300, 25000), BoardKit.SelfEnabledWhileDead);
        }

        /// <summary>Puts the drivers together over the given buses and pins. Touches nothing.</summary>
        public static Hashboard Create(BoardIo io, int workShift) =>
            BoardKit.WithTps546(io, Describe(workShift), BoardKit.FiveVolt(1100, 1300), new Emc2101(io.I2c!, BoardKit.BitmainIdeality, 0, 0));
    }
}
