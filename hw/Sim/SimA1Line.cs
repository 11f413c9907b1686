using Ballast.Hw.Asic.A1;

namespace Ballast.Hw.Sim
{
    /// <summary>
    /// The words on a daisy chain of A1 chips: a command travels chip by chip, one 16-bit word each, and its echo travels back, so that it
    /// falls out 4 bytes per chip later (2 less when it stops at a chip).
    /// </summary>
    internal sealed class SimA1Line
    {
        private const int RingWords = 1024;

        private readonly SimA1Type _type;
        private readonly SimA1Chip[] _chips;
        private readonly int[] _out = new int[RingWords];
        private readonly byte[] _command = new byte[176];
        private readonly byte[] _reply = new byte[16];
        private int _commandBytes;
        private int _commandTotal;
        private int _delay;
        private long _clocked;
        private int _highByte = -1;
        private bool _answered;

        internal SimA1Line(SimA1Type type, SimA1Chip[] chips)
        {
            _type = type;
            _chips = chips;
        }

        /// <summary>False while the chips are held or without supply: they neither hear nor answer.</summary>
        internal bool Alive { get; set; }

        /// <summary>Time for what commands start.</summary>
        internal long NowMs { get; set; }

        internal void Clear()
        {
            System.Array.Clear(_out, 0, RingWords);
            _commandBytes = 0;
            _commandTotal = 0;
            _highByte = -1;
        }

        /// <summary>Clocks one byte in and one out.</summary>
        internal byte Exchange(byte value)
        {
            int word = _out[(int)(_clocked % RingWords)];
            if (_highByte < 0)
            {
                _highByte = value;
                return (byte)(word >> 8);
            }

            _out[(int)(_clocked % RingWords)] = 0;
            if (Alive)
            {
                Clock(_highByte, value);
            }

            _highByte = -1;
            _clocked++;
            return (byte)word;
        }

        private void Clock(int first, int second)
        {
            if (_commandBytes == 0)
            {
                _commandTotal = TotalBytes(first);
                if (_commandTotal == 0)
                {
                    return;
                }

                _delay = DelayWords(second);
            }

            _command[_commandBytes] = (byte)first;
            _command[_commandBytes + 1] = (byte)second;
            int index = _commandBytes / 2;
            _commandBytes += 2;
            if (index == 0)
            {
                _answered = _delay > 0 && Answer();
            }

            if (_delay > 0 && !_answered)
            {
                Put(index, (first << 8) | second);
            }

            if (_commandBytes >= _commandTotal)
            {
                Execute();
                _commandBytes = 0;
            }
        }

        /// <summary>Bytes of a command with its data; 0 for a word that is none (padding).</summary>
        private int TotalBytes(int command)
        {
            switch ((A1Command)(command & 0x0F))
            {
                case A1Command.WriteJob:
                case A1Command.WriteJobT1:
                    bool known = ((command & 0x0F) == (int)A1Command.WriteJobT1) == _type.IsT1;
                    return known && command >> 4 >= 1 && command >> 4 <= 4 ? _type.JobBytes : 0;
                case A1Command.WriteRegister:
                    return command == (int)A1Command.WriteRegister ? 2 + _type.RegisterBytes + (_type.IsT1 ? 2 : 0) : 0;
                case A1Command.ReadRegister:
                case A1Command.ReadResult:
                    return command < 0x10 ? 8 : 0;
                case A1Command.BistCollect:
                    return command < 0x10 && _type.IsT1 ? 4 : 0;
                case A1Command.Reset:
                case A1Command.BistStart:
                case A1Command.BistFix:
                    return command < 0x10 ? 4 : 0;
                default:
                    return 0;
            }
        }

        /// <summary>Words until the echo falls out: 2 per chip for all, 2k - 1 for chip k; 0 when nobody sends it back.</summary>
        private int DelayWords(int chipId)
        {
            int reach = chipId == 0 ? _chips.Length : chipId;
            if (reach > _chips.Length)
            {
                return 0;
            }

            for (int i = 0; i < reach; i++)
            {
                if (_chips[i].Dead)
                {
                    return 0;
                }
            }

            bool known = chipId == 0 || _chips[chipId - 1].BistDone;
            return !known ? 0 : chipId == 0 ? 2 * _chips.Length : (2 * chipId) - 1;
        }

        /// <summary>Schedules the word that takes the place of command word <paramref name="index"/> on the way back.</summary>
        private void Put(int index, int word)
        {
            long start = _clocked - ((_commandBytes / 2) - 1);
            _out[(int)((start + index + _delay) % RingWords)] = word;
        }

