using System;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>Register model of the TPS53647: VID output, switched by its pin, protections that latch off until the pin toggles.</summary>
    public sealed class SimTps53647 : SimI2cDevice, ISimRegulator
    {
        private const int VinUvMilliVolts = 4500;

        private readonly int[] _registers = new int[256];
        private int _pointer;
        private int _statusVout;
        private int _statusIout;
        private int _statusInput;
        private int _statusTemperature;
        private bool _latchedOff;
        private bool _enablePin;

        /// <summary>Takes the bus address. Boots to VID 0x97.</summary>
        public SimTps53647(int address)
            : base(address)
        {
            PowerCycle();
        }

        /// <inheritdoc/>
        public override void PowerCycle()
        {
            _statusVout = 0;
            _statusIout = 0;
            _statusInput = 0;
            _statusTemperature = 0;
            _latchedOff = false;
            IsOn = false;
            Array.Clear(_registers, 0, _registers.Length);
            _registers[(int)Tps53647Command.OnOffConfig] = 0x17;
            _registers[(int)Tps53647Command.VoutCommand] = 0x97;
            _registers[(int)Tps53647Command.VoutMax] = 0xFF;
            _registers[(int)Tps53647Command.DeviceCode] = 0x01F0;
            _registers[(int)Tps53647Command.IoutOcFaultLimit] = 120;
            _registers[(int)Tps53647Command.OtFaultLimit] = 125;
        }

        /// <summary>Voltage at the input, mV.</summary>
        public int InputMilliVolts { get; set; }

        /// <summary>Level at the enable pin: going low ends a latch.</summary>
        public bool EnablePin
        {
            get => _enablePin;
            set
            {
                _enablePin = value;
                if (!value)
                {
                    IsOn = false;
                    _latchedOff = false;
                }
            }
        }

        /// <summary>Current that the load draws, mA.</summary>
        public int LoadMilliAmps { get; set; }

        /// <summary>Temperature of the part, m°C.</summary>
        public int MilliC { get; set; }

        /// <summary>Fault: the part has lost its own supply: the bus reads all ones.</summary>
        public bool NoSupply { get; set; }

        /// <summary>Fault: this register does not take writes; -1 for none.</summary>
        public int StuckRegister { get; set; } = -1;

        /// <summary>True while it converts.</summary>
        public bool IsOn { get; private set; }

        /// <summary>Voltage at the output, mV: 250 + 5 × (VID - 1).</summary>
        public int OutputMilliVolts => IsOn ? 245 + (5 * (_registers[(int)Tps53647Command.VoutCommand] & 0xFF)) : 0;

        /// <summary>Fault: makes the part see an over-voltage at its output.</summary>
        public void TripOverVoltage() => Trip(ref _statusVout, 0x80);

        /// <summary>Fault: makes the part see an over-current.</summary>
        public void TripOverCurrent() => Trip(ref _statusIout, 0x80);

        /// <summary>Checks limits and switches.</summary>
        public void Step(long nowMs)
        {
            if (NoSupply || InputMilliVolts < VinUvMilliVolts)
            {
                if (IsOn)
                {
                    Trip(ref _statusInput, 0x10);
                }

                IsOn = false;
                return;
            }

            IsOn = _enablePin && !_latchedOff;
            if (!IsOn)
            {
                return;
            }

            if (LoadMilliAmps > SimPmBus.Decode(_registers[(int)Tps53647Command.IoutOcFaultLimit]))
            {
                TripOverCurrent();
            }

            if (MilliC > SimPmBus.Decode(_registers[(int)Tps53647Command.OtFaultLimit]))
            {
                Trip(ref _statusTemperature, 0x80);
            }
        }

        /// <inheritdoc/>
        public override bool OnWrite(byte[] data, int offset, int count)
        {
            _pointer = data[offset];
            if (_pointer == (int)Tps53647Command.ClearFaults)
            {
                _statusVout = 0;
                _statusIout = 0;
                _statusInput = 0;
                _statusTemperature = 0;
            }
            else if (count > 1 && _pointer != StuckRegister && !NoSupply)
            {
                _registers[_pointer] = count > 2 ? data[offset + 1] | (data[offset + 2] << 8) : data[offset + 1];
            }

            return true;
        }

        /// <inheritdoc/>
        public override bool OnRead(byte[] data, int offset, int count)
        {
            int value = NoSupply ? 0xFFFF : ReadRegister(_pointer);
            data[offset] = (byte)value;
            if (count > 1)
            {
                data[offset + 1] = (byte)(value >> 8);
            }

            return true;
        }

        private void Trip(ref int status, int bit)
        {
            status |= bit;
            IsOn = false;
            _latchedOff = true;
        }

        private int ReadRegister(int register)
        {
            switch ((Tps53647Command)register)
            {
                case Tps53647Command.StatusByte:
                case Tps53647Command.StatusWord:
                    return (IsOn ? 0 : 0x40) | ((_statusVout & 0x80) >> 2) | ((_statusIout & 0x80) >> 3) | ((_statusInput & 0x10) >> 1)
                        | (_statusTemperature != 0 ? 0x04 : 0);
                case Tps53647Command.StatusVout:
                    return _statusVout;
                case Tps53647Command.StatusIout:
                    return _statusIout;
                case Tps53647Command.StatusInput:
                    return _statusInput;
                case Tps53647Command.StatusTemperature:
                    return _statusTemperature;
                case Tps53647Command.ReadVin:
                    return SimPmBus.Encode(InputMilliVolts);
                case Tps53647Command.ReadVoutLinear:
                    return ((OutputMilliVolts << 9) + 500) / 1000;
                case Tps53647Command.ReadIout:
                    return SimPmBus.Encode(IsOn ? LoadMilliAmps : 0);
                case Tps53647Command.ReadTemperature1:
                    return SimPmBus.Encode(MilliC < 0 ? 0 : MilliC);
                default:
                    return _registers[register];
            }
        }
    }
}
