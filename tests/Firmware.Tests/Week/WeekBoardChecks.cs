using Ballast.Firmware.Agent;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Power;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Week;

/// <content>What is held against the board's messages, counters and record.</content>
internal sealed partial class WeekBoard
{
    /// <summary>A rule that trips must have had a reason: a board that latches for nothing is of no use either.</summary>
    private void CheckEvents(long now)
    {
        if (Agent.Snapshot.LatchedFault != SafetyRule.None)
            Rules.OnLatch(SafetyRuleName.Of(Agent.Snapshot.LatchedFault));
        for (int back = Agent.Power.Events.Total - _eventsSeen - 1; back >= 0; back--)
        {
            if (Agent.Power.Events.Recent(back) is not { } e)
                continue;
            bool reason = e.Text.StartsWith("not released", StringComparison.Ordinal) || e.Rule switch
            {
                SafetyRule.S03 => Sim.ChipMilliC > 68_000 || Sim.RegulatorMilliC > 100_000 || Faults.Recent(now, 1000, "sensor"),
                SafetyRule.S04 => Faults.Recent(now, 10_000, "sensor", "I2C", "brown", "parts"),
                SafetyRule.S05 => Faults.Recent(now, 15_000, "fan", "I2C", "brown", "parts"),
                SafetyRule.S06 => Faults.Recent(now, 15_000, "regulator", "sensor gone", "short", "long", "I2C", "brown", "parts"),
                SafetyRule.S07 => Faults.Recent(now, 180_000, "chip", "UART", "long", "short"),
                SafetyRule.S13 => Faults.Recent(now, 1000, "curtail") || (e.Text.StartsWith("curtail input held", StringComparison.Ordinal) && Rules.CurtailSeen),
                _ => true,
            };
            if (e.Rule is SafetyRule.S05 or SafetyRule.S06)
                Rules.OnHold();
            if (!reason)
                throw new RuleBrokenException(SafetyRuleName.Of(e.Rule), $"tripped without a reason: {e.Text} {e.Value}/{e.Limit}");
        }

        _eventsSeen = Agent.Power.Events.Total;
    }

    private void CheckHighWaters()
    {
        BoardSnapshot s = Agent.Snapshot;
        for (int stream = 0; stream < 2; stream++)
        {
            ReferenceKid kid = Reference.Kids[stream].Find(k => !k.Newer) ?? Reference.Kids[stream][0];
            ulong has = stream == 0 ? ((ulong)s.DispatchEpoch << 32) | s.DispatchSeq : ((ulong)s.SetEpoch << 32) | s.SetSeq;
            if (has != kid.Pair)
                throw new RuleBrokenException("S14", $"high-water of stream {stream} is {has >> 32}.{(uint)has}, by what it was given {kid.Epoch}.{kid.Seq}");
        }

        int rejects = 0;
        foreach (int n in s.Rejects)
            rejects += n;
        if (rejects != Reference.Refused)
            throw new RuleBrokenException("S14", $"{rejects} messages refused, by what it was given {Reference.Refused}");
    }

    private void CheckAck(int stream, uint epoch, uint seq)
    {
        // The reference judges a message after the step that took it, the board may answer within it.
        bool now = Link.Taken.Exists(m => m.IsGenuine && ((SignedMessage?)m.Dispatch ?? m.Set!).Seq == seq);
        if (!now && !Reference.Answerable.Contains((stream, epoch, seq)))
            throw new RuleBrokenException("S14", $"answered {epoch}.{seq} on stream {stream}, which never passed its MAC");
    }

    private void CheckConnect(string host, bool tls)
    {
        bool bounded = !tls && host.StartsWith("10.", StringComparison.Ordinal);
        if (!bounded && Rules.Powered)
            throw new RuleBrokenException("S20", $"connects to {host} while the chips have power");
    }

    /// <summary>S11: what is stored may be behind what was taken, never ahead, and never behind an action that ran.</summary>
    private void ReadStoredPairs()
    {
        for (int stream = 0; stream < 2; stream++)
        {
            List<ReferenceKid> kids = Reference.Kids[stream];
            for (int i = 0; i < 2; i++)
            {
                KeySlot slot = (stream == 0 ? Agent.Record.PodKeys : Agent.Record.BoardKeys).Slot(i);
                ulong pair = ((ulong)slot.Epoch << 32) | slot.Seq;
                if (slot.Used && kids.Find(k => k.Id == slot.Kid) is { } kid && pair > kid.Pair)
                    throw new RuleBrokenException("S11", $"a restart knows {slot.Epoch}.{slot.Seq}, which was never taken");
            }

            kids.Clear();
            for (int i = 0; i < 2; i++)
            {
                KeySlot slot = (stream == 0 ? Agent.Record.PodKeys : Agent.Record.BoardKeys).Slot(i);
                if (slot.Used)
                    kids.Add(new ReferenceKid { Id = slot.Kid, Epoch = slot.Epoch, Seq = slot.Seq, Newer = slot.Newer });
            }
        }

        // A factory reset forgets a learned ladder.
        Reference.UseLadder(Agent.Record.LadderPoints == _freqKhz.Length ? [.. Agent.Record.LadderMw.Take(_freqKhz.Length)] : _nominalMw);
    }
}
