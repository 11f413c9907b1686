using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>
    /// TPS546D24A / TPS546D24S buck converter on PMBus (TI SLUSDN0, SLUSF26). Every write is read back, all fault responses are
    /// "off, no retry", the output needs OPERATION and the enable pin together, and nothing is ever stored in the part (rule S06).
    /// </summary>
    public sealed class Tps546 : IRegulator
    {
        /// <summary>The part's address on the Bitaxe family.</summary>
        public const int DefaultAddress = 0x24;

        /// <summary>OPERATION and enable pin (active high) both needed; turn off at once. Either alone cuts.</summary>
        private const int OnOffBoth = 0x1F;

        /// <summary>Shut down, no retry: only firmware switches on again. Same code for 41, 45, 47, 50, 56 and 63 (data sheet).</summary>
        private const int OffNoRetry = 0x80;

        /// <summary>VOUT_MODE: linear, relative limits, exponent -9.</summary>
        private const int Exponent = -9;

        private const int OperationOn = 0x80;
        private const int OperationOff = 0x00;

        private readonly I2cPart _part;
        private readonly IOutputPin? _enable;
        private readonly bool _enableActiveHigh;
        private readonly Tps546Settings _settings;
        private readonly byte[] _id = new byte[7];
        private bool _configured;
        private bool _orderedOn;
        private PartStatus _last;

        /// <summary>Takes the bus, the part's address, the board's limits, and the enable line with its active level (null if the board has none).</summary>
        public Tps546(II2cBus bus, int address, Tps546Settings settings, IOutputPin? enable, bool enableActiveHigh)
        {
            _part = new I2cPart(bus, address);
            _settings = settings;
            _enable = enable;
            _enableActiveHigh = enableActiveHigh;
        }

        /// <summary>The register at which the last failed call failed; 0 if none has. For the technician.</summary>
        public int FailedRegister { get; private set; }

        /// <summary>
        /// Identifies the part, switches it off, and writes limits and responses, each read back. Output stays off.
        /// </summary>
        /// <returns><see cref="PartStatus.WrongPart"/> if another part answers, <see cref="PartStatus.ReadBackDiffers"/> if a limit did not take.</returns>
        public PartStatus Configure()
        {
            _configured = false;
            _orderedOn = false;
            FailedRegister = 0;
            DrivePin(false);
            PartStatus status = Identify();
            if (status != PartStatus.Ok)
            {
                FailedRegister = (int)Tps546Command.IcDeviceId;
                return status;
            }

            status = WriteSwitching();
            if (status == PartStatus.Ok)
            {
                status = WriteOutputLimits();
            }

            if (status == PartStatus.Ok)
            {
                status = WriteInputLimits();
            }

            if (status == PartStatus.Ok)
            {
                status = WriteResponses();
            }

            if (status == PartStatus.Ok)
            {
                status = ClearFaults();
            }

            _configured = status == PartStatus.Ok;
            return status;
        }

        /// <summary>
        /// Sets the core voltage in mV (times the domains in series), truncated toward lower volts, and reads it back.
        /// Range: the board's VOUT_MIN…VOUT_MAX; outside it nothing changes.
        /// </summary>
        public PartStatus SetMillivolts(int milliVolts)
        {
            if (!_configured)
            {
                return PartStatus.NotPresent;
            }

            int rail = milliVolts * _settings.Domains;
            if (milliVolts <= 0 || rail < _settings.VoutMinMilliVolts || rail > _settings.VoutMaxMilliVolts)
            {
                return PartStatus.OutOfRange;
            }

            return Word(Tps546Command.VoutCommand, PmBus.EncodeLinear16(rail, Exponent));
        }

        /// <summary>
        /// On: only after <see cref="Configure"/>; pin, then OPERATION, read back. Off: pin and OPERATION both, each even if the other fails;
        /// the result is the worse of the two.
        /// </summary>
        public PartStatus Enable(bool on)
        {
            if (on && !_configured)
            {
                return PartStatus.NotPresent;
            }

            DrivePin(on);
            _orderedOn = on;
            PartStatus status = Byte(Tps546Command.Operation, on ? OperationOn : OperationOff);
            if (status != PartStatus.Ok && on)
            {
                // Half switched on is off: the pin alone cuts (0x1F), and where there is none, the order taken back.
                _orderedOn = false;
                DrivePin(false);
                Byte(Tps546Command.Operation, OperationOff);
            }

            return status;
        }

        /// <summary>
        /// Reads input and output voltage (mV), output current (mA) and the part's temperature (m°C). With domains in series, output is per
        /// domain and current the sum over domains: voltage compares with what was set, and their product is still the power.
        /// </summary>
        public PartStatus Read(RegulatorReading into)
        {
            // The part's own ranges are 18 V, 5.5 V, 60 A, -40…150 °C.
            PartStatus status = PmBusMeter.Read(_part, (int)Tps546Command.ReadVout, Exponent, 6000, 80000, into);
            if (status == PartStatus.Ok)
            {
                into.OutputMilliVolts /= _settings.Domains;
                into.OutputMilliAmps *= _settings.Domains;
            }

            return status;
        }

        /// <summary>Reads STATUS_WORD, and the byte below it where the word does not say which way a limit was passed.</summary>
        public PartStatus ReadFaults(out RegulatorFaults faults)
        {
            faults = RegulatorFaults.None;
            PartStatus status = _part.ReadWordLe((int)Tps546Command.StatusWord, out int word);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            if (word == 0xFFFF)
            {
                return PartStatus.Implausible;
            }

            RegulatorFaults found = PmBusStatus.OfWord(word, _orderedOn);
            if ((word & PmBusStatus.Vout) != 0)
            {
                status = _part.ReadByte((int)Tps546Command.StatusVout, out int vout);
                found |= PmBusStatus.OfVout(vout);
            }

            if (status == PartStatus.Ok && (word & PmBusStatus.Input) != 0)
            {
                status = _part.ReadByte((int)Tps546Command.StatusInput, out int input);
                found |= PmBusStatus.OfInput(input);
            }

            if (status == PartStatus.Ok && (word & PmBusStatus.Iout) != 0)
            {
                status = _part.ReadByte((int)Tps546Command.StatusIout, out int iout);
                found |= PmBusStatus.OfIout(iout);
            }

            if (status == PartStatus.Ok && (word & PmBusStatus.Temperature) != 0)
            {
                status = _part.ReadByte((int)Tps546Command.StatusTemperature, out int temperature);
                found |= PmBusStatus.OfTemperature(temperature);
            }

            if (status == PartStatus.Ok && _configured)
            {
                // After a power-up of its own the part switches by its pin alone, with limits and responses that are not ours.
                status = _part.ReadByte((int)Tps546Command.OnOffConfig, out int switching);
                found |= switching == OnOffBoth ? RegulatorFaults.None : RegulatorFaults.SettingsLost;
            }

            faults = status == PartStatus.Ok ? found : RegulatorFaults.None;
            return status;
        }

        /// <summary>Clears latched status bits. An output that a fault switched off stays off until OPERATION goes off and on.</summary>
        public PartStatus ClearFaults() => Note(Tps546Command.ClearFaults, _part.SendByte((int)Tps546Command.ClearFaults));

        private PartStatus Identify()
        {
            // Block read: length 6, then "TITm$A" (D24A) or "TITm$b" (D24S).
            PartStatus status = _part.ReadBytes((int)Tps546Command.IcDeviceId, _id, 0, 7);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            bool known = _id[0] == 6 && _id[1] == 0x54 && _id[2] == 0x49 && _id[3] == 0x54 && _id[4] == 0x6D && _id[5] == 0x24
                && (_id[6] == 0x41 || _id[6] == 0x62);
            return known ? PartStatus.Ok : PartStatus.WrongPart;
        }

        private PartStatus WriteSwitching()
        {
            bool two = _settings.TwoPhases;
            _last = PartStatus.Ok;
            _ = Put(Tps546Command.OnOffConfig, OnOffBoth)
                && Put(Tps546Command.Operation, OperationOff)
                && Put(Tps546Command.Phase, two ? 0xFF : 0x00)
                && PutWord(Tps546Command.StackConfig, two ? 0x0001 : 0x0000)
                && Put(Tps546Command.SyncConfig, two ? 0xD0 : 0x10)
                && PutCompensation()
                && PutWord(Tps546Command.PinDetectOverride, 0xFFFF)
                && PutLinear11(Tps546Command.FrequencySwitch, _settings.SwitchKhz * 1000)
                && PutLinear11(Tps546Command.TonRise, 3000);
            return _last;
        }

        private PartStatus WriteOutputLimits()
        {
            // The output starts from its lowest voltage: nothing above it is ever on the rail by accident. Limits are relative, in thousandths.
            _last = PartStatus.Ok;
            _ = Put(Tps546Command.VoutMode, Exponent & 0x1F)
                && PutLinear11(Tps546Command.VoutScaleLoop, _settings.ScaleLoopPermille)
                && PutVolts(Tps546Command.VoutMax, _settings.VoutMaxMilliVolts)
                && PutVolts(Tps546Command.VoutMin, _settings.VoutMinMilliVolts)
                && PutVolts(Tps546Command.VoutCommand, _settings.VoutMinMilliVolts)
                && PutVolts(Tps546Command.VoutOvFaultLimit, 1250)
                && PutVolts(Tps546Command.VoutOvWarnLimit, 1160)
                && PutVolts(Tps546Command.VoutUvWarnLimit, 900)
                && PutVolts(Tps546Command.VoutUvFaultLimit, 750);
            return _last;
        }

        private PartStatus WriteInputLimits()
        {
            _last = PartStatus.Ok;
            _ = PutLinear11(Tps546Command.VinOn, _settings.VinOnMilliVolts)
                && PutLinear11(Tps546Command.VinOff, _settings.VinOffMilliVolts)
                && PutLinear11(Tps546Command.VinOvFaultLimit, _settings.VinOvFaultMilliVolts)
                && PutLinear11(Tps546Command.IoutOcWarnLimit, _settings.IoutOcWarnMilliAmps)
                && PutLinear11(Tps546Command.IoutOcFaultLimit, _settings.IoutOcFaultMilliAmps)
                && PutLinear11(Tps546Command.OtWarnLimit, _settings.OtWarnMilliC)
                && PutLinear11(Tps546Command.OtFaultLimit, _settings.OtFaultMilliC);
            return _last;
        }

        private PartStatus WriteResponses()
        {
            _last = PartStatus.Ok;
            _ = Put(Tps546Command.VoutOvFaultResponse, OffNoRetry)
                && Put(Tps546Command.VoutUvFaultResponse, OffNoRetry)
                && Put(Tps546Command.IoutOcFaultResponse, OffNoRetry)
                && Put(Tps546Command.OtFaultResponse, OffNoRetry)
                && Put(Tps546Command.VinOvFaultResponse, OffNoRetry)
                && Put(Tps546Command.TonMaxFaultResponse, OffNoRetry);
            return _last;
        }

        private bool Put(Tps546Command command, int value) => Done(Byte(command, value));

        private bool PutWord(Tps546Command command, int value) => Done(Word(command, value));

        private bool PutVolts(Tps546Command command, int milliVolts) => Done(Word(command, PmBus.EncodeLinear16(milliVolts, Exponent)));

        private bool PutLinear11(Tps546Command command, int milli) => Done(Linear11(command, milli));

        private bool PutCompensation() => _settings.Compensation == null
            || Done(Note(Tps546Command.CompensationConfig, _part.WriteBlockChecked((int)Tps546Command.CompensationConfig, _settings.Compensation)));

        private bool Done(PartStatus status)
        {
            _last = status;
            return status == PartStatus.Ok;
        }

        private PartStatus Byte(Tps546Command command, int value) => Note(command, _part.WriteByteChecked((int)command, value));

        private PartStatus Word(Tps546Command command, int value) => value < 0
            ? Note(command, PartStatus.OutOfRange)
            : Note(command, _part.WriteWordLeChecked((int)command, value));

        private PartStatus Linear11(Tps546Command command, int milli)
        {
            int word = PmBus.EncodeLinear11(milli);
            if (word < 0)
            {
                return Note(command, PartStatus.OutOfRange);
            }

            PartStatus status = _part.WriteWordLe((int)command, word);
            int back = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadWordLe((int)command, out back);
            }

            if (status != PartStatus.Ok || back == word)
            {
                return Note(command, status);
            }

            // The part may answer with another exponent of its own, so values are compared, within 2 %.
            int difference = PmBus.DecodeLinear11(back) - PmBus.DecodeLinear11(word);
            if (difference < 0)
            {
                difference = -difference;
            }

            return Note(command, (long)difference * 50 <= milli ? PartStatus.Ok : PartStatus.ReadBackDiffers);
        }

        private PartStatus Note(Tps546Command command, PartStatus status)
        {
            if (status != PartStatus.Ok)
            {
                FailedRegister = (int)command;
            }

            return status;
        }

        private void DrivePin(bool on)
        {
            if (_enable != null)
            {
                _enable.Write(on == _enableActiveHigh);
            }
        }
    }
}
