using Ballast.Firmware.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Grid
{
    /// <summary>What reading the stored record gave.</summary>
    public enum RecordFound
    {
        /// <summary>A whole record.</summary>
        Yes = 0,

        /// <summary>Both slots are empty: a first start.</summary>
        Empty = 1,

        /// <summary>Something is stored and none of it is whole.</summary>
        Unreadable = 2,
    }

    /// <summary>
    /// Keeps a record in two slots. Each holds magic, generation, length, record, CRC-32. The newer whole one counts; the other is
    /// written next, so a write torn at any byte leaves the one before it (fault F21).
    /// </summary>
    public sealed class RecordStore
    {
        private const uint Magic = 0xBA11A571;
        private const int Header = 12;

        private readonly IStore _store;
        private readonly ByteRecord _buffer = new ByteRecord(BoardRecord.MaxBytes);
        private uint _generation;
        private int _nextSlot;

        /// <summary>Makes a store; reads nothing yet.</summary>
        public RecordStore(IStore store)
        {
            _store = store;
        }

        /// <summary>Writes since the start.</summary>
        public int Writes { get; private set; }

        /// <summary>Writes that failed since the start.</summary>
        public int Failures { get; private set; }

        /// <summary>True if the newest whole record holds the curtail input's hold (S13). False after a write that failed: nobody knows then.</summary>
        public bool CurtailStored { get; private set; }

        /// <summary>Reads the newest whole record.</summary>
        public RecordFound Load(BoardRecord into)
        {
            RecordFound found = Find(into);
            CurtailStored = found == RecordFound.Yes && into.Curtailed;
            return found;
        }

        private RecordFound Find(BoardRecord into)
        {
            uint generation0 = Probe(0, out bool empty0);
            uint generation1 = Probe(1, out bool empty1);
            if (generation0 == 0 && generation1 == 0)
            {
                return empty0 && empty1 ? RecordFound.Empty : RecordFound.Unreadable;
            }

            // Generations wrap after 2^32 writes: no flash lives that long.
            int newer = generation0 > generation1 ? 0 : 1;
            uint other = newer == 0 ? generation1 : generation0;
            if (TryRead(newer, into))
            {
                _generation = newer == 0 ? generation0 : generation1;
                _nextSlot = 1 - newer;
                return RecordFound.Yes;
            }

            if (other != 0 && TryRead(1 - newer, into))
            {
                _generation = newer == 0 ? generation0 : generation1;
                _nextSlot = newer;
                return RecordFound.Yes;
            }

            return RecordFound.Unreadable;
        }

        /// <summary>Writes the record into the older slot and reads it back. False if the medium failed; the newest whole record then still counts.</summary>
        public bool Save(BoardRecord record)
        {
            bool saved = Put(record);
            CurtailStored = saved && record.Curtailed;
            return saved;
        }

        private bool Put(BoardRecord record)
        {
            _buffer.Begin(BoardRecord.MaxBytes - 4);
            _buffer.PutUInt(Magic);
            _buffer.PutUInt(_generation + 1);
            _buffer.PutUInt(0);
            record.Write(_buffer);
            if (_buffer.Failed)
            {
                Failures++;
                return false;
            }

            int length = _buffer.Position;
            _buffer.Position = 8;
            _buffer.PutUInt((uint)(length - Header));
            _buffer.Position = length;
            _buffer.End = BoardRecord.MaxBytes;
            _buffer.PutUInt(Crc32.Of(_buffer.Data, 0, length));
            Writes++;
            if (!_store.Write(_nextSlot, _buffer.Data, length + 4) || Probe(_nextSlot, out _) != _generation + 1)
            {
                Failures++;
                return false;
            }

            _generation++;
            _nextSlot = 1 - _nextSlot;
            return true;
        }

        /// <summary>The generation of a whole slot, or 0.</summary>
        private uint Probe(int slot, out bool empty)
        {
            int n = _store.Read(slot, _buffer.Data);
            empty = n == 0;
            if (n < Header + 4)
            {
                return 0;
            }

            _buffer.Begin(n);
            uint magic = _buffer.GetUInt();
            uint generation = _buffer.GetUInt();
            uint length = _buffer.GetUInt();
            if (magic != Magic || length > (uint)(BoardRecord.MaxBytes - Header - 4) || Header + (int)length + 4 > n)
            {
                return 0;
            }

            int end = Header + (int)length;
            _buffer.Position = end;
            return _buffer.GetUInt() == Crc32.Of(_buffer.Data, 0, end) ? generation : 0;
        }

        private bool TryRead(int slot, BoardRecord into)
        {
            int n = _store.Read(slot, _buffer.Data);
            if (n < Header + 4)
            {
                return false;
            }

            _buffer.Begin(n - 4);
            _buffer.Position = Header;
            return into.Read(_buffer);
        }
    }
}
