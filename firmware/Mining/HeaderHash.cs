using System;
using Ballast.Wire;

namespace Ballast.Firmware.Mining
{
    /// <summary>Block headers: layout, midstate, and the double hash as a number.</summary>
    public sealed class HeaderHash
    {
        /// <summary>Bytes of a header.</summary>
        public const int Length = 80;

        private readonly uint[] _state = new uint[8];
        private readonly byte[] _tail = new byte[64];
        private readonly byte[] _second = new byte[64];

        /// <summary>A hasher with its own buffers.</summary>
        public HeaderHash()
        {
            _tail[16] = 0x80;
            _tail[62] = 0x02;
            _tail[63] = 0x80;
            _second[32] = 0x80;
            _second[62] = 0x01;
        }

        /// <summary>Writes all fields of a header; the nonce is 0.</summary>
        public static void Write(byte[] header, uint version, byte[] previousHash, byte[] merkleRoot, uint ntime, uint nbits)
        {
            Put(header, 0, version);
            Array.Copy(previousHash, 0, header, 4, 32);
            Array.Copy(merkleRoot, 0, header, 36, 32);
            Put(header, 68, ntime);
            Put(header, 72, nbits);
            Put(header, 76, 0);
        }

        /// <summary>Writes a little-endian word.</summary>
        public static void Put(byte[] header, int offset, uint value)
        {
            header[offset] = (byte)value;
            header[offset + 1] = (byte)(value >> 8);
            header[offset + 2] = (byte)(value >> 16);
            header[offset + 3] = (byte)(value >> 24);
        }

        /// <summary>Reads a little-endian word.</summary>
        public static uint Get(byte[] header, int offset)
        {
            return (uint)(header[offset] | (header[offset + 1] << 8) | (header[offset + 2] << 16) | (header[offset + 3] << 24));
        }

        /// <summary>The state after the first 64 bytes: what chips that do not hash them want. One compression.</summary>
        public static void Midstate(byte[] header, uint[] into, int offset)
        {
            Sha256.InitialState(into, offset);
            Sha256.Compress(into, offset, header, 0);
        }

        /// <summary>Hashes a header twice and writes the hash as a number, least significant word first. Three compressions.</summary>
        public void Hash(byte[] header, uint[] number)
        {
            uint[] s = _state;
            Sha256.InitialState(s, 0);
            Sha256.Compress(s, 0, header, 0);
            Array.Copy(header, 64, _tail, 0, 16);
            Sha256.Compress(s, 0, _tail, 0);
            MerkleBuilder.WriteState(s, _second, 0);
            Sha256.InitialState(s, 0);
            Sha256.Compress(s, 0, _second, 0);
            for (int i = 0; i < 8; i++)
            {
                uint w = s[i];
                number[i] = (w >> 24) | ((w >> 8) & 0xFF00) | ((w << 8) & 0xFF0000) | (w << 24);
            }
        }
    }
}
