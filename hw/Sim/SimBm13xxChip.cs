using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Hw.Sim
{
    /// <summary>One modelled BM13xx chip: registers, clock, and where its search stands.</summary>
    public sealed class SimBm13xxChip
    {
        /// <summary>Time that the PLL needs to lock after a write, ms.</summary>
        public const int PllLockMs = 2;

        private readonly SimChipType _type;
        private readonly uint[] _registers = new uint[256];
        private long _lockAtMs;
        private int _lockKhz;
        private long _hashesBelow32;
        private uint _hashes32;
        private uint _hashes32Base;

        internal SimBm13xxChip(SimChipType type)
        {
            _type = type;
            Reset();
        }

        /// <summary>Fault: the chip neither answers nor hashes; it passes commands on unless <see cref="BreaksChain"/>.</summary>
        public bool Dead { get; set; }

        /// <summary>Fault: nothing reaches the chips behind this one, and nothing of theirs comes back.</summary>
        public bool BreaksChain { get; set; }

        /// <summary>The chip's address; 0 after reset.</summary>
        public int Address { get; private set; }

        /// <summary>False from "chain inactive" until an address is given.</summary>
        public bool HasAddress { get; private set; }

        /// <summary>The clock of the cores now, kHz; 0 while the PLL is not locked.</summary>
        public int FreqKhz { get; private set; }

        /// <summary>Hashes counted at the full rate since reset, in units of 2^32.</summary>
        public uint HashCounter => _hashes32;

        /// <summary>Version rolling is on: replies are 11 bytes.</summary>
        internal bool Rolls => (_registers[(int)Bm13xxRegister.VersionRolling] & 0x80000000) != 0;

        internal uint VersionMask => Rolls ? _registers[(int)Bm13xxRegister.VersionRolling] & 0xFFFF : 0;

        /// <summary>Zero bits that a hash must have beyond the first 32.</summary>
        internal int TicketBits { get; private set; }

        internal bool CoresEnabled { get; private set; }

        internal bool IsHashing { get; set; }

        internal uint HashCountingNumber => _registers[(int)Bm13xxRegister.HashCountingNumber];

        /// <summary>Full-rate hashes not yet searched.</summary>
        internal long Credit { get; set; }

        /// <summary>Attempts made in the present job.</summary>
        internal long Sequence { get; set; }

        /// <summary>Divider of the UART that the chip was told, 0…255.</summary>
        internal int BaudDivider { get; private set; }

        /// <summary>First counter value of the chip's nonces: its offset, else its address.</summary>
        internal uint FirstCounter
        {
            get
            {
                uint offset = _registers[(int)Bm13xxRegister.ChipNonceOffset];
                return (offset & 0x80000000) != 0 ? (offset & 0xFFFF) * 512 : (uint)Address << 17;
            }
        }

        internal void Reset()
        {
            for (int i = 0; i < _registers.Length; i++)
            {
                _registers[i] = 0;
            }

            Address = 0;
            HasAddress = true;
            FreqKhz = _type.ResetKhz;
            _lockAtMs = -1;
            TicketBits = 0;
            CoresEnabled = !_type.NeedsCoreEnable;
            BaudDivider = 26;
            IsHashing = false;
            Credit = 0;
            Sequence = 0;
            _hashesBelow32 = 0;
            _hashes32 = 0;
            _hashes32Base = 0;
        }

        internal void Inactivate() => HasAddress = false;

        internal void TakeAddress(int address)
        {
            Address = address;
            HasAddress = true;
        }

        internal uint Read(int register)
        {
            switch ((Bm13xxRegister)register)
            {
                case Bm13xxRegister.ChipAddress:
                    return ((uint)_type.Id << 16) | ((uint)_type.CoreField << 8) | (uint)Address;
                case Bm13xxRegister.HashRate:
                    // Units of 2^20 hashes/s [?].
                    return IsHashing ? (uint)(((long)FreqKhz * 1000 * _type.SmallCores) >> 20) : 0;
                case Bm13xxRegister.Pll0:
                    uint word = _registers[register] & 0x7FFFFFFF;
                    return FreqKhz > 0 && _lockAtMs < 0 ? word | 0x80000000 : word;
                case Bm13xxRegister.TotalCounter:
                    return _hashes32;
                case Bm13xxRegister.TotalCounter2:
                    return _hashes32 - _hashes32Base;
                case Bm13xxRegister.DomainCounter0:
                case Bm13xxRegister.DomainCounter1:
                case Bm13xxRegister.DomainCounter2:
                case Bm13xxRegister.DomainCounter3:
                    return _hashes32 >> 2;
                default:
                    return _registers[register];
            }
        }

        internal void Write(int register, uint value, long nowMs)
        {
            _registers[register] = value;
            switch ((Bm13xxRegister)register)
            {
                case Bm13xxRegister.Pll0:
                    // The old clock is gone at once; the new one is there when the PLL has locked, never if it cannot.
                    _lockKhz = PllKhz(value);
                    _lockAtMs = nowMs + PllLockMs;
                    FreqKhz = 0;
                    break;
                case Bm13xxRegister.TicketMask:
                    TicketBits = CountMask(value);
                    break;
                case Bm13xxRegister.CoreControl:
                    if (value == 0x800082AA)
                    {
                        CoresEnabled = true;
                    }

                    break;
                case Bm13xxRegister.FastUart:
                    if (_type.FastUart)
                    {
                        BaudDivider = (int)((value >> 8) & 0xFF);
                    }

                    break;
                case Bm13xxRegister.MiscControl:
                    if (!_type.FastUart)
                    {
                        BaudDivider = (int)((value >> 8) & 0x1F);
                    }

                    break;
                case Bm13xxRegister.TotalCounter2:
                    _hashes32Base = _hashes32;
                    break;
                default:
                    break;
            }
        }

        internal void StepPll(long nowMs)
        {
            if (_lockAtMs >= 0 && nowMs >= _lockAtMs)
            {
                _lockAtMs = -1;
                FreqKhz = _lockKhz;
            }
        }

        internal void Count(long hashes)
        {
            _hashesBelow32 += hashes;
            _hashes32 += (uint)(_hashesBelow32 >> 32);
            _hashesBelow32 &= 0xFFFFFFFF;
        }

        private int PllKhz(uint word)
        {
            int flag = (int)(word >> 24) & 0x7F;
            int fb = (int)((word >> 16) & 0xFF);
            int reference = (int)((word >> 8) & 0x3F);
            int post = _type.NewPll ? 1 : 0;
            int p1 = (int)((word >> 4) & 7) + post;
            int p2 = (int)(word & 7) + post;
            if (fb < _type.FbMin || fb > _type.FbMax || reference < 1 || reference > 2 || p1 < 1 || p2 < 1 || p1 < p2)
            {
                return 0;
            }

            int vcoKhz = 25000 * fb / reference;
            int wanted = _type.NewPll && vcoKhz >= 2400000 ? 0x50 : 0x40;
            return flag == wanted ? 25000 * fb / (reference * p1 * p2) : 0;
        }

        private static int CountMask(uint value)
        {
            // Mirrored bits inside each byte do not change how many are set, and a mask of a power of two is all ones below it.
            int bits = 0;
            while (value != 0)
            {
                bits += (int)(value & 1);
                value >>= 1;
            }

            return bits;
        }
    }
}
