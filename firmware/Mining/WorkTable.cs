using System;
using Ballast.Hw.Asic;

namespace Ballast.Firmware.Mining
{
    /// <summary>One job as it was sent to the chips: everything that a nonce needs to become a header again.</summary>
    public sealed class WorkEntry
    {
        /// <summary>The header with nonce 0 and the version of the first midstate.</summary>
        public readonly byte[] Header = new byte[HeaderHash.Length];

        /// <summary>The version of each midstate; one for chips that take none.</summary>
        public readonly uint[] Versions = new uint[ChipJob.MaxMidstates];

        /// <summary>Filled <see cref="Versions"/>.</summary>
        public int VersionCount;

        /// <summary>Serial of the pool's job.</summary>
        public int Record;

        /// <summary>Extranonce2 as a counter, least significant byte first in the coinbase.</summary>
        public ulong Extranonce2;

        /// <summary>Block time in the header.</summary>
        public uint Ntime;

        /// <summary>Counts entries, for the detection of duplicates.</summary>
        public int Serial;

        /// <summary>False while the slot is empty.</summary>
        public bool Used;

        /// <summary>Takes over another entry's work, for a further chip that shares its header.</summary>
        public void Set(WorkEntry other)
        {
            Array.Copy(other.Header, 0, Header, 0, HeaderHash.Length);
            Array.Copy(other.Versions, 0, Versions, 0, other.VersionCount);
            VersionCount = other.VersionCount;
            Record = other.Record;
            Extranonce2 = other.Extranonce2;
            Ntime = other.Ntime;
        }
    }

    /// <summary>
    /// Which work a chip's answer belongs to. Ids are few and come round again, so each place keeps the entry before the present one too: a
    /// nonce that was under way while its id was given away is still recognised. Bounded; entries are
    /// made when an id is used for the first time and exchanged from then on, never copied.
    /// </summary>
    public sealed class WorkTable
    {
        private readonly WorkEntry?[] _present;
        private readonly WorkEntry?[] _previous;
        private readonly int _idSpan;
        private WorkEntry _spare = new WorkEntry();
        private int _serial;

        /// <summary>A table for job ids 0…<paramref name="idSpan"/>−1 of each of <paramref name="lanes"/> chips, or one lane for a chain that all jobs reach.</summary>
        public WorkTable(int lanes, int idSpan)
        {
            _idSpan = idSpan;
            _present = new WorkEntry?[lanes * idSpan];
            _previous = new WorkEntry?[lanes * idSpan];
        }

        /// <summary>The entry to fill before a job is sent.</summary>
        public WorkEntry Spare { get { return _spare; } }

        /// <summary>Puts the filled spare under the id that the chain gave. Ids outside the table are refused.</summary>
        public bool Put(int lane, int jobId)
        {
            int at = Index(lane, jobId);
            if (at < 0)
            {
                return false;
            }

            WorkEntry filled = _spare;
            filled.Used = true;
            filled.Serial = ++_serial;
            _spare = _previous[at] ?? new WorkEntry();
            _previous[at] = _present[at];
            _present[at] = filled;
            return true;
        }

        /// <summary>The entry under an id, or the one that had the id before; null if there is none.</summary>
        public WorkEntry? Find(int lane, int jobId, bool previous)
        {
            int at = Index(lane, jobId);
            if (at < 0)
            {
                return null;
            }

            WorkEntry? entry = previous ? _previous[at] : _present[at];
            return entry != null && entry.Used ? entry : null;
        }

        /// <summary>Forgets all work, as after a restart of the chain.</summary>
        public void Clear()
        {
            for (int i = 0; i < _present.Length; i++)
            {
                WorkEntry? entry = _present[i];
                if (entry != null)
                {
                    entry.Used = false;
                }

                entry = _previous[i];
                if (entry != null)
                {
                    entry.Used = false;
                }
            }
        }

        private int Index(int lane, int jobId)
        {
            int at = (lane * _idSpan) + jobId;
            return lane < 0 || jobId < 0 || jobId >= _idSpan || at >= _present.Length ? -1 : at;
        }
    }
}
