using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;
using Ballast.Wire;

namespace Ballast.Firmware.Power
{
    /// <summary>
    /// The one owner of regulator, chain and fans. It follows a target point along ramps, applies what the
    /// <see cref="SafetySupervisor"/> allows, and keeps the order of rule S02: fans, regulator, chips; and back.
    /// Up: millivolts, then MHz. Down: MHz, then millivolts.
    /// </summary>
    public sealed class PowerController
    {
        /// <summary>Time between two readings of the sensors, ms.</summary>
        public const int SampleMs = 100;

        private const int PartsRetryMs = 1000;
        private const int RegulatorPercent = 90;

        private readonly Hashboard _board;
        private readonly IEntropy _entropy;
        private readonly BoardSensors _sensors;
        private readonly SafetyInputs _in = new SafetyInputs();
        private readonly SafetyOutputs _out = new SafetyOutputs();
        private readonly SafetySupervisor _supervisor;
        private readonly PointFollower _point;
        private readonly FanControl _fan;
        private readonly HashHealth _health = new HashHealth();
        private long _nextSampleMs;
        private long _nextPartsMs;
        private bool _railOn;
        private bool _setUp;
        private bool _release;
        private bool _restartChain;
        private bool _working;
        private long _nonces;
        private int _ticket;

        /// <summary>Makes a controller for a board; touches nothing.</summary>
        public PowerController(Hashboard board, BoardLadder ladder, IEntropy entropy)
        {
            _board = board;
            _entropy = entropy;
            _point = new PointFollower(board, ladder, entropy);
            Ladder = ladder;
            _sensors = new BoardSensors(board);
            Events = new SafetyEvents();
            _supervisor = new SafetySupervisor(board.Description.Limits, Events);
            _fan = new FanControl(board.Description.Limits);
            Derate = new Derate(board.Description.Limits, ladder.Top);
        }

        /// <summary>The ladder in use.</summary>
        public BoardLadder Ladder { get; private set; }

        /// <summary>What rules had to say.</summary>
        public SafetyEvents Events { get; }

        /// <summary>The thermal cap.</summary>
        public Derate Derate { get; private set; }

        /// <summary>The last measurements.</summary>
        public SafetyInputs Measured => _in;

        /// <summary>Where the supervisor is.</summary>
        public SafetyState State => _supervisor.State;

        /// <summary>The rule that holds power off, or none.</summary>
        public SafetyRule Cause => _out.Cause;

        /// <summary>The latched fault that must survive a restart, or none.</summary>
        public SafetyRule LatchedFault => _supervisor.State == SafetyState.Fault ? _supervisor.Cause : SafetyRule.None;

        /// <summary>The point last asked for.</summary>
        public int Target => _point.Target;

        /// <summary>Frequency last ordered, kHz; 0 when off.</summary>
        public int FreqKhz => _point.FreqKhz;

        /// <summary>Voltage last ordered, mV; 0 when off.</summary>
        public int MilliVolts => _railOn ? _point.MilliVolts : 0;

        /// <summary>Duty last applied to the fans, %.</summary>
        public int FanPercent { get; private set; } = -1;

        /// <summary>True if chips may take jobs.</summary>
        public bool Hashing => _supervisor.State == SafetyState.Run && _board.Chain.State == ChainState.Running;

        /// <summary>True while the regulator is ordered on.</summary>
        public bool Powered => _railOn;

        /// <summary>True while a rise is waiting for its random moment or for the end of the shortest time off.</summary>
        public bool RisePending => _point.RisePending;

        /// <summary>Estimate of the power at the board's input, mW: fixed part less what the fans save now, plus regulator output over its efficiency.</summary>
        public int PowerMw
        {
            get
            {
                if (FanPercent < 0 || (_railOn && !_in.RegulatorValid))
                {
                    return FullFanPowerMw;
                }

                int fanMw = _board.Description.FanMw;
                return FullFanPowerMw - fanMw + (fanMw * FanPercent / 100 * FanPercent / 100);
            }
        }

