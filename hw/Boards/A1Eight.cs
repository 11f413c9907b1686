using Ballast.Hw.Asic.A1;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>
    /// A reference board of our own for chips on SPI, not a product: eight A1 at a 16 MHz reference, TPS546 on 12 V, EMC2302 with one fan, two
    /// TMP1075 (5 °C below the chips) behind channel 0 of a TCA9548. SPI mode 1 at 2 MHz. Core enable active low, chip reset active low, as on
    /// the Bitaxe family. Power per chip is an assumption [?].
    /// </summary>
    public static class A1Eight
    {
        /// <summary>Name in birth messages and settings.</summary>
        public const string Model = "a1-eight";

        /// <summary>Chips on the board.</summary>
        public const int Chips = 8;

        /// <summary>Control board 1.2 W and fan at full 2 W (modelled).</summary>
        private const int FixedMw = 3400;

        /// <summary>6.9 W a chip at the input at 800 MHz and 850 mV (assumed).</summary>
        private const int MicroWattPerV2Mhz = 11918;

        /// <summary>What the board is: nominal 800 MHz / 850 mV.</summary>
        public static BoardDescription Describe(int workShift)
        {
            A1Profile chip = ChipA1.Create(workShift, 16000);
            int[] freqKhz = { 400000, 500000, 600000, 700000, 752000, 800000 };
            int[] milliVolts = { 750, 750, 780, 815, 830, 850 };
            OperatingPoint[] points = LadderModel.Points(FixedMw, MicroWattPerV2Mhz, chip.SmallCores, Chips, freqKhz, milliVolts);
            return new BoardDescription
            {
                Model = Model,
                ChipCount = Chips,
                Chip = chip,
                Points = points,
                NominalPoint = points.Length - 1,
                FixedMw = FixedMw,
                FanMw = 2000,
                Limits = BoardKit.Limits(11000, 14800, 700, 900, 80000),
                ExternalWatchdog = false,
                WhileControllerDead = BoardKit.EnabledWhileDead,
            };
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
                VoutMinMilliVolts = 700,
                VoutMaxMilliVolts = 900,
                IoutOcWarnMilliAmps = 80000,
                IoutOcFaultMilliAmps = 90000,
                TwoPhases = true,
            };
            Tca9548 mux = new Tca9548(io.I2c!, Tca9548.DefaultAddress);
            return new Hashboard
            {
                Description = description,
                Chain = new A1Chain((A1Profile)description.Chip, Chips, io.AsicSpi!, io.AsicReset!),
                Regulator = new Tps546(io.I2c!, Tps546.DefaultAddress, supply, io.RegulatorEnable, false),
                Fans = new Emc2302(io.I2c!, 1, false),
                ChipTemperature = new HottestOf(new Tmp1075(mux.Channel(0), new[] { 0x48, 0x49 }, 5000), 0, 2),
                Io = io,
            };
        }
    }
}
