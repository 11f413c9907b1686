using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>
    /// NerdQAxe++: four BM1370 on 12 V, TPS53647 with three phases, EMC2302 with two fans, TMP1075 at 0x48 and 0x4A beside the chips (10 °C below
    /// them, as NerdQAxePlus reckons) and at 0x49 at the converter. Pins: <see cref="BoardPinTable"/>.
    /// </summary>
    public static class NerdQAxePlusPlus
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "nerdqaxe-plus-plus";

        /// <summary>Chips on the board.</summary>
        public const int Chips = 4;

        /// <summary>Control board with display 1.6 W and two fans at full 2.4 W, leakage of four chips (modelled).</summary>
        private const int FixedMw = 4200;
        private const int MicroWattPerV2Mhz = 22040;

        /// <summary>What the board is: nominal 600 MHz / 1150 mV. 300 MHz as the lowest stable point is an assumption [?].</summary>
        public static BoardDescription Describe(int workShift)
        {
            Bm13xxProfile chip = Bm1370.Create(workShift);
            int[] freqKhz = { 300000, 350000, 400000, 450000, 500000, 550000, 600000 };
            int[] milliVolts = { 1010, 1010, 1010, 1040, 1075, 1110, 1150 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, Chips, freqKhz, milliVolts);
            BoardLimits limits = BoardKit.Limits(11000, 13000, 1005, 1400, 85000);
            return BoardKit.Describe(Model, chip, Chips, points, 2400, limits, "ESP32 in reset: core enable and auxiliary supply are active high and "
                + "pulled low [?: not measured], the fans keep their last duty. A controller that hangs with its pins driven leaves the core on; nothing on the "
                + "board cuts it");
        }

        /// <summary>Puts the drivers together over the given buses and pins. Touches nothing.</summary>
        public static Hashboard Create(BoardIo io, int workShift)
        {
            BoardDescription description = Describe(workShift);
            Tps53647Settings supply = new Tps53647Settings
            {
                VoutMinMilliVolts = 1005,
                VoutMaxMilliVolts = 1400,
                Phases = 3,
                MaximumAmps = 90,
                IoutOcFaultMilliAmps = 85000,
            };
            return new Hashboard
            {
                Description = description,
                Chain = new Bm13xxChain((Bm13xxProfile)description.Chip, Chips, io.AsicUart!, io.AsicReset!),
                Regulator = new Tps53647(io.I2c!, Tps53647.DefaultAddress, supply, io.RegulatorEnable!, io.AuxiliaryEnable),
                Fans = new Emc2302(io.I2c!, 2, false),
                ChipTemperature = new HottestOf(new Tmp1075(io.I2c!, new[] { 0x48, 0x4A }, 10000), 0, 2),
                Io = io,
            };
        }
    }
}
