using System;
using Ballast.Firmware.Pool;

namespace Ballast.Firmware.Mining
{
    /// <summary>What has to be known of a pool's job as long as its work may be in a chip.</summary>
    public sealed class JobRecord
    {
        /// <summary>The job id as the pool wrote it.</summary>
        public readonly byte[] Id = new byte[PoolJob.MaxId];

        /// <summary>Bytes of <see cref="Id"/>.</summary>
        public int IdLength;

        /// <summary>Share target.</summary>
        public readonly uint[] ShareTarget = new uint[Target.Words];

        /// <summary>Network target.</summary>
        public readonly uint[] NetworkTarget = new uint[Target.Words];

        /// <summary>Extranonce1 of the job's coinbase.</summary>
        public readonly byte[] Extranonce1 = new byte[PoolJob.MaxExtranonce];

        /// <summary>Bytes of <see cref="Extranonce1"/>.</summary>
        public int Extranonce1Length;

        /// <summary>Hash of the previous block, in header order.</summary>
        public readonly byte[] PreviousHash = new byte[32];

        /// <summary>Version bits that the pool granted when the job came.</summary>
        public uint VersionMask;

        /// <summary>Bytes of extranonce2.</summary>
        public int Extranonce2Length;

        /// <summary>The job's version.</summary>
        public uint Version;

        /// <summary>Counts records; work that names another serial belongs to a job that was dropped.</summary>
        public int Serial;

        /// <summary>False once a clean job, another session or a newer record has made it worthless.</summary>
        public bool Live;
    }

    /// <summary>The last jobs of the pool, bounded: the oldest gives way.</summary>
    public sealed class JobRecords
    {
        private const int Size = 16;

        private readonly JobRecord[] _records = new JobRecord[Size];
        private readonly uint[] _scratch = new uint[16];
        private int _serial;

        /// <summary>An empty list.</summary>
        public JobRecords()
        {
            for (int i = 0; i < Size; i++)
            {
                _records[i] = new JobRecord();
            }
        }

        /// <summary>Serial of the newest record; 0 before the first.</summary>
        public int NewestSerial { get { return _serial; } }

        /// <summary>Takes over a job under the pool's version mask; with clean jobs every older one is worthless.</summary>
        public JobRecord Add(PoolJob job, uint versionMask, int workShift)
        {
            if (job.Clean)
            {
                Clear();
            }

            JobRecord record = _records[++_serial % Size];
            record.Serial = _serial;
            record.Live = true;
            record.IdLength = job.IdLength;
            Array.Copy(job.Id, 0, record.Id, 0, job.IdLength);
            record.Extranonce2Length = job.Extranonce2Length;
            record.Version = job.Version;
            record.VersionMask = versionMask;
            record.Extranonce1Length = job.Extranonce1Length;
            Array.Copy(job.Coinbase, job.Extranonce2Offset - job.Extranonce1Length, record.Extranonce1, 0, job.Extranonce1Length);
            Array.Copy(job.PreviousHash, 0, record.PreviousHash, 0, 32);
            Target.FromDifficulty(job.Difficulty, workShift, _scratch, record.ShareTarget);
            Target.FromBits(job.NBits, record.NetworkTarget);
            return record;
        }

        /// <summary>Makes all records worthless.</summary>
        public void Clear()
        {
            for (int i = 0; i < Size; i++)
            {
                _records[i].Live = false;
            }
        }

        /// <summary>The record of a serial; null if it is worthless by now.</summary>
        public JobRecord? Find(int serial)
        {
            JobRecord record = _records[serial % Size];
            return record.Live && record.Serial == serial ? record : null;
        }
    }
}
