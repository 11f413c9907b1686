using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>
    /// Bitaxe Max (102): one BM1397 on 5 V, converter trimmed by a DS4432U, INA260 at the input, EMC2101 with the chip's diode.
    /// Pins: <see cref="BoardPinTable"/>. The converter tells neither its output nor its faults (see <see cref="TrimmedBuck"/>).
    /// Max 2.2 and 2.3 are another matter: by their layouts no GPIO enables the converter, so nothing can cut their core (S03). Do not run them.
    /// </summary>
    public static class BitaxeMax
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "bitaxe-max";

        private const int FixedMw = 2200;

        /// <summary>Fits 12 W at the input at 425 MHz and 1400 mV (modelled; ESP-Miner's self-test expects 12 W).</summary>
        private const int MicroWattPerV2Mhz = 11765;

        /// <summary>What the board is. Voltages below 425 MHz are assumptions [?]: ESP-Miner offers 400–600 MHz, 1100–1500 mV.</summary>
        public static BoardDescription Describe(int workShift)
        {
            Bm13xxProfile chip = Bm1397.Create(workShift);
            int[] freqKhz = { 300000, 325000, 350000, 375000, 400000, 425000 };
            int[] milliVolts = { 1225, 1225, 1260, 1300, 1350, 1400 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, 1, freqKhz, milliVolts);
            return BoardKit.Describe(Model, chip, 1, points, BoardKit.SmallFanMw, BoardKit.Limits(4500, 5500, 1100, 1500, 16000), BoardKit.EnabledWhileDead);
        }

        /// <summary>Puts the drivers together over the given buses and pins. Touches nothing.</summary>
        public static Hashboard Create(BoardIo io, int workShift) => BoardKit.WithTrimmedBuck(
            io,
            Describe(workShift),
            new BoardSupplyLimits { InputMinMilliVolts = 4500, InputMaxMilliVolts = 5500, InputMaxMilliWatts = 25000, OutputMinMilliVolts = 1100, OutputMaxMilliVolts = 1500 },
            new Emc2101(io.I2c!, BoardKit.BitmainIdeality, 0, 0),
            Emc2101.ExternalChannel);
    }
}
