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
                // Half switched on is off: the pin alone cuts (0x1F).
                _orderedOn = false;
                DrivePin(false);
            }

            return status;
        }

        /// <summary>
        /// Reads input and output voltage (mV), output current (mA) and the part's temperature (m°C). With domains in series, output is per
        /// domain and current the sum over domains: voltage compares with what was set, and their product is still the power.
        /// </summary>
        public PartStatus Read(RegulatorReading into)
        {
            PartStatus status = _part.ReadWordLe((int)Tps546Command.ReadVin, out int vin);
            int vout = 0;
            int iout = 0;
            int temperature = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadWordLe((int)Tps546Command.ReadVout, out vout);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.ReadWordLe((int)Tps546Command.ReadIout, out iout);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.ReadWordLe((int)Tps546Command.ReadTemperature1, out temperature);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            int vinMv = PmBus.DecodeLinear11(vin);
            int voutMv = PmBus.DecodeLinear16(vout, Exponent);
            int ioutMa = PmBus.DecodeLinear11(iout);
            int milliC = PmBus.DecodeLinear11(temperature);

            // All bits set, or values the part's own ranges (18 V, 5.5 V, 60 A, -40…150 °C) exclude: nobody drives the bus.
            if ((vin & vout & iout & temperature) == 0xFFFF || vinMv < 0 || vinMv > 20000 || voutMv > 6000
                || ioutMa < -20000 || ioutMa > 80000 || milliC < -45000 || milliC > 180000)
            {
                return PartStatus.Implausible;
            }

            into.InputMilliVolts = vinMv;
            into.OutputMilliVolts = voutMv / _settings.Domains;
            into.OutputMilliAmps = ioutMa * _settings.Domains;
            into.TemperatureMilliC = milliC;
            return PartStatus.Ok;
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
            PartStatus status = Byte(Tps546Command.OnOffConfig, OnOffBoth);
            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.Operation, OperationOff);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.Phase, _settings.TwoPhases ? 0xFF : 0x00);
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.StackConfig, _settings.TwoPhases ? 0x0001 : 0x0000);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.SyncConfig, _settings.TwoPhases ? 0xD0 : 0x10);
            }

            if (status == PartStatus.Ok && _settings.Compensation != null)
            {
                status = Note(Tps546Command.CompensationConfig, _part.WriteBlockChecked((int)Tps546Command.CompensationConfig, _settings.Compensation));
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.PinDetectOverride, 0xFFFF);
            }

            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.FrequencySwitch, _settings.SwitchKhz * 1000);
            }

            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.TonRise, 3000);
            }

            return status;
        }

        private PartStatus WriteOutputLimits()
        {
            PartStatus status = Byte(Tps546Command.VoutMode, Exponent & 0x1F);
            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.VoutScaleLoop, _settings.ScaleLoopPermille);
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.VoutMax, PmBus.EncodeLinear16(_settings.VoutMaxMilliVolts, Exponent));
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.VoutMin, PmBus.EncodeLinear16(_settings.VoutMinMilliVolts, Exponent));
            }

            // Start from the lowest voltage: nothing above it is ever on the rail by accident.
            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.VoutCommand, PmBus.EncodeLinear16(_settings.VoutMinMilliVolts, Exponent));
            }

            // Relative to VOUT_COMMAND, as thousandths.
            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.VoutOvFaultLimit, PmBus.EncodeLinear16(1250, Exponent));
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.VoutOvWarnLimit, PmBus.EncodeLinear16(1160, Exponent));
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.VoutUvWarnLimit, PmBus.EncodeLinear16(900, Exponent));
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps546Command.VoutUvFaultLimit, PmBus.EncodeLinear16(750, Exponent));
            }

            return status;
        }

        private PartStatus WriteInputLimits()
        {
            PartStatus status = Linear11(Tps546Command.VinOn, _settings.VinOnMilliVolts);
            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.VinOff, _settings.VinOffMilliVolts);
            }

            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.VinOvFaultLimit, _settings.VinOvFaultMilliVolts);
            }

            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.IoutOcWarnLimit, _settings.IoutOcWarnMilliAmps);
            }

            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.IoutOcFaultLimit, _settings.IoutOcFaultMilliAmps);
            }

            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.OtWarnLimit, _settings.OtWarnMilliC);
            }

            if (status == PartStatus.Ok)
            {
                status = Linear11(Tps546Command.OtFaultLimit, _settings.OtFaultMilliC);
            }

            return status;
        }

        private PartStatus WriteResponses()
        {
            PartStatus status = Byte(Tps546Command.VoutOvFaultResponse, OffNoRetry);
            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.VoutUvFaultResponse, OffNoRetry);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.IoutOcFaultResponse, OffNoRetry);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.OtFaultResponse, OffNoRetry);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.VinOvFaultResponse, OffNoRetry);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps546Command.TonMaxFaultResponse, OffNoRetry);
            }

            return status;
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
