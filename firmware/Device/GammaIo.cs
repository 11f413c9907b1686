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
