using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>
    /// A chain of BM13xx chips at the end of a simulated UART. It reads frames off the byte stream, checks their CRC, and really double-hashes
    /// headers: rate/2^k attempts per second of simulated time, reporting hashes from ticket·2^-k on (design: workShift).
    /// </summary>
    public sealed class SimBm13xxChain : ISimUartDevice, ISimHashChain
    {
        /// <summary>Nonces that can be planted.</summary>
        public const int MaxPlanted = 8;

        private const int MinMilliVolts = 700;
        private const int IdlePercent = 15;
        private const int LeakMilliWatt = 20;

        private readonly SimChipType _type;
        private readonly SimUart _uart;
        private readonly SimRandom _random;
        private readonly SimBm13xxChip[] _chips;
        private readonly SimFrameReader _reader;
        private readonly SimNonceSearch _search;
        private readonly byte[] _reply = new byte[11];
        private readonly uint[] _planted = new uint[MaxPlanted];
        private readonly uint[] _plantedVersions = new uint[MaxPlanted];
        private readonly int _workShift;
        private int _plantedCount;
        private int _plantedNext;
        private long _nowMs;
        private long _jobAtMs;
        private bool _held = true;

        /// <summary>Takes the chip type, the number of chips, the wire, the digest, a random source and workShift k (0…40).</summary>
        public SimBm13xxChain(SimChipType type, int chipCount, SimUart uart, IDigest digest, SimRandom random, int workShift)
        {
            _type = type;
            _uart = uart;
            _random = random;
            _workShift = workShift;
            _reader = new SimFrameReader(type);
            _search = new SimNonceSearch(type, digest, workShift);
            _chips = new SimBm13xxChip[chipCount];
            for (int i = 0; i < chipCount; i++)
            {
                _chips[i] = new SimBm13xxChip(type);
            }

            uart.Connect(this);
        }

        /// <summary>Attempts that one <see cref="Step"/> makes at most over all chips, so that a late one cannot stall the process.</summary>
        public int MaxHashesPerStep { get; set; } = 20000;

        /// <summary>Attempts left out because of <see cref="MaxHashesPerStep"/>.</summary>
        public long HashesLeftOut { get; private set; }

        /// <summary>Nonce replies sent.</summary>
        public int NoncesSent { get; private set; }

        /// <summary>Jobs taken.</summary>
        public int JobsTaken { get; private set; }

        /// <summary>Frames ignored for their CRC.</summary>
        public int WrongCrc => _reader.WrongCrc;

        /// <summary>Chips of the chain.</summary>
        public int ChipCount => _chips.Length;

        /// <summary>Core voltage of each chip, mV. The board's model sets it before every step.</summary>
        public int CoreMilliVolts { get; set; }

        /// <summary>The true rate of 25 MHz / (8 × (divider + 1)), bit/s.</summary>
        public int BaudRate => 25000000 / (8 * (_chips[0].BaudDivider + 1));

        /// <summary>True while at least one chip hashes a job.</summary>
        public bool IsHashing { get; private set; }

        /// <summary>True full hash rate of all chips now, MH/s, 0 when idle.</summary>
        public long HashMhs { get; private set; }

        /// <summary>Power at the chips, mW.</summary>
        public int PowerMw { get; private set; }

        /// <summary>A chip of the chain, for faults and looks inside.</summary>
        public SimBm13xxChip Chip(int index) => _chips[index];

        /// <summary>
        /// Test hook: the first chip tries this nonce with these version bits (0…0xFFFF, before the shift by 13) first in every job.
        /// It is really hashed; it is reported only if it meets the ticket.
        /// </summary>
        /// <returns>False if <see cref="MaxPlanted"/> are planted already.</returns>
        public bool Plant(uint nonce, uint versionBits)
        {
            if (_plantedCount == MaxPlanted)
            {
                return false;
            }

            _planted[_plantedCount] = nonce;
            _plantedVersions[_plantedCount] = versionBits;
            _plantedCount++;
            return true;
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

        /// <summary>A byte from the controller.</summary>
        public void Receive(int value, long timeUs)
        {
            if (_held || CoreMilliVolts < MinMilliVolts)
            {
                return;
            }

            _reader.Add(value);
            int total = _reader.Next();
            while (total > 0)
            {
                Execute(_reader.Buffer, timeUs);
                _reader.Drop(total);
                total = _reader.Next();
            }
        }

        /// <summary>Hashes for the time since the last step.</summary>
        public void Step(long nowMs)
        {
            long elapsed = nowMs - _nowMs;
            _nowMs = nowMs;
            if (CoreMilliVolts < MinMilliVolts)
            {
                Forget();
                PowerMw = 0;
                return;
            }

            long microWatt = 0;
            long rate = 0;
            bool any = false;
            int budget = MaxHashesPerStep / _chips.Length;
            TryPlanted();
            for (int i = 0; i < _chips.Length; i++)
            {
                SimBm13xxChip chip = _chips[i];
                chip.StepPll(nowMs);
                if (_held || chip.Dead || chip.FreqKhz == 0)
                {
                    continue;
                }

                bool hashing = IsBusy(chip);
                chip.IsHashing = hashing;
                long full = (long)_type.MicroWattPerV2Mhz * CoreMilliVolts / 1000 * CoreMilliVolts / 1000 * chip.FreqKhz / 1000;
                microWatt += hashing ? full : full * IdlePercent / 100;
                if (hashing)
                {
                    any = true;
                    rate += (long)chip.FreqKhz * _type.SmallCores / 1000;
                    Hash(chip, elapsed, budget);
                }
            }

            // Leakage grows with the square of the voltage, modelled.
            long leak = (long)LeakMilliWatt * _chips.Length * CoreMilliVolts / 1000 * CoreMilliVolts / 1000;
            PowerMw = (int)((microWatt / 1000) + leak);
            IsHashing = any;
            HashMhs = rate;
        }

        private void Forget()
        {
            for (int i = 0; i < _chips.Length; i++)
            {
                _chips[i].Reset();
            }

            _reader.Clear();
            _search.HasJob = false;
            IsHashing = false;
            HashMhs = 0;
        }

        private bool IsBusy(SimBm13xxChip chip)
        {
            if (!_search.HasJob || !chip.CoresEnabled || !chip.HasAddress)
            {
                return false;
            }

            if (!_type.NeedsCoreEnable)
            {
                return true;
            }

            // The hash counting number bounds how long one job keeps a chip busy: (65536 / small cores) x HCN / 25 MHz.
            long busyMs = 65536 / _type.SmallPerCore * (long)chip.HashCountingNumber / 25000;
            return _nowMs - _jobAtMs < busyMs;
        }

        private void Hash(SimBm13xxChip chip, long elapsedMs, int budget)
        {
            long hashes = (long)chip.FreqKhz * _type.SmallCores * elapsedMs;
            chip.Count(hashes);
            chip.Credit += hashes;
            long attempts = chip.Credit >> _workShift;
            chip.Credit -= attempts << _workShift;
            if (attempts > budget)
            {
                HashesLeftOut += attempts - budget;
                attempts = budget;
            }

            for (long i = 0; i < attempts; i++)
            {
                if (_search.Try(chip))
                {
                    Send(chip);
                }
            }
        }

        private void TryPlanted()
        {
            while (_search.HasJob && !_held && _plantedNext < _plantedCount && IsBusy(_chips[0]))
            {
                if (_search.TryNonce(_chips[0], _planted[_plantedNext], _plantedVersions[_plantedNext]))
                {
                    Send(_chips[0]);
                }

                _plantedNext++;
            }
        }

        private void Execute(byte[] frame, long timeUs)
        {
            long nowMs = timeUs / 1000;
            int command = frame[2];
            if (command == (int)Bm13xxCommand.Job)
            {
                _search.Take(frame);
                _jobAtMs = nowMs;
                _plantedNext = 0;
                JobsTaken++;
                for (int i = 0; i < _chips.Length; i++)
                {
                    _chips[i].Sequence = 0;
                }

                return;
            }

            bool addressed = (command & 0x10) == 0;
            for (int i = 0; i < _chips.Length; i++)
            {
                SimBm13xxChip chip = _chips[i];
                bool goesOn = chip.Dead || Obey(chip, frame, addressed, nowMs, timeUs);
                if (!goesOn || chip.BreaksChain)
                {
                    return;
                }
            }
        }

        /// <summary>One chip's part in a command; false if it keeps the command for itself.</summary>
        private bool Obey(SimBm13xxChip chip, byte[] frame, bool addressed, long nowMs, long timeUs)
        {
            int address = frame[4];
            int register = frame[5];
            switch ((Bm13xxCommand)frame[2])
            {
                case Bm13xxCommand.ChainInactive:
                    chip.Inactivate();
                    return true;
                case Bm13xxCommand.SetAddress:
                    if (chip.HasAddress)
                    {
                        return true;
                    }

                    chip.TakeAddress(address);
                    return false;
                case Bm13xxCommand.WriteOne:
                case Bm13xxCommand.WriteAll:
                    if (!addressed || (chip.HasAddress && chip.Address == address))
                    {
                        uint value = ((uint)frame[6] << 24) | ((uint)frame[7] << 16) | ((uint)frame[8] << 8) | frame[9];
                        chip.Write(register, value, nowMs);
                    }

                    return true;
                case Bm13xxCommand.ReadOne:
                case Bm13xxCommand.ReadAll:
                    if (!addressed || (chip.HasAddress && chip.Address == address))
                    {
                        SendRegister(chip, register, timeUs);
                    }

                    return true;
                default:
                    return true;
            }
        }

        private void SendRegister(SimBm13xxChip chip, int register, long timeUs)
        {
            uint value = chip.Read(register);
            PutBe(value);
            _reply[6] = (byte)chip.Address;
            _reply[7] = (byte)register;
            int total = 9;
            if (chip.Rolls)
            {
                _reply[8] = 0;
                _reply[9] = 0;
                total = 11;
            }

            Finish(total, 0, timeUs);
        }

        private void Send(SimBm13xxChip chip)
        {
            uint word = _search.FoundWord;

            // Too little voltage for the clock: some of the nonces are wrong, more the more is missing.
            int need = _type.NeedBaseMilliVolts + (int)((long)_type.NeedMicroVoltPerMhz * chip.FreqKhz / 1000000);
            int missing = need - CoreMilliVolts;
            if (missing > 0 && _random.NextUInt32() % 100 < (uint)missing)
            {
                word ^= 1u << (int)(_random.NextUInt32() % 17);
            }

            PutBe(word);
            _reply[6] = (byte)_search.FoundExcess;
            _reply[7] = (byte)_search.FoundJobByte;
            int total = 9;
            if (chip.Rolls)
            {
                _reply[8] = (byte)(_search.FoundVersion >> 8);
                _reply[9] = (byte)_search.FoundVersion;
                total = 11;
            }

            if (_type.MidstateJobs)
            {
                _reply[6] = (byte)_search.FoundVersion;
            }

            NoncesSent++;
            Finish(total, 0x80, _nowMs * 1000);
            if (_type.RepeatsNonces && _random.OneIn(4))
            {
                Finish(total, 0x80, _nowMs * 1000);
            }
        }

        private void PutBe(uint value)
        {
            _reply[0] = 0xAA;
            _reply[1] = 0x55;
            _reply[2] = (byte)(value >> 24);
            _reply[3] = (byte)(value >> 16);
            _reply[4] = (byte)(value >> 8);
            _reply[5] = (byte)value;
        }

        private void Finish(int total, int type, long timeUs)
        {
            _reply[total - 1] = (byte)type;

            // The CRC runs over the payload and the three type bits of the last byte.
            _reply[total - 1] |= (byte)SimCrc.Crc5(_reply, 2, ((total - 3) * 8) + 3);
            _uart.Reply(_reply, 0, total, timeUs);
        }
    }
}
