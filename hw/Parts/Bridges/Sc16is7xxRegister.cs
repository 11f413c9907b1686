namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the SC16IS740/750/752/760/762 (NXP data sheets). Some share an address; LCR decides.</summary>
    public enum Sc16is7xxRegister
    {
        /// <summary>Receive and transmit FIFO; divisor low while LCR bit 7 is set.</summary>
        Data = 0x0,

        /// <summary>Interrupt enable: bit 0 receive; divisor high while LCR bit 7 is set.</summary>
        InterruptEnable = 0x1,

        /// <summary>Write: FIFO control, bit 0 enable, bits 1 and 2 reset. Read: interrupt identification. EFR while LCR is 0xBF.</summary>
        FifoControl = 0x2,

        /// <summary>Line control: 0x03 is 8N1, bit 7 opens the divisor.</summary>
        LineControl = 0x3,

        /// <summary>Modem control; bit 7 divides the clock by 4.</summary>
        ModemControl = 0x4,

        /// <summary>Line status: bit 1 overrun, bit 6 transmitter empty.</summary>
        LineStatus = 0x5,

        /// <summary>Scratch pad.</summary>
        ScratchPad = 0x7,

        /// <summary>Free places in the transmit FIFO, 0…64.</summary>
        TransmitLevel = 0x8,

        /// <summary>Bytes in the receive FIFO, 0…64.</summary>
        ReceiveLevel = 0x9,

        /// <summary>I/O control: bit 3 resets the part.</summary>
        IoControl = 0xE,

        /// <summary>Extra features.</summary>
        ExtraFeatures = 0xF,
    }
}
