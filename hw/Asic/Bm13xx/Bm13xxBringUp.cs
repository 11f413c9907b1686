using Ballast.Hw.Bus;

namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>Runs a profile's script without ever waiting: each step does what is due and comes back.</summary>
    internal sealed class Bm13xxBringUp
    {
        private const int EnumerationTries = 3;

        // After the last expected answer: long enough for one more chip to show up.
        private const int SettleMs = 20;

        private readonly Bm13xxLink _link;
        private readonly Bm13xxClock _clock;
        private readonly Bm13xxParser _parser;
        private readonly IOutputPin _reset;
        private readonly bool _resetLevel;
        private readonly int _chipsPerDomain;
        private readonly ScriptLine[] _script;
        private readonly bool[] _seen;

        private int _line;
        private int _group;
        private int _chip;
        private bool _timed;
        private long _dueMs;

        // Enumeration under way.
        private bool _asking;
        private int _tries;
        private int _answers;
        private int _answersByAddress;
        private int _strangerId;
        private bool _settling;
        private long _deadlineMs;

        public Bm13xxBringUp(Bm13xxLink link, Bm13xxClock clock, Bm13xxParser parser, IOutputPin reset, bool resetLevel, int chipsPerDomain)
        {
            _link = link;
            _clock = clock;
            _parser = parser;
            _reset = reset;
            _resetLevel = resetLevel;
            _chipsPerDomain = chipsPerDomain;
            _script = link.Profile.Script;
            _seen = new bool[link.ChipCount];
        }

        /// <summary>Why it failed; null while it has not.</summary>
        public string? Fault { get; private set; }

        /// <summary>Chips that answered the last enumeration.</summary>
        public int ChipsFound { get; private set; }

        /// <summary>Difficulty whose mask the script writes.</summary>
        public int TicketDifficulty { get; set; } = 256;

        public void Begin()
        {
            _line = 0;
            _group = 0;
            _chip = 0;
            _timed = false;
            _asking = false;
            _tries = 0;
            ChipsFound = 0;
            Fault = null;
            _parser.ReplyBytes = _link.Profile.ReplyBytesAtReset;
        }

        /// <summary>Does what is due. True when the script is through.</summary>
        public bool Step(long nowMs)
        {
            if (!_timed)
            {
                _timed = true;
                _dueMs = nowMs;
            }

            while (_line < _script.Length)
            {
                if (nowMs < _dueMs)
                    return false;
                ScriptLine line = _script[_line];
                if (!Do(line, nowMs))
                {
                    if (_link.Broken)
                        Fault = Bm13xxLink.BrokenText;
                    return false;
                }

                _dueMs = nowMs + line.PauseMs;
                Advance(line);
            }

            return true;
        }

        /// <summary>Takes a register reply that arrived during bring-up.</summary>
        public void OnRegister(Bm13xxReply reply)
        {
            if (!_asking || reply.Register != (int)Bm13xxRegister.ChipAddress)
                return;
            int id = (int)(reply.Value >> 16);
            if (id != _link.Profile.ChipId)
            {
                _strangerId = id;
                return;
            }

            _answers++;
            int index = reply.Address / _link.Interval;
            if (index * _link.Interval == reply.Address && index < _seen.Length && !_seen[index])
            {
                _seen[index] = true;
                _answersByAddress++;
            }
        }

        private bool Do(ScriptLine line, long nowMs)
        {
            byte[] buffer = _link.Buffer;
            switch (line.Op)
            {
                case ScriptOp.AssertReset:
                    _reset.Write(_resetLevel);
                    return true;
                case ScriptOp.ReleaseReset:
                    _reset.Write(!_resetLevel);
                    return true;
                case ScriptOp.HostBaud:
                    return SetBaud((int)line.Value);
                case ScriptOp.ReplyBytes:
                    _parser.ReplyBytes = (int)line.Value;
                    return true;
                case ScriptOp.WriteAll:
                    return _link.Send(Bm13xxFrame.WriteAll(buffer, 0, line.Register, line.Value), nowMs);
                case ScriptOp.WriteFirst:
                    return _link.Send(Bm13xxFrame.WriteOne(buffer, 0, 0, line.Register, line.Value), nowMs);
                case ScriptOp.WriteEach:
                    return _link.Send(Bm13xxFrame.WriteOne(buffer, 0, _chip * _link.Interval, line.Register, line.Value), nowMs);
                case ScriptOp.WriteDomainEnds:
                    return _chipsPerDomain == 0 || (_chip + 1) % _chipsPerDomain != 0
                        || _link.Send(Bm13xxFrame.WriteOne(buffer, 0, _chip * _link.Interval, line.Register, line.Value), nowMs);
                case ScriptOp.Inactive:
                    return _link.Send(Bm13xxFrame.ChainInactive(buffer, 0), nowMs);
                case ScriptOp.SetAddresses:
                    return _link.Send(Bm13xxFrame.SetAddress(buffer, 0, _chip * _link.Interval), nowMs);
                case ScriptOp.Ticket:
                    return _link.Send(Bm13xxFrame.WriteAll(buffer, 0, Bm13xxRegister.TicketMask, Bm13xxProfile.TicketMask(TicketDifficulty)), nowMs);
                case ScriptOp.StartFrequency:
                    return _clock.Start(nowMs);
                case ScriptOp.Enumerate:
                case ScriptOp.Verify:
                    return Ask(line, nowMs);
                default:
                    Fault = "The bring-up script of " + _link.Profile.Name + " has an unknown line " + _line.ToString() + ".";
                    return false;
            }
        }

        // After a line is done: the next chip of it, the next line of its group, or the next line.
        private void Advance(ScriptLine line)
        {
            bool more = _chip + 1 < _link.ChipCount;
            bool forEach = line.Op == ScriptOp.SetAddresses || line.Op == ScriptOp.WriteDomainEnds;
            bool inGroup = line.Op == ScriptOp.WriteEach;
            bool groupEnds = _line + 1 >= _script.Length || _script[_line + 1].Op != ScriptOp.WriteEach;
            if (more && forEach)
            {
                _chip++;
                return;
            }

            if (more && inGroup && groupEnds)
            {
                _chip++;
                _line = _group;
                return;
            }

            _line++;
            if (inGroup && !groupEnds)
                return;
            _chip = 0;
            _group = _line;
        }

        private bool SetBaud(int baud)
        {
            if (_link.Uart.SetBaudRate(baud) == BusStatus.Ok)
                return true;
            Fault = "The UART to the chips does not run at " + baud.ToString() + " bit/s: choose another port.";
            return false;
        }

        private bool Ask(ScriptLine line, long nowMs)
        {
            if (!_asking)
            {
                if (!_link.Send(Bm13xxFrame.ReadAll(_link.Buffer, 0, Bm13xxRegister.ChipAddress), nowMs))
                    return false;
                _asking = true;
                _settling = false;
                _answers = 0;
                _answersByAddress = 0;
                _strangerId = 0;
                for (int i = 0; i < _seen.Length; i++)
                    _seen[i] = false;
                _deadlineMs = nowMs + (int)line.Value;
                return false;
            }

            bool byAddress = line.Op == ScriptOp.Verify;
            int found = byAddress ? _answersByAddress : _answers;
            if (!_settling && found >= _link.ChipCount)
            {
                _settling = true;
                _deadlineMs = nowMs + SettleMs;
            }

            if (nowMs < _deadlineMs)
                return false;
            _asking = false;
            ChipsFound = found;
            if (found == _link.ChipCount && _strangerId == 0)
            {
                _tries = 0;
                return true;
            }

            _tries++;
            if (_tries < EnumerationTries)
                return false;
            Fault = byAddress ? LostChips() : MissingChips();
            return false;
        }

        private string MissingChips()
        {
            string name = _link.Profile.Name;
            int count = _link.ChipCount;
            if (_strangerId != 0)
                return "A chip says that it is 0x" + _strangerId.ToString("X4") + ", the board is described with " + name + ": choose the right board.";
            if (_answers == 0)
                return "None of " + count.ToString() + " " + name + " answered: check core voltage, reset line, clock and UART.";
            if (_answers > count)
                return _answers.ToString() + " " + name + " answered, the board is described with " + count.ToString() + ": choose the right board.";

            // Without addresses chips cannot be told apart; a chain breaks at a chip and loses all behind it.
            string missing = _answers == count - 1
                ? "chip " + (count - 1).ToString()
                : "chips " + _answers.ToString() + " to " + (count - 1).ToString();
            return _answers.ToString() + " of " + count.ToString() + " " + name + " answered; missing is " + missing
                + " (counted from 0 at the controller): check the chain behind chip " + (_answers - 1).ToString() + ".";
        }

        private string LostChips()
        {
            string list = "";
            for (int i = 0; i < _seen.Length; i++)
            {
                if (!_seen[i])
                    list += (list.Length == 0 ? "" : ", ") + i.ToString();
            }

            return "Chip " + list + " of " + _link.ChipCount.ToString() + " (counted from 0 at the controller) did not answer by address at "
                + _link.Uart.BaudRate.ToString() + " bit/s: check signal quality of the chain.";
        }
    }
}
