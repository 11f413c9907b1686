using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>
    /// Bitaxe Ultra (0.11, 201–205): one BM1366 on 5 V, converter trimmed by a DS4432U, INA260 at the input. The chip's diode is not wired: its
    /// temperature is the EMC2101's own plus 5 °C, as ESP-Miner reckons it. Board 207 has a TPS546 and is a <see cref="BitaxeSupra"/> with
    /// another chip: describe it as a custom board.
    /// </summary>
    public static class BitaxeUltra
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "bitaxe-ultra";

        private const int FixedMw = 2200;

        /// <summary>Fits 12 W at the input at 485 MHz and 1200 mV (modelled; ESP-Miner's self-test expects 12 W).</summary>
        private const int MicroWattPerV2Mhz = 14032;

        /// <summary>What the board is. 300 MHz as the lowest stable point is an assumption [?]: ESP-Miner offers 400–575 MHz, 1100–1300 mV.</summary>
        public static BoardDescription Describe(int workShift)
        {
            Bm13xxProfile chip = Bm1366.Create(workShift);
            int[] freqKhz = { 300000, 350000, 400000, 425000, 450000, 485000 };
            int[] milliVolts = { 1100, 1100, 1100, 1130, 1160, 1200 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, 1, freqKhz, milliVolts);
            return BoardKit.Describe(Model, chip, 1, points, BoardKit.SmallFanMw, BoardKit.Limits(4500, 5500, 1100, 1300, 16000), BoardKit.EnabledWhileDead);
        }

        /// <summary>Puts the drivers together over the given buses and pins. Touches nothing.</summary>
        public static Hashboard Create(BoardIo io, int workShift) => BoardKit.WithTrimmedBuck(
            io,
            Describe(workShift),
            new BoardSupplyLimits { InputMinMilliVolts = 4500, InputMaxMilliVolts = 5500, InputMaxMilliWatts = 25000, OutputMinMilliVolts = 1100, OutputMaxMilliVolts = 1300 },
            new Emc2101(io.I2c!, BoardKit.DefaultIdeality, 0, 5000),
            Emc2101.InternalChannel);
    }
}
