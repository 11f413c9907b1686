using System.Text;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Power;
using Ballast.Hw.Boards;
using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>How settings from provisioning and the stored record come together at a start.</summary>
    public static class Provisioning
    {
        /// <summary>A number that differs between two provisionings: a changed one takes effect at the next start.</summary>
        public static uint Id(BoardSettings s)
        {
            byte[] text = Encoding.UTF8.GetBytes(s.Site + "/" + s.Pod + "/" + s.Board + "/" + s.FailsafeW.ToString() + (s.Enrolled ? "e" : "s"));
            uint crc = Crc32.Of(text, 0, text.Length);
            crc = Keys(crc, s.PodKeys);
            return Keys(crc, s.BoardKeys);
        }

        /// <summary>
        /// Fills the record of a first start, or of a start after another provisioning. Lock-out, fault and latches stay: nothing that holds power off is
        /// released by a cable.
        /// </summary>
        public static void Apply(BoardSettings s, uint id, BoardRecord to, bool again)
        {
            bool locked = again && to.LockedOut;
            int fault = again ? to.FaultRule : 0;
            bool latchDispatch = again && to.LatchDispatch;
            bool latchSet = again && to.LatchSet;
            bool curtailed = again && to.Curtailed;
            Forget(to);
            to.ProvisionId = id;
            to.Enrolled = s.Enrolled;
            to.FailsafeW = s.FailsafeW;
            to.StartMw = s.Enrolled ? s.FailsafeW * 1000 : 0;
            to.LockedOut = locked;
            to.FaultRule = fault;
            to.LatchDispatch = latchDispatch;
            to.LatchSet = latchSet;
            to.Curtailed = curtailed;
            for (int i = 0; i < s.PodKeys.Length; i++)
            {
                to.PodKeys.Install(s.PodKeys[i].Kid, s.PodKeys[i].Key, 0);
            }

            for (int i = 0; i < s.BoardKeys.Length; i++)
            {
                to.BoardKeys.Install(s.BoardKeys[i].Kid, s.BoardKeys[i].Key, 0);
            }
        }

        /// <summary>Factory reset: what a person or the board added goes; keys, enrolment, failsafe, lock-out and latches stay.</summary>
        public static void Reset(BoardRecord record)
        {
            for (int i = 0; i < BoardRecord.PoolSlots; i++)
            {
                record.HasPool[i] = false;
                record.PoolUrl[i] = "";
                record.PoolUser[i] = "";
                record.PoolPassword[i] = "";
            }

            record.OwnPoint = -1;
            record.LogLevel = 3;
            record.LadderPoints = 0;
        }

        /// <summary>Empties a record: no keys, no power, not enrolled.</summary>
        public static void Forget(BoardRecord record)
        {
            for (int i = 0; i < StreamKeys.Slots; i++)
            {
                StreamKeys.Clear(record.PodKeys.Slot(i));
                StreamKeys.Clear(record.BoardKeys.Slot(i));
            }

            Reset(record);
            record.ProvisionId = 0;
            record.Enrolled = false;
            record.FailsafeW = 0;
            record.LockedOut = false;
            record.LatchDispatch = false;
            record.LatchSet = false;
            record.Curtailed = false;
            record.FaultRule = 0;
            record.HasPowerW = false;
            record.PowerW = 0;
            record.StartMw = 0;
            record.UnstableStarts = 0;
            record.Order.Known = false;
        }

        /// <summary>The ladder in use: the measured one if one was accepted, else the description's.</summary>
        public static BoardLadder? LadderOf(BoardDescription board, BoardRecord record, out string? reason)
        {
            if (record.LadderPoints == board.Points.Length)
            {
                BoardLadder? learned = BoardLadder.TryCreate(board, record.LadderMw, out reason);
                if (learned != null)
                {
                    return learned;
                }
            }

            return BoardLadder.TryCreate(board, null, out reason);
        }

        private static uint Keys(uint crc, KeySetting[] keys)
        {
            byte[] one = new byte[1];
            for (int i = 0; i < keys.Length; i++)
            {
                one[0] = (byte)keys[i].Kid;
                crc = Crc32.Append(crc, one, 0, 1);
                crc = Crc32.Append(crc, keys[i].Key, 0, keys[i].Key.Length);
            }

            return crc;
        }
    }
}