        /// <summary>
        /// Register and result go out in place of the echo, and are on their way before the command has ended: chip 1 answers one word later.
        /// </summary>
        private bool Answer()
        {
            int chipId = _command[1];
            if (_command[0] == (int)A1Command.ReadRegister && chipId > 0)
            {
                _reply[0] = (byte)A1Command.RegisterReply;
                _reply[1] = (byte)chipId;
                for (int i = 0; i < _type.RegisterBytes; i++)
                {
                    _reply[2 + i] = (byte)_chips[chipId - 1].ReadRegister(i);
                }

                PutReply(2 + _type.RegisterBytes);
                return true;
            }

            return _command[0] == (int)A1Command.ReadResult && chipId == 0 && PutResult();
        }

        private void Execute()
        {
            A1Command command = (A1Command)(_command[0] & 0x0F);
            if (command == A1Command.BistStart)
            {
                Enumerate();
            }
            else if (command != A1Command.ReadRegister && command != A1Command.ReadResult)
            {
                ForEach(_command[1]);
            }
        }

        private void Enumerate()
        {
            bool once = false;
            for (int i = 0; i < _chips.Length && !_chips[i].Dead; i++)
            {
                once |= !_chips[i].BistDone;
                _chips[i].BistDone = true;
            }

            // The word after the echo counts the chips; a second enumeration without a reset finds none.
            if (_delay > 0)
            {
                Put(1, once ? _chips.Length : 0);
            }
        }

        private bool PutResult()
        {
            for (int i = 0; i < _chips.Length; i++)
            {
                if (!_chips[i].TryTakeResult(out int job, out uint wire, out int midstate))
                {
                    continue;
                }

                int at = 2;
                _reply[0] = (byte)((job << 4) | (int)A1Command.ReadResult);
                _reply[1] = (byte)(i + 1);
                if (_type.IsT1)
                {
                    _reply[2] = 0;
                    _reply[3] = (byte)(1 << midstate);
                    at = 4;
                }

                _reply[at] = (byte)(wire >> 24);
                _reply[at + 1] = (byte)(wire >> 16);
                _reply[at + 2] = (byte)(wire >> 8);
                _reply[at + 3] = (byte)wire;
                PutReply(at + 4);
                return true;
            }

            return false;
        }

        /// <summary>Puts the reply in place of the echo; a T1 seals it with its CRC.</summary>
        private void PutReply(int count)
        {
            if (_type.IsT1)
            {
                int crc = SimCrc.CrcOfWords(_reply, 0, count);
                _reply[count] = (byte)(crc >> 8);
                _reply[count + 1] = (byte)crc;
                count += 2;
            }

            for (int i = 0; i < count; i += 2)
            {
                Put(i / 2, (_reply[i] << 8) | _reply[i + 1]);
            }
        }

        /// <summary>True unless a command that a T1 wants sealed has a wrong CRC: the chips ignore it.</summary>
        private bool IsWhole()
        {
            A1Command command = (A1Command)(_command[0] & 0x0F);
            if (!_type.IsT1 || (command != A1Command.WriteRegister && command != A1Command.WriteJobT1))
            {
                return true;
            }

            int end = _commandTotal - 2;
            return SimCrc.CrcOfWords(_command, 0, end) == ((_command[end] << 8) | _command[end + 1]);
        }

        private void ForEach(int chipId)
        {
            if (!IsWhole())
            {
                return;
            }

            for (int i = 0; i < _chips.Length && !_chips[i].Dead; i++)
            {
                if (chipId != 0 && chipId != i + 1)
                {
                    continue;
                }

                SimA1Chip chip = _chips[i];
                switch ((A1Command)(_command[0] & 0x0F))
                {
                    case A1Command.BistCollect:
                        chip.BistCollected = chip.BistDone;
                        break;
                    case A1Command.BistFix:
                        chip.BistFixed = chip.BistDone && chip.BistCollected;
                        break;
                    case A1Command.Reset:
                        if (_command[2] == 0xED && _command[3] == 0xED)
                        {
                            chip.DropJobs();
                        }
                        else
                        {
                            chip.Reset();
                        }

                        break;
                    case A1Command.WriteRegister:
                        chip.WriteRegister(_command, 2, NowMs);
                        break;
                    case A1Command.WriteJob:
                    case A1Command.WriteJobT1:
                        if (chip.BistDone)
                        {
                            chip.TakeJob(_command);
                        }

                        break;
                    default:
                        break;
                }
            }
        }
    }
}
