using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>What a board file says about its TPS53647.</summary>
    public sealed class Tps53647Settings
    {
        /// <summary>Lowest output, mV; 1,005 or more.</summary>
        public int VoutMinMilliVolts;

        /// <summary>Highest output, mV; 1,400 or less.</summary>
        public int VoutMaxMilliVolts;

        /// <summary>Phases, 1…6.</summary>
        public int Phases;

        /// <summary>Maximum current that the part scales its report to, A.</summary>
        public int MaximumAmps;

        /// <summary>Over-current fault, mA.</summary>
        public int IoutOcFaultMilliAmps;

        /// <summary>Over-temperature warning, m°C.</summary>
        public int OtWarnMilliC = 95000;

        /// <summary>Over-temperature fault, m°C.</summary>
        public int OtFaultMilliC = 125000;
    }

    /// <summary>
    /// TPS53647 multi-phase controller on PMBus (TI SLUSC39; use as in NerdQAxePlus). The enable pin alone switches it (ON_OFF_CONFIG 0x17).
    /// Its protections latch off by themselves [?: no response register is known to us], so nothing retries. All bits set in every answer
    /// means that the part is missing or has no supply.
    /// </summary>
    public sealed class Tps53647 : IRegulator
    {
        /// <summary>The part's address on the NerdQAxe family.</summary>
        public const int DefaultAddress = 0x71;

        private const int DeviceCode = 0x01F0;
        private const int EnablePinOnly = 0x17;
        private const int Vr12Mode = 0x89;
        private const int Switch500Khz = 0x20;

        private readonly I2cPart _part;
        private readonly Tps53647Settings _settings;
        private readonly IOutputPin _enable;
        private readonly IOutputPin? _ldo;
        private bool _configured;
        private bool _orderedOn;

        /// <summary>Takes the bus, the board's limits, the enable pin (active high) and the enable of the chips' auxiliary supply (active high), if any.</summary>
        public Tps53647(II2cBus bus, int address, Tps53647Settings settings, IOutputPin enable, IOutputPin? auxiliary)
        {
            _part = new I2cPart(bus, address);
            _settings = settings;
            _enable = enable;
            _ldo = auxiliary;
        }

        /// <summary>The register at which the last failed call failed; 0 if none has.</summary>
        public int FailedRegister { get; private set; }

        /// <summary>
        /// VID of a voltage: round((V - 0.25) / 0.005) + 1. 1,150 mV is B5. (Single-precision truncation, as in one peer, gives B4.)
        /// </summary>
        /// <returns>1…255, or -1 outside 250…1,520 mV.</returns>
        public static int VidOf(int milliVolts)
        {
            if (milliVolts < 250 || milliVolts > 1520)
            {
                return -1;
            }

            return ((milliVolts - 250 + 2) / 5) + 1;
        }

        /// <summary>Voltage of a VID 1…255, mV; 0 for VID 0, which is off.</summary>
        public static int MilliVoltsOf(int vid) => vid <= 0 ? 0 : 250 + ((vid - 1) * 5);

        /// <summary>Identifies the part and writes mode, phases and limits, each read back. Output stays off.</summary>
        public PartStatus Configure()
        {
            _configured = false;
            _orderedOn = false;
            FailedRegister = 0;
            _enable.Write(false);
            PartStatus status = _part.ReadWordLe((int)Tps53647Command.DeviceCode, out int code);
            if (status != PartStatus.Ok)
            {
                return Note(Tps53647Command.DeviceCode, status);
            }

            if (code != DeviceCode)
            {
                return Note(Tps53647Command.DeviceCode, code == 0xFFFF ? PartStatus.NotPresent : PartStatus.WrongPart);
            }

            status = Byte(Tps53647Command.OnOffConfig, EnablePinOnly);
            if (status == PartStatus.Ok)
            {
                status = Byte(Tps53647Command.SwitchingFrequency, Switch500Khz);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps53647Command.MaximumCurrent, _settings.MaximumAmps);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps53647Command.OperatingMode, Vr12Mode);
            }

            if (status == PartStatus.Ok)
            {
                status = Byte(Tps53647Command.Phases, _settings.Phases - 1);
            }

            if (status == PartStatus.Ok)
            {
                status = WriteLimits();
            }

            if (status == PartStatus.Ok)
            {
                status = ClearFaults();
            }

            _configured = status == PartStatus.Ok;
            return status;
        }

        /// <summary>Sets the output in mV, rounded to the VID steps of 5 mV, and reads it back. Outside the board's range nothing changes.</summary>
        public PartStatus SetMillivolts(int milliVolts)
        {
            if (!_configured)
            {
                return PartStatus.NotPresent;
            }

            if (milliVolts < _settings.VoutMinMilliVolts || milliVolts > _settings.VoutMaxMilliVolts)
            {
                return PartStatus.OutOfRange;
            }

            return Word(Tps53647Command.VoutCommand, VidOf(milliVolts));
        }

        /// <summary>On: auxiliary supply, then the enable pin; only after <see cref="Configure"/>. Off: enable pin first, then the supply.</summary>
        public PartStatus Enable(bool on)
        {
            if (on && !_configured)
            {
                return PartStatus.NotPresent;
            }

            if (on && _ldo != null)
            {
                _ldo.Write(true);
            }

            _enable.Write(on);
            _orderedOn = on;
            if (!on && _ldo != null)
            {
                _ldo.Write(false);
            }

            return PartStatus.Ok;
        }

        /// <summary>Reads input and output voltage (mV), output current (mA) and temperature (m°C).</summary>
        public PartStatus Read(RegulatorReading into) =>
            PmBusMeter.Read(_part, (int)Tps53647Command.ReadVoutLinear, -9, 2000, 300000, into);

        /// <summary>Reads the latched faults. All bits set everywhere: <see cref="PartStatus.NotPresent"/>, the part lost its supply.</summary>
        public PartStatus ReadFaults(out RegulatorFaults faults)
        {
            faults = RegulatorFaults.None;
            PartStatus status = _part.ReadByte((int)Tps53647Command.StatusByte, out int summary);
            int vout = 0;
            int iout = 0;
            int input = 0;
            int temperature = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Tps53647Command.StatusVout, out vout);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Tps53647Command.StatusIout, out iout);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Tps53647Command.StatusInput, out input);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Tps53647Command.StatusTemperature, out temperature);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            int amps = _settings.MaximumAmps;
            if (_configured)
            {
                status = _part.ReadByte((int)Tps53647Command.MaximumCurrent, out amps);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            if ((summary & vout & iout & input & temperature) == 0xFF)
            {
                return PartStatus.NotPresent;
            }

            RegulatorFaults found = PmBusStatus.OfWord(summary, _orderedOn) | PmBusStatus.OfVout(vout) | PmBusStatus.OfIout(iout)
                | PmBusStatus.OfInput(input) | PmBusStatus.OfTemperature(temperature);
            if ((input & 0x04) != 0)
            {
                found |= RegulatorFaults.Other;
            }

            // After a power-up of its own the part has none of the board's limits.
            found |= amps == _settings.MaximumAmps ? RegulatorFaults.None : RegulatorFaults.SettingsLost;
            faults = found;
            return PartStatus.Ok;
        }

        /// <summary>Clears latched status bits.</summary>
        public PartStatus ClearFaults() => Note(Tps53647Command.ClearFaults, _part.SendByte((int)Tps53647Command.ClearFaults));

        private PartStatus WriteLimits()
        {
            // The part counts whole °C and A here, so exponent 0.
            PartStatus status = Word(Tps53647Command.OtWarnLimit, _settings.OtWarnMilliC / 1000);
            if (status == PartStatus.Ok)
            {
                status = Word(Tps53647Command.OtFaultLimit, _settings.OtFaultMilliC / 1000);
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps53647Command.IoutOcFaultLimit, PmBus.EncodeLinear11(_settings.IoutOcFaultMilliAmps));
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps53647Command.VoutMax, VidOf(_settings.VoutMaxMilliVolts));
            }

            if (status == PartStatus.Ok)
            {
                status = Word(Tps53647Command.VoutCommand, VidOf(_settings.VoutMinMilliVolts));
            }

            return status;
        }

        private PartStatus Byte(Tps53647Command command, int value) => Note(command, _part.WriteByteChecked((int)command, value));

        private PartStatus Word(Tps53647Command command, int value) => value < 0
            ? Note(command, PartStatus.OutOfRange)
            : Note(command, _part.WriteWordLeChecked((int)command, value));

        private PartStatus Note(Tps53647Command command, PartStatus status)
        {
            if (status != PartStatus.Ok)
            {
                FailedRegister = (int)command;
            }

            return status;
        }
    }
}
