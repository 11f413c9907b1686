using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>
    /// A daisy chain of A1 chips on SPI: a command travels chip by chip, one 16-bit word each, and its echo travels back, so that it falls out
    /// 4 bytes per chip later (2 less when it stops at a chip). Times as cgminer's driver expects them [1].
    /// </summary>
    public sealed class SimA1Chain : ISpiBus, ISimHashChain
    {
        private const int IdlePercent = 15;

        private readonly SimA1Type _type;
        private readonly SimA1Chip[] _chips;
        private readonly SimA1Line _line;
        private readonly SimRandom _random = new SimRandom(77);
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

            _line = new SimA1Line(type, _chips);
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
        public void Plant(int chip, uint nonce, int midstate = 0)
        {
            if (_chips[chip].HasJob)
            {
                _chips[chip].Try(nonce, midstate);
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
                    HashMhs += (long)chip.FreqKhz * chip.WorkingCores * _type.HashesPerCore / 1000;
                }
            }

            PowerMw = (int)(microWatt / 1000);
        }

        /// <inheritdoc/>
        public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
        {
            _line.Alive = !_held && CoreMilliVolts >= _type.MinMilliVolts;
            _line.NowMs = _nowMs;
            for (int i = 0; i < count; i++)
            {
                byte answer = _line.Exchange(write[writeOffset + i]);
                if (_random.OneIn(FlipOneIn))
                {
                    answer ^= (byte)(1 << (int)(_random.NextUInt32() & 7));
                }

                read[readOffset + i] = StuckAt >= 0 ? (byte)StuckAt : answer;
            }

            return BusStatus.Ok;
        }

        private void Forget()
        {
            for (int i = 0; i < _chips.Length; i++)
            {
                _chips[i].Reset();
            }

            _line.Clear();
        }
    }
}
