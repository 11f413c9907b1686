using Ballast.Hw.Boards;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Power
{
    /// <summary>What the supervisor remembers of measurements: how many samples in a row were bad, how long a fan has stood, whether a sensor moves.</summary>
    public sealed class SafetyCounters
    {
        /// <summary>A sensor that shows the same for this long while power differs is frozen (S04), ms.</summary>
        public const int FrozenMs = 60000;

        /// <summary>A reading further than this from the one it stood at proves that the sensor moves, m°C.</summary>
        public const int MovesMilliC = 130;

        /// <summary>Net change of power that must show in the temperature, mW.</summary>
        public const int PowerStepMw = 3000;

        /// <summary>A reading that has stood for this long belongs to the power and the fans of that moment: what was under way has shown by then, ms.</summary>
        public const int StillMs = 20000;

        /// <summary>Below this the chips count as without power, mW.</summary>
        public const int UnpoweredMw = 1000;

        private readonly BoardLimits _limits;
        private readonly long[] _fanStillSince = new long[SafetyInputs.MaxFans];
        private bool _known;
        private bool _settled;
        private int _stillMilliC;
        private long _stillSinceMs;
        private int _stillMw;
        private int _stillFans;
        private long _unpoweredSinceMs = -1;
        private long _differsSinceMs = -1;

        /// <summary>Makes counters at zero.</summary>
        public SafetyCounters(BoardLimits limits)
        {
            _limits = limits;
            ClearFans();
        }

        /// <summary>Samples in a row with the chip over its limit.</summary>
        public int Hot { get; private set; }

        /// <summary>Samples in a row with the regulator over its limit.</summary>
        public int RegulatorHot { get; private set; }

        /// <summary>Samples in a row without a plausible chip temperature.</summary>
        public int Missing { get; private set; }

        /// <summary>Samples in a row without a reading of the regulator.</summary>
        public int RegulatorMissing { get; private set; }

        /// <summary>Samples in a row with the input outside its limits.</summary>
        public int Supply { get; private set; }

        /// <summary>Samples in a row with too much output current.</summary>
        public int Current { get; private set; }

        /// <summary>Samples in a row with the output further than a sixteenth from its target.</summary>
        public int RailOff { get; private set; }

        /// <summary>Samples in a row in which every fan turned.</summary>
        public int AllTurning { get; private set; }

        /// <summary>True if the chip sensor did not follow a change of power.</summary>
        public bool Frozen { get; private set; }

        /// <summary>Takes a fresh sample.</summary>
        public void Count(SafetyInputs input)
        {
            Missing = input.ChipValid ? 0 : Missing + 1;
            Hot = input.ChipValid && input.ChipMilliC >= _limits.ChipMaxMilliC ? Hot + 1 : 0;
            RegulatorMissing = input.RegulatorValid ? 0 : RegulatorMissing + 1;
            RegulatorReading r = input.Regulator;
            bool read = input.RegulatorValid;
            RegulatorHot = read && r.TemperatureMilliC >= _limits.RegulatorMaxMilliC ? RegulatorHot + 1 : 0;
            bool inputBad = r.InputMilliVolts < _limits.InputMinMilliVolts || r.InputMilliVolts > _limits.InputMaxMilliVolts;
            Supply = read && inputBad ? Supply + 1 : 0;
            Current = read && r.OutputMilliAmps > _limits.OutputMaxMilliAmps ? Current + 1 : 0;
            int off = r.OutputMilliVolts - input.TargetMilliVolts;
            RailOff = read && (off * 16 >= input.TargetMilliVolts || -off * 16 >= input.TargetMilliVolts) ? RailOff + 1 : 0;
            CountFans(input);
            WatchSensor(input);
        }

        /// <summary>The first fan that is driven and has stood for a time, or -1 (S05).</summary>
        public int FanStill(SafetyInputs input, int forMs)
        {
            for (int i = 0; i < input.FanCount; i++)
            {
                if (_fanStillSince[i] >= 0 && input.NowMs - _fanStillSince[i] >= forMs)
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>Begins to prove fans anew.</summary>
        public void ClearFans()
        {
            AllTurning = 0;
            for (int i = 0; i < _fanStillSince.Length; i++)
            {
                _fanStillSince[i] = -1;
            }
        }

        /// <summary>Judges the sensor anew: a start begins. What its reading stood for is kept.</summary>
        public void ClearSensor()
        {
            Frozen = false;
            _differsSinceMs = -1;
        }

        private void CountFans(SafetyInputs input)
        {
            bool all = true;
            for (int i = 0; i < input.FanCount; i++)
            {
                bool turning = input.FanRpm[i] >= _limits.FanMinRpm;
                all &= turning;
                if (turning || input.FanPercent[i] == 0)
                {
                    _fanStillSince[i] = -1;
                }
                else if (_fanStillSince[i] < 0)
                {
                    _fanStillSince[i] = input.NowMs;
                }
            }

            AllTurning = all ? AllTurning + 1 : 0;
        }

        /// <summary>
        /// S04: a reading that stood still before a change of power, and still stands a minute after it, is frozen. What counts is the
        /// net change since the reading came to stand: power that goes up and down again owes nothing. A chip that was still warming
        /// or cooling when power changed owes nothing either, because it may just have met its balance. Nor does one whose fans went
        /// the way of its power: holding the temperature is what they are for. From the unpowered state no fan can hold it.
        /// The first reading after a restart counts as one that stood still: a sensor may be dead from the beginning.
        /// </summary>
        private void WatchSensor(SafetyInputs input)
        {
            if (!input.RegulatorValid || !input.ChipValid)
            {
                return;
            }

            long now = input.NowMs;
            int mw = (int)((long)input.Regulator.OutputMilliVolts * input.Regulator.OutputMilliAmps / 1000);
            int fans = 0;
            for (int i = 0; i < input.FanCount; i++)
            {
                fans += input.FanPercent[i];
            }

            _unpoweredSinceMs = mw > UnpoweredMw ? -1 : _unpoweredSinceMs < 0 ? now : _unpoweredSinceMs;
            int moved = input.ChipMilliC - _stillMilliC;
            if (!_known || moved > MovesMilliC || moved < -MovesMilliC)
            {
                _settled = !_known;
                _known = true;
                _stillMilliC = input.ChipMilliC;
                _stillSinceMs = now;
                _differsSinceMs = -1;
                StandsFor(mw, fans);
                return;
            }

            // A dead sensor does not show that power went: what it shows belongs to the unpowered state after the same time.
            bool unpowered = _unpoweredSinceMs >= 0 && now - _unpoweredSinceMs >= StillMs;
            if (!_settled || unpowered)
            {
                _settled |= now - _stillSinceMs >= StillMs;
                _differsSinceMs = -1;
                StandsFor(mw, fans);
                return;
            }

            if (!MustShow(mw - _stillMw, fans - _stillFans))
            {
                _differsSinceMs = -1;
            }
            else if (_differsSinceMs < 0)
            {
                _differsSinceMs = now;
            }
            else if (now - _differsSinceMs >= FrozenMs)
            {
                Frozen = true;
            }
        }

        private void StandsFor(int mw, int fans)
        {
            _stillMw = mw;
            _stillFans = fans;
        }

        private bool MustShow(int stepMw, int fanStep)
        {
            bool fansCanHoldIt = _stillMw > UnpoweredMw;
            return (stepMw > PowerStepMw && !(fansCanHoldIt && fanStep > 0)) || (stepMw < -PowerStepMw && !(fansCanHoldIt && fanStep < 0));
        }
    }
}
