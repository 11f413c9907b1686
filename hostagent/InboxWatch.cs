using Ballast.Host.Dispatch;

namespace Ballast.Host;

/// <summary>Raises an alarm for a minute after messages were given up because more came than the loop takes in. On the loop, once a second.</summary>
internal sealed class InboxWatch(HostInbox inbox, AlarmBook alarms)
{
    private const long AlarmMs = 60_000;

    private long _seen;
    private long _changedMs = long.MinValue / 2;

    // Lost telemetry is repeated by itself; a lost word of a board may not be (F30).
    internal void Step(long nowMs)
    {
        long late = inbox.Dropped(Lane.Telemetry) + inbox.Dropped(Lane.Readings);
        long lost = inbox.Dropped(Lane.Words) + inbox.Dropped(Lane.Signals);
        if (late + lost != _seen)
        {
            (_seen, _changedMs) = (late + lost, nowMs);
        }

        alarms.Set(
            nowMs - _changedMs < AlarmMs,
            "inbox",
            "More arrives than this host can take in: the oldest telemetry was left out" + (lost > 0 ? ", and messages that are said only once were lost" : "") + ". Orders go first and are not delayed. Find who sends so much, or give the host more processor.");
    }
}
