using System;
using Ballast.Hw.Asic;

namespace Ballast.Firmware.Mining
{
    /// <summary>What a nonce turned out to be.</summary>
    public enum NonceVerdict
    {
        /// <summary>The hash does not reach difficulty 1: the chip computed wrongly.</summary>
        HardwareError = 0,

        /// <summary>Right, but below the ticket difficulty: it was found under an older, lower one.</summary>
        BelowTicket = 1,

        /// <summary>Reaches the ticket, not the pool's difficulty.</summary>
        Ticket = 2,

        /// <summary>Reaches the pool's difficulty.</summary>
        Share = 3,

        /// <summary>Meets the network's target as well.</summary>
        Block = 4,
    }

    /// <summary>Rebuilds the header that a nonce stands for and judges its hash. Three compressions, no allocation.</summary>
    public sealed class ShareCheck
    {
        private readonly HeaderHash _hash = new HeaderHash();
        private readonly int _workShift;
        private readonly uint _topMask;

        /// <summary>A checker for a profile's unit of difficulty.</summary>
        public ShareCheck(int workShift)
        {
            _workShift = workShift;
            _topMask = workShift >= 32 ? 0 : 0xFFFFFFFF << workShift;
        }

        /// <summary>The header of the last nonce.</summary>
        public byte[] Header { get; } = new byte[HeaderHash.Length];

        /// <summary>The hash of the last nonce as a number, least significant word first.</summary>
        public uint[] Number { get; } = new uint[Target.Words];

        /// <summary>The version of the last nonce.</summary>
        public uint Version { get; private set; }

        /// <summary>The difficulty of the last hash in units of the profile, rounded down.</summary>
        public long Difficulty { get; private set; }

        /// <summary>Judges a nonce of a work entry.</summary>
        public NonceVerdict Judge(WorkEntry entry, ChipNonce nonce, int ticketDifficulty, JobRecord? record)
        {
            int index = nonce.MidstateIndex;
            uint version = entry.Versions[index >= 0 && index < entry.VersionCount ? index : 0] | nonce.VersionBits;
            Version = version;
            Array.Copy(entry.Header, 0, Header, 0, 76);
            HeaderHash.Put(Header, 0, version);
            HeaderHash.Put(Header, 76, nonce.Nonce);
            _hash.Hash(Header, Number);

            // Chips look for 32 zero bits, k fewer with a work shift.
            if ((Number[7] & _topMask) != 0)
            {
                Difficulty = 0;
                return NonceVerdict.HardwareError;
            }

            Difficulty = Target.DifficultyOf(Number, _workShift);
            if (record != null && Target.Meets(Number, record.ShareTarget))
            {
                return Target.Meets(Number, record.NetworkTarget) ? NonceVerdict.Block : NonceVerdict.Share;
            }

            return Difficulty >= ticketDifficulty ? NonceVerdict.Ticket : NonceVerdict.BelowTicket;
        }
    }

    /// <summary>Remembers the last nonces, so that one that a chip repeats is not counted or sent again.</summary>
    public sealed class RecentNonces
    {
        private const int Size = 64;

        private readonly uint[] _nonce = new uint[Size];
        private readonly uint[] _version = new uint[Size];
        private readonly int[] _work = new int[Size];
        private int _place;

        /// <summary>True if the nonce was not among the last; it is now.</summary>
        public bool Add(int workSerial, uint nonce, uint version)
        {
            uint[] nonces = _nonce;
            for (int i = 0; i < Size; i++)
            {
                if (nonces[i] == nonce && _version[i] == version && _work[i] == workSerial)
                {
                    return false;
                }
            }

            _nonce[_place] = nonce;
            _version[_place] = version;
            _work[_place] = workSerial;
            _place = (_place + 1) % Size;
            return true;
        }
    }
}
