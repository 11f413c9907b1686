namespace Ballast.Hw.Parts
{
    /// <summary>The core regulator of a hashboard. Off until <see cref="Configure"/> and <see cref="Enable"/> have both succeeded.</summary>
    public interface IRegulator
    {
        /// <summary>Identifies the part and writes its limits and fault responses, each read back (rule S06). Output stays off.</summary>
        PartStatus Configure();

        /// <summary>Sets the output in millivolts, inside the board's range, and reads it back.</summary>
        PartStatus SetMillivolts(int milliVolts);

        /// <summary>Switches the output on or off. Off is tried by every means the board has, even when one fails.</summary>
        PartStatus Enable(bool on);

        /// <summary>Reads input and output. <paramref name="into"/> is unchanged unless the result is <see cref="PartStatus.Ok"/>.</summary>
        PartStatus Read(RegulatorReading into);

        /// <summary>Reads the latched faults; 0 is none.</summary>
        PartStatus ReadFaults(out RegulatorFaults faults);

        /// <summary>Clears latched faults. Never done by a retry alone: the supervisor decides.</summary>
        PartStatus ClearFaults();
    }

    /// <summary>One consistent reading of a regulator.</summary>
    public sealed class RegulatorReading
    {
        /// <summary>Input, mV.</summary>
        public int InputMilliVolts;

        /// <summary>Output, mV.</summary>
        public int OutputMilliVolts;

        /// <summary>Output current, mA.</summary>
        public int OutputMilliAmps;

        /// <summary>The part's own temperature, m°C.</summary>
        public int TemperatureMilliC;
    }

    /// <summary>Latched regulator faults, as bits (rule S06).</summary>
    [System.Flags]
    public enum RegulatorFaults
    {
        /// <summary>No fault.</summary>
        None = 0,

        /// <summary>Output over-voltage.</summary>
        OutputOverVoltage = 1,

        /// <summary>Output over-current.</summary>
        OutputOverCurrent = 2,

        /// <summary>Input under-voltage.</summary>
        InputUnderVoltage = 4,

        /// <summary>Input over-voltage.</summary>
        InputOverVoltage = 8,

        /// <summary>Over-temperature of the regulator.</summary>
        OverTemperature = 16,

        /// <summary>Output is off although it was ordered on.</summary>
        Off = 32,

        /// <summary>Communication or memory error in the part.</summary>
        Communication = 64,

        /// <summary>Output under-voltage.</summary>
        OutputUnderVoltage = 128,

        /// <summary>Any other fault the part names.</summary>
        Other = 256,

        /// <summary>The part no longer holds what was written to it: it lost its supply and with it the board's limits.</summary>
        SettingsLost = 512,
    }
}
