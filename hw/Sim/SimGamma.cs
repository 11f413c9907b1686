using Ballast.Hw.Boards;
using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>
    /// A whole Bitaxe Gamma at register level: BM1370 on a UART, TPS546 and EMC2101 on I2C, reset and enable lines, heat and power.
    /// Everything that a controller can touch is in <see cref="Io"/>.
    /// </summary>
    public sealed class SimGamma
    {
        /// <summary>Power of the control board itself, mW (modelled).</summary>
        public const int ControlMw = 900;

        private const int StepMs = 50;
        private const int SupplyMilliVolts = 5000;

        private readonly SimOutputPin _reset = new SimOutputPin(false);
        private readonly SimOutputPin _enable = new SimOutputPin(true);
        private readonly SimOutputPin _led = new SimOutputPin(false);
        private readonly SimThermal _chipHeat;
        private readonly SimThermal _regulatorHeat;
        private long _nowMs;
        private int _lossMw;
        private int _outMw;

        /// <summary>Builds the board with its parts unpowered and cold; workShift k makes it search rate/2^k (design).</summary>
        public SimGamma(IClock clock, IDigest digest, uint seed, int workShift)
        {
            _nowMs = clock.NowMs;
            Random = new SimRandom(seed);
            Uart = new SimUart(clock, Random);
            Chain = new SimBm13xxChain(SimChipType.Bm1370(), 1, Uart, digest, Random, workShift);
            Regulator = new SimTps546(0x24) { InputMilliVolts = SupplyMilliVolts };
            Fan = new SimFan(7000, 1300);
            FanController = new SimEmc2101(Fan);
            I2c = new SimI2cBus();
            I2c.Add(Regulator);
            I2c.Add(FanController);
            CurtailInput = new SimInputPin(true);
            Button = new SimInputPin(true);
            _chipHeat = new SimThermal(25, 110, 710, AmbientMilliC);
            _regulatorHeat = new SimThermal(4, 25, 50, AmbientMilliC);
            Io = new BoardIo
            {
                Clock = clock,
                I2c = I2c,
                AsicUart = Uart,
                AsicReset = _reset,
                RegulatorEnable = _enable,
                Led = _led,
                CurtailInput = CurtailInput,
                Button = Button,
            };
        }

        /// <summary>What a control board sees.</summary>
        public BoardIo Io { get; }

        /// <summary>The random source of the board's faults.</summary>
        public SimRandom Random { get; }

        /// <summary>The wire to the chip, with its faults.</summary>
        public SimUart Uart { get; }

        /// <summary>The chip, with its faults.</summary>
        public SimBm13xxChain Chain { get; }

        /// <summary>The regulator, with its faults.</summary>
        public SimTps546 Regulator { get; }

        /// <summary>The fan, with its faults.</summary>
        public SimFan Fan { get; }

        /// <summary>Fan controller and temperature sensor, with their faults.</summary>
        public SimEmc2101 FanController { get; }

        /// <summary>The I2C bus, with its faults.</summary>
        public SimI2cBus I2c { get; }

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

        /// <summary>True power at the board's input, mW.</summary>
        public long InputPowerMw { get; private set; } = ControlMw;

        /// <summary>True chip temperature, m°C.</summary>
        public int ChipMilliC => _chipHeat.MilliC;

        /// <summary>True regulator temperature, m°C.</summary>
        public int RegulatorMilliC => _regulatorHeat.MilliC;

        /// <summary>Voltage on the core rail, mV.</summary>
        public int RailMilliVolts => Regulator.OutputMilliVolts;

        /// <summary>What the pins do when the controller resets or dies: nobody drives them.</summary>
        public void ControllerDies()
        {
            _reset.Float();
            _enable.Float();
            _led.Float();
        }

        /// <summary>Advances wires, chip, regulator, fan and heat to <paramref name="nowMs"/>.</summary>
        public void Step(long nowMs)
        {
            while (_nowMs < nowMs)
            {
                int elapsed = nowMs - _nowMs > StepMs ? StepMs : (int)(nowMs - _nowMs);
                _nowMs += elapsed;
                Advance(elapsed);
            }
        }

        private void Advance(int elapsedMs)
        {
            Regulator.InputMilliVolts = SupplyMilliVolts - DroopMilliVolts;

            // The enable line of the board is active low (GPIO 10 of the Bitaxe family); the part's own pin is active high.
            Regulator.EnablePin = !_enable.IsHigh;
            Regulator.Step(_nowMs);
            int rail = Regulator.OutputMilliVolts;
            Chain.CoreMilliVolts = rail;
            Chain.HoldInReset(!_reset.IsHigh);
            Uart.Pump(_nowMs);
            Chain.Step(_nowMs);

            _outMw = (int)((long)Chain.PowerMw * PowerPermille / 1000);
            Regulator.LoadMilliAmps = rail > 0 ? (int)((long)_outMw * 1000 / rail) : 0;

            // Nine tenths of what the converter takes arrive at the chip (modelled).
            _lossMw = _outMw / 9;
            Fan.Step(FanController.DutyPercent, elapsedMs);
            InputPowerMw = ControlMw + Fan.PowerMw + _outMw + _lossMw;
            Heat(elapsedMs);
        }

        private void Heat(int elapsedMs)
        {
            _chipHeat.Step(_outMw, AmbientMilliC, Fan.SpeedPercent, elapsedMs);

            // The regulator sits beside the chip: half of the chip's rise is in its surroundings.
            int surroundings = AmbientMilliC + ((_chipHeat.MilliC - AmbientMilliC) / 2);
            _regulatorHeat.Step(_lossMw, surroundings, Fan.SpeedPercent, elapsedMs);
            Regulator.MilliC = _regulatorHeat.MilliC;
            FanController.DiodeMilliC = _chipHeat.MilliC;
            FanController.OwnMilliC = AmbientMilliC + ((_chipHeat.MilliC - AmbientMilliC) / 4);
        }
    }
}
