namespace Ballast.Hw.Asic.A1
{
    /// <summary>
    /// The frequency of an A1 chain. Chips that are all alike are stepped by one broadcast; as soon as one is weak, resting or given up, each
    /// is written by its number.
    /// </summary>
    internal sealed class A1Ramp
    {
        /// <summary>Result of a step: nothing was due.</summary>
        public const int Idle = -1;

        /// <summary>Result of a step: done.</summary>
        public const int Stepped = -2;

        /// <summary>Result of a step: the broadcast was not confirmed.</summary>
        public const int BroadcastFailed = -3;

        private const int ChipsPerStep = 8;
        private const int DownMs = 20;

        private readonly A1Registers _registers;
        private readonly A1Profile _profile;
        private readonly A1ChipState[] _chips;
        private int _targetKhz;
        private int _cursor;

        public A1Ramp(A1Registers registers, A1Profile profile, A1ChipState[] chips)
        {
            _registers = registers;
            _profile = profile;
            _chips = chips;
        }

        /// <summary>Mean of the usable chips, kHz.</summary>
        public int MeanKhz { get; private set; }

        /// <summary>True while a usable chip is not at its target.</summary>
        public bool Ramping { get; private set; }

        public void Reset()
        {
            _targetKhz = _profile.StartKhz;
            _cursor = 0;
            MeanKhz = 0;
            Ramping = false;
        }

        public void SetTarget(int khz) => _targetKhz = khz;

        /// <summary>Takes one step if it is due. A number from 0 on is a chip that did not confirm.</summary>
        public int Step(long nowMs)
        {
            if (!Ramping)
                return Idle;
            int result = AllAlike(nowMs) ? StepAll(nowMs) : StepEach(nowMs);
            Update(nowMs);
            return result;
        }

        /// <summary>Looks at all chips anew.</summary>
        public void Update(long nowMs)
        {
            long sum = 0;
            int working = 0;
            bool away = false;
            for (int i = 0; i < _chips.Length; i++)
            {
                A1ChipState chip = _chips[i];
                if (!chip.IsUsable(nowMs))
                    continue;
                sum += chip.Khz;
                working++;
                away |= TargetOf(chip) != chip.Khz;
            }

            MeanKhz = working == 0 ? 0 : (int)(sum / working);
            Ramping = away;
        }

        private int StepAll(long nowMs)
        {
            if (!Due(_chips[0], nowMs))
                return Idle;
            return _registers.WritePll(0, Next(_chips[0]), nowMs) ? Stepped : BroadcastFailed;
        }

        private int StepEach(long nowMs)
        {
            int result = Idle;
            int count = _chips.Length < ChipsPerStep ? _chips.Length : ChipsPerStep;
            for (int i = 0; i < count; i++)
            {
                int index = _cursor;
                _cursor = index + 1 < _chips.Length ? index + 1 : 0;
                if (!_chips[index].IsUsable(nowMs) || !Due(_chips[index], nowMs))
                    continue;
                if (!_registers.WritePll(index + 1, Next(_chips[index]), nowMs))
                    return index;
                result = Stepped;
            }

            return result;
        }

        private int TargetOf(A1ChipState chip) => _targetKhz < chip.CapKhz ? _targetKhz : chip.CapKhz;

        private bool Due(A1ChipState chip, long nowMs)
        {
            int away = TargetOf(chip) - chip.Khz;
            if (away == 0)
                return false;

            // S15: 6.25 MHz per 100 ms, whatever the size of the step.
            int wait = away > 0 ? (_profile.RampStepKhz * 16 + 999) / 1000 : DownMs;
            return nowMs - chip.ChangedMs >= wait;
        }

        private int Next(A1ChipState chip)
        {
            int target = TargetOf(chip);
            if (target > chip.Khz)
            {
                int up = (chip.Khz / _profile.RampStepKhz + 1) * _profile.RampStepKhz;
                return up < target ? up : target;
            }

            int down = (chip.Khz - 1) / _profile.RampDownStepKhz * _profile.RampDownStepKhz;
            return down > target ? down : target;
        }

        private bool AllAlike(long nowMs)
        {
            for (int i = 0; i < _chips.Length; i++)
            {
                if (!_chips[i].IsUsable(nowMs) || _chips[i].Khz != _chips[0].Khz || TargetOf(_chips[i]) != TargetOf(_chips[0]))
                    return false;
            }

            return true;
        }
    }
}