        /// <summary>Estimate of what the board would draw with its fans at full, mW: what the points of a ladder hold.</summary>
        public int FullFanPowerMw
        {
            get
            {
                int fixedMw = Ladder.Ladder.PowerMw(0);
                if (!_railOn)
                {
                    return fixedMw;
                }

                if (!_in.RegulatorValid)
                {
                    return Ladder.Ladder.PowerMw(Ladder.Top);
                }

                long outputMw = (long)_in.Regulator.OutputMilliVolts * _in.Regulator.OutputMilliAmps / 1000;
                return fixedMw + (int)(outputMw * 100 / RegulatorPercent);
            }
        }

        /// <summary>What the board is doing.</summary>
        public BoardMode Mode
        {
            get
            {
                switch (_supervisor.State)
                {
                    case SafetyState.Off: return BoardMode.Asleep;
                    case SafetyState.SpinUp:
                    case SafetyState.Rail: return BoardMode.Starting;
                    case SafetyState.Cool: return BoardMode.Cooling;
                    case SafetyState.Run:
                        if (_board.Chain.State != ChainState.Running || _point.FreqKhz == 0)
                        {
                            return BoardMode.Starting;
                        }

                        return _point.Ramping ? BoardMode.Ramping : BoardMode.Running;
                    default: return BoardMode.Fault;
                }
            }
        }

        /// <summary>S01: outputs safe, from any state and without looking at anything first. Each is tried even if the one before it threw.</summary>
        public void MakeSafe()
        {
            try
            {
                _board.Chain.Stop();
            }
            finally
            {
                try
                {
                    RailDown(_in.NowMs);
                }
                finally
                {
                    FanPercent = -1;
                    SetFans(100);
                }
            }
        }

        /// <summary>Uses another ladder with the same points, frequencies and voltages from now on.</summary>
        public void SetLadder(BoardLadder ladder)
        {
            Ladder = ladder;
            _point.SetLadder(ladder);
        }

        /// <summary>Makes the shortest time off longer than the board's own, s; a shorter one changes nothing.</summary>
        public void LengthenMinOff(int seconds) => _point.LengthenMinOff(seconds);

        /// <summary>Starts with a fault that was latched before a restart (S03).</summary>
        public void RestoreFault(SafetyRule rule, long nowMs) => _supervisor.RestoreFault(rule, nowMs);

        /// <summary>A person releases a latched fault; the supervisor refuses while parts are hot.</summary>
        public void ReleaseFault() => _release = true;

        /// <summary>Puts the chips into reset and starts them again.</summary>
        public void RestartChain() => _restartChain = true;

        /// <summary>Tells what the chips have to do and have done, for rule S07.</summary>
        public void SetWork(bool working, long nonces, int ticketDifficulty)
        {
            _working = working;
            _nonces = nonces;
            _ticket = ticketDifficulty;
        }

        /// <summary>Sets the point to go to: <see cref="PointFollower.SetTarget"/>.</summary>
        public void SetTarget(int point, OrderClass orderClass, int rampMs, int spreadMs, long nowMs) =>
            _point.SetTarget(point, orderClass, rampMs, spreadMs, nowMs);

        /// <summary>One control tick: read, decide, apply.</summary>
        public void Step(long nowMs)
        {
            _in.NowMs = nowMs;
            _in.FreshSample = nowMs >= _nextSampleMs;
            if (_in.FreshSample)
            {
                _nextSampleMs = nowMs + SampleMs;
                PrepareParts(nowMs);
                _sensors.Read(_in);
                _in.Random = _entropy.NextUInt32();
                if (_supervisor.State == SafetyState.Run)
                {
                    Derate.Step(nowMs, _in.ChipValid, _in.ChipMilliC, Target);
                }
            }

            bool run = Hashing;
            _health.Step(nowMs, run && _working, _nonces, run ? Ladder.HashGhsFor(_board.Chain.FreqKhz) : 0, _ticket);
            _in.HashLost = _health.Lost;
            _in.ChainFailed = _supervisor.State == SafetyState.Run && _board.Chain.State == ChainState.Failed;
            _in.Release = _release;
            _release = false;
            bool off = _supervisor.State == SafetyState.Off || _supervisor.State == SafetyState.Cool;
            _point.Step(nowMs, _supervisor.State == SafetyState.Run, off && !_railOn);
            _in.WriteFailed |= _point.WriteFailed;
            _point.WriteFailed = false;
            _in.WantPower = _point.WantPower;
            _in.TargetMilliVolts = _point.MilliVolts;
            _supervisor.Step(_in, _out);
            _in.WriteFailed = false;
            Apply(nowMs);
            _board.Chain.Step(nowMs);
        }

