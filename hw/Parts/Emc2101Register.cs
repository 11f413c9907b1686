namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the EMC2101 (Microchip DS20006703).</summary>
    public enum Emc2101Register
    {
        /// <summary>Internal temperature, signed °C.</summary>
        InternalTemperature = 0x00,

        /// <summary>External temperature, high byte. Reading it latches the low byte.</summary>
        ExternalHigh = 0x01,

        /// <summary>Status; bit 2 open or shorted diode.</summary>
        Status = 0x02,

        /// <summary>Configuration; bit 2 makes pin 6 the tach input.</summary>
        Configuration = 0x03,

        /// <summary>External temperature, low byte: bits 7–5 are 1/2, 1/4 and 1/8 °C.</summary>
        ExternalLow = 0x10,

        /// <summary>Ideality factor of the external diode: 0x12 is 1.008, 0x24 is 1.0319.</summary>
        Ideality = 0x17,

        /// <summary>Beta compensation of the external diode; 0 for the diodes of mining chips.</summary>
        BetaCompensation = 0x18,

        /// <summary>Tach count, low byte. Reading it latches the high byte.</summary>
        TachLow = 0x46,

        /// <summary>Tach count, high byte.</summary>
        TachHigh = 0x47,

        /// <summary>Fan configuration: bit 5 the host sets the duty, bits 1–0 tach mode.</summary>
        FanConfiguration = 0x4A,

        /// <summary>Fan duty, 0…63, in units of 1/(2 × PWM frequency).</summary>
        FanSetting = 0x4C,

        /// <summary>PWM frequency divider, 0…31: sets the resolution of the duty too.</summary>
        PwmFrequency = 0x4D,

        /// <summary>Product id: 0x16 or 0x28.</summary>
        ProductId = 0xFD,

        /// <summary>Manufacturer id: 0x5D.</summary>
        ManufacturerId = 0xFE,
    }
}
