using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>The job that a modelled chain holds, and the search over it: real double hashes of real headers.</summary>
    internal sealed class SimNonceSearch
    {
        private readonly SimChipType _type;
        private readonly IDigest _digest;
        private readonly byte[] _header = new byte[80];
        private readonly byte[] _hash = new byte[32];
        private readonly SimSha256? _sha;
        private readonly byte[] _tail = new byte[16];
        private readonly uint[] _midstates = new uint[32];
        private readonly int _unitBits;
        private readonly int _smallMask;
        private uint _version;
        private uint _startWord;
        private int _jobId;
        private int _midstateCount = 1;

        internal SimNonceSearch(SimChipType type, IDigest digest, int workShift)
        {
            _type = type;
            _digest = digest;
            _unitBits = 32 - workShift;
            _smallMask = type.SmallPerCore - 1;
            _sha = type.MidstateJobs ? new SimSha256() : null;
        }

        internal bool HasJob { get; set; }

        /// <summary>The found nonce as it goes over the wire, most significant byte first: core in bits 31–25.</summary>
        internal uint FoundWord { get; private set; }

        internal uint FoundVersion { get; private set; }

        internal int FoundJobByte { get; private set; }

        internal int FoundExcess { get; private set; }

        /// <summary>Takes a job frame of the chip's kind.</summary>
        internal void Take(byte[] frame)
        {
            if (_type.MidstateJobs)
            {
                TakeMidstates(frame);
            }
            else
            {
                TakeHeader(frame);
            }

            HasJob = true;
        }

        /// <summary>Id, number of midstates, start nonce, bits, time, last word of the root, midstates with their words in reverse order.</summary>
        private void TakeMidstates(byte[] frame)
        {
            const int Payload = 4;
            _jobId = frame[Payload];
            _midstateCount = frame[3] == 0x96 && frame[Payload + 1] > 1 ? 4 : 1;
            _startWord = ReadBe(frame, Payload + 2);
            Copy(frame, Payload + 14, _tail, 0, 4);
            Copy(frame, Payload + 10, _tail, 4, 4);
            Copy(frame, Payload + 6, _tail, 8, 4);
            for (int m = 0; m < _midstateCount; m++)
            {
                for (int word = 0; word < 8; word++)
                {
                    _midstates[(8 * m) + word] = ReadBe(frame, Payload + 18 + (32 * m) + (4 * (7 - word)));
                }
            }
        }

        /// <summary>Id, 1, start nonce, bits, time, root and previous hash with their words in reverse order, version.</summary>
        private void TakeHeader(byte[] frame)
        {
            const int Payload = 4;
            _jobId = frame[Payload];
            _startWord = ReadBe(frame, Payload + 2);
            Copy(frame, Payload + 6, _header, 72, 4);
            Copy(frame, Payload + 10, _header, 68, 4);
            for (int word = 0; word < 8; word++)
            {
                Copy(frame, Payload + 14 + (4 * (7 - word)), _header, 36 + (4 * word), 4);
                Copy(frame, Payload + 46 + (4 * (7 - word)), _header, 4 + (4 * word), 4);
            }

            _version = frame[Payload + 78] | ((uint)frame[Payload + 79] << 8) | ((uint)frame[Payload + 80] << 16) | ((uint)frame[Payload + 81] << 24);
        }

        /// <summary>The chip's next attempt; true if its hash meets the ticket.</summary>
        internal bool Try(SimBm13xxChip chip)
        {
            long sequence = chip.Sequence;
            chip.Sequence = sequence + 1;
            // The core has seven bits in a nonce [?: the BM1397 has more cores].
            int cores = _type.Cores > 128 ? 128 : _type.Cores;
            uint core = (uint)(sequence % cores);
            uint index = (uint)(sequence / cores);
            uint mask = chip.VersionMask;
            uint counter;
            uint bits;
            if (_type.MidstateJobs)
            {
                // Here the bits are the midstate's number.
                bits = index % (uint)_midstateCount;
                counter = index / (uint)_midstateCount;
            }
            else if (mask == 0xFFFF)
            {
                bits = index & 0xFFFF;
                counter = index >> 16;
            }
            else
            {
                bits = Spread(ref index, mask);
                counter = index;
            }

            uint word;
            if (_startWord == 0)
            {
                word = (core << 25) | ((chip.FirstCounter + counter) & 0x01FFFFFF);
            }
            else
            {
                // A start nonce, which no known host sends: the search begins exactly there.
                uint startCore = ((_startWord >> 25) + core) & 0x7F;
                word = (startCore << 25) | ((_startWord + counter) & 0x01FFFFFF);
            }

            return Test(chip, word, bits);
        }

        /// <summary>Tries one nonce (as the number that it is in the header) with version bits.</summary>
        internal bool TryNonce(SimBm13xxChip chip, uint nonce, uint bits)
        {
            uint word = (nonce << 24) | ((nonce & 0xFF00) << 8) | ((nonce >> 8) & 0xFF00) | (nonce >> 24);
            return Test(chip, word, bits);
        }

        private bool Test(SimBm13xxChip chip, uint word, uint bits)
        {
            if (_sha != null)
            {
                PutWord(_tail, 12, word);
                _sha.Finish(_midstates, 8 * (int)(bits & 3), _tail, _hash);
            }
            else
            {
                uint version = _version | (bits << 13);
                _header[0] = (byte)version;
                _header[1] = (byte)(version >> 8);
                _header[2] = (byte)(version >> 16);
                _header[3] = (byte)(version >> 24);
                PutWord(_header, 76, word);
                _digest.DoubleSha256(_header, 0, 80, _hash, 0);
            }

            int need = _unitBits + chip.TicketBits;
            int zeros = LeadingZeros(need);
            if (zeros < need)
            {
                return false;
            }

            int small = (int)bits & _smallMask;
            FoundWord = word;
            FoundVersion = bits;
            FoundJobByte = _type.ShiftedJobId ? ((_jobId << 1) & 0xF0) | small : (_jobId & ~_smallMask) | small;
            FoundExcess = 2 * (LeadingZeros(256) - need) & 0xFF;
            return true;
        }

        /// <summary>Zero bits at the top of the hash as a number, which is its last byte on; stops counting above <paramref name="enough"/>.</summary>
        private int LeadingZeros(int enough)
        {
            int zeros = 0;
            for (int i = 31; i >= 0 && zeros <= enough; i--)
            {
                int value = _hash[i];
                if (value == 0)
                {
                    zeros += 8;
                    continue;
                }

                while ((value & 0x80) == 0)
                {
                    zeros++;
                    value <<= 1;
                }

                break;
            }

            return zeros;
        }

        /// <summary>Deals the low bits of a number out to the set bits of a mask and keeps the rest.</summary>
        private static uint Spread(ref uint index, uint mask)
        {
            uint bits = 0;
            for (int i = 0; i < 16; i++)
            {
                if ((mask & (1u << i)) != 0)
                {
                    bits |= (index & 1) << i;
                    index >>= 1;
                }
            }

            return bits;
        }

        private static void PutWord(byte[] into, int at, uint word)
        {
            into[at] = (byte)(word >> 24);
            into[at + 1] = (byte)(word >> 16);
            into[at + 2] = (byte)(word >> 8);
            into[at + 3] = (byte)word;
        }

        private static uint ReadBe(byte[] data, int at) =>
            ((uint)data[at] << 24) | ((uint)data[at + 1] << 16) | ((uint)data[at + 2] << 8) | data[at + 3];

        private static void Copy(byte[] from, int at, byte[] to, int offset, int count) =>
            System.Array.Copy(from, at, to, offset, count);
    }
}
