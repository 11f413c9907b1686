using Ballast.Firmware.Pool;
using Ballast.Firmware.Power;
using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// Writes what a board lives through into its log: faults (error), events of safety rules and a lost broker (warning), changes of mode,
    /// pool and broker (information), orders (detail), refused messages (trace). At the usual level it allocates nothing.
    /// </summary>
    internal sealed class BoardLog
    {
        private readonly LogRing _log;
        private BoardMode _mode = BoardMode.Asleep;
        private bool _link;
        private int _events;
        private uint _orderId;
        private SafetyRule _fault = SafetyRule.None;
        private int _refused;

        internal BoardLog(LogRing log)
        {
            _log = log;
        }

        /// <summary>Compares with the last step.</summary>
        internal void Step(BoardSnapshot s, SafetyEvents events, bool link, PoolClient? pool, int level, long nowMs)
        {
            if (s.LatchedFault != _fault)
            {
                _fault = s.LatchedFault;
                _log.Add(1, level, _fault == SafetyRule.None ? "fault released" : "fault latched", nowMs);
            }

            // More at once than the ring of events holds are counted there, and not repeated here.
            for (; _events < events.Total; _events++)
            {
                SafetyEvent? e = events.Recent(events.Total - 1 - _events);
                if (e != null)
                {
                    _log.Add(e.Rule == SafetyRule.None ? 3 : 2, level, e.Text, nowMs);
                }
            }

            if (s.Mode != _mode)
            {
                _mode = s.Mode;
                _log.Add(3, level, BoardName.Of(_mode), nowMs);
            }

            if (link != _link)
            {
                _link = link;
                _log.Add(link ? 3 : 2, level, link ? "broker connected" : "broker lost", nowMs);
            }

            if (pool != null && pool.Events.TryTake(out PoolEventKind kind, out string text))
            {
                _log.Add(kind == PoolEventKind.Ready || kind == PoolEventKind.BlockFound ? 3 : 2, level, text, nowMs);
            }

            if (s.OrderId != _orderId)
            {
                _orderId = s.OrderId;
                if (level >= 4)
                {
                    _log.Add(4, level, "order " + _orderId.ToString() + ": point " + s.EffectivePoint.ToString(), nowMs);
                }
            }

            Refused(s.Rejects, level, nowMs);
        }

        private void Refused(int[] rejects, int level, long nowMs)
        {
            int all = 0;
            for (int i = 0; i < rejects.Length; i++)
            {
                all += rejects[i];
            }

            if (all != _refused)
            {
                _log.Add(5, level, "a message was refused; see order", nowMs);
                _refused = all;
            }
        }
    }
}
