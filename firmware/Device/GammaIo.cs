using System.Device.Gpio;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using nanoFramework.Hardware.Esp32;

namespace Ballast.Device
{
    /// <summary>Opens the buses and pins of a Bitaxe Gamma. The two lines that decide about power were taken before.</summary>
    public static class GammaIo
    {
        /// <summary>The chips' reset rate, bit/s.</summary>
        private const int AsicBaud = 115200;

        private const int I2cBus = 1;

        /// <summary>The board's accessory connector: TX 39, RX 40.</summary>
        private const int ConsoleTxGpio = 39;
        private const int ConsoleRxGpio = 40;
        private const int ConsoleBaud = 115200;

        /// <summary>Opens the console's UART on the accessory connector.</summary>
        public static DeviceUart OpenConsole(IClock clock)
        {
            Configuration.SetPinFunction(ConsoleTxGpio, DeviceFunction.COM3_TX);
            Configuration.SetPinFunction(ConsoleRxGpio, DeviceFunction.COM3_RX);
            return new DeviceUart("COM3", ConsoleBaud, clock);
        }

        /// <summary>Chooses the pins' functions and opens them.</summary>
        public static BoardIo Open(GpioController gpio, IClock clock)
        {
            Configuration.SetPinFunction(BitaxeGamma.SdaGpio, DeviceFunction.I2C1_DATA);
            Configuration.SetPinFunction(BitaxeGamma.SclGpio, DeviceFunction.I2C1_CLOCK);
            Configuration.SetPinFunction(BitaxeGamma.TxGpio, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(BitaxeGamma.RxGpio, DeviceFunction.COM2_RX);
            return new BoardIo
            {
                Clock = clock,
                I2c = new DeviceI2cBus(I2cBus),
                AsicUart = new DeviceUart("COM2", AsicBaud, clock),
                AsicReset = SafeOutputs.Reset,
                RegulatorEnable = SafeOutputs.Enable,
                Button = new DeviceInputPin(gpio, BitaxeGamma.ButtonGpio),
            };
        }
    }
}
