using System;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Sim
{
    /// <summary>Register model of the TPS546D24A: PMBus words, an output that obeys ON_OFF_CONFIG, and faults that latch.</summary>
    public sealed class SimTps546 : SimI2cDevice, ISimRegulator
    {
        private const int Exponent = 9;
        private const int RetryMs = 100;

        private readonly int[] _registers = new int[256];
        private readonly byte[] _id = { 6, 0x54, 0x49, 0x54, 0x6D, 0x24, 0x41 };
        private readonly byte[] _compensation = new byte[6];
        private int _pointer;
        private int _statusVout;
        private int _statusIout;
        private int _statusInput;
        private int _statusTemperature;
        private int _statusCml;
        private bool _latchedOff;
        private long _retryAtMs = -1;
        private bool _wasOrdered;
        private bool _enablePin;

        /// <summary>Takes the bus address.</summary>
        public SimTps546(int address)
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
            _statusCml = 0;
            _latchedOff = false;
            _retryAtMs = -1;
            IsOn = false;
            Array.Clear(_registers, 0, _registers.Length);
            Array.Clear(_compensation, 0, _compensation.Length);

            // What a fresh part holds: conversion by the pin alone, everything retries.
            Set(Tps546Command.OnOffConfig, 0x17);
            Set(Tps546Command.Operation, 0x00);
            Set(Tps546Command.Phase, 0xFF);
            Set(Tps546Command.VoutMode, 0x17);
            Set(Tps546Command.VoutCommand, 410);
            Set(Tps546Command.VoutMax, 768);
            Set(Tps546Command.VoutMin, 256);
            Set(Tps546Command.VinOn, 0xC2C0);
            Set(Tps546Command.VinOff, 0xC2A0);
            Set(Tps546Command.VinOvFaultLimit, 0xDA80);
            Set(Tps546Command.IoutOcFaultLimit, 0xE280);
            Set(Tps546Command.OtFaultLimit, 0xF244);
            Set(Tps546Command.VoutOvFaultResponse, 0xBD);
            Set(Tps546Command.VoutUvFaultResponse, 0xBE);
            Set(Tps546Command.IoutOcFaultResponse, 0xFF);
            Set(Tps546Command.OtFaultResponse, 0xBC);
            Set(Tps546Command.VinOvFaultResponse, 0xB7);
            Set(Tps546Command.TonMaxFaultResponse, 0xBD);
        }

        /// <summary>Voltage at the input, mV.</summary>
        public int InputMilliVolts { get; set; }

        /// <summary>Level at the enable pin of the part.</summary>
        public bool EnablePin
        {
            get => _enablePin;
            set
            {
                _enablePin = value;
                SwitchByOrder();
            }
        }

        /// <summary>Current that the load draws, mA.</summary>
        public int LoadMilliAmps { get; set; }

        /// <summary>Temperature of the part, m°C.</summary>
        public int MilliC { get; set; }

        /// <summary>Fault: the feedback is wrong by this many mV.</summary>
        public int OutputErrorMilliVolts { get; set; }

        /// <summary>Fault: this register does not take writes; -1 for none.</summary>
        public int StuckRegister { get; set; } = -1;

        /// <summary>True if anybody ever wrote a store command.</summary>
        public bool StoreWritten { get; private set; }

        /// <summary>True while it converts.</summary>
        public bool IsOn { get; private set; }

        /// <summary>True while a fault has switched it off for good.</summary>
        public bool IsLatchedOff => _latchedOff;

        /// <summary>Voltage at the output, mV.</summary>
        public int OutputMilliVolts => IsOn ? ((_registers[(int)Tps546Command.VoutCommand] * 1000) >> Exponent) + OutputErrorMilliVolts : 0;

        /// <summary>Fault: makes the part see an over-current now.</summary>
        public void TripOverCurrent(long nowMs) => Trip(ref _statusIout, 0x80, Tps546Command.IoutOcFaultResponse, nowMs);

        /// <summary>Fault: makes the part see an over-voltage at its output now.</summary>
        public void TripOverVoltage(long nowMs) => Trip(ref _statusVout, 0x80, Tps546Command.VoutOvFaultResponse, nowMs);

        /// <summary>Checks limits and switches.</summary>
        public void Step(long nowMs)
        {
            if (!SwitchByOrder())
            {
                return;
            }

            if (_latchedOff && _retryAtMs >= 0 && nowMs >= _retryAtMs)
            {
                _latchedOff = false;
                _retryAtMs = -1;
            }

            SwitchByInput();
            if (IsOn)
            {
                CheckLimits(nowMs);
            }
        }

        /// <inheritdoc/>
        public override bool OnWrite(byte[] data, int offset, int count)
        {
            _pointer = data[offset];
            if (_pointer == (int)Tps546Command.StoreUserAll || _pointer == 0x11)
            {
                StoreWritten = true;
                return true;
            }

            if (_pointer == (int)Tps546Command.ClearFaults)
            {
                _statusVout = 0;
                _statusIout = 0;
                _statusInput = 0;
                _statusTemperature = 0;
                _statusCml = 0;
                return true;
            }

            if (count == 1)
            {
                return true;
            }

            if (_pointer >= (int)Tps546Command.StatusWord - 1 && _pointer <= (int)Tps546Command.ReadTemperature1)
            {
                _statusCml |= 0x80;
                return true;
            }

            if (_pointer == StuckRegister)
            {
                return true;
            }

            if (_pointer == (int)Tps546Command.CompensationConfig)
            {
                for (int i = 0; i < _compensation.Length && i + 1 < count; i++)
                {
                    _compensation[i] = data[offset + 1 + i];
                }

                return true;
            }

            int value = data[offset + 1];
            if (count > 2)
            {
                value |= data[offset + 2] << 8;
            }

            WriteRegister(_pointer, value);
            return true;
        }

        /// <inheritdoc/>
        public override bool OnRead(byte[] data, int offset, int count)
        {
            if (_pointer == (int)Tps546Command.IcDeviceId || _pointer == (int)Tps546Command.CompensationConfig)
            {
                byte[] block = _pointer == (int)Tps546Command.IcDeviceId ? _id : _compensation;
                for (int i = 0; i < count; i++)
                {
                    data[offset + i] = i < block.Length ? block[i] : (byte)0xFF;
                }

                return true;
            }

            int value = ReadRegister(_pointer);
            data[offset] = (byte)value;
            if (count > 1)
            {
                data[offset + 1] = (byte)(value >> 8);
            }

            return true;
        }

        /// <summary>Off as soon as it is not ordered on; off and on again restarts a part that a fault had switched off.</summary>
        private bool SwitchByOrder()
        {
            bool ordered = IsOrdered();
            if (!ordered)
            {
                IsOn = false;
            }

            if (!ordered || !_wasOrdered)
            {
                _latchedOff = false;
                _retryAtMs = -1;
            }

            _wasOrdered = ordered;
            return ordered;
        }

        private bool IsOrdered()
        {
            int config = _registers[(int)Tps546Command.OnOffConfig];
            if ((config & 0x10) == 0)
            {
                return true;
            }

            bool byCommand = (config & 0x08) == 0 || (_registers[(int)Tps546Command.Operation] & 0x80) != 0;
            bool pinActive = _enablePin == ((config & 0x02) != 0);
            bool byPin = (config & 0x04) == 0 || pinActive;
            return byCommand && byPin;
        }

        private void SwitchByInput()
        {
            int on = SimPmBus.Decode(_registers[(int)Tps546Command.VinOn]);
            int off = SimPmBus.Decode(_registers[(int)Tps546Command.VinOff]);
            if (IsOn && InputMilliVolts < off)
            {
                IsOn = false;
                _statusInput |= 0x18;
            }
            else if (!IsOn && !_latchedOff && InputMilliVolts >= on)
            {
                IsOn = true;
            }
        }

        private void CheckLimits(long nowMs)
        {
            if (LoadMilliAmps > SimPmBus.Decode(_registers[(int)Tps546Command.IoutOcFaultLimit]))
            {
                TripOverCurrent(nowMs);
            }

            if (MilliC > SimPmBus.Decode(_registers[(int)Tps546Command.OtFaultLimit]))
            {
                Trip(ref _statusTemperature, 0x80, Tps546Command.OtFaultResponse, nowMs);
            }

            if (InputMilliVolts > SimPmBus.Decode(_registers[(int)Tps546Command.VinOvFaultLimit]))
            {
                Trip(ref _statusInput, 0x80, Tps546Command.VinOvFaultResponse, nowMs);
            }

            int wanted = (_registers[(int)Tps546Command.VoutCommand] * 1000) >> Exponent;
            int output = wanted + OutputErrorMilliVolts;
            if (output > wanted * _registers[(int)Tps546Command.VoutOvFaultLimit] >> Exponent && _registers[(int)Tps546Command.VoutOvFaultLimit] > 0)
            {
                TripOverVoltage(nowMs);
            }

            if (output < wanted * _registers[(int)Tps546Command.VoutUvFaultLimit] >> Exponent)
            {
                Trip(ref _statusVout, 0x10, Tps546Command.VoutUvFaultResponse, nowMs);
            }
        }

        private void Trip(ref int status, int bit, Tps546Command response, long nowMs)
        {
            status |= bit;
            int action = _registers[(int)response];
            if ((action & 0xC0) < 0x80)
            {
                return;
            }

            IsOn = false;
            _latchedOff = true;

            // Retries configured (bits 5–3): it comes back by itself.
            _retryAtMs = (action & 0x38) != 0 ? nowMs + RetryMs : -1;
        }

        private void WriteRegister(int register, int value)
        {
            if (register == (int)Tps546Command.VoutCommand)
            {
                // Outside VOUT_MIN…VOUT_MAX the part takes the bound and warns.
                int min = _registers[(int)Tps546Command.VoutMin];
                int max = _registers[(int)Tps546Command.VoutMax];
                if (value < min || value > max)
                {
                    _statusVout |= 0x08;
                    value = value < min ? min : max;
                }
            }

            _registers[register] = value;
            SwitchByOrder();
        }

        private int ReadRegister(int register)
        {
            switch ((Tps546Command)register)
            {
                case Tps546Command.StatusWord:
                    return StatusWord();
                case Tps546Command.StatusVout:
                    return _statusVout;
                case Tps546Command.StatusIout:
                    return _statusIout;
                case Tps546Command.StatusInput:
                    return _statusInput;
                case Tps546Command.StatusTemperature:
                    return _statusTemperature;
                case Tps546Command.StatusCml:
                    return _statusCml;
                case Tps546Command.ReadVin:
                    return SimPmBus.Encode(InputMilliVolts);
                case Tps546Command.ReadVout:
                    return ((OutputMilliVolts << Exponent) + 500) / 1000;
                case Tps546Command.ReadIout:
                    return SimPmBus.Encode(IsOn ? LoadMilliAmps : 0);
                case Tps546Command.ReadTemperature1:
                    return SimPmBus.Encode(MilliC < 0 ? 0 : MilliC);
                default:
                    return _registers[register];
            }
        }

        private int StatusWord()
        {
            int word = IsOn ? 0 : 0x0840;
            word |= _statusVout != 0 ? 0x8000 : 0;
            word |= (_statusVout & 0x80) != 0 ? 0x0020 : 0;
            word |= _statusIout != 0 ? 0x4000 : 0;
            word |= (_statusIout & 0x80) != 0 ? 0x0010 : 0;
            word |= _statusInput != 0 ? 0x2000 : 0;
            word |= (_statusInput & 0x10) != 0 ? 0x0008 : 0;
            word |= _statusTemperature != 0 ? 0x0004 : 0;
            word |= _statusCml != 0 ? 0x0002 : 0;
            return word;
        }

        private void Set(Tps546Command command, int value) => _registers[(int)command] = value;
    }
}
