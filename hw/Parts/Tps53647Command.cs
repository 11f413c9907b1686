namespace Ballast.Hw.Parts
{
    /// <summary>PMBus commands of the TPS53647 (TI SLUSC39).</summary>
    public enum Tps53647Command
    {
        /// <summary>0x00 off, 0x80 on. Without effect while ON_OFF_CONFIG is 0x17.</summary>
        Operation = 0x01,

        /// <summary>0x17: the enable pin alone switches, active high, at once.</summary>
        OnOffConfig = 0x02,

        /// <summary>Clears latched status bits (no data).</summary>
        ClearFaults = 0x03,

        /// <summary>Output voltage as VID.</summary>
        VoutCommand = 0x21,

        /// <summary>Highest output voltage that can be commanded, as VID.</summary>
        VoutMax = 0x24,

        /// <summary>Over-current fault, A, linear11.</summary>
        IoutOcFaultLimit = 0x46,

        /// <summary>Over-current warning, A, linear11.</summary>
        IoutOcWarnLimit = 0x4A,

        /// <summary>Over-temperature fault, °C, linear11.</summary>
        OtFaultLimit = 0x4F,

        /// <summary>Over-temperature warning, °C, linear11.</summary>
        OtWarnLimit = 0x51,

        /// <summary>Summary of the most important status bits.</summary>
        StatusByte = 0x78,

        /// <summary>Summary of all status bits.</summary>
        StatusWord = 0x79,

        /// <summary>Output voltage status: 0x80 and 0x10 are faults.</summary>
        StatusVout = 0x7A,

        /// <summary>Output current status: 0x80 is a fault.</summary>
        StatusIout = 0x7B,

        /// <summary>Input status: 0x80, 0x10 and 0x04 are faults.</summary>
        StatusInput = 0x7C,

        /// <summary>Temperature status: 0x80 is a fault.</summary>
        StatusTemperature = 0x7D,

        /// <summary>Input voltage, V, linear11.</summary>
        ReadVin = 0x88,

        /// <summary>Input current, A, linear11.</summary>
        ReadIin = 0x89,

        /// <summary>Output current, A, linear11.</summary>
        ReadIout = 0x8C,

        /// <summary>Temperature, °C, linear11.</summary>
        ReadTemperature1 = 0x8D,

        /// <summary>Input power, W, linear11.</summary>
        ReadPin = 0x97,

        /// <summary>MFR_SPECIFIC_04: output voltage, V × 2^9.</summary>
        ReadVoutLinear = 0xD4,

        /// <summary>MFR_SPECIFIC_10: maximum current, A.</summary>
        MaximumCurrent = 0xDA,

        /// <summary>MFR_SPECIFIC_12: switching frequency; 0x20 is 500 kHz.</summary>
        SwitchingFrequency = 0xDC,

        /// <summary>MFR_SPECIFIC_13: operating mode; 0x89 VR12 VID, phase shedding, 0.68 mV/µs.</summary>
        OperatingMode = 0xDD,

        /// <summary>MFR_SPECIFIC_20: phases less one.</summary>
        Phases = 0xE4,

        /// <summary>MFR_SPECIFIC_44: device code 0x01F0.</summary>
        DeviceCode = 0xFC,
    }
}
