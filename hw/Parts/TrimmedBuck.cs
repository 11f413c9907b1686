using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>
    /// The core supply of early Bitaxe boards: a buck converter without a bus, trimmed by a <see cref="Ds4432u"/>, switched by a pin, measured at
    /// its input by an <see cref="Ina260"/>. It cannot tell its output voltage or its faults: output is what was ordered, output
    /// current is reckoned from input power at 90 % efficiency, and the input limits below are this driver's own.
    /// </summary>
    public sealed class TrimmedBuck : IRegulator
    {
        private const int EfficiencyPercent = 90;

        private readonly Ds4432u _trim;
        private readonly Ina260 _meter;
        private readonly ITemperatureSensor _temperature;
        private readonly int _channel;
        private readonly IOutputPin _enable;
        private readonly bool _enableActiveHigh;
        private readonly BoardSupplyLimits _limits;
        private RegulatorFaults _faults;
        private bool _configured;
        private bool _on;
        private int _milliVolts;

        /// <summary>Takes DAC, meter, the sensor nearest to the converter with its channel, the enable pin with its active level, and limits.</summary>
        public TrimmedBuck(Ds4432u trim, Ina260 meter, ITemperatureSensor temperature, int channel, IOutputPin enable, bool enableActiveHigh, BoardSupplyLimits limits)
        {
            _trim = trim;
            _meter = meter;
            _temperature = temperature;
            _channel = channel;
            _enable = enable;
            _enableActiveHigh = enableActiveHigh;
            _limits = limits;
        }

        /// <summary>Switches off, identifies the meter and sets the lowest voltage, read back.</summary>
        public PartStatus Configure()
        {
            _configured = false;
            Drive(false);
            PartStatus status = _meter.Configure();
            if (status == PartStatus.Ok)
            {
                status = _trim.SetMillivolts(_limits.OutputMinMilliVolts);
            }

            if (status == PartStatus.Ok)
            {
                _milliVolts = _limits.OutputMinMilliVolts;
                _faults = RegulatorFaults.None;
                _configured = true;
            }

            return status;
        }

        /// <summary>Sets the output in mV inside the board's range; the DAC is read back.</summary>
        public PartStatus SetMillivolts(int milliVolts)
        {
            if (!_configured)
            {
                return PartStatus.NotPresent;
            }

            if (milliVolts < _limits.OutputMinMilliVolts || milliVolts > _limits.OutputMaxMilliVolts)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = _trim.SetMillivolts(milliVolts);
            if (status == PartStatus.Ok)
            {
                _milliVolts = milliVolts;
            }

            return status;
        }

        /// <summary>Drives the enable pin. There is no other means on these boards.</summary>
        public PartStatus Enable(bool on)
        {
            if (on && !_configured)
            {
                return PartStatus.NotPresent;
            }

            if (on && _faults != RegulatorFaults.None)
            {
                return PartStatus.Implausible;
            }

            Drive(on);
            return PartStatus.Ok;
        }

        /// <summary>Reads input voltage; output voltage is the ordered one, output current is reckoned.</summary>
        public PartStatus Read(RegulatorReading into)
        {
            PartStatus status = _meter.ReadMilliVolts(out int input);
            int power = 0;
            int milliC = 0;
            if (status == PartStatus.Ok)
            {
                status = _meter.ReadMilliWatts(out power);
            }

            if (status == PartStatus.Ok)
            {
                status = _temperature.ReadMilliC(_channel, out milliC);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            into.InputMilliVolts = input;
            into.OutputMilliVolts = _on ? _milliVolts : 0;
            into.OutputMilliAmps = _on ? (int)((long)power * EfficiencyPercent * 10 / _milliVolts) : 0;
            into.TemperatureMilliC = milliC;
            return PartStatus.Ok;
        }

        /// <summary>Checks the input against the board's limits; what it finds stays until <see cref="ClearFaults"/>, with the output off.</summary>
        public PartStatus ReadFaults(out RegulatorFaults faults)
        {
            faults = _faults;
            PartStatus status = _meter.ReadMilliVolts(out int input);
            int power = 0;
            if (status == PartStatus.Ok)
            {
                status = _meter.ReadMilliWatts(out power);
            }

            bool holds = true;
            if (status == PartStatus.Ok && _on)
            {
                status = _trim.Holds(_milliVolts, out holds);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            if (_on)
            {
                // A DAC at its power-up code lets the converter give 1.46 V.
                RegulatorFaults found = holds ? RegulatorFaults.None : RegulatorFaults.SettingsLost;
                if (input < _limits.InputMinMilliVolts)
                {
                    found |= RegulatorFaults.InputUnderVoltage;
                }

                if (input > _limits.InputMaxMilliVolts)
                {
                    found |= RegulatorFaults.InputOverVoltage;
                }

                if (power > _limits.InputMaxMilliWatts)
                {
                    found |= RegulatorFaults.OutputOverCurrent;
                }

                if (found != RegulatorFaults.None)
                {
                    _faults |= found | RegulatorFaults.Off;
                    Drive(false);
                }
            }

            faults = _faults;
            return PartStatus.Ok;
        }

        /// <summary>Forgets what <see cref="ReadFaults"/> found.</summary>
        public PartStatus ClearFaults()
        {
            _faults = RegulatorFaults.None;
            return PartStatus.Ok;
        }

        private void Drive(bool on)
        {
            _on = on;
            _enable.Write(on == _enableActiveHigh);
        }
    }

    /// <summary>Limits that a driver enforces where the converter has none of its own.</summary>
    public sealed class BoardSupplyLimits
    {
        /// <summary>Input below which the output goes off, mV.</summary>
        public int InputMinMilliVolts;

        /// <summary>Input above which the output goes off, mV.</summary>
        public int InputMaxMilliVolts;

        /// <summary>Input power above which the output goes off, mW.</summary>
        public int InputMaxMilliWatts;

        /// <summary>Lowest output, mV.</summary>
        public int OutputMinMilliVolts;

        /// <summary>Highest output, mV.</summary>
        public int OutputMaxMilliVolts;
    }
}
