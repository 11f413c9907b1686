using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;
using Ballast.Wire;

namespace Ballast.Firmware.Power
{
    /// <summary>
    /// Brings frequency and voltage to a target point in the way of a class (design, "Classes and ramps"; rule S15). Up: millivolts,
    /// then MHz. Down: MHz, then millivolts. It moves a chain that runs and says when power is wanted; switching is not its business.
    /// </summary>
    public sealed class PointFollower
    {
        /// <summary>Time between two moves, ms.</summary>
        public const int MoveMs = 100;

        /// <summary>Grid of the frequencies between two points, kHz.</summary>
        public const int GridKhz = 6250;

        /// <summary>Longest time off that a setting may ask for, s.</summary>
        public const int MaxMinOffS = 3600;

        /// <summary>A ramp that means: down as the chips step, without a deadline; and up as whoever ordered last wished.</summary>
        public const int NoDeadline = int.MaxValue;

        private readonly IHashChain _chain;
        private readonly IRegulator _regulator;
        private readonly IEntropy _entropy;
        private readonly RampPlan _plan = new RampPlan();
        private BoardLadder _ladder;
        private OrderClass _class;
        private long _nextMoveMs;
        private long _riseAtMs = -1;
        private long _deadlineMs = -1;
        private int _rampMs = 15000;
        private bool _throughSleep;
        private int _minOffMs;
        private long _restUntilMs;
        private bool _resting;

        /// <summary>Makes a follower that rests at sleep.</summary>
        public PointFollower(Hashboard board, BoardLadder ladder, IEntropy entropy)
        {
            _chain = board.Chain;
            _regulator = board.Regulator;
            _ladder = ladder;
            _entropy = entropy;
            _minOffMs = board.Description.Limits.MinOffMs;
        }

        /// <summary>The point last asked for.</summary>
        public int Target { get; private set; }

        /// <summary>Frequency last ordered, kHz; 0 when off.</summary>
        public int FreqKhz { get; private set; }

        /// <summary>Voltage last ordered, mV.</summary>
        public int MilliVolts { get; private set; }

        /// <summary>True while a ramp is under way.</summary>
        public bool Ramping => _plan.Active;

        /// <summary>True while a rise is waiting for its random moment or for the end of the shortest time off.</summary>
        public bool RisePending => _riseAtMs >= 0 || (_resting && Target > 0);

        /// <summary>True if a part refused a value since the flag was last cleared.</summary>
        public bool WriteFailed { get; set; }

        /// <summary>True if the board should have power now.</summary>
        public bool WantPower
        {
            get
            {
                if (_throughSleep || _resting || (Target == 0 && !_plan.Active))
                {
                    return false;
                }

                return _riseAtMs < 0 || FreqKhz > 0;
            }
        }

        /// <summary>Uses another ladder; the target's number keeps its meaning only if the caller says so by setting it again.</summary>
        public void SetLadder(BoardLadder ladder) => _ladder = ladder;

        /// <summary>Voltage to begin with, mV; remembered as ordered.</summary>
        public int BeginVoltage()
        {
            MilliVolts = _ladder.Top > 0 ? _ladder.MilliVolts(1) : 0;
            return MilliVolts;
        }

        /// <summary>Power went off: frequency and plans are gone, the target stays.</summary>
        public void Forget()
        {
            FreqKhz = 0;
            _plan.Clear();
            _deadlineMs = -1;
        }

        /// <summary>Makes the shortest time off longer than the board's own, s; a shorter one changes nothing.</summary>
        public void LengthenMinOff(int seconds)
        {
            int ms = seconds > 0 && seconds <= MaxMinOffS ? seconds * 1000 : 0;
            _minOffMs = ms > _minOffMs ? ms : _minOffMs;
        }

        /// <summary>
        /// The regulator went off, for whatever reason: no start before the shortest time off has passed. Boards that were cut together must not start
        /// together (S15): a rise that waits counts its random part from there, and a board that means to come back by itself, after a fault or a
        /// fall through sleep, rests up to half as long again.
        /// </summary>
        public void WentOff(long nowMs)
        {
            int rest = _minOffMs + (Target > 0 && _riseAtMs < 0 ? (int)Draw(_minOffMs / 2) : 0);
            _restUntilMs = nowMs + rest;
            _resting = rest > 0;
            if (_riseAtMs >= 0 && _riseAtMs < _restUntilMs)
            {
                _riseAtMs += rest;
            }
        }

        /// <summary>
        /// Sets the point to go to. A lower one is begun at once, in the way of its class; a higher one after a random part of
        /// <paramref name="spreadMs"/> (S15), counted from the end of the shortest time off if that runs. Repeating the same point changes nothing unless its class is more urgent.
        /// </summary>
        public void SetTarget(int point, OrderClass orderClass, int rampMs, int spreadMs, long nowMs)
        {
            if (point == Target)
            {
                if (orderClass > _class && _plan.Active && _plan.ToKhz < FreqKhz)
                {
                    Fall(point, orderClass, rampMs, nowMs);
                }

                return;
            }

            Target = point;
            if (point == 0 || _ladder.FreqKhz(point) < FreqKhz)
            {
                Fall(point, orderClass, rampMs, nowMs);
                return;
            }

            bool onItsWay = FreqKhz == 0 && _chain.State != ChainState.Off;
            _rampMs = rampMs == NoDeadline ? _rampMs : rampMs;
            _class = OrderClass.Economic;
            _deadlineMs = -1;
            _plan.Clear();
            if (!onItsWay && _riseAtMs < 0)
            {
                // A rise that waits already keeps its moment: repeated orders must not postpone it for ever.
                _riseAtMs = (_resting ? _restUntilMs : nowMs) + Draw(spreadMs);
            }
        }

