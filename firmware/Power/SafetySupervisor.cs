using Ballast.Hw.Boards;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Power
{
    /// <summary>
    /// Decides, from measurements, time and orders alone, whether a board may have power. It owns no device and does no input or
    /// output, so that every transition can be walked in a test. A move toward safety is allowed from every state; a move toward
    /// power goes one state at a time. It starts in Cool: what ran before a restart may still be hot.
    /// <code>
    ///  state   regulator reset    fan floor        leaves to
    ///  Off     off       held     0                SpinUp: power wanted, no cut, parts ready, chip read and not hot
    ///  SpinUp  off       held     100              Rail: every fan turned in two samples (S02) | Off: not wanted or cut
    ///                                              Hold: no rotation in 5 s (S05), parts (S06)  | Fault: S03, S04
    ///  Rail    on        held     100              Run: rail settled | Cool: not wanted or cut
    ///                                              Hold: S05, S06 (not settled in 2 s)          | Fault: S03, S04
    ///  Run     on        released board's floor    Cool: not wanted or cut
    ///                                              Hold: S05, S06 | Fault: S03, S04, S07 (second time)
    ///                                              Rail: S07 (first time in 10 min): chips in reset, rail stays
    ///  Cool    off       held     100              Off: chip cool | SpinUp: wanted again and not hot | Fault: S03
    ///  Hold    off       held     100, 0 if cool   Cool: hold-off over and fewer than 3 tries in the last hour | Fault: S03
    ///  Fault   off       held     100, 0 if cool   Cool: released by a person and chip cool (never by time, order or restart)
    /// </code>
    /// </summary>
    public sealed class SafetySupervisor
    {
        /// <summary>Samples in a row over a temperature limit that trip S03; one alone may be noise. At 100 ms a sample: 200 ms.</summary>
        public const int HotSamples = 2;

        /// <summary>Missing or implausible readings in a row that count as too hot (S04) or as a regulator fault (S06).</summary>
        public const int MissingSamples = 3;

        /// <summary>Samples in a row with input or current outside limits that trip S06: shorter dips are ridden through.</summary>
        public const int SupplySamples = 3;

        /// <summary>Time a driven fan may stand still (S05), ms.</summary>
        public const int FanStillMs = 5000;

        /// <summary>Time for the rail to settle, ms.</summary>
        public const int RailTimeoutMs = 2000;

        /// <summary>Shortest time on the rail before chips leave reset, ms.</summary>
        public const int RailSettleMs = 200;

        /// <summary>Shortest hold-off after S05 or S06, ms; up to twice as much again is drawn at random (S15).</summary>
        public const int HoldOffMs = 10000;

        /// <summary>New tries after S05 or S06 in any hour.</summary>
        public const int TriesPerHour = 3;

        /// <summary>A second S07 within this time is a fault, ms.</summary>
        public const int ChainRestartMemoryMs = 600000;

        private const int HourMs = 3600000;
        private const int StartMarginMilliC = 10000;

        private readonly BoardLimits _limits;
        private readonly SafetyEvents _events;
        private readonly SafetyCounters _count;
        private readonly long[] _tries = new long[TriesPerHour];
        private long _since;
        private long _holdUntil;
        private long _lastChainRestart = long.MinValue / 2;
        private int _tryNext;
        private bool _blockedReported;

        /// <summary>Makes a supervisor in state Cool: fans at full until a reading says that parts are cool (S02).</summary>
        public SafetySupervisor(BoardLimits limits, SafetyEvents events)
        {
            _limits = limits;
            _events = events;
            _count = new SafetyCounters(limits);
            State = SafetyState.Cool;
            for (int i = 0; i < TriesPerHour; i++)
            {
                _tries[i] = long.MinValue / 2;
            }
        }

        /// <summary>Where the supervisor is.</summary>
        public SafetyState State { get; private set; }

        /// <summary>The rule behind Hold or Fault.</summary>
        public SafetyRule Cause { get; private set; }

        /// <summary>Starts latched, as stored before a restart (S03: a restart releases nothing).</summary>
        public void RestoreFault(SafetyRule rule, long nowMs)
        {
            Cause = rule;
            State = SafetyState.Fault;
            _since = nowMs;
        }

        /// <summary>One step. Call it every control tick; <paramref name="to"/> holds until the next.</summary>
        public void Step(SafetyInputs input, SafetyOutputs to)
        {
            if (input.FreshSample)
            {
                _count.Count(input);
            }

            if (State != SafetyState.Fault && !CheckHeat(input))
            {
                Advance(input);
            }
            else if (State == SafetyState.Fault && input.Release)
            {
                ReleaseFault(input);
            }

            Write(input, to);
        }

        /// <summary>S03 and S04: in every state but Fault. True if it latched.</summary>
        private bool CheckHeat(SafetyInputs input)
        {
            if (_count.Hot >= HotSamples)
            {
                Latch(input, SafetyRule.S03, "chip too hot, m°C: check heatsink, fan and air, let it cool, then clear the fault", input.ChipMilliC, _limits.ChipMaxMilliC);
                return true;
            }

            if (_count.RegulatorHot >= HotSamples)
            {
                Latch(input, SafetyRule.S03, "regulator too hot, m°C: check air over the regulator, let it cool, then clear the fault", input.Regulator.TemperatureMilliC, _limits.RegulatorMaxMilliC);
                return true;
            }

            bool starting = State == SafetyState.SpinUp || State == SafetyState.Rail || State == SafetyState.Run;
            if (starting && _count.Missing >= MissingSamples)
            {
                Latch(input, SafetyRule.S04, "chip temperature missing or implausible: check the sensor and its wires", _count.Missing, MissingSamples);
                return true;
            }

            if (starting && _count.Frozen)
            {
                Latch(input, SafetyRule.S04, "chip temperature does not follow the power, m°C: check the sensor and its mounting", input.ChipMilliC, SafetyCounters.MovesMilliC);
                return true;
            }

            return false;
        }

        private void Advance(SafetyInputs input)
        {
            bool wanted = input.WantPower && !input.Cut;
            switch (State)
            {
                case SafetyState.Off:
                    if (wanted)
                    {
                        TryStart(input);
                    }
                    else
                    {
                        _blockedReported = false;
                    }

                    break;
                case SafetyState.SpinUp:
                    if (!wanted)
                    {
                        Enter(SafetyState.Cool, input);
                    }
                    else if (input.WriteFailed || !input.PartsReady)
                    {
                        Hold(input, SafetyRule.S06, "a part refused its settings: check the I2C bus", 0, 0);
                    }
                    else if (_count.AllTurning >= 2)
                    {
                        Enter(SafetyState.Rail, input);
                    }
                    else if (input.NowMs - _since >= FanStillMs)
                    {
                        Hold(input, SafetyRule.S05, "fan does not turn at full duty, rpm: check its plug and blades", SlowestFan(input), _limits.FanMinRpm);
                    }

                    break;
                case SafetyState.Rail:
                    if (!wanted)
                    {
                        Enter(SafetyState.Cool, input);
                    }
                    else if (!CheckPower(input))
                    {
                        CheckRail(input);
                    }

                    break;
                case SafetyState.Run:
                    if (!wanted)
                    {
                        Enter(SafetyState.Cool, input);
                    }
                    else if (!CheckPower(input) && (input.HashLost || input.ChainFailed))
                    {
                        LoseHash(input);
                    }

                    break;
                case SafetyState.Cool:
                    if (wanted)
                    {
                        TryStart(input);
                    }
                    else if (IsCool(input))
                    {
                        Enter(SafetyState.Off, input);
                    }

                    break;
                case SafetyState.Hold:
                    if (input.NowMs >= _holdUntil && input.NowMs - _tries[_tryNext] >= HourMs)
                    {
                        _tries[_tryNext] = input.NowMs;
                        _tryNext = (_tryNext + 1) % TriesPerHour;
                        Cause = SafetyRule.None;
                        Enter(SafetyState.Cool, input);
                    }

                    break;
                default:
                    break;
            }
        }

        /// <summary>S02: power begins with fans; and S04: not without a temperature.</summary>
        private void TryStart(SafetyInputs input)
        {
            if (input.PartsReady && input.ChipValid && input.ChipMilliC < _limits.ChipMaxMilliC - StartMarginMilliC)
            {
                _blockedReported = false;
                Enter(SafetyState.SpinUp, input);
                return;
            }

            if (!_blockedReported && input.FreshSample && (!input.PartsReady || _count.Missing >= MissingSamples))
            {
                _blockedReported = true;
                if (!input.PartsReady)
                {
                    _events.Add(SafetyRule.S06, "not started: a part did not accept its limits; check supply and I2C bus", 0, 0, input.NowMs);
                }
                else
                {
                    _events.Add(SafetyRule.S04, "not started: no chip temperature; check the sensor and its wires", _count.Missing, MissingSamples, input.NowMs);
                }
            }
        }

        private void CheckRail(SafetyInputs input)
        {
            int target = input.TargetMilliVolts;
            bool settled = input.FreshSample && input.RegulatorValid && target > 0 && _count.RailOff == 0;
            long age = input.NowMs - _since;
            if (settled && age >= RailSettleMs)
            {
                Enter(SafetyState.Run, input);
            }
            else if (age >= RailTimeoutMs)
            {
                Hold(input, SafetyRule.S06, "rail did not settle, mV: check regulator and load", input.Regulator.OutputMilliVolts, target);
            }
        }

        /// <summary>S05 and S06 while power flows. True if power went off.</summary>
        private bool CheckPower(SafetyInputs input)
        {
            int still = _count.FanStill(input, FanStillMs);
            if (still >= 0)
            {
                Hold(input, SafetyRule.S05, "fan stopped, rpm: check its plug and blades", input.FanRpm[still], _limits.FanMinRpm);
                return true;
            }

            if (input.Faults != RegulatorFaults.None)
            {
                Hold(input, SafetyRule.S06, "regulator reports a fault, bits: check supply and load", (int)input.Faults, 0);
                return true;
            }

            if (State == SafetyState.Run && _count.RailOff >= SupplySamples)
            {
                Hold(input, SafetyRule.S06, "rail is not at its voltage, mV: check regulator and load", input.Regulator.OutputMilliVolts, input.TargetMilliVolts);
                return true;
            }

            if (_count.RegulatorMissing >= MissingSamples || input.WriteFailed)
            {
                Hold(input, SafetyRule.S06, "regulator or fan controller does not answer: check the I2C bus", _count.RegulatorMissing, MissingSamples);
                return true;
            }

            if (_count.Supply >= SupplySamples)
            {
                Hold(input, SafetyRule.S06, "input voltage outside its limits, mV: check the supply", input.Regulator.InputMilliVolts, _limits.InputMinMilliVolts);
                return true;
            }

            if (_count.Current >= SupplySamples)
            {
                Hold(input, SafetyRule.S06, "output current over its limit, mA: check the chips", input.Regulator.OutputMilliAmps, _limits.OutputMaxMilliAmps);
                return true;
            }

            return false;
        }

        private void LoseHash(SafetyInputs input)
        {
            if (input.NowMs - _lastChainRestart < ChainRestartMemoryMs)
            {
                Latch(input, SafetyRule.S07, "chips do not hash after a restart: check chips, clock and data lines", 2, 1);
                return;
            }

            _lastChainRestart = input.NowMs;
            _events.Add(SafetyRule.S07, input.ChainFailed ? "chain did not start: one restart" : "too few nonces: one restart of the chain", 1, 1, input.NowMs);
            Enter(SafetyState.Rail, input);
        }

        private void ReleaseFault(SafetyInputs input)
        {
            if (!IsCool(input))
            {
                _events.Add(Cause, "not released: parts must cool first, m°C", input.ChipValid ? input.ChipMilliC : -1, _limits.ChipCoolMilliC, input.NowMs);
                return;
            }

            Cause = SafetyRule.None;
            _lastChainRestart = long.MinValue / 2;
            Enter(SafetyState.Cool, input);
        }

        private void Latch(SafetyInputs input, SafetyRule rule, string text, int value, int limit)
        {
            Cause = rule;
            _events.Add(rule, text, value, limit, input.NowMs);
            Enter(SafetyState.Fault, input);
        }

        private void Hold(SafetyInputs input, SafetyRule rule, string text, int value, int limit)
        {
            Cause = rule;
            _holdUntil = input.NowMs + HoldOffMs + (input.Random % (2 * HoldOffMs));
            _events.Add(rule, text, value, limit, input.NowMs);
            Enter(SafetyState.Hold, input);
        }

        private void Enter(SafetyState state, SafetyInputs input)
        {
            State = state;
            _since = input.NowMs;
            if (state == SafetyState.SpinUp)
            {
                _count.ClearFans();
                _count.ClearSensor();
            }
        }

        private void Write(SafetyInputs input, SafetyOutputs to)
        {
            to.RegulatorOn = State == SafetyState.Rail || State == SafetyState.Run;
            to.ChipsReleased = State == SafetyState.Run;
            to.Cause = State == SafetyState.Hold || State == SafetyState.Fault ? Cause : SafetyRule.None;
            to.Latched = State == SafetyState.Fault;
            switch (State)
            {
                case SafetyState.Off:
                    to.FanFloorPercent = 0;
                    break;
                case SafetyState.Run:
                    to.FanFloorPercent = _limits.FanFloorPercent;
                    break;
                case SafetyState.Hold:
                case SafetyState.Fault:
                    to.FanFloorPercent = IsCool(input) ? 0 : 100;
                    break;
                default:
                    to.FanFloorPercent = 100;
                    break;
            }
        }

        private bool IsCool(SafetyInputs input) => input.ChipValid && input.ChipMilliC <= _limits.ChipCoolMilliC;

        private static int SlowestFan(SafetyInputs input)
        {
            int slowest = int.MaxValue;
            for (int i = 0; i < input.FanCount; i++)
            {
                slowest = input.FanRpm[i] < slowest ? input.FanRpm[i] : slowest;
            }

            return slowest;
        }
    }
}
