namespace Ballast.Hw.Parts
{
    /// <summary>PMBus commands of the TPS546D24A and TPS546D24S (TI data sheet, section "PMBus commands").</summary>
    public enum Tps546Command
    {
        /// <summary>0x00 off, 0x80 on.</summary>
        Operation = 0x01,

        /// <summary>Which of OPERATION and the enable pin switch the output.</summary>
        OnOffConfig = 0x02,

        /// <summary>Clears latched status bits (no data).</summary>
        ClearFaults = 0x03,

        /// <summary>Phase that phased commands act on; 0xFF all.</summary>
        Phase = 0x04,

        /// <summary>Bars writes.</summary>
        WriteProtect = 0x10,

        /// <summary>Stores to the part's memory. Never used: wrong data there can make the part unusable.</summary>
        StoreUserAll = 0x15,

        /// <summary>Format and exponent of output voltages.</summary>
        VoutMode = 0x20,

        /// <summary>Output voltage, linear16.</summary>
        VoutCommand = 0x21,

        /// <summary>Highest output voltage that can be commanded, linear16.</summary>
        VoutMax = 0x24,

        /// <summary>Output voltage while margined high, linear16.</summary>
        VoutMarginHigh = 0x25,

        /// <summary>Output voltage while margined low, linear16.</summary>
        VoutMarginLow = 0x26,

        /// <summary>Ratio of the feedback divider, linear11.</summary>
        VoutScaleLoop = 0x29,

        /// <summary>Lowest output voltage that can be commanded, linear16.</summary>
        VoutMin = 0x2B,

        /// <summary>Switching frequency, kHz, linear11.</summary>
        FrequencySwitch = 0x33,

        /// <summary>Input voltage at which conversion may start, linear11.</summary>
        VinOn = 0x35,

        /// <summary>Input voltage at which conversion stops, linear11.</summary>
        VinOff = 0x36,

        /// <summary>Output over-voltage fault, relative to VOUT_COMMAND, linear16.</summary>
        VoutOvFaultLimit = 0x40,

        /// <summary>Response to output over-voltage.</summary>
        VoutOvFaultResponse = 0x41,

        /// <summary>Output over-voltage warning, relative, linear16.</summary>
        VoutOvWarnLimit = 0x42,

        /// <summary>Output under-voltage warning, relative, linear16.</summary>
        VoutUvWarnLimit = 0x43,

        /// <summary>Output under-voltage fault, relative, linear16.</summary>
        VoutUvFaultLimit = 0x44,

        /// <summary>Response to output under-voltage.</summary>
        VoutUvFaultResponse = 0x45,

        /// <summary>Output over-current fault, A, linear11.</summary>
        IoutOcFaultLimit = 0x46,

        /// <summary>Response to over-current.</summary>
        IoutOcFaultResponse = 0x47,

        /// <summary>Output over-current warning, A, linear11.</summary>
        IoutOcWarnLimit = 0x4A,

        /// <summary>Over-temperature fault, °C, linear11.</summary>
        OtFaultLimit = 0x4F,

        /// <summary>Response to over-temperature.</summary>
        OtFaultResponse = 0x50,

        /// <summary>Over-temperature warning, °C, linear11.</summary>
        OtWarnLimit = 0x51,

        /// <summary>Input over-voltage fault, V, linear11.</summary>
        VinOvFaultLimit = 0x55,

        /// <summary>Response to input over-voltage.</summary>
        VinOvFaultResponse = 0x56,

        /// <summary>Input under-voltage warning. Flawed in silicon (range about 2.5–8 V): left alone.</summary>
        VinUvWarnLimit = 0x58,

        /// <summary>Time of the soft start, ms, linear11.</summary>
        TonRise = 0x61,

        /// <summary>Response to a soft start that takes too long.</summary>
        TonMaxFaultResponse = 0x63,

        /// <summary>Summary of all status bits, 16 bits.</summary>
        StatusWord = 0x79,

        /// <summary>Output voltage status.</summary>
        StatusVout = 0x7A,

        /// <summary>Output current status.</summary>
        StatusIout = 0x7B,

        /// <summary>Input status.</summary>
        StatusInput = 0x7C,

        /// <summary>Temperature status.</summary>
        StatusTemperature = 0x7D,

        /// <summary>Communication, memory and logic status.</summary>
        StatusCml = 0x7E,

        /// <summary>Other status.</summary>
        StatusOther = 0x7F,

        /// <summary>Manufacturer's status.</summary>
        StatusMfr = 0x80,

        /// <summary>Input voltage, V, linear11.</summary>
        ReadVin = 0x88,

        /// <summary>Output voltage, linear16.</summary>
        ReadVout = 0x8B,

        /// <summary>Output current, A, linear11.</summary>
        ReadIout = 0x8C,

        /// <summary>Temperature of the part, °C, linear11.</summary>
        ReadTemperature1 = 0x8D,

        /// <summary>Identity: a block of 6 bytes.</summary>
        IcDeviceId = 0xAD,

        /// <summary>Compensation, 5 bytes.</summary>
        CompensationConfig = 0xB1,

        /// <summary>Synchronisation.</summary>
        SyncConfig = 0xE4,

        /// <summary>Stack of parts.</summary>
        StackConfig = 0xEC,

        /// <summary>Which values come from the strap pins.</summary>
        PinDetectOverride = 0xEE,
    }
}