        /// <summary>Advances waiting and ramps.</summary>
        /// <param name="nowMs">Monotonic time, ms.</param>
        /// <param name="run">True while the chips are out of reset.</param>
        /// <param name="off">True while power is off and may come back.</param>
        public void Step(long nowMs, bool run, bool off)
        {
            _resting = nowMs < _restUntilMs;
            if (_throughSleep && off)
            {
                _throughSleep = false;
            }

            if (_riseAtMs >= 0 && nowMs >= _riseAtMs)
            {
                _riseAtMs = -1;
                if (FreqKhz > 0)
                {
                    _plan.Start(FreqKhz, _ladder.FreqKhz(Target), nowMs, _rampMs);
                }
            }

            if (!run || _chain.State != ChainState.Running || nowMs < _nextMoveMs)
            {
                return;
            }

            _nextMoveMs = nowMs + MoveMs;
            if (FreqKhz == 0)
            {
                FreqKhz = _chain.FreqKhz;
                _plan.Start(FreqKhz, _ladder.FreqKhz(Target), nowMs, _rampMs);
            }

            if (_plan.Active)
            {
                Move(nowMs);
            }
        }

        /// <summary>Begins a fall in the way of its class. One that has a deadline is never put off by another: what comes later may only lower its goal.</summary>
        private void Fall(int point, OrderClass orderClass, int rampMs, long nowMs)
        {
            if (_deadlineMs >= 0 && FreqKhz > 0)
            {
                int left = _deadlineMs > nowMs ? (int)(_deadlineMs - nowMs) : 0;
                rampMs = left < rampMs ? left : rampMs;
                orderClass = orderClass == OrderClass.Economic ? OrderClass.Reliability : orderClass;
            }

            _riseAtMs = -1;
            _class = orderClass;

            // A start after a fault climbs by this.
            _rampMs = rampMs == NoDeadline ? _rampMs : rampMs;
            _plan.Clear();
            _deadlineMs = -1;
            if (FreqKhz == 0)
            {
                return;
            }

            StopClimbing();
            if (orderClass == OrderClass.Economic)
            {
                _plan.Start(FreqKhz, _ladder.FreqKhz(point), nowMs, rampMs);
            }
            else if (orderClass == OrderClass.Emergency || point == 0 || rampMs < MoveMs)
            {
                // Off at once. A point above sleep is then reached from below, like any rise.
                _throughSleep = true;
            }
            else
            {
                // As fast as the chips step; through sleep if that is not done in time.
                _plan.Start(FreqKhz, _ladder.FreqKhz(point), nowMs, 0);
                _deadlineMs = rampMs == NoDeadline ? -1 : nowMs + rampMs;
                _nextMoveMs = nowMs;
            }
        }

        /// <summary>Chips that lag behind a rise must not go on with it: what was ordered becomes what they run at.</summary>
        private void StopClimbing()
        {
            int chipKhz = _chain.FreqKhz - (_chain.FreqKhz % GridKhz);
            if (_chain.State == ChainState.Running && chipKhz < FreqKhz && chipKhz >= _chain.Profile.MinKhz)
            {
                SetFrequency(chipKhz);
            }
        }

        private void Move(long nowMs)
        {
            int goal = _plan.ToKhz;
            int khz = _plan.KhzAt(nowMs);
            int floor = _ladder.FreqKhz(1);
            if (goal == 0)
            {
                if (_plan.Ended(nowMs) || khz < floor / 2)
                {
                    _plan.Clear();
                    return;
                }

                khz = khz < floor && FreqKhz >= floor ? floor : khz;
            }

            if (khz != goal)
            {
                khz -= khz % GridKhz;
            }

            if (khz > FreqKhz)
            {
                Raise(khz);
            }
            else
            {
                Lower(khz, goal);
            }

            int distance = _chain.FreqKhz - goal;
            bool there = FreqKhz == goal && !_chain.Ramping && distance < GridKhz && -distance < GridKhz;
            if (there && _plan.Ended(nowMs) && MilliVolts == _ladder.MilliVoltsFor(goal))
            {
                _plan.Clear();
                _deadlineMs = -1;
            }
            else if (_deadlineMs >= 0 && nowMs >= _deadlineMs && _chain.FreqKhz > goal)
            {
                _plan.Clear();
                _deadlineMs = -1;
                _throughSleep = true;
            }
        }

        private void Raise(int khz)
        {
            int needed = _ladder.MilliVoltsFor(khz);
            if (needed > MilliVolts)
            {
                SetVolts(needed);
                return;
            }

            SetFrequency(khz);
        }

        private void Lower(int khz, int goal)
        {
            if (goal > FreqKhz)
            {
                return;
            }

            if (khz < FreqKhz)
            {
                SetFrequency(khz < goal ? goal : khz);
            }

            int chipKhz = _chain.FreqKhz;
            int needed = _ladder.MilliVoltsFor(chipKhz > FreqKhz ? chipKhz : FreqKhz);
            if (needed < MilliVolts)
            {
                SetVolts(needed);
            }
        }

        private void SetFrequency(int khz)
        {
            if (khz < _chain.Profile.MinKhz)
            {
                return;
            }

            if (_chain.RampTo(khz) == PartStatus.Ok)
            {
                FreqKhz = khz;
            }
            else
            {
                WriteFailed = true;
            }
        }

        private void SetVolts(int milliVolts)
        {
            if (_regulator.SetMillivolts(milliVolts) == PartStatus.Ok)
            {
                MilliVolts = milliVolts;
            }
            else
            {
                WriteFailed = true;
            }
        }

        private uint Draw(int spreadMs) => spreadMs <= 0 ? 0 : _entropy.NextUInt32() % ((uint)spreadMs + 1);
    }
}
