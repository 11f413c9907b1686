namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>
    /// The chips' frequency: steps from where each chip is to where it shall be. While all chips go together one broadcast per
    /// step serves them; as soon as one has a target of its own, each is written by address.
    /// </summary>
    internal sealed class Bm13xxClock
    {
        private const int Nobody = -2;
        private const int Everybody = -1;

        private readonly Bm13xxLink _link;
        private readonly Bm13xxProfile _profile;
        private readonly int[] _khz;
        private readonly int[] _targetKhz;
        private readonly long[] _lastMs;
        private readonly PllSetting _setting = new PllSetting();
        private readonly PllSetting _probe = new PllSetting();
        private readonly int _preludeWrites;
        private readonly int _writes;

        // The step under way: who, to which frequency, which of its writes is next and when.
        private int _unit;
        private int _unitKhz;
        private int _write;
        private long _writeDueMs;
        private long _changedMs;

        private bool _together;
        private int _away;
        private long _sumKhz;
        private int _cursor;

        public Bm13xxClock(Bm13xxLink link)
        {
            _link = link;
            _profile = link.Profile;
            _khz = new int[link.ChipCount];
            _targetKhz = new int[link.ChipCount];
            _lastMs = new long[link.ChipCount];
            _preludeWrites = _profile.PllPrelude == null ? 0 : _profile.PllPrelude.Length * _profile.PllRepeat;
            _writes = _preludeWrites + _profile.PllRepeat + (_profile.HasHashCounting ? 1 : 0);
            Reset();
        }

        /// <summary>Mean over the chips, kHz.</summary>
        public int MeanKhz { get; private set; }

        /// <summary>True while a chip is not at its target.</summary>
        public bool Ramping { get; private set; }

        /// <summary>What one chip is set to now, kHz.</summary>
        public int ChipKhz(int chip) => _khz[chip];

        public void Reset()
        {
            for (int i = 0; i < _khz.Length; i++)
            {
                _khz[i] = 0;
                _targetKhz[i] = _profile.StartKhz;
                _lastMs[i] = 0;
            }

            MeanKhz = 0;
            Ramping = false;
            _sumKhz = 0;
            _away = _khz.Length;
            _unit = Nobody;
            _together = true;
            _cursor = 0;
        }

        /// <summary>Writes the start frequency to all chips. False while it is not done; call again.</summary>
        public bool Start(long nowMs)
        {
            if (_unit == Nobody && !Begin(Everybody, _profile.StartKhz))
                return false;
            return Continue(nowMs);
        }

        /// <summary>True if the PLL can make a frequency of the profile's range to within 0.5 %.</summary>
        public bool CanRun(int khz)
        {
            if (khz < _profile.MinKhz || khz > _profile.MaxKhz || !Bm13xxPll.TryFind(_profile.Pll, khz, _probe))
                return false;
            int error = _probe.ActualKhz - khz;
            return error <= khz / 200 && error >= -(khz / 200);
        }

        public void SetTarget(int khz)
        {
            for (int i = 0; i < _targetKhz.Length; i++)
                _targetKhz[i] = khz;
            Refresh();
        }

        public void SetChipTarget(int chip, int khz)
        {
            _targetKhz[chip] = khz;
            Refresh();
        }

        public void Step(long nowMs)
        {
            if (_unit != Nobody && !Continue(nowMs))
                return;
            if (!Ramping)
                return;
            if (_together)
            {
                if (Due(0, nowMs) && Begin(Everybody, Next(0)))
                    Continue(nowMs);
                return;
            }

            // One round over the chips at most; the link's budget ends it earlier.
            for (int i = 0; i < _khz.Length; i++)
            {
                int chip = _cursor;
                if (Due(chip, nowMs) && Begin(chip, Next(chip)) && !Continue(nowMs))
                    return;
                if (!Ramping)
                    return;
                _cursor = chip + 1 < _khz.Length ? chip + 1 : 0;
            }
        }

        private bool Due(int chip, long nowMs)
        {
            int away = _targetKhz[chip] - _khz[chip];
            if (away == 0)
                return false;
            int wait = away > 0 ? _profile.RampUpMs : _profile.RampDownMs;

            // What precedes the PLL word may go early (each gap takes up to two ticks); the word itself waits in Continue.
            return nowMs - _lastMs[chip] >= wait - 2 * _preludeWrites * _profile.PllGapMs;
        }

        private int Next(int chip)
        {
            int now = _khz[chip];
            int target = _targetKhz[chip];
            if (target > now)
            {
                int up = (now / _profile.RampStepKhz + 1) * _profile.RampStepKhz;
                return up < target ? up : target;
            }

            int down = (now - 1) / _profile.RampDownStepKhz * _profile.RampDownStepKhz;
            return down > target ? down : target;
        }

        private bool Begin(int unit, int khz)
        {
            // A grid point that the PLL cannot make would stop the ramp for ever: the setting search always finds the nearest.
            if (!Bm13xxPll.TryFind(_profile.Pll, khz, _setting))
                return false;
            _unit = unit;
            _unitKhz = khz;
            _write = 0;
            _writeDueMs = 0;
            return true;
        }

        // True when the step under way is done.
        private bool Continue(long nowMs)
        {
            while (_write < _writes)
            {
                if (nowMs < _writeDueMs)
                    return false;
                int first = _unit == Everybody ? 0 : _unit;
                if (_write == _preludeWrites && _khz[first] != 0)
                {
                    int wait = _unitKhz > _khz[first] ? _profile.RampUpMs : _profile.RampDownMs;
                    if (nowMs - _lastMs[first] < wait)
                        return false;
                }

                if (!_link.Send(Build(_write), nowMs))
                    return false;
                if (_write == _preludeWrites)
                    _changedMs = nowMs;
                _write++;
                _writeDueMs = nowMs + _profile.PllGapMs;
            }

            int last = _unit == Everybody ? _khz.Length - 1 : _unit;
            for (int i = _unit == Everybody ? 0 : _unit; i <= last; i++)
            {
                if (_khz[i] != _targetKhz[i])
                    _away--;
                if (_unitKhz != _targetKhz[i])
                    _away++;
                _sumKhz += _unitKhz - _khz[i];
                _khz[i] = _unitKhz;
                _lastMs[i] = _changedMs;
            }

            _unit = Nobody;
            MeanKhz = (int)(_sumKhz / _khz.Length);
            Ramping = _away > 0;
            if (!Ramping)
                Refresh();
            return true;
        }

        private int Build(int write)
        {
            Bm13xxRegister register = Bm13xxRegister.Pll0;
            uint value = _setting.Word;
            if (write < _preludeWrites)
            {
                ScriptLine line = _profile.PllPrelude![write / _profile.PllRepeat];
                register = line.Register;
                value = line.Value;
            }
            else if (write >= _preludeWrites + _profile.PllRepeat)
            {
                register = Bm13xxRegister.HashCountingNumber;
                value = _profile.HashCounting(_link.ChipCount, _unitKhz);
            }

            return _unit == Everybody
                ? Bm13xxFrame.WriteAll(_link.Buffer, 0, register, value)
                : Bm13xxFrame.WriteOne(_link.Buffer, 0, _unit * _link.Interval, register, value);
        }

        // After a new target: who is away from it, and whether one broadcast serves all.
        private void Refresh()
        {
            bool together = true;
            int away = 0;
            for (int i = 0; i < _khz.Length; i++)
            {
                together &= _khz[i] == _khz[0] && _targetKhz[i] == _targetKhz[0];
                if (_khz[i] != _targetKhz[i])
                    away++;
            }

            _away = away;
            _together = together;
            Ramping = away > 0 && _khz[0] != 0;
        }
    }
}
