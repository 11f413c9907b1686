using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Device.I2c;
using Ballast.Host.Options;
using Iot.Device.Adc;
using Iot.Device.Ads1115;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.PowerMode;
using Iot.Device.Sht3x;

namespace Ballast.Host.Signals.Inputs.Gpio;

/// <summary>Lines by System.Device.Gpio, sensors by Iot.Device.Bindings. Only in a build with <c>-p:HostGpio=true</c>.</summary>
public sealed class GpioHostInputs : IHostInputs
{
    private readonly Dictionary<int, GpioController> _controllers = [];
    private readonly List<IDisposable> _open = [];

    /// <inheritdoc/>
    public IContactLine OpenLine(ContactSection contact, Action edge)
    {
        ArgumentNullException.ThrowIfNull(contact);
        try
        {
            GpioController controller = Controller(contact.Chip);
            PinMode mode = contact.Pull switch
            {
                "up" => PinMode.InputPullUp,
                "down" => PinMode.InputPullDown,
                _ => PinMode.Input,
            };
            controller.OpenPin(contact.Line, mode);
            PinEventTypes edges = contact.Edge switch
            {
                "rising" => PinEventTypes.Rising,
                "falling" => PinEventTypes.Falling,
                _ => PinEventTypes.Rising | PinEventTypes.Falling,
            };
            controller.RegisterCallbackForPinValueChangedEvent(contact.Line, edges, (_, _) => edge());
            return new Line(controller, contact.Line);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Drivers throw many kinds; each means that the line cannot be used.
            throw new HostInputException("Contact '" + contact.Id + "': line " + contact.Line + " cannot be opened (" + error.Message.TrimEnd('.') + "). Check chip, line, pull and the rights of this user.", error);
        }
    }

    /// <inheritdoc/>
    public ISensor OpenSensor(SensorSection sensor)
    {
        ArgumentNullException.ThrowIfNull(sensor);
        try
        {
            I2cDevice device = I2cDevice.Create(new I2cConnectionSettings(sensor.Bus, sensor.Address));
            _open.Add(device);
            return new Reader(Open(sensor, device));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new HostInputException("Sensor '" + sensor.Id + "': " + sensor.Chip + " at bus " + sensor.Bus + ", address " + sensor.Address + " does not answer (" + error.Message.TrimEnd('.') + "). Check the wiring, the address and the rights of this user.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.ForEach(o => o.Dispose());
        foreach (GpioController controller in _controllers.Values)
        {
            controller.Dispose();
        }
    }

    private static Func<double?> Open(SensorSection sensor, I2cDevice device)
    {
        switch (sensor.Chip)
        {
            case "bme280":
                Bme280 bme = new(device);
                bme.SetPowerMode(Bmx280PowerMode.Normal);
                return () => bme.Read().Temperature?.DegreesCelsius;
            case "sht3x":
                Sht3x sht = new(device);
                return () => sht.Temperature.DegreesCelsius;
            case "ina219":
                Ina219 ina = new(device);
                ina.SetCalibration((ushort)sensor.Calibration, (float)sensor.CurrentLsbA);
                return () => (double)ina.ReadPower().Watts;
            default:
                Ads1115 ads = new(device, InputMultiplexer.AIN0 + sensor.Channel);
                return () => ads.ReadVoltage().Volts;
        }
    }

    private GpioController Controller(int? chip)
    {
        int key = chip ?? -1;
        if (!_controllers.TryGetValue(key, out GpioController? controller))
        {
            controller = chip is { } number ? new GpioController(new LibGpiodDriver(number)) : new GpioController();
            _controllers[key] = controller;
        }

        return controller;
    }

    private sealed class Line(GpioController controller, int number) : IContactLine
    {
        public bool? ReadHigh()
        {
            try
            {
                return controller.Read(number) == PinValue.High;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return null;
            }
        }
    }

    private sealed class Reader(Func<double?> read) : ISensor
    {
        public SensorReading Read()
        {
            try
            {
                return read() is { } value ? new SensorReading(value, null) : new SensorReading(null, "the chip measured nothing");
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return new SensorReading(null, error.Message.TrimEnd('.'));
            }
        }
    }
}
