using System.Device.Gpio;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using nanoFramework.Hardware.Esp32;

namespace Ballast.Device
{
    /// <summary>Opens the buses and pins of a board as its row of <see cref="BoardPinTable"/>, or its settings, say. What decides about power was taken before.</summary>
    public static class BoardPorts
    {
        /// <summary>The chips' reset rate, bit/s.</summary>
        private const int AsicBaud = 115200;

        private const int ConsoleBaud = 115200;
        private const int SpiBus = 1;

        /// <summary>Chooses the pins' functions and opens them.</summary>
        public static BoardIo Open(GpioController gpio, BoardPins pins, IClock clock)
        {
            BoardIo io = new BoardIo
            {
                Clock = clock,
                I2c = SafeOutputs.Bus,
                AsicReset = SafeOutputs.Reset,
                RegulatorEnable = SafeOutputs.Enable,
                AuxiliaryEnable = SafeOutputs.Auxiliary,
            };
            if (pins.AsicTx != BoardPins.None && pins.AsicRx != BoardPins.None)
            {
                Configuration.SetPinFunction(pins.AsicTx, DeviceFunction.COM2_TX);
                Configuration.SetPinFunction(pins.AsicRx, DeviceFunction.COM2_RX);
                io.AsicUart = new DeviceUart("COM2", AsicBaud, clock);
            }

            if (pins.SpiMosi != BoardPins.None && pins.SpiMiso != BoardPins.None && pins.SpiClock != BoardPins.None)
            {
                Configuration.SetPinFunction(pins.SpiMosi, DeviceFunction.SPI1_MOSI);
                Configuration.SetPinFunction(pins.SpiMiso, DeviceFunction.SPI1_MISO);
                Configuration.SetPinFunction(pins.SpiClock, DeviceFunction.SPI1_CLOCK);
                io.AsicSpi = new DeviceSpiBus(SpiBus, pins.SpiSelect);
            }

            io.Button = Input(gpio, pins.Button);
            io.CurtailInput = Input(gpio, pins.Curtail);
            io.Led = Output(gpio, pins.Led);
            return io;
        }

        /// <summary>Opens the console's UART; null on a board without one.</summary>
        public static DeviceUart? OpenConsole(BoardPins pins, IClock clock)
        {
            if (pins.ConsoleTx == BoardPins.None || pins.ConsoleRx == BoardPins.None)
            {
                return null;
            }

            Configuration.SetPinFunction(pins.ConsoleTx, DeviceFunction.COM3_TX);
            Configuration.SetPinFunction(pins.ConsoleRx, DeviceFunction.COM3_RX);
            return new DeviceUart("COM3", ConsoleBaud, clock);
        }

        /// <summary>An output that starts low; null if the board has no such line.</summary>
        public static IOutputPin? Output(GpioController gpio, int pin)
        {
            return pin == BoardPins.None ? null : new DeviceOutputPin(gpio, pin, false);
        }

        private static IInputPin? Input(GpioController gpio, int pin)
        {
            return pin == BoardPins.None ? null : new DeviceInputPin(gpio, pin);
        }
    }
}
