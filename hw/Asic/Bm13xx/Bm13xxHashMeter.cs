namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>
    /// Hash rate from the chips' own counters, per chip and per domain. One register is asked for in turn, of all chips at once;
    /// two readings at least a second apart make a rate.
    /// </summary>
    public sealed class Bm13xxHashMeter
    {
        /// <summary>Domains of a chip that have a counter of their own.</summary>
        public const int Domains = 4;

        private const int PollMs = 1000;
        private const int MinSampleMs = 1000;

        // Slots of a chip: the four domains, then the total.
        private const int Slots = Domains + 1;

        private readonly Bm13xxLink _link;
        private readonly uint[] _count;
        private readonly long[] _countMs;
        private readonly int[] _ghs;
        private int _slot;
        private long _pollMs;

        internal Bm13xxHashMeter(Bm13xxLink link)
        {
            _link = link;
            _count = new uint[link.ChipCount * Slots];
            _countMs = new long[link.ChipCount * Slots];
            _ghs = new int[link.ChipCount * Slots];
            Reset();
        }

        internal void Reset()
        {
            for (int i = 0; i < _ghs.Length; i++)
            {
                _countMs[i] = -1;
                _ghs[i] = -1;
            }

            _slot = Domains;
            _pollMs = 0;
        }

        /// <summary>GH/s of a chip, -1 before it is known.</summary>
        public int ChipGhs(int chip) => _ghs[chip * Slots + Domains];

        /// <summary>GH/s of a domain of a chip, -1 if it is not known or the chip has no such counter.</summary>
        public int DomainGhs(int chip, int domain) => _ghs[chip * Slots + domain];

        /// <summary>Asks for the next counter when it is time.</summary>
        internal void Step(long nowMs)
        {
            if (nowMs < _pollMs || !_link.Send(Bm13xxFrame.ReadAll(_link.Buffer, 0, RegisterOf(_slot)), nowMs))
                return;
            _pollMs = nowMs + PollMs;
            if (_link.Profile.HashCounters == HashCounterKind.TotalAndDomains)
                _slot = _slot == Domains ? 0 : _slot + 1;
        }

        /// <summary>Takes a register reply that arrived while running.</summary>
        internal void OnRegister(Bm13xxReply reply, long nowMs)
        {
            int chip = reply.Address / _link.Interval;
            if (chip * _link.Interval != reply.Address || chip >= _link.ChipCount)
                return;
            if (_link.Profile.HashCounters == HashCounterKind.RateRegister)
            {
                // Bit 31 tells the long window; the rest counts 2^20 hashes per second [?].
                if (reply.Register == (int)Bm13xxRegister.HashRate)
                    _ghs[chip * Slots + Domains] = (int)((long)(reply.Value & 0x7FFFFFFF) * 1048576 / 1000000000);
                return;
            }

            int slot = SlotOf(reply.Register);
            if (slot < 0)
                return;
            int i = chip * Slots + slot;
            long since = nowMs - _countMs[i];
            if (_countMs[i] >= 0 && since < MinSampleMs)
                return;
            if (_countMs[i] >= 0)
                _ghs[i] = Ghs(reply.Value - _count[i], since);
            _count[i] = reply.Value;
            _countMs[i] = nowMs;
        }

        /// <summary>GH/s from a difference of a counter whose unit is 2^32 hashes.</summary>
        public static int Ghs(uint counted, long ms)
        {
            long ghs = (long)(counted & 0x7FFFFFFF) * 4294967L / 1000 / ms;
            return ghs > 0x7FFFFFFF ? 0x7FFFFFFF : (int)ghs;
        }

        private Bm13xxRegister RegisterOf(int slot)
        {
            if (_link.Profile.HashCounters == HashCounterKind.RateRegister)
                return Bm13xxRegister.HashRate;
            return slot == Domains ? Bm13xxRegister.TotalCounter : (Bm13xxRegister)((int)Bm13xxRegister.DomainCounter0 + slot);
        }

        private static int SlotOf(int register)
        {
            if (register == (int)Bm13xxRegister.TotalCounter)
                return Domains;
            int domain = register - (int)Bm13xxRegister.DomainCounter0;
            return domain >= 0 && domain < Domains ? domain : -1;
        }
    }
}
