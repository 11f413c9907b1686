using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>What several board files have in common.</summary>
    internal static class BoardKit
    {
        /// <summary>A 5 V fan of 40 mm at full duty, mW (modelled).</summary>
        internal const int SmallFanMw = 1300;

        /// <summary>Ideality factor of the diode in BM1366 and later chips: 1.0319 (ESP-Miner's device table).</summary>
        internal const int BitmainIdeality = 0x24;

        /// <summary>Ideality factor 1.008: the part's power-up value, for boards that ESP-Miner leaves at it.</summary>
        internal const int DefaultIdeality = 0x12;

        /// <summary>
        /// Boards whose TPS546 is enabled by a divider at the input: layouts of Supra 403, Gamma 601 and Hex 304. Their reset line runs through a level
        /// shifter without a pull resistor, so its level is open while nobody drives it.
        /// </summary>
        internal const string SelfEnabledWhileDead = "Regulator keeps its last order and the fans their last duty, whether the ESP32 is in reset or hangs: no GPIO "
            + "reaches the enable. Chip reset floats in reset. Nothing on the board cuts a core that was on; the first act after a start does";

        /// <summary>Boards whose converter a GPIO enables, pulled to off by 10 kΩ: layout of Ultra 205.</summary>
        internal const string EnabledWhileDead = "ESP32 in reset: a pull-up holds the core off, chip reset floats, the fan keeps its last duty. A controller that "
            + "hangs with its pins driven leaves the core on; nothing on the board cuts it";

        /// <summary>
        /// Shortest time off of these boards, ms. No part asks for it: rails empty within milliseconds and fans turn within a second. It bounds how often
        /// anything that changes its mind, a price, a contact, two masters, can take a board through a heat cycle: at most every minute or so. ESP-Miner
        /// lets a board that was too hot cool for as long (six times 5 s); what a cycle costs nobody measured [?]. A curtailment that lasts longer
        /// pays nothing for it, because it counts from the moment that power went. The setting MinOffS asks for more.
        /// </summary>
        internal const int MinOffMs = 30000;

        /// <summary>Thermal limits as ESP-Miner has them (75 °C chip, 60 °C target, 45 °C cool, regulator 105 °C), with a board's electrical ones.</summary>
        internal static BoardLimits Limits(int inputMin, int inputMax, int coreMin, int coreMax, int outputMilliAmps) => new BoardLimits
        {
            ChipMaxMilliC = 75000,
            ChipTargetMilliC = 60000,
            ChipCoolMilliC = 45000,
            PlausibleMinMilliC = 0,
            PlausibleMaxMilliC = 120000,
            RegulatorMaxMilliC = 105000,
            InputMinMilliVolts = inputMin,
            InputMaxMilliVolts = inputMax,
            CoreMinMilliVolts = coreMin,
            CoreMaxMilliVolts = coreMax,
            OutputMaxMilliAmps = outputMilliAmps,
            FanFloorPercent = 25,
            FanMinRpm = 500,
            MinOffMs = MinOffMs,
        };

        /// <summary>A board's description around a chip profile and a ladder; it runs at its top point on its own.</summary>
        internal static BoardDescription Describe(string model, Bm13xxProfile chip, int chips, OperatingPoint[] points, int fanMw, BoardLimits limits, string whileDead) =>
            new BoardDescription
            {
                Model = model,
                ChipCount = chips,
                Chip = chip,
                Points = points,
                NominalPoint = points.Length - 1,
                FixedMw = points[0].PowerMw,
                FanMw = fanMw,
                Limits = limits,
                ExternalWatchdog = false,
                WhileControllerDead = whileDead,
            };

        /// <summary>The TPS546 of 5 V boards (ESP-Miner's profile for Max, Ultra, Supra and Gamma), with the board's own output range.</summary>
        internal static Tps546Settings FiveVolt(int voutMin, int voutMax) => new Tps546Settings
        {
            VinOnMilliVolts = 4800,
            VinOffMilliVolts = 4500,
            VinOvFaultMilliVolts = 6500,
            VoutMinMilliVolts = voutMin,
            VoutMaxMilliVolts = voutMax,
            IoutOcWarnMilliAmps = 25000,
            IoutOcFaultMilliAmps = 30000,
        };

        /// <summary>Puts together a Bitaxe with TPS546 and EMC2101.</summary>
        internal static Hashboard WithTps546(BoardIo io, BoardDescription description, Tps546Settings supply, Emc2101 fanAndSensor) => new Hashboard
        {
            Description = description,
            Chain = new Bm13xxChain((Bm13xxProfile)description.Chip, description.ChipCount, io.AsicUart!, io.AsicReset!),
            Regulator = new Tps546(io.I2c!, Tps546.DefaultAddress, supply, io.RegulatorEnable, false),
            Fans = fanAndSensor,
            ChipTemperature = fanAndSensor,
            ChipTemperatureChannel = Emc2101.ExternalChannel,
            Io = io,
        };

        /// <summary>Puts together an early Bitaxe: converter trimmed by a DS4432U, INA260, EMC2101.</summary>
        internal static Hashboard WithTrimmedBuck(BoardIo io, BoardDescription description, BoardSupplyLimits limits, Emc2101 fanAndSensor, int chipChannel) =>
            new Hashboard
            {
                Description = description,
                Chain = new Bm13xxChain((Bm13xxProfile)description.Chip, description.ChipCount, io.AsicUart!, io.AsicReset!),
                Regulator = new TrimmedBuck(new Ds4432u(io.I2c!), new Ina260(io.I2c!), fanAndSensor, Emc2101.InternalChannel, io.RegulatorEnable!, false, limits),
                Fans = fanAndSensor,
                ChipTemperature = fanAndSensor,
                ChipTemperatureChannel = chipChannel,
                Io = io,
            };
    }
}
