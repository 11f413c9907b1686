using Ballast.Firmware.Grid;
using Ballast.Firmware.Power;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// Decides when the record is written (contract section 5, "Stored"). What a restart may come back to falls at once and rises at most
    /// once an hour, so writes stay few: one an hour, one per fall below what is stored, one per action, one per latch. The curtail input's hold is
    /// written at once and its end with the next write: a contact that chatters costs one more write per write, and an end that was not
    /// stored makes a restart wait a minute more.
    /// </summary>
    public sealed class RecordKeeper
    {
        /// <summary>Time between two writes that nothing demands, ms.</summary>
        public const long EveryMs = 3600000;

        /// <summary>Time after a failed write, ms.</summary>
        public const int RetryMs = 10000;

        private readonly BoardRecord _record;
        private readonly RecordStore _store;
        private readonly SafetyEvents _events;
        private long _nextMs;
        private long _nextRaiseMs;
        private long _retryMs;
        private int _savedStartMw;
        private SafetyRule _savedFault;

        /// <summary>Makes a keeper over a record as it was loaded.</summary>
        public RecordKeeper(BoardRecord record, RecordStore store, SafetyEvents events)
        {
            _record = record;
            _store = store;
            _events = events;
            _savedStartMw = record.StartMw;
            _savedFault = (SafetyRule)record.FaultRule;
        }

        /// <summary>The loop begins.</summary>
        public void Begin(long nowMs)
        {
            _nextMs = nowMs + EveryMs;
            _nextRaiseMs = nowMs + EveryMs;
        }

        /// <summary>Writes if something demands it. Called after the outputs of a tick were applied. True if the record is as wanted.</summary>
        /// <param name="nowMs">Monotonic time, ms.</param>
        /// <param name="fault">The latched fault (S03).</param>
        /// <param name="startMw">Power that the board may draw after a restart, mW (S11).</param>
        /// <param name="wanted">True if an accepted message or a person changed what is stored.</param>
        public bool Step(long nowMs, SafetyRule fault, int startMw, bool wanted)
        {
            if (fault != _savedFault)
            {
                _record.FaultRule = (int)fault;
                wanted = true;
            }

            // S13: a restart must know that power is held off.
            wanted |= startMw < _savedStartMw || (_record.Curtailed && !_store.CurtailStored);
            bool hourly = nowMs >= _nextMs && (_record.Order.Known || startMw != _savedStartMw || _record.Curtailed != _store.CurtailStored);
            if (!wanted && !hourly)
            {
                return true;
            }

            if (nowMs < _retryMs)
            {
                return false;
            }

            bool mayRaise = nowMs >= _nextRaiseMs;
            int before = _record.StartMw;
            _record.StartMw = startMw < _savedStartMw || mayRaise ? startMw : _savedStartMw;
            if (_store.Save(_record))
            {
                _savedStartMw = _record.StartMw;
                _savedFault = fault;
                _nextMs = nowMs + EveryMs;
                _nextRaiseMs = mayRaise ? nowMs + EveryMs : _nextRaiseMs;
                return true;
            }

            _record.StartMw = before;
            _retryMs = nowMs + RetryMs;
            _events.Add(SafetyRule.S11, "storage refused a record: orders hold, a restart may not know them", _store.Failures, 0, nowMs);
            return false;
        }
    }
}
