using Ballast.Firmware.Grid;
using Ballast.Firmware.Power;
using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>Copies what a step left behind into the snapshot.</summary>
    internal static class SnapshotWriter
    {
        internal static void Write(BoardSnapshot s, PowerController power, OrderState orders, BoardRecord record, string reason)
        {
            s.Mode = power.Mode;
            s.Reason = reason;
            s.EffectivePoint = orders.Effective;
            s.EffectiveMw = power.Ladder.Ladder.PowerMw(orders.Effective);
            s.LimitedBy = orders.LimitedBy;
            s.Admitted = orders.Admitted;
            s.BootNonce = orders.BootNonce;
            KeySlot? pod = record.PodKeys.Current();
            s.DispatchEpoch = pod == null ? 0 : pod.Epoch;
            s.DispatchSeq = pod == null ? 0 : pod.Seq;
            KeySlot? own = record.BoardKeys.Current();
            s.SetEpoch = own == null ? 0 : own.Epoch;
            s.SetSeq = own == null ? 0 : own.Seq;
            s.OrderId = record.Order.OrderId;
            s.LeaseEndMs = orders.LeaseRunning ? orders.LeaseEndMs : 0;
            s.LatchDispatch = record.LatchDispatch;
            s.LatchSet = record.LatchSet;
            s.LatchedFault = power.LatchedFault;
            s.PowerMw = power.PowerMw;
            s.FreqKhz = power.FreqKhz;
            s.Powered = power.Powered;
        }

        /// <summary>Why the board is as it is, in a few words.</summary>
        internal static string Reason(PowerController power, OrderState orders, bool recordLost, bool curtailed, bool idle, string? refusal, bool waits, bool quiet)
        {
            if (recordLost)
            {
                return "no readable record";
            }

            if (power.Cause != SafetyRule.None)
            {
                return SafetyRuleName.Of(power.Cause);
            }

            if (curtailed)
            {
                return "curtail input";
            }

            bool asleep = power.Mode == BoardMode.Asleep && orders.Effective > 0;
            if (asleep && idle)
            {
                return "no work from any pool";
            }

            if (asleep && refusal != null)
            {
                return refusal;
            }

            if (asleep && waits)
            {
                return "waiting after unstable starts";
            }

            if (asleep && quiet)
            {
                return "waits for the broker's connect";
            }

            return asleep && power.RisePending ? BoardName.WaitsToStart : BoardName.Of(orders.LimitedBy);
        }
    }
}
