using Ballast.Hw.Bus;

namespace Ballast.Hw.Asic.A1
{
    /// <summary>From reset to hashing: reset, count, PLL and its lock, self-test, cores. Each step does a bounded piece and comes back.</summary>
    internal sealed class A1BringUp
    {
        private const int ResetMs = 100;
        private const int ReadyMs = 200;
        private const int Tries = 3;
        private const int LockTries = 25;
        private const int LockPauseMs = 40;
        private const int ChipsPerStep = 4;

        private readonly A1Link _link;
        private readonly A1Registers _registers;
        private readonly A1Profile _profile;
        private readonly A1ChipState[] _chips;
        private readonly IOutputPin _reset;
        private readonly bool _resetLevel;
        private Stage _stage;
        private bool _timed;
        private long _dueMs;
        private int _tries;
        private int _chip;

        public A1BringUp(A1Link link, A1Registers registers, A1Profile profile, A1ChipState[] chips, IOutputPin reset, bool resetLevel)
        {
            _link = link;
            _registers = registers;
            _profile = profile;
            _chips = chips;
            _reset = reset;
            _resetLevel = resetLevel;
        }

        private enum Stage
        {
            Reset,
            Release,
            Enumerate,
            Pll,
            Lock,
            Collect,
            Fix,
            Check,
            Done,
        }

        public string? Fault { get; private set; }

        public int ChipsFound { get; private set; }

        public void Begin()
        {
            _stage = Stage.Reset;
            _timed = false;
            _tries = 0;
            _chip = 0;
            ChipsFound = 0;
            Fault = null;
        }

        /// <summary>Does what is due. True when the chain can hash.</summary>
        public bool Step(long nowMs)
        {
            if (!_timed)
            {
                _timed = true;
                _dueMs = nowMs;
            }

            if (nowMs < _dueMs)
                return false;
            switch (_stage)
            {
                case Stage.Reset:
                    _reset.Write(_resetLevel);
                    Next(Stage.Release, nowMs + ResetMs);
                    break;
                case Stage.Release:
                    _reset.Write(!_resetLevel);
                    Next(Stage.Enumerate, nowMs + ReadyMs);
                    break;
                case Stage.Enumerate:
                    Enumerate(nowMs);
                    break;
                case Stage.Pll:
                    Broadcast(_registers.WritePll(0, _profile.StartKhz, nowMs), _profile.LockAt > 0 ? Stage.Lock : AfterLock(), "PLL setting", nowMs);
                    break;
                case Stage.Lock:
                    Lock(nowMs);
                    break;
                case Stage.Collect:
                    Broadcast(Plain(A1Command.BistCollect), Stage.Fix, "self-test collection", nowMs);
                    break;
                case Stage.Fix:
                    Broadcast(Plain(A1Command.BistFix), Stage.Check, "self-test result", nowMs);
                    break;
                case Stage.Check:
                    Check(nowMs);
                    break;
            }

            return _stage == Stage.Done;
        }

        private Stage AfterLock() => _profile.CollectsBist ? Stage.Collect : Stage.Fix;

        private void Next(Stage stage, long dueMs)
        {
            _stage = stage;
            _dueMs = dueMs;
            _chip = 0;
        }

        private bool Plain(A1Command command) => _link.Execute(A1Frame.Plain(_link.Write, 0, command, 0), 0, _chips.Length, (int)command, 2) >= 0;

        private void Broadcast(bool done, Stage next, string what, long nowMs)
        {
            if (done)
            {
                _tries = 0;
                Next(next, nowMs);
                return;
            }

            _link.Quieten();
            _tries++;
            if (_tries >= Tries)
                Fault = "The " + _profile.Name + " chain did not confirm the " + what + ": check SPI clock and wiring.";
        }

        private void Enumerate(long nowMs)
        {
            int found = _link.Enumerate();
            ChipsFound = found < 0 ? 0 : found;
            if (found == _chips.Length)
            {
                _tries = 0;
                Next(Stage.Pll, nowMs);
                return;
            }

            // It answers once after a reset, so another try begins there.
            _tries++;
            if (_tries < Tries)
            {
                Next(Stage.Reset, nowMs);
                return;
            }

            string name = _profile.Name;
            string count = _chips.Length.ToString();
            if (found < 0)
                Fault = "None of " + count + " " + name + " answered: check supply, reset line, SPI clock and wiring.";
            else if (found > _chips.Length)
                Fault = found.ToString() + " " + name + " answered, the board is described with " + count + ": choose the right board.";
            else
                Fault = found.ToString() + " of " + count + " " + name + " answered; missing from chip " + found.ToString()
                    + " on (counted from 0 at the controller): check the chain behind chip " + (found - 1).ToString() + ".";
        }

        private void Lock(long nowMs)
        {
            for (int i = 0; i < ChipsPerStep && _chip < _chips.Length; i++)
            {
                if (!_registers.Read(_chip) || !_registers.Locked)
                {
                    _tries++;
                    _dueMs = nowMs + LockPauseMs;
                    if (_tries >= LockTries)
                        Fault = "The PLL of chip " + _chip.ToString() + " of " + _chips.Length.ToString()
                            + " (counted from 0 at the controller) did not lock: check its clock and supply.";
                    return;
                }

                _tries = 0;
                _chip++;
            }

            if (_chip == _chips.Length)
                Next(AfterLock(), nowMs);
        }

        private void Check(long nowMs)
        {
            for (int i = 0; i < ChipsPerStep && _chip < _chips.Length; i++)
            {
                A1ChipState chip = _chips[_chip];
                if (!_registers.Read(_chip))
                {
                    _link.Quieten();
                    _tries++;
                    if (_tries < Tries)
                        return;
                    chip.GivenUp = true;
                }
                else
                {
                    Judge(chip, nowMs);
                }

                _tries = 0;
                _chip++;
            }

            if (_chip < _chips.Length)
                return;
            for (int i = 0; i < _chips.Length; i++)
            {
                if (!_chips[i].GivenUp)
                {
                    Next(Stage.Done, nowMs);
                    return;
                }
            }

            Fault = "None of " + _chips.Length.ToString() + " " + _profile.Name + " has enough working cores: check core voltage and clock.";
        }

        private void Judge(A1ChipState chip, long nowMs)
        {
            chip.Cores = _registers.Cores;
            if (chip.Cores < _profile.BrokenCores)
            {
                chip.GivenUp = true;
                chip.CapKhz = _profile.BrokenKhz;
                if (chip.Khz > chip.CapKhz)
                    _registers.WritePll(_chip + 1, chip.CapKhz, nowMs);
            }
            else if (chip.Cores < _profile.WeakCores)
            {
                chip.CapKhz = _profile.WeakKhz;
            }
        }
    }
}
