using Ballast.Hw.Boards;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Power
{
    /// <summary>What the supervisor remembers of measurements: how many samples in a row were bad, how long a fan has stood, whether a sensor moves.</summary>
    public sealed class SafetyCounters
    {
        /// <summary>A sensor that shows the same for this long after the chips' power changed is frozen (S04), ms.</summary>
        public const int FrozenMs = 60000;

        /// <summary>A reading further than this from the one at the change proves that the sensor moves, m°C.</summary>
        public const int MovesMilliC = 130;

        /// <summary>Change of power that must show in the temperature, mW.</summary>
        public const int PowerStepMw = 3000;

        private readonly BoardLimits _limits;
        private readonly long[] _fanStillSince = new long[SafetyInputs.MaxFans];
        private long _watchSinceMs = -1;
        private int _watchMilliC;
        private int _watchMw;

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

        /// <summary>Forgets what the sensor did: power is off, or a person released the fault.</summary>
        public void ClearSensor()
        {
            Frozen = false;
            _watchSinceMs = -1;
            _watchMw = 0;
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

        /// <summary>After a change of power the temperature must move. In a steady state it may stand still.</summary>
        private void WatchSensor(SafetyInputs input)
        {
            if (!input.RegulatorValid || !input.ChipValid)
            {
                return;
            }

            int mw = (int)((long)input.Regulator.OutputMilliVolts * input.Regulator.OutputMilliAmps / 1000);
            int step = mw - _watchMw;
            if (step > PowerStepMw || step < -PowerStepMw)
            {
                _watchMw = mw;
                if (_watchSinceMs < 0)
                {
                    // Further steps do not begin the time anew, or a power that keeps changing would hide a dead sensor.
                    _watchMilliC = input.ChipMilliC;
                    _watchSinceMs = input.NowMs;
                }
            }

            if (_watchSinceMs < 0)
            {
                return;
            }

            int moved = input.ChipMilliC - _watchMilliC;
            if (moved > MovesMilliC || moved < -MovesMilliC)
            {
                _watchSinceMs = -1;
            }
            else if (input.NowMs - _watchSinceMs >= FrozenMs)
            {
                Frozen = true;
            }
        }
    }
}
