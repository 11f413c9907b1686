namespace Ballast.Hw.Boards
{
    /// <summary>GPIO numbers of a control board's ESP32; <see cref="None"/> where the board has no such line.</summary>
    public sealed class BoardPins
    {
        /// <summary>The board has no such line.</summary>
        public const int None = -1;

        /// <summary>Largest GPIO number of the ESP32 family that Ballast runs on (ESP32-S3).</summary>
        public const int MaxGpio = 48;

        /// <summary>Chip reset, active low.</summary>
        public int Reset = None;

        /// <summary>Core enable of the regulator.</summary>
        public int Enable = None;

        /// <summary>True if <see cref="Enable"/> is active high.</summary>
        public bool EnableActiveHigh;

        /// <summary>Enable of the chips' auxiliary supply, active high.</summary>
        public int Auxiliary = None;

        /// <summary>I2C data.</summary>
        public int Sda = None;

        /// <summary>I2C clock.</summary>
        public int Scl = None;

        /// <summary>UART that sends to the chips.</summary>
        public int AsicTx = None;

        /// <summary>UART that hears the chips.</summary>
        public int AsicRx = None;

        /// <summary>SPI to the chips: data out.</summary>
        public int SpiMosi = None;

        /// <summary>SPI to the chips: data in.</summary>
        public int SpiMiso = None;

        /// <summary>SPI to the chips: clock.</summary>
        public int SpiClock = None;

        /// <summary>SPI to the chips: select.</summary>
        public int SpiSelect = None;

        /// <summary>The board's own button, low while pressed.</summary>
        public int Button = None;

        /// <summary>UART of the technician's console: sends.</summary>
        public int ConsoleTx = None;

        /// <summary>UART of the technician's console: hears.</summary>
        public int ConsoleRx = None;

        /// <summary>Identify LED, active high.</summary>
        public int Led = None;

        /// <summary>Hard-wired curtail input, low while a shed is wanted (rule S13).</summary>
        public int Curtail = None;

        /// <summary>Trigger of an external watchdog that cuts power when it gets no more edges (rule S08).</summary>
        public int Watchdog = None;

        /// <summary>Address of a regulator on PMBus, which rule S01 switches off by its OPERATION register; 0 without one.</summary>
        public int PmBusAddress;

        /// <summary>Sets a line by the name that settings use. Null, or why it was refused; nothing changed then.</summary>
        public string? Set(string name, int gpio)
        {
            if (gpio > MaxGpio || gpio < 0 || (gpio >= 22 && gpio <= 32))
            {
                return "pin." + name + " is " + gpio.ToString() + ": give a GPIO of the ESP32-S3, 0 to 21 or 33 to 48";
            }

            switch (name)
            {
                case "reset": Reset = gpio; return null;
                case "enable": Enable = gpio; return null;
                case "auxiliary": Auxiliary = gpio; return null;
                case "sda": Sda = gpio; return null;
                case "scl": Scl = gpio; return null;
                case "asicTx": AsicTx = gpio; return null;
                case "asicRx": AsicRx = gpio; return null;
                case "spiMosi": SpiMosi = gpio; return null;
                case "spiMiso": SpiMiso = gpio; return null;
                case "spiClock": SpiClock = gpio; return null;
                case "spiSelect": SpiSelect = gpio; return null;
                case "button": Button = gpio; return null;
                case "consoleTx": ConsoleTx = gpio; return null;
                case "consoleRx": ConsoleRx = gpio; return null;
                case "led": Led = gpio; return null;
                case "curtail": Curtail = gpio; return null;
                case "watchdog": Watchdog = gpio; return null;
                default: return "'pin." + name + "' is not a line of a control board";
            }
        }

        /// <summary>True if a line other than I2C has the GPIO.</summary>
        public bool Takes(int gpio)
        {
            int[] all = Lines();
            for (int i = 0; i < all.Length - 2; i++)
            {
                if (all[i] == gpio)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>The GPIO that two lines share, or <see cref="None"/>.</summary>
        public int Shared()
        {
            int[] all = Lines();
            for (int i = 0; i < all.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (all[i] != None && all[i] == all[j])
                    {
                        return all[i];
                    }
                }
            }

            return None;
        }

        /// <summary>Every line; I2C last.</summary>
        private int[] Lines() => new[]
        {
            Reset, Enable, Auxiliary, AsicTx, AsicRx, SpiMosi, SpiMiso, SpiClock, SpiSelect, Button, ConsoleTx, ConsoleRx, Led, Curtail, Watchdog, Sda, Scl,
        };
    }
}
