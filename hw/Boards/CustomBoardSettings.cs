namespace Ballast.Hw.Boards
{
    /// <summary>
    /// Description of a board without a file of its own, member by member as its JSON names them (camel case). Whoever reads the JSON hands each
    /// member over by name: on a PC with System.Text.Json, on the device with the flat reader of the wire; the names live here only.
    /// </summary>
    public sealed class CustomBoardSettings
    {
        /// <summary>Name of the board.</summary>
        public string Model = "custom";

        /// <summary>Name of the chip's profile, "BM1370" and so on, or "A1".</summary>
        public string Chip = "";

        /// <summary>"tps546", "tps53647" or "ds4432u".</summary>
        public string Regulator = "tps546";

        /// <summary>"emc2101", "emc2103" or "emc2302".</summary>
        public string FanController = "emc2101";

        /// <summary>What regulator, reset line and fans do while the controller is dead (rule S01): nobody but the board's designer knows.</summary>
        public string WhileControllerDead = "";

        /// <summary>Chips on the board.</summary>
        public int Chips = 1;

        /// <summary>Voltage domains in series.</summary>
        public int Domains = 1;

        /// <summary>Fans, 1 or 2.</summary>
        public int Fans = 1;

        /// <summary>Phases of a TPS53647, 1…6; 2 on a TPS546 for two parts in parallel.</summary>
        public int Phases = 1;

        /// <summary>Power that does not depend on the chips, mW.</summary>
        public int FixedMw;

        /// <summary>k of one chip at the board's input, µW per V² and MHz.</summary>
        public int ChipMicroWattPerV2Mhz;

        /// <summary>Lowest input, mV.</summary>
        public int InputMinMilliVolts;

        /// <summary>Highest input, mV.</summary>
        public int InputMaxMilliVolts;

        /// <summary>Lowest core voltage per chip, mV.</summary>
        public int CoreMinMilliVolts;

        /// <summary>Highest core voltage per chip, mV.</summary>
        public int CoreMaxMilliVolts;

        /// <summary>Highest current of the rail, mA.</summary>
        public int RailMaxMilliAmps;

        /// <summary>Chip temperature that cuts power, m°C.</summary>
        public int ChipMaxMilliC = 75000;

        /// <summary>How much hotter the chips are than their TMP1075 sensors, m°C.</summary>
        public int SensorOffsetMilliC;

        /// <summary>Ideality register for the chip's diode on an EMC2101.</summary>
        public int Ideality = 0x24;

        /// <summary>Longest stall of all threads by a native call, measured on the board, ms; 0 if nobody measured it (rule S20).</summary>
        public int StallBoundMs;

        /// <summary>Shortest time that the board stays off before a start, ms; 0 is none, the default.</summary>
        public int MinOffMs = BoardKit.MinOffMs;

        /// <summary>True if the enable line is active high.</summary>
        public bool EnableActiveHigh;

        /// <summary>True if an external watchdog cuts power when the controller hangs.</summary>
        public bool ExternalWatchdog;

        /// <summary>I2C addresses of TMP1075 beside the chips; empty: the fan controller's diode is the chip's temperature.</summary>
        public int[] Sensors = new int[0];

        /// <summary>Frequencies of the ladder, kHz, rising.</summary>
        public int[] FreqKhz = new int[0];

        /// <summary>Core voltages of the ladder, mV per chip.</summary>
        public int[] MilliVolts = new int[0];

        /// <summary>Takes a text member.</summary>
        /// <returns>Null, or why it was refused; nothing changed then.</returns>
        public string? SetText(string name, string value)
        {
            switch (name)
            {
                case "model":
                    Model = value;
                    return null;
                case "chip":
                    Chip = value;
                    return null;
                case "regulator":
                    Regulator = value;
                    return null;
                case "fanController":
                    FanController = value;
                    return null;
                case "whileControllerDead":
                    WhileControllerDead = value;
                    return null;
                default:
                    return Unknown(name, "text");
            }
        }

        /// <summary>Takes a number.</summary>
        /// <returns>Null, or why it was refused; nothing changed then.</returns>
        public string? SetNumber(string name, int value)
        {
            switch (name)
            {
                case "chips":
                    Chips = value;
                    return null;
                case "domains":
                    Domains = value;
                    return null;
                case "fans":
                    Fans = value;
                    return null;
                case "phases":
                    Phases = value;
                    return null;
                case "fixedMw":
                    FixedMw = value;
                    return null;
                case "chipMicroWattPerV2Mhz":
                    ChipMicroWattPerV2Mhz = value;
                    return null;
                case "inputMinMilliVolts":
                    InputMinMilliVolts = value;
                    return null;
                case "inputMaxMilliVolts":
                    InputMaxMilliVolts = value;
                    return null;
                case "coreMinMilliVolts":
                    CoreMinMilliVolts = value;
                    return null;
                case "coreMaxMilliVolts":
                    CoreMaxMilliVolts = value;
                    return null;
                case "railMaxMilliAmps":
                    RailMaxMilliAmps = value;
                    return null;
                case "chipMaxMilliC":
                    ChipMaxMilliC = value;
                    return null;
                case "sensorOffsetMilliC":
                    SensorOffsetMilliC = value;
                    return null;
                case "stallBoundMs":
                    StallBoundMs = value;
                    return null;
                case "minOffMs":
                    MinOffMs = value;
                    return null;
                case "ideality":
                    Ideality = value;
                    return null;
                default:
                    return Unknown(name, "a number");
            }
        }

        /// <summary>Takes a flag.</summary>
        /// <returns>Null, or why it was refused; nothing changed then.</returns>
        public string? SetFlag(string name, bool value)
        {
            switch (name)
            {
                case "enableActiveHigh":
                    EnableActiveHigh = value;
                    return null;
                case "externalWatchdog":
                    ExternalWatchdog = value;
                    return null;
                default:
                    return Unknown(name, "true or false");
            }
        }

        /// <summary>Takes a list of numbers.</summary>
        /// <returns>Null, or why it was refused; nothing changed then.</returns>
        public string? SetList(string name, int[] values)
        {
            switch (name)
            {
                case "sensors":
                    Sensors = values;
                    return null;
                case "freqKhz":
                    FreqKhz = values;
                    return null;
                case "milliVolts":
                    MilliVolts = values;
                    return null;
                default:
                    return Unknown(name, "a list of numbers");
            }
        }

        private static string Unknown(string name, string kind) =>
            "A board description has no member \"" + name + "\" that is " + kind + ": correct its name or take it out.";
    }
}
