using System;

namespace Ballast.Wire
{
    /// <summary>SHA-256 over data that comes in pieces. One owner at a time; it allocates only when it is constructed.</summary>
    public sealed class Sha256Stream
    {
        private readonly uint[] _state = new uint[Sha256.StateWords];
        private readonly byte[] _block = new byte[Sha256.BlockSize];
        private int _fill;
        private long _total;

        /// <summary>Starts ready for <see cref="Update"/>.</summary>
        public Sha256Stream()
        {
            Begin();
        }

        /// <summary>Starts a new hash; whatever was begun before is dropped.</summary>
        public void Begin()
        {
            Sha256.InitialState(_state, 0);
            _fill = 0;
            _total = 0;
        }

        /// <summary>Starts from a midstate.</summary>
        /// <param name="midstate">The eight words from <paramref name="off"/>; only read.</param>
        /// <param name="off">Index of the first word.</param>
        /// <param name="bytesDone">Bytes that the midstate covers, a multiple of 64.</param>
        public void BeginFrom(uint[] midstate, int off, long bytesDone)
        {
            for (int i = 0; i < Sha256.StateWords; i++)
                _state[i] = midstate[off + i];
            _fill = 0;
            _total = bytesDone;
        }

        /// <summary>Adds bytes.</summary>
        public void Update(byte[] data, int off, int count)
        {
            _total += count;
            if (_fill > 0)
            {
                int take = Sha256.BlockSize - _fill;
                if (take > count)
                    take = count;
                Array.Copy(data, off, _block, _fill, take);
                _fill += take;
                off += take;
                count -= take;
                if (_fill < Sha256.BlockSize)
                    return;
                Sha256.Compress(_state, 0, _block, 0);
                _fill = 0;
            }

            while (count >= Sha256.BlockSize)
            {
                Sha256.Compress(_state, 0, data, off);
                off += Sha256.BlockSize;
                count -= Sha256.BlockSize;
            }

            if (count > 0)
                Array.Copy(data, off, _block, 0, count);
            _fill = count;
        }

        /// <summary>Pads, writes 32 bytes and starts a new hash.</summary>
        public void End(byte[] hash, int off)
        {
            Finish();
            Emit(hash, off);
            Begin();
        }

        /// <summary>Pads, hashes the hash once more, writes 32 bytes and starts a new hash.</summary>
        public void EndDouble(byte[] hash, int off)
        {
            Finish();
            Emit(_block, 0);
            Sha256.InitialState(_state, 0);
            _fill = Sha256.HashSize;
            _total = Sha256.HashSize;
            End(hash, off);
        }

        private void Finish()
        {
            long bits = _total << 3;
            _block[_fill++] = 0x80;
            if (_fill > Sha256.BlockSize - 8)
            {
                Array.Clear(_block, _fill, Sha256.BlockSize - _fill);
                Sha256.Compress(_state, 0, _block, 0);
                _fill = 0;
            }

            Array.Clear(_block, _fill, Sha256.BlockSize - 8 - _fill);
            for (int i = Sha256.BlockSize - 1; i >= Sha256.BlockSize - 8; i--)
            {
                _block[i] = (byte)bits;
                bits >>= 8;
            }

            Sha256.Compress(_state, 0, _block, 0);
        }

        private void Emit(byte[] hash, int off)
        {
            for (int i = 0; i < Sha256.StateWords; i++)
            {
                uint word = _state[i];
                hash[off] = (byte)(word >> 24);
                hash[off + 1] = (byte)(word >> 16);
                hash[off + 2] = (byte)(word >> 8);
                hash[off + 3] = (byte)word;
                off += 4;
            }
        }
    }
}
