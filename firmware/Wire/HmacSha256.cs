using System;

namespace Ballast.Wire
{
    /// <summary>
    /// HMAC-SHA256 (RFC 2104) with both pads hashed once per key: a message costs its own blocks and two more. One owner at a time;
    /// it allocates only when it is constructed.
    /// </summary>
    public sealed class HmacSha256
    {
        /// <summary>Bytes in a MAC.</summary>
        public const int MacSize = Sha256.HashSize;

        private readonly uint[] _inner = new uint[Sha256.StateWords];
        private readonly uint[] _outer = new uint[Sha256.StateWords];
        private readonly Sha256Stream _stream = new Sha256Stream();

        // Room for a MAC, so that a check needs no buffer of its caller.
        internal readonly byte[] Computed = new byte[MacSize];

        /// <summary>Takes a key of any length; the array is not kept.</summary>
        public HmacSha256(byte[] key)
        {
            byte[] pad = new byte[Sha256.BlockSize];
            if (key.Length > Sha256.BlockSize)
                Sha256.Hash(key, 0, key.Length, pad, 0);
            else
                Array.Copy(key, 0, pad, 0, key.Length);

            for (int i = 0; i < pad.Length; i++)
                pad[i] ^= 0x36;
            Sha256.InitialState(_inner, 0);
            Sha256.Compress(_inner, 0, pad, 0);

            for (int i = 0; i < pad.Length; i++)
                pad[i] ^= 0x36 ^ 0x5C;
            Sha256.InitialState(_outer, 0);
            Sha256.Compress(_outer, 0, pad, 0);
            Begin();
        }

        /// <summary>Starts a new MAC; whatever was begun before is dropped.</summary>
        public void Begin() => _stream.BeginFrom(_inner, 0, Sha256.BlockSize);

        /// <summary>Adds bytes.</summary>
        public void Update(byte[] data, int off, int count) => _stream.Update(data, off, count);

        /// <summary>Writes 32 bytes and starts a new MAC.</summary>
        public void End(byte[] mac, int off)
        {
            _stream.End(mac, off);
            _stream.BeginFrom(_outer, 0, Sha256.BlockSize);
            _stream.Update(mac, off, MacSize);
            _stream.End(mac, off);
            Begin();
        }

        /// <summary>Compares without telling by its duration where the first difference is.</summary>
        public static bool FixedTimeEquals(byte[] a, int ao, byte[] b, int bo, int count)
        {
            int difference = 0;
            for (int i = 0; i < count; i++)
                difference |= a[ao + i] ^ b[bo + i];
            return difference == 0;
        }
    }
}
