namespace Ballast.Hw.Boards
{
    /// <summary>
    /// Pins of the boards that have a file, one row a board. Sources:
    /// Bitaxe family: defaults of ESP-Miner's Kconfig (reset 1, enable 10, I2C 47/48, button 0, accessory port 39/40) and its UART 17/18; the
    /// layouts of Ultra 205, Supra 403, Gamma 601 and Hex 304 agree with them. Their enable: Ultra 205 has it (GPIO 10, pulled to off);
    /// Supra 403, Gamma 601 and Hex 304 leave GPIO 10 open and hang the TPS546's enable on a divider at the input, so that only its OPERATION
    /// register switches them. Gamma Duo 650 as Gamma, Max 102 as Ultra [?: ESP-Miner's device table, no layout seen].
    /// NerdQAxe++: NerdQAxePlus firmware (reset 1, enable 10, auxiliary supply 13, I2C 44/43, UART 17/18, keys 0 and 14); its console is on the pins
    /// that the firmware gives to its network or CAN board [?: free on the header of the T-Display-S3].
    /// A1Eight: our own reference board, so this table defines it.
    /// USB, flash, PSRAM and the strapping pin 3, which Bitaxe boards tie to 3.3 V, are never used.
    /// </summary>
    public static class BoardPinTable
    {
        private const byte No = 255;
        private const int Columns = 17;

        private static readonly string[] Models =
        {
            BitaxeMax.Model, BitaxeUltra.Model, BitaxeSupra.Model, BitaxeGamma.Model, BitaxeGammaDuo.Model, BitaxeHex.Model, NerdQAxePlusPlus.Model, A1Eight.Model,
        };

        //  reset en high aux  sda scl   tx  rx  mosi miso clk sel  button  console tx rx  led  PMBus
        private static readonly byte[] Rows =
        {
            1, 10, 0, No, 47, 48, 17, 18, No, No, No, No, 0, 39, 40, No, 0,
            1, 10, 0, No, 47, 48, 17, 18, No, No, No, No, 0, 39, 40, No, 0,
            1, No, 0, No, 47, 48, 17, 18, No, No, No, No, 0, 39, 40, No, 0x24,
            1, No, 0, No, 47, 48, 17, 18, No, No, No, No, 0, 39, 40, No, 0x24,
            1, No, 0, No, 47, 48, 17, 18, No, No, No, No, 0, 39, 40, No, 0x24,
            1, No, 0, No, 47, 48, 17, 18, No, No, No, No, 0, 39, 40, No, 0x24,
            1, 10, 1, 13, 44, 43, 17, 18, No, No, No, No, 14, 21, 16, No, 0x71,
            1, 10, 0, No, 47, 48, No, No, 11, 13, 12, 14, 0, 39, 40, 2, 0x24,
        };

        /// <summary>Pins of a board by the name that settings and birth messages use; null if no board has the name.</summary>
        public static BoardPins? Find(string model)
        {
            for (int i = 0; i < Models.Length; i++)
            {
                if (Models[i] == model)
                {
                    return Row(i * Columns);
                }
            }

            return null;
        }

        private static BoardPins Row(int at) => new BoardPins
        {
            Reset = Gpio(at),
            Enable = Gpio(at + 1),
            EnableActiveHigh = Rows[at + 2] == 1,
            Auxiliary = Gpio(at + 3),
            Sda = Gpio(at + 4),
            Scl = Gpio(at + 5),
            AsicTx = Gpio(at + 6),
            AsicRx = Gpio(at + 7),
            SpiMosi = Gpio(at + 8),
            SpiMiso = Gpio(at + 9),
            SpiClock = Gpio(at + 10),
            SpiSelect = Gpio(at + 11),
            Button = Gpio(at + 12),
            ConsoleTx = Gpio(at + 13),
            ConsoleRx = Gpio(at + 14),
            Led = Gpio(at + 15),
            PmBusAddress = Rows[at + 16],
        };

        private static int Gpio(int at) => Rows[at] == No ? BoardPins.None : Rows[at];
    }
}
