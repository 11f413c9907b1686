using Ballast.Hw.Asic;

namespace Ballast.Hw.Boards
{
    /// <summary>One point that a board can run at. Power is modelled (fixed + k·V²·f) until <see cref="Measured"/>.</summary>
    public sealed class OperatingPoint
    {
        /// <summary>Chip clock, kHz; 0 in the sleep point.</summary>
        public int FreqKhz;

        /// <summary>Core voltage per chip, mV; 0 in the sleep point.</summary>
        public int MilliVolts;

        /// <summary>Power at the board's input, mW.</summary>
        public int PowerMw;

        /// <summary>Expected hash rate, GH/s.</summary>
        public int HashGhs;

        /// <summary>True if power was measured on the board, false if modelled.</summary>
        public bool Measured;
    }

    /// <summary>Limits of a board. Reaching one is a fault (rules S03 to S07).</summary>
    public sealed class BoardLimits
    {
        /// <summary>Chip temperature that cuts power, m°C.</summary>
        public int ChipMaxMilliC;

        /// <summary>Chip temperature that the fans aim at, m°C.</summary>
        public int ChipTargetMilliC;

        /// <summary>Chip temperature below which a latched fault may be released and fans may slow, m°C.</summary>
        public int ChipCoolMilliC;

        /// <summary>Lowest plausible temperature, m°C.</summary>
        public int PlausibleMinMilliC;

        /// <summary>Highest plausible temperature, m°C.</summary>
        public int PlausibleMaxMilliC;

        /// <summary>Regulator temperature that cuts power, m°C.</summary>
        public int RegulatorMaxMilliC;

        /// <summary>Input below which power is cut, mV.</summary>
        public int InputMinMilliVolts;

        /// <summary>Input above which power is cut, mV.</summary>
        public int InputMaxMilliVolts;

        /// <summary>Lowest core voltage, mV.</summary>
        public int CoreMinMilliVolts;

        /// <summary>Highest core voltage, mV.</summary>
        public int CoreMaxMilliVolts;

        /// <summary>Highest output current, mA.</summary>
        public int OutputMaxMilliAmps;

        /// <summary>Lowest fan duty while chips are powered, %.</summary>
        public int FanFloorPercent;

        /// <summary>Lowest speed that counts as turning, rpm.</summary>
        public int FanMinRpm;

        /// <summary>
        /// Shortest time that the regulator stays off before a start, ms; 0 is none. It spares chips and solder a heat cycle. It delays no fall. A setting
        /// may lengthen it.
        /// </summary>
        public int MinOffMs;
    }

    /// <summary>Everything fixed about a board type. One file per board fills one of these.</summary>
    public sealed class BoardDescription
    {
        /// <summary>Model name, as users know it.</summary>
        public string Model = "";

        /// <summary>Chips on the board.</summary>
        public int ChipCount;

        /// <summary>The chip type.</summary>
        public ChipProfile Chip = null!;

        /// <summary>Operating points, sleep first, hash rate strictly rising.</summary>
        public OperatingPoint[] Points = null!;

        /// <summary>Limits.</summary>
        public BoardLimits Limits = null!;

        /// <summary>Power part that does not depend on the chips, mW (control board, fans at floor).</summary>
        public int FixedMw;

        /// <summary>What all fans together take at full duty, mW, as part of <see cref="FixedMw"/> (modelled); 0 if it is not known.</summary>
        public int FanMw;

        /// <summary>Index in <see cref="Points"/> that a board runs at on its own.</summary>
        public int NominalPoint;

        /// <summary>True if an external hardware watchdog cuts power when the controller hangs (rules S08, S20).</summary>
        public bool ExternalWatchdog;

        /// <summary>Longest stall of all threads by a native call, measured on this board, ms; 0 if nobody measured it (rule S20).</summary>
        public int StallBoundMs;

        /// <summary>What regulator, reset line and fans do while the controller is dead, in a sentence (rule S01).</summary>
        public string WhileControllerDead = "";
    }
}
