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

        /// <summary>Time between two moves on a ramp, ms.</summary>
        public const int MoveMs = 100;

        /// <summary>Fastest change of the chip clock that a plan counts on, kHz per 100 ms.</summary>
        public const int StepKhz = 6250;

        private const int PartsRetryMs = 1000;
        private const int RegulatorPercent = 92;

        private readonly Hashboard _board;
        private readonly IEntropy _entropy;
        private readonly BoardSensors _sensors;
        private readonly SafetyInputs _in = new SafetyInputs();
        private readonly SafetyOutputs _out = new SafetyOutputs();
        private readonly SafetySupervisor _supervisor;
        private readonly FanControl _fan;
        private readonly RampPlan _plan = new RampPlan();
        private readonly HashHealth _health = new HashHealth();
        private long _nextSampleMs;
        private long _nextMoveMs;
        private long _nextPartsMs;
        private long _riseAtMs = -1;
        private int _rampMs;
        private OrderClass _class;
        private int _setKhz;
        private int _setMilliVolts;
        private bool _railOn;
        private bool _throughSleep;
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
        public int Target { get; private set; }

        /// <summary>Frequency last ordered, kHz; 0 when off.</summary>
        public int FreqKhz => _setKhz;

        /// <summary>Voltage last ordered, mV; 0 when off.</summary>
        public int MilliVolts => _railOn ? _setMilliVolts : 0;

        /// <summary>Duty last applied to the fans, %.</summary>
        public int FanPercent { get; private set; } = -1;

        /// <summary>True if chips may take jobs.</summary>
        public bool Hashing => _supervisor.State == SafetyState.Run && _board.Chain.State == ChainState.Running;

        /// <summary>True while the regulator is ordered on.</summary>
        public bool Powered => _railOn;

        /// <summary>True while a rise is waiting for its random moment.</summary>
        public bool RisePending => _riseAtMs >= 0;

        /// <summary>Estimate of the power at the board's input, mW: fixed part plus regulator output over its efficiency.</summary>
        public int PowerMw
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
                        if (_board.Chain.State != ChainState.Running || _setKhz == 0)
                        {
                            return BoardMode.Starting;
                        }

                        return _plan.Active ? BoardMode.Ramping : BoardMode.Running;
                    default: return BoardMode.Fault;
                }
            }
        }

        /// <summary>S01: outputs safe, from any state and without looking at anything first.</summary>
        public void MakeSafe()
        {
            _board.Chain.Stop();
            _railOn = _board.Regulator.Enable(false) != PartStatus.Ok;
            FanPercent = -1;
            SetFans(100);
            Forget();
        }

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

        /// <summary>
        /// Sets the point to go to. A lower one is begun at once, in the way of its class; a higher one after a random part of
        /// <paramref name="spreadMs"/> (S15). Repeating the same point changes nothing unless its class is more urgent.
        /// </summary>
        public void SetTarget(int point, OrderClass orderClass, int rampMs, int spreadMs, long nowMs)
        {
            if (point == Target)
            {
                if (orderClass > _class && _plan.Active && _plan.ToKhz < _setKhz)
                {
                    Fall(point, orderClass, rampMs, nowMs);
                }

                return;
            }

            bool falls = point < Target;
            bool waiting = _riseAtMs >= 0;
            Target = point;
            if (point == 0 || Ladder.FreqKhz(point) < _setKhz)
            {
                Fall(point, orderClass, rampMs, nowMs);
                return;
            }

            _rampMs = rampMs;
            _class = OrderClass.Economic;
            if (_setKhz == 0 && (_supervisor.State == SafetyState.SpinUp || _supervisor.State == SafetyState.Rail || _supervisor.State == SafetyState.Run))
            {
                // On its way up already: only the goal moves.
                return;
            }

            _plan.Clear();
            if (!waiting || falls)
            {
                _riseAtMs = waiting ? _riseAtMs : nowMs + Draw(spreadMs);
            }
        }

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
            _health.Step(nowMs, run && _working, _nonces, run ? Ladder.HashGhsFor(_setKhz) : 0, _ticket);
            _in.HashLost = _health.Lost;
            _in.ChainFailed = _supervisor.State == SafetyState.Run && _board.Chain.State == ChainState.Failed;
            _in.Release = _release;
            _release = false;
            Plan(nowMs);
            _in.WantPower = WantPower();
            _in.TargetMilliVolts = _setMilliVolts;
            _supervisor.Step(_in, _out);
            _in.WriteFailed = false;
            Apply(nowMs);
            _board.Chain.Step(nowMs);
        }

        private bool WantPower()
        {
            if (_throughSleep || (Target == 0 && !_plan.Active))
            {
                return false;
            }

            return _riseAtMs < 0 || _setKhz > 0;
        }

        /// <summary>Begins a fall in the way of its class.</summary>
        private void Fall(int point, OrderClass orderClass, int rampMs, long nowMs)
        {
            _riseAtMs = -1;
            _class = orderClass;
            _rampMs = rampMs;
            int goal = Ladder.FreqKhz(point);
            if (_setKhz == 0)
            {
                _plan.Clear();
                return;
            }

            if (orderClass == OrderClass.Economic)
            {
                _plan.Start(_setKhz, goal, nowMs, rampMs);
                return;
            }

            long stepping = (_setKhz - goal) / StepKhz * 100L;
            if (orderClass == OrderClass.Emergency || point == 0 || stepping > rampMs)
            {
                // Off at once. A point above sleep is then reached from below, like any rise.
                _plan.Clear();
                _throughSleep = true;
                return;
            }

            _plan.Start(_setKhz, goal, nowMs, (int)stepping);
        }

        /// <summary>Advances waiting and ramps.</summary>
        private void Plan(long nowMs)
        {
            bool off = _supervisor.State == SafetyState.Off || _supervisor.State == SafetyState.Cool;
            if (_throughSleep && off && !_railOn)
            {
                _throughSleep = false;
            }

            if (_riseAtMs >= 0 && nowMs >= _riseAtMs)
            {
                _riseAtMs = -1;
                if (_setKhz > 0)
                {
                    _plan.Start(_setKhz, Ladder.FreqKhz(Target), nowMs, _rampMs);
                }
            }

            if (_supervisor.State != SafetyState.Run || _board.Chain.State != ChainState.Running || nowMs < _nextMoveMs)
            {
                return;
            }

            _nextMoveMs = nowMs + MoveMs;
            if (_setKhz == 0)
            {
                _setKhz = _board.Chain.FreqKhz;
                _plan.Start(_setKhz, Ladder.FreqKhz(Target), nowMs, _rampMs);
            }

            if (_plan.Active)
            {
                Move(nowMs);
            }
        }

        private void Move(long nowMs)
        {
            int goal = _plan.ToKhz;
            int khz = _plan.KhzAt(nowMs);
            int floor = Ladder.FreqKhz(1);
            if (goal == 0)
            {
                if (_plan.Ended(nowMs) || khz < floor / 2)
                {
                    _plan.Clear();
                    return;
                }

                khz = khz < floor ? floor : khz;
            }

            if (khz != goal)
            {
                khz -= khz % StepKhz;
            }

            if (khz > _setKhz)
            {
                int needed = Ladder.MilliVoltsFor(khz);
                if (needed > _setMilliVolts)
                {
                    SetVolts(needed);
                    return;
                }

                SetFrequency(khz);
            }
            else
            {
                if (khz < _setKhz && goal <= _setKhz)
                {
                    SetFrequency(khz < goal ? goal : khz);
                }

                int chipKhz = _board.Chain.FreqKhz;
                int needed = Ladder.MilliVoltsFor(chipKhz > _setKhz ? chipKhz : _setKhz);
                if (goal <= _setKhz && needed < _setMilliVolts)
                {
                    SetVolts(needed);
                }
            }

            bool there = _setKhz == goal && _board.Chain.FreqKhz == goal && !_board.Chain.Ramping;
            if (there && _plan.Ended(nowMs) && _setMilliVolts == Ladder.MilliVoltsFor(goal))
            {
                _plan.Clear();
            }
        }

        private void SetFrequency(int khz)
        {
            if (_board.Chain.RampTo(khz) == PartStatus.Ok)
            {
                _setKhz = khz;
            }
            else
            {
                _in.WriteFailed = true;
            }
        }

        private void SetVolts(int milliVolts)
        {
            if (_board.Regulator.SetMillivolts(milliVolts) == PartStatus.Ok)
            {
                _setMilliVolts = milliVolts;
            }
            else
            {
                _in.WriteFailed = true;
            }
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
                _railOn = _board.Regulator.Enable(false) != PartStatus.Ok;
                Forget();
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

        private void RailUp()
        {
            _setMilliVolts = Ladder.MilliVolts(1);
            _in.Faults = RegulatorFaults.None;
            bool ok = _board.Regulator.ClearFaults() == PartStatus.Ok
                && _board.Regulator.SetMillivolts(_setMilliVolts) == PartStatus.Ok
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
            _setKhz = 0;
            _plan.Clear();
            _health.Reset();
        }

        /// <summary>S06: parts accept their limits before power, and again after they were lost.</summary>
        private void PrepareParts(long nowMs)
        {
            if (_in.PartsReady && !(_supervisor.State == SafetyState.Hold && _nextPartsMs < nowMs))
            {
                return;
            }

            if (nowMs < _nextPartsMs || _railOn)
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

        private uint Draw(int spreadMs) => spreadMs <= 0 ? 0 : _entropy.NextUInt32() % ((uint)spreadMs + 1);
    }
}
