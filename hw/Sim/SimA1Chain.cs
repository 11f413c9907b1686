using Ballast.Hw.Asic.A1;
using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>
    /// A daisy chain of A1 chips on SPI: a command travels chip by chip, one 16-bit word each, and its echo travels back, so that it falls out
    /// 4 bytes per chip later (2 less when it stops at a chip). Times as cgminer's driver expects them [1].
    /// </summary>
    public sealed class SimA1Chain : ISpiBus, ISimHashChain
    {
        private const int RingWords = 1024;
        private const int IdlePercent = 15;

        private readonly SimA1Type _type;
        private readonly SimA1Chip[] _chips;
        private readonly SimRandom _random = new SimRandom(77);
        private readonly int[] _out = new int[RingWords];
        private readonly byte[] _command = new byte[64];
        private int _commandBytes;
        private int _commandTotal;
        private int _delay;
        private long _clocked;
        private int _highByte = -1;
        private bool _answered;
        private long _nowMs;
        private bool _held = true;

        /// <summary>Takes the chip type, the number of chips (1…64) and workShift k (0…31).</summary>
        public SimA1Chain(SimA1Type type, int chipCount, int workShift)
        {
            _type = type;
            _chips = new SimA1Chip[chipCount];
            for (int i = 0; i < chipCount; i++)
            {
                _chips[i] = new SimA1Chip(type, workShift);
            }
        }

        /// <summary>Fault: the line from the chips is stuck, at 0xFF or 0x00 as this byte says; -1 for no fault.</summary>
        public int StuckAt { get; set; } = -1;

        /// <summary>Fault: one byte in this many from the chips has a flipped bit; 0 for none.</summary>
        public int FlipOneIn { get; set; }

        /// <summary>Attempts that one <see cref="Step"/> makes at most over all chips.</summary>
        public int MaxHashesPerStep { get; set; } = 20000;

        /// <summary>Attempts left out because of <see cref="MaxHashesPerStep"/>.</summary>
        public long HashesLeftOut
        {
            get
            {
                long sum = 0;
                for (int i = 0; i < _chips.Length; i++)
                {
                    sum += _chips[i].LeftOut;
                }

                return sum;
            }
        }

        /// <summary>Core voltage of each chip, mV.</summary>
        public int CoreMilliVolts { get; set; }

        /// <summary>Power at the chips, mW.</summary>
        public int PowerMw { get; private set; }

        /// <summary>True full hash rate now, MH/s.</summary>
        public long HashMhs { get; private set; }

        /// <summary>True while at least one chip hashes a job.</summary>
        public bool IsHashing { get; private set; }

        /// <summary>A chip, for faults and looks inside.</summary>
        public SimA1Chip Chip(int index) => _chips[index];

        /// <summary>Test hook: a chip tries this nonce of its running job now; it is really hashed.</summary>
        public void Plant(int chip, uint nonce)
        {
            if (_chips[chip].HasJob)
            {
                _chips[chip].Try(nonce);
            }
        }

        /// <summary>Reset line: true holds the chips; they forget everything.</summary>
        public void HoldInReset(bool held)
        {
            if (held)
            {
                Forget();
            }

            _held = held;
        }

        /// <summary>Advances PLLs and searches.</summary>
        public void Step(long nowMs)
        {
            long elapsed = nowMs - _nowMs;
            _nowMs = nowMs;
            PowerMw = 0;
            HashMhs = 0;
            IsHashing = false;
            if (CoreMilliVolts < _type.MinMilliVolts)
            {
                Forget();
                return;
            }

            if (_held)
            {
                return;
            }

            long microWatt = 0;
            int budget = MaxHashesPerStep / _chips.Length;
            for (int i = 0; i < _chips.Length; i++)
            {
                SimA1Chip chip = _chips[i];
                if (chip.Dead)
                {
                    continue;
                }

                chip.Step(nowMs, elapsed, budget);
                long full = (long)_type.MicroWattPerV2Mhz * CoreMilliVolts / 1000 * CoreMilliVolts / 1000 * chip.FreqKhz / 1000
                    * chip.WorkingCores / _type.Cores;
                microWatt += chip.IsHashing ? full : full * IdlePercent / 100;
                if (chip.IsHashing)
                {
                    IsHashing = true;
                    HashMhs += (long)chip.FreqKhz * chip.WorkingCores / 1000;
                }
            }

            PowerMw = (int)(microWatt / 1000);
        }

        /// <inheritdoc/>
        public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                byte value = write[writeOffset + i];
                int word = _out[(int)(_clocked % RingWords)];
                byte answer = (byte)(_highByte < 0 ? word >> 8 : word);
                if (_random.OneIn(FlipOneIn))
                {
                    answer ^= (byte)(1 << (int)(_random.NextUInt32() & 7));
                }

                read[readOffset + i] = StuckAt >= 0 ? (byte)StuckAt : answer;
                if (_highByte < 0)
                {
                    _highByte = value;
                    continue;
                }

                _out[(int)(_clocked % RingWords)] = 0;
                Clock(_highByte, value);
                _highByte = -1;
                _clocked++;
            }

            return BusStatus.Ok;
        }

        private void Forget()
        {
            for (int i = 0; i < _chips.Length; i++)
            {
                _chips[i].Reset();
            }

            System.Array.Clear(_out, 0, RingWords);
            _commandBytes = 0;
            _commandTotal = 0;
            _highByte = -1;
        }

        private void Clock(int first, int second)
        {
            if (_held || CoreMilliVolts < _type.MinMilliVolts)
            {
                return;
            }

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
        private static int TotalBytes(int command)
        {
            switch ((A1Command)(command & 0x0F))
            {
                case A1Command.WriteJob:
                    return command >> 4 >= 1 && command >> 4 <= 4 ? 58 : 0;
                case A1Command.WriteRegister:
                    return command == (int)A1Command.WriteRegister ? 8 : 0;
                case A1Command.ReadRegister:
                case A1Command.ReadResult:
                    return command < 0x10 ? 8 : 0;
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
                SimA1Chip chip = _chips[chipId - 1];
                Put(0, ((int)A1Command.RegisterReply << 8) | chipId);
                for (int i = 0; i < 3; i++)
                {
                    Put(1 + i, (chip.ReadRegister(2 * i) << 8) | chip.ReadRegister((2 * i) + 1));
                }

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
                if (_chips[i].TryTakeResult(out int job, out uint wire))
                {
                    Put(0, (((job << 4) | (int)A1Command.ReadResult) << 8) | (i + 1));
                    Put(1, (int)(wire >> 16));
                    Put(2, (int)(wire & 0xFFFF));
                    return true;
                }
            }

            return false;
        }

        private void ForEach(int chipId)
        {
            for (int i = 0; i < _chips.Length && !_chips[i].Dead; i++)
            {
                if (chipId != 0 && chipId != i + 1)
                {
                    continue;
                }

                SimA1Chip chip = _chips[i];
                switch ((A1Command)(_command[0] & 0x0F))
                {
                    case A1Command.BistFix:
                        chip.BistFixed = chip.BistDone;
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
                        chip.WriteRegister(_command, 2, _nowMs);
                        break;
                    case A1Command.WriteJob:
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
