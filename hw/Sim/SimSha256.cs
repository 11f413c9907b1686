namespace Ballast.Hw.Sim
{
    /// <summary>
    /// SHA-256 compression for chips that take midstates: <see cref="Bus.IDigest"/> cannot start from one. Plain loops, own constants,
    /// apart from the firmware's on purpose.
    /// </summary>
    internal sealed class SimSha256
    {
        private static readonly uint[] K =
        {
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
            0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
            0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
            0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
            0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
            0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
            0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        };

        private static readonly uint[] Start =
        {
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        };

        private readonly uint[] _w = new uint[64];
        private readonly uint[] _first = new uint[8];
        private readonly uint[] _second = new uint[8];

        /// <summary>Double hash of a header of which the first 64 bytes are a midstate and the last 16 are given, as 32 bytes.</summary>
        internal void Finish(uint[] midstate, int midstateAt, byte[] tail, byte[] hash)
        {
            for (int i = 0; i < 4; i++)
            {
                _w[i] = ((uint)tail[4 * i] << 24) | ((uint)tail[(4 * i) + 1] << 16) | ((uint)tail[(4 * i) + 2] << 8) | tail[(4 * i) + 3];
            }

            Pad(4, 640);
            System.Array.Copy(midstate, midstateAt, _first, 0, 8);
            Compress(_first);
            System.Array.Copy(_first, 0, _w, 0, 8);
            Pad(8, 256);
            System.Array.Copy(Start, 0, _second, 0, 8);
            Compress(_second);
            for (int i = 0; i < 8; i++)
            {
                hash[4 * i] = (byte)(_second[i] >> 24);
                hash[(4 * i) + 1] = (byte)(_second[i] >> 16);
                hash[(4 * i) + 2] = (byte)(_second[i] >> 8);
                hash[(4 * i) + 3] = (byte)_second[i];
            }
        }

        private void Pad(int words, uint bits)
        {
            _w[words] = 0x80000000;
            for (int i = words + 1; i < 15; i++)
            {
                _w[i] = 0;
            }

            _w[15] = bits;
        }

        private void Compress(uint[] state)
        {
            uint[] w = _w;
            for (int i = 16; i < 64; i++)
            {
                uint x = w[i - 15];
                uint y = w[i - 2];
                uint s0 = ((x >> 7) | (x << 25)) ^ ((x >> 18) | (x << 14)) ^ (x >> 3);
                uint s1 = ((y >> 17) | (y << 15)) ^ ((y >> 19) | (y << 13)) ^ (y >> 10);
                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
            }

            uint a = state[0], b = state[1], c = state[2], d = state[3];
            uint e = state[4], f = state[5], g = state[6], h = state[7];
            for (int i = 0; i < 64; i++)
            {
                uint s1 = ((e >> 6) | (e << 26)) ^ ((e >> 11) | (e << 21)) ^ ((e >> 25) | (e << 7));
                uint t1 = h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
                uint s0 = ((a >> 2) | (a << 30)) ^ ((a >> 13) | (a << 19)) ^ ((a >> 22) | (a << 10));
                uint t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
                h = g;
                g = f;
                f = e;
                e = d + t1;
                d = c;
                c = b;
                b = a;
                a = t1 + t2;
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
    }
}
