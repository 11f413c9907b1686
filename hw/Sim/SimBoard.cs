using Ballast.Hw.Boards;
using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>
    /// A whole board at register level: chips on a UART or SPI, converter, fan controller and sensors on I2C, reset and enable lines, heat and
    /// power. Everything that a controller can touch is in <see cref="Io"/>. Parts that the board lacks are null.
    /// </summary>
    public class SimBoard
    {
        private const int StepMs = 50;

        private readonly SimBoardPlan _plan;
        private readonly SimOutputPin _reset = new SimOutputPin(false);
        private readonly SimOutputPin _enable;
        private readonly SimOutputPin _auxiliary = new SimOutputPin(false);
        private readonly SimOutputPin _led = new SimOutputPin(false);
        private readonly SimThermal _chipHeat;
        private readonly SimThermal _converterHeat;
        private long _nowMs;
        private int _lossMw;
        private int _outMw;
        private int _feltMilliC;

        /// <summary>Builds the board with its parts unpowered and cold; workShift k makes it search rate/2^k (design).</summary>
        public SimBoard(IClock clock, IDigest digest, uint seed, int workShift, SimBoardPlan plan)
        {
            _plan = plan;
            _nowMs = clock.NowMs;
            Random = new SimRandom(seed);
            _enable = new SimOutputPin(!plan.EnableActiveHigh);
            CurtailInput = new SimInputPin(true);
            Button = new SimInputPin(true);
            I2c = new SimI2cBus();
            Io = new BoardIo
            {
                Clock = clock,
                I2c = I2c,
                AsicReset = _reset,
                RegulatorEnable = plan.EnableWired ? _enable : null,
                AuxiliaryEnable = _auxiliary,
                Led = _led,
                CurtailInput = CurtailInput,
                Button = Button,
            };
            HashChain = AddChips(clock, digest, workShift);
            Fans = new SimFan[plan.Fans];
            for (int i = 0; i < plan.Fans; i++)
            {
                Fans[i] = new SimFan(plan.FanRpm, plan.FanMw);
            }

            Converter = AddConverter();
            AddFanPart();
            AddSensors();

            // 51 mW/K per W at full fan keeps the nominal point 20 K above the air; with the fan standing it is 125 K.
            _chipHeat = new SimThermal(plan.HeatWatt * 18 / 10, plan.HeatWatt * 8, plan.HeatWatt * 51, AmbientMilliC);
            _converterHeat = new SimThermal(4 * plan.HeatWatt / 14 + 1, (25 * plan.HeatWatt / 14) + 1, (50 * plan.HeatWatt / 14) + 1, AmbientMilliC);
            InputPowerMw = plan.ControlMw;
        }

        /// <summary>What a control board sees.</summary>
        public BoardIo Io { get; }

        /// <summary>The random source of the board's faults.</summary>
        public SimRandom Random { get; }

        /// <summary>The I2C bus, with its faults.</summary>
        public SimI2cBus I2c { get; }

        /// <summary>The chips.</summary>
        public ISimHashChain HashChain { get; }

        /// <summary>The converter.</summary>
        public ISimRegulator Converter { get; }

        /// <summary>The fans, with their faults.</summary>
        public SimFan[] Fans { get; }

        /// <summary>The wire to BM13xx chips, with its faults.</summary>
        public SimUart? AsicUart { get; private set; }

        /// <summary>The BM13xx chips, with their faults.</summary>
        public SimBm13xxChain? Bm13xx { get; private set; }

        /// <summary>The A1 chips, with their faults.</summary>
        public SimA1Chain? A1 { get; private set; }

        /// <summary>The TPS546, with its faults.</summary>
        public SimTps546? Tps546 { get; private set; }

        /// <summary>The TPS53647, with its faults.</summary>
        public SimTps53647? Tps53647 { get; private set; }

        /// <summary>The DS4432U and the converter that it trims.</summary>
        public SimDs4432u? Trim { get; private set; }

        /// <summary>The INA260 at the input.</summary>
        public SimIna260? Meter { get; private set; }

        /// <summary>The EMC2101, with its faults.</summary>
        public SimEmc2101? Emc2101 { get; private set; }

        /// <summary>The EMC2103, with its faults.</summary>
        public SimEmc2103? Emc2103 { get; private set; }

        /// <summary>The EMC2302, with its faults.</summary>
        public SimEmc2302? Emc2302 { get; private set; }

        /// <summary>The sensors beside the chips.</summary>
        public SimTmp1075[] ChipSensors { get; private set; } = new SimTmp1075[0];

        /// <summary>The sensor at the converter.</summary>
        public SimTmp1075? ConverterSensor { get; private set; }

        /// <summary>The I2C switch, with its faults.</summary>
        public SimTca9548? Switch { get; private set; }

        /// <summary>Curtail input: high while no shed is wanted (rule S13).</summary>
        public SimInputPin CurtailInput { get; }

        /// <summary>The board's button: low while pressed.</summary>
        public SimInputPin Button { get; }

        /// <summary>Temperature of the air, m°C.</summary>
        public int AmbientMilliC { get; set; } = 25000;

        /// <summary>True power of the chips against the model, in thousandths: 1050 draws 5 % more than the ladder says.</summary>
        public int PowerPermille { get; set; } = 1000;

        /// <summary>Fault: the supply droops by this many mV.</summary>
        public int DroopMilliVolts { get; set; }

        /// <summary>Fault: the chips' sensors keep saying what they said when this became true.</summary>
        public bool SensorFrozen { get; set; }

        /// <summary>Fault: the chips' sensors are off by a random amount of at most this, m°C, new in each step.</summary>
        public int SensorNoiseMilliC { get; set; }

        /// <summary>True power at the board's input, mW.</summary>
        public long InputPowerMw { get; private set; }

        /// <summary>True chip temperature, m°C.</summary>
        public int ChipMilliC => _chipHeat.MilliC;

        /// <summary>True temperature of the converter, m°C.</summary>
        public int RegulatorMilliC => _converterHeat.MilliC;

        /// <summary>Voltage on the core rail, mV.</summary>
        public int RailMilliVolts => Converter.OutputMilliVolts;

        /// <summary>What the pins do when the controller resets or dies: nobody drives them.</summary>
        public void ControllerDies()
        {
            _reset.Float();
            _enable.Float();
            _auxiliary.Float();
            _led.Float();
        }

        /// <summary>All parts on the I2C bus lost their supply and have it back: registers are as at first.</summary>
        public void PartsLosePower() => I2c.PowerCycle();

        /// <summary>Duty that a fan is driven with now, %: what its controller's registers say.</summary>
        public int FanDutyPercent(int fan) => DutyPercent(fan);

        /// <summary>Advances wires, chips, converter, fans and heat to <paramref name="nowMs"/>.</summary>
        public void Step(long nowMs)
        {
            while (_nowMs < nowMs)
            {
                int elapsed = nowMs - _nowMs > StepMs ? StepMs : (int)(nowMs - _nowMs);
                _nowMs += elapsed;
                Advance(elapsed);
            }
        }

        private ISimHashChain AddChips(IClock clock, IDigest digest, int workShift)
        {
            if (_plan.A1 != null)
            {
                A1 = new SimA1Chain(_plan.A1, _plan.Chips, workShift);
                Io.AsicSpi = A1;
                return A1;
            }

            AsicUart = new SimUart(clock, Random);
            Io.AsicUart = AsicUart;
            Bm13xx = new SimBm13xxChain(_plan.Chip!, _plan.Chips, AsicUart, digest, Random, workShift);
            return Bm13xx;
        }

        private ISimRegulator AddConverter()
        {
            switch (_plan.Converter)
            {
                case SimConverter.Tps53647:
                    Tps53647 = new SimTps53647(0x71);
                    I2c.Add(Tps53647);
                    return Tps53647;
                case SimConverter.Trimmed:
                    Trim = new SimDs4432u();
                    Meter = new SimIna260();
                    I2c.Add(Trim);
                    I2c.Add(Meter);
                    return Trim;
                default:
                    Tps546 = new SimTps546(0x24);
                    I2c.Add(Tps546);
                    return Tps546;
            }
        }

        private void AddFanPart()
        {
            switch (_plan.FanPart)
            {
                case SimFanPart.Emc2103:
                    Emc2103 = new SimEmc2103(Fans[0]);
                    I2c.Add(Emc2103);
                    break;
                case SimFanPart.Emc2302:
                    Emc2302 = new SimEmc2302(Fans);
                    I2c.Add(Emc2302);
                    break;
                default:
                    Emc2101 = new SimEmc2101(Fans[0]);
                    I2c.Add(Emc2101);
                    break;
            }
        }

        private void AddSensors()
        {
            SimI2cBus bus = I2c;
            if (_plan.BehindSwitch)
            {
                Switch = new SimTca9548(I2c, 0x70);
                bus = Switch.Behind(0);
                Io.I2c = Switch;
            }

            if (_plan.ChipSensors != null)
            {
                ChipSensors = new SimTmp1075[_plan.ChipSensors.Length];
                for (int i = 0; i < ChipSensors.Length; i++)
                {
                    ChipSensors[i] = new SimTmp1075(_plan.ChipSensors[i]);
                    bus.Add(ChipSensors[i]);
                }
            }

            if (_plan.ConverterSensor != 0)
            {
                ConverterSensor = new SimTmp1075(_plan.ConverterSensor);
                bus.Add(ConverterSensor);
            }
        }

        private int DutyPercent(int fan)
        {
            if (Emc2302 != null)
            {
                return Emc2302.DutyPercent(fan);
            }

            return Emc2103 != null ? Emc2103.DutyPercent : Emc2101!.DutyPercent;
        }

        private void Advance(int elapsedMs)
        {
            Converter.InputMilliVolts = _plan.SupplyMilliVolts - DroopMilliVolts;
            Converter.EnablePin = !_plan.EnableWired || _enable.IsHigh == _plan.EnableActiveHigh;
            Converter.Step(_nowMs);
            int rail = Converter.OutputMilliVolts;
            HashChain.CoreMilliVolts = rail / _plan.Domains;
            HashChain.HoldInReset(!_reset.IsHigh);
            if (AsicUart != null)
            {
                AsicUart.Pump(_nowMs);
            }

            HashChain.Step(_nowMs);
            _outMw = (int)((long)HashChain.PowerMw * PowerPermille / 1000);
            Converter.LoadMilliAmps = rail > 0 ? (int)((long)_outMw * 1000 / rail) : 0;

            // Nine tenths of what the converter takes arrive at the chips (modelled).
            _lossMw = _outMw / 9;
            int fanMw = 0;
            int speed = 0;
            for (int i = 0; i < Fans.Length; i++)
            {
                Fans[i].Step(DutyPercent(i), elapsedMs);
                fanMw += Fans[i].PowerMw;
                speed += Fans[i].SpeedPercent;
            }

            InputPowerMw = _plan.ControlMw + fanMw + _outMw + _lossMw;
            if (Meter != null)
            {
                Meter.MilliVolts = Converter.InputMilliVolts;
                Meter.MilliWatts = _outMw + _lossMw;
            }

            Heat(elapsedMs, speed / Fans.Length);
        }

        private void Heat(int elapsedMs, int fanSpeedPercent)
        {
            _chipHeat.Step(_outMw, AmbientMilliC, fanSpeedPercent, elapsedMs);

            // The converter sits beside the chips: half of their rise is in its surroundings.
            int surroundings = AmbientMilliC + ((_chipHeat.MilliC - AmbientMilliC) / 2);
            _converterHeat.Step(_lossMw, surroundings, fanSpeedPercent, elapsedMs);
            Converter.MilliC = _converterHeat.MilliC;
            Feel();
            int beside = _feltMilliC - _plan.SensorBelowChipMilliC;
            if (Emc2101 != null)
            {
                Emc2101.DiodeMilliC = _feltMilliC;
                Emc2101.OwnMilliC = _plan.SensorBelowChipMilliC != 0 ? beside : AmbientMilliC + ((_chipHeat.MilliC - AmbientMilliC) / 4);
            }

            if (Emc2103 != null)
            {
                Emc2103.Diode1MilliC = _feltMilliC;
                Emc2103.Diode2MilliC = _feltMilliC - 1000;
            }

            for (int i = 0; i < ChipSensors.Length; i++)
            {
                ChipSensors[i].MilliC = beside - (i * 500);
            }

            if (ConverterSensor != null)
            {
                ConverterSensor.MilliC = _converterHeat.MilliC;
            }
        }

        /// <summary>What the chips' sensors make of the true temperature.</summary>
        private void Feel()
        {
            if (SensorFrozen)
            {
                return;
            }

            _feltMilliC = _chipHeat.MilliC;
            if (SensorNoiseMilliC > 0)
            {
                _feltMilliC += (int)(Random.NextUInt32() % (uint)((2 * SensorNoiseMilliC) + 1)) - SensorNoiseMilliC;
            }
        }
    }
}
