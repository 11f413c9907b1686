using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>
    /// Bitaxe Hex (302, 303): six BM1366 in three voltage domains in series on 12 V, TPS546, EMC2302, two TMP1075 that are 10 °C below the chips as
    /// ESP-Miner reckons. Pins: <see cref="BoardPinTable"/>. Voltages here are per chip; the rail has three times as much.
    /// </summary>
    public static class BitaxeHex
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "bitaxe-hex";

        /// <summary>Chips on the board.</summary>
        public const int Chips = 6;

        /// <summary>Voltage domains in series.</summary>
        public const int Domains = 3;

        /// <summary>Control board 1.2 W, fan at full 2 W, leakage of six chips (modelled).</summary>
        private const int FixedMw = 3400;
        private const int MicroWattPerV2Mhz = 14032;

        /// <summary>What the board is. 300 MHz as the lowest stable point is an assumption [?]: ESP-Miner offers 400–575 MHz, 1100–1300 mV.</summary>
        public static BoardDescription Describe(int workShift)
        {
            Bm13xxProfile chip = Bm1366.Create(workShift);
            int[] freqKhz = { 300000, 350000, 400000, 425000, 450000, 485000 };
            int[] milliVolts = { 1100, 1100, 1100, 1130, 1160, 1200 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, Chips, freqKhz, milliVolts);

            // 25 A of the rail through three domains count as 75 A in the regulator's reading.
            BoardLimits limits = BoardKit.Limits(11000, 14800, 1100, 1300, 75000);
            return BoardKit.Describe(Model, chip, Chips, points, 2000, limits, BoardKit.SelfEnabledWhileDead);
        }

        /// <summary>Puts the drivers together over the given buses and pins. Touches nothing.</summary>
        public static Hashboard Create(BoardIo io, int workShift)
        {
            BoardDescription description = Describe(workShift);
            Tps546Settings supply = new Tps546Settings
            {
                VinOnMilliVolts = 11500,
                VinOffMilliVolts = 11000,
                VinOvFaultMilliVolts = 14800,
                VoutMinMilliVolts = 3300,
                VoutMaxMilliVolts = 3900,
                ScaleLoopPermille = 125,
                IoutOcWarnMilliAmps = 25000,
                IoutOcFaultMilliAmps = 30000,
                Domains = Domains,
            };
            return new Hashboard
            {
                Description = description,
                Chain = new Bm13xxChain((Bm13xxProfile)description.Chip, Chips, io.AsicUart!, io.AsicReset!, false, Chips / Domains),
                Regulator = new Tps546(io.I2c!, Tps546.DefaultAddress, supply, io.RegulatorEnable, false),
                Fans = new Emc2302(io.I2c!, 1, false),
                ChipTemperature = new HottestOf(new Tmp1075(io.I2c!, new[] { 0x48, 0x49 }, 10000), 0, 2),
                Io = io,
            };
        }
    }
}
