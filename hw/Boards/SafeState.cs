namespace Ballast.Hw.Boards
{
    /// <summary>
    /// What makes any board of the family safe before settings say which one it is (rule S01). Custom boards keep to it: chip reset on
    /// <see cref="ResetGpio"/>, and nothing but I2C on <see cref="SdaGpio"/> and <see cref="SclGpio"/>.
    /// </summary>
    public static class SafeState
    {
        /// <summary>Chip reset, active low: the same on every board of <see cref="BoardPinTable"/>.</summary>
        public const int ResetGpio = 1;

        /// <summary>I2C data of the Bitaxe family.</summary>
        public const int SdaGpio = 47;

        /// <summary>I2C clock of the Bitaxe family.</summary>
        public const int SclGpio = 48;

        /// <summary>Bytes of one entry in <see cref="Orders"/>.</summary>
        public const int OrderLength = 3;

        /// <summary>
        /// Orders as address, register, value: TPS546 and TPS53647 off by OPERATION; EMC2101 takes duties from its register and turns full, both fans
        /// of an EMC2302 full, EMC2103 full. No other part of these boards has one of the addresses.
        /// </summary>
        public static readonly byte[] Orders =
        {
            0x24, 0x01, 0x00,
            0x71, 0x01, 0x00,
            0x4C, 0x4A, 0x23,
            0x4C, 0x4C, 0x3F,
            0x2F, 0x30, 0xFF,
            0x2F, 0x40, 0xFF,
            0x2E, 0x40, 0xFF,
        };
    }
}