        /// <summary>Carries out what the supervisor decided, in the order of S02.</summary>
        private void Apply(long nowMs)
        {
            IHashChain chain = _board.Chain;
            if ((!_out.ChipsReleased || _restartChain) && chain.State != ChainState.Off)
            {
                chain.Stop();
                Forget();
            }

            _restartChain = false;
            if (!_out.RegulatorOn && _railOn)
            {
                RailDown(nowMs);
            }

            if (_out.RegulatorOn && !_railOn)
            {
                RailUp();
            }

            if (_out.ChipsReleased && _railOn && chain.State == ChainState.Off)
            {
                _health.Reset();
                chain.Start();
            }

            if (_supervisor.State == SafetyState.Run)
            {
                _fan.Step(nowMs, _in.ChipValid, _in.ChipMilliC);
            }
            else
            {
                _fan.Reset();
            }

            int asked = _supervisor.State == SafetyState.Run ? _fan.Percent : _board.Description.Limits.FanFloorPercent;
            SetFans(asked > _out.FanFloorPercent ? asked : _out.FanFloorPercent);
        }

        private void RailDown(long nowMs)
        {
            bool was = _railOn;
            _railOn = _board.Regulator.Enable(false) != PartStatus.Ok;
            Forget();
            if (was && !_railOn)
            {
                _point.WentOff(nowMs);
            }
        }

        private void RailUp()
        {
            int milliVolts = _point.BeginVoltage();
            _in.Faults = RegulatorFaults.None;
            bool ok = _board.Regulator.ClearFaults() == PartStatus.Ok
                && _board.Regulator.SetMillivolts(milliVolts) == PartStatus.Ok
                && _board.Regulator.Enable(true) == PartStatus.Ok;
            _railOn = true;
            if (!ok)
            {
                _in.WriteFailed = true;
            }
        }

        private void SetFans(int percent)
        {
            if (percent == FanPercent)
            {
                return;
            }

            bool ok = true;
            for (int i = 0; i < _board.Fans.FanCount; i++)
            {
                ok &= _board.Fans.SetDutyPercent(i, percent) == PartStatus.Ok;
                if (i < SafetyInputs.MaxFans)
                {
                    _in.FanPercent[i] = percent;
                }
            }

            FanPercent = ok ? percent : -1;
            if (!ok)
            {
                _in.WriteFailed = true;
            }
        }

        private void Forget()
        {
            _point.Forget();
            _health.Reset();
        }

        /// <summary>
        /// S06: parts accept their limits right before power, each time: a dip may have taken what they held. Until they did, while a fault
        /// holds, and while they do not answer, they are tried once a second.
        /// </summary>
        private void PrepareParts(long nowMs)
        {
            SafetyState state = _supervisor.State;
            bool first = state == SafetyState.SpinUp && !_setUp;
            _setUp = state == SafetyState.SpinUp;
            bool again = !_in.PartsReady || state == SafetyState.Hold || !_in.ChipValid || !_in.RegulatorValid;
            if (_railOn || !(first || (again && nowMs >= _nextPartsMs)))
            {
                return;
            }

            _nextPartsMs = nowMs + PartsRetryMs;
            bool ok = _board.Fans.Configure() == PartStatus.Ok;
            FanPercent = -1;
            ok &= _board.ChipTemperature.Configure() == PartStatus.Ok;
            ok &= _board.Regulator.Configure() == PartStatus.Ok;
            _in.PartsReady = ok;
        }
    }
}
