using System;
using Ballast.Firmware.Pool;

namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// A block that was found while the pool's stream was down. It can still be sent if the pool gives the same extranonce1 again, which its
    /// coinbase contains, and the network has not moved on.
    /// </summary>
    public sealed class HeldBlock
    {
        /// <summary>The pool's job id.</summary>
        public readonly byte[] Id = new byte[PoolJob.MaxId];

        /// <summary>Extranonce2, as the pool wants it.</summary>
        public readonly byte[] Extranonce2 = new byte[PoolJob.MaxExtranonce];

        private readonly byte[] _extranonce1 = new byte[PoolJob.MaxExtranonce];
        private readonly byte[] _previousHash = new byte[32];
        private int _extranonce1Length;

        /// <summary>True while a block waits.</summary>
        public bool Waiting { get; private set; }

        /// <summary>Slot of the pool that it belongs to.</summary>
        public int Pool { get; private set; }

        /// <summary>Bytes of <see cref="Id"/>.</summary>
        public int IdLength { get; private set; }

        /// <summary>Bytes of <see cref="Extranonce2"/>.</summary>
        public int Extranonce2Length { get; private set; }

        /// <summary>Block time.</summary>
        public uint Ntime { get; private set; }

        /// <summary>Nonce.</summary>
        public uint Nonce { get; private set; }

        /// <summary>The whole version.</summary>
        public uint Version { get; private set; }

        /// <summary>The job's own version.</summary>
        public uint JobVersion { get; private set; }

        /// <summary>Keeps a block; one that was kept before gives way.</summary>
        public void Keep(int pool, JobRecord record, byte[] extranonce2, uint ntime, uint nonce, uint version)
        {
            Pool = pool;
            IdLength = record.IdLength;
            Array.Copy(record.Id, 0, Id, 0, record.IdLength);
            _extranonce1Length = record.Extranonce1Length;
            Array.Copy(record.Extranonce1, 0, _extranonce1, 0, record.Extranonce1Length);
            Array.Copy(record.PreviousHash, 0, _previousHash, 0, 32);
            Extranonce2Length = record.Extranonce2Length;
            Array.Copy(extranonce2, 0, Extranonce2, 0, record.Extranonce2Length);
            Ntime = ntime;
            Nonce = nonce;
            Version = version;
            JobVersion = record.Version;
            Waiting = true;
        }

        /// <summary>Lets go of it.</summary>
        public void Release()
        {
            Waiting = false;
        }

        /// <summary>True if a pool that works on this job can still know the block.</summary>
        public bool Fits(PoolJob job)
        {
            if (job.Extranonce1Length != _extranonce1Length || job.Extranonce2Length != Extranonce2Length || !Builds(job))
            {
                return false;
            }

            int at = job.Extranonce2Offset - job.Extranonce1Length;
            for (int i = 0; i < _extranonce1Length; i++)
            {
                if (job.Coinbase[at + i] != _extranonce1[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>True if a job builds on the same block as this one, so that this one is still worth sending.</summary>
        public bool Builds(PoolJob job)
        {
            for (int i = 0; i < 32; i++)
            {
                if (job.PreviousHash[i] != _previousHash[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
