using System.Device.Gpio;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>
    /// A digital output. The runtime drives a pin low in the moment in which it becomes an output. So an output whose safe level is high
    /// stays an input with pull-up until it is first written low: there is no pulse that could switch a regulator on (S01).
    /// </summary>
    public sealed class DeviceOutputPin : IOutputPin
    {
        private readonly GpioPin _pin;
        private bool _driven;

        /// <summary>Takes the pin at its safe level.</summary>
        public DeviceOutputPin(GpioController gpio, int number, bool safeHigh)
        {
            _pin = gpio.OpenPin(number, safeHigh ? PinMode.InputPullUp : PinMode.Output);
            _driven = !safeHigh;
            IsHigh = safeHigh;
        }

        /// <inheritdoc/>
        public bool IsHigh { get; private set; }

        /// <inheritdoc/>
        public void Write(bool high)
        {
            if (!_driven && !high)
            {
                _pin.SetPinMode(PinMode.Output);
                _driven = true;
            }

            if (_driven)
            {
                _pin.Write(high ? PinValue.High : PinValue.Low);
            }

            IsHigh = high;
        }
    }

    /// <summary>A digital input with pull-up: open reads high.</summary>
    public sealed class DeviceInputPin : IInputPin
    {
        private readonly GpioPin _pin;

        /// <summary>Takes the pin.</summary>
        public DeviceInputPin(GpioController gpio, int number)
        {
            _pin = gpio.OpenPin(number, PinMode.InputPullUp);
        }

        /// <inheritdoc/>
        public bool IsHigh
        {
            get { return _pin.Read() == PinValue.High; }
        }
    }
}
