using System;
using Ballast.Firmware.Pool;
using Ballast.Wire;

namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// Computes the merkle root of a pool's job for one extranonce2, in slices: a whole root takes some 43 compressions, which an interpreter
    /// cannot spend in one control tick. The midstate up to the extranonce is kept, so a further extranonce2 of the same job starts behind it.
    /// </summary>
    public sealed class MerkleBuilder
    {
        private const int Block = 64;

        private readonly uint[] _prefix = new uint[8];
        private readonly uint[] _state = new uint[8];
        private readonly byte[] _small = new byte[Block];
        private readonly byte[] _pair = new byte[Block];
        private readonly byte[] _padding = new byte[Block];
        private PoolJob? _job;
        private int _prefixBlocks;
        private int _blocks;
        private int _prefixDone;
        private int _block;
        private int _stage;
        private int _branch;

        /// <summary>A builder without a job.</summary>
        public MerkleBuilder()
        {
            // The second block of every 64-byte message.
            _padding[0] = 0x80;
            _padding[62] = 0x02;
            _small[32] = 0x80;
            _small[62] = 0x01;
        }

        /// <summary>The root, 32 bytes in internal order, once <see cref="Done"/>.</summary>
        public byte[] Root { get; } = new byte[32];

        /// <summary>The coinbase's transaction id in internal order, once <see cref="Done"/>.</summary>
        public byte[] TransactionId { get; } = new byte[32];

        /// <summary>True when the root is there.</summary>
        public bool Done { get { return _stage == 4; } }

        /// <summary>True while there is work to do.</summary>
        public bool Busy { get { return _job != null && _stage < 4; } }

        /// <summary>Compressions that one more extranonce2 of this job costs.</summary>
        public int CompressionsPerRoot { get { return _job == null ? 0 : _blocks - _prefixBlocks + 1 + (3 * _job.BranchCount); } }

        /// <summary>Takes a job and pads its coinbase. The job must stay as it is until the next call.</summary>
        public void SetJob(PoolJob job)
        {
            _job = job;
            int length = job.CoinbaseLength;
            _blocks = (length + 9 + Block - 1) / Block;
            _prefixBlocks = job.Extranonce2Offset / Block;
            byte[] text = job.Coinbase;
            int end = _blocks * Block;
            Array.Clear(text, length, end - length);
            text[length] = 0x80;
            uint bits = (uint)length * 8;
            text[end - 4] = (byte)(bits >> 24);
            text[end - 3] = (byte)(bits >> 16);
            text[end - 2] = (byte)(bits >> 8);
            text[end - 1] = (byte)bits;
            _prefixDone = 0;
            Sha256.InitialState(_prefix, 0);
            _stage = 4;
        }

        /// <summary>Begins the root for an extranonce2, which must have the job's length.</summary>
        public void Begin(byte[] extranonce2)
        {
            Array.Copy(extranonce2, 0, _job!.Coinbase, _job.Extranonce2Offset, _job.Extranonce2Length);
            _stage = 0;
            _block = 0;
            _branch = 0;
        }

        /// <summary>Does at most so many compressions; returns how many it did.</summary>
        public int Step(int budget)
        {
            if (!Busy)
            {
                return 0;
            }

            int done = 0;
            byte[] coinbase = _job!.Coinbase;
            while (done < budget && _stage < 4)
            {
                if (_stage == 0)
                {
                    if (_prefixDone < _prefixBlocks)
                    {
                        Sha256.Compress(_prefix, 0, coinbase, _prefixDone * Block);
                        _prefixDone++;
                        done++;
                        continue;
                    }

                    Array.Copy(_prefix, 0, _state, 0, 8);
                    _block = _prefixBlocks;
                    _stage = 1;
                }

                if (_stage == 1)
                {
                    Sha256.Compress(_state, 0, coinbase, _block * Block);
                    done++;
                    if (++_block == _blocks)
                    {
                        _stage = 2;
                    }
                }
                else if (_stage == 2)
                {
                    // Second hash: of the coinbase, or of a pair.
                    WriteState(_state, _small, 0);
                    Sha256.InitialState(_state, 0);
                    Sha256.Compress(_state, 0, _small, 0);
                    done++;
                    WriteState(_state, _pair, 0);
                    if (_branch == 0)
                    {
                        Array.Copy(_pair, 0, TransactionId, 0, 32);
                    }

                    if (_branch == _job.BranchCount)
                    {
                        Array.Copy(_pair, 0, Root, 0, 32);
                        _stage = 4;
                    }
                    else
                    {
                        Array.Copy(_job.Branches, 32 * _branch, _pair, 32, 32);
                        _branch++;
                        Sha256.InitialState(_state, 0);
                        _stage = 3;
                        _block = 0;
                    }
                }
                else
                {
                    Sha256.Compress(_state, 0, _block == 0 ? _pair : _padding, 0);
                    done++;
                    if (++_block == 2)
                    {
                        _stage = 2;
                    }
                }
            }

            return done;
        }

        internal static void WriteState(uint[] state, byte[] into, int offset)
        {
            for (int i = 0; i < 8; i++)
            {
                uint w = state[i];
                into[offset] = (byte)(w >> 24);
                into[offset + 1] = (byte)(w >> 16);
                into[offset + 2] = (byte)(w >> 8);
                into[offset + 3] = (byte)w;
                offset += 4;
            }
        }
    }
}
