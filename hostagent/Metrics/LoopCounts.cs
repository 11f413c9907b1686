using System.Diagnostics.Metrics;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Metrics;

/// <summary>Kind of a message that came in.</summary>
public enum MessageKind
{
    /// <summary>On a topic that nobody listens to, or not as the contract says.</summary>
    Other,

    /// <summary>A board's birth.</summary>
    Birth,

    /// <summary>A board's state.</summary>
    State,

    /// <summary>A board's telemetry.</summary>
    Telemetry,

    /// <summary>A board's acknowledgement.</summary>
    Ack,

    /// <summary>A board's event.</summary>
    Event,

    /// <summary>Another host's word.</summary>
    Host,

    /// <summary>A meter's reading.</summary>
    Meter,

    /// <summary>A signed limit.</summary>
    Signal,

    /// <summary>A source's own topic.</summary>
    Source,
}

/// <summary>
/// What the host's loop counts as it goes, so that nobody has to stop it to add up. Written by the loop only; each value is one word, so
/// other threads read it without a lock. Without a listener the histograms are null and cost nothing.
/// </summary>
public sealed class LoopCounts
{
    /// <summary>Results of an acknowledgement, as boards say them; the last one stands for any other word.</summary>
    internal static readonly string[] AckResults = ["applied", "again", "ignored", "rejected", "other"];

    internal readonly long[] MessagesIn = new long[Enum.GetValues<MessageKind>().Length];
    internal readonly long[] Acks = new long[AckResults.Length];
    internal readonly long[] LimitRequests = new long[Enum.GetValues<LimitOutcome>().Length];
    internal readonly long[] EventsEnded = new long[EventStates.AllNames.Count];

    /// <summary>Messages that boards refused, by reason; counted from what their telemetry adds while this host runs.</summary>
    internal readonly long[] BoardRejects = new long[RejectName.Count];

    internal Histogram<double>? AckSeconds;
    internal Histogram<double>? DecisionSeconds;
    internal Histogram<double>? RoundSeconds;
    internal Histogram<double>? JournalSeconds;

    /// <summary>Messages dropped before they were read, because nothing in the contract is that long.</summary>
    internal long Oversize;

    /// <summary>Messages or requests whose handling threw.</summary>
    internal long HandlerFailures;

    /// <summary>Journal writes that did not reach the disk.</summary>
    internal long JournalFailures;

    internal void Message(FleetNews news) => MessagesIn[(int)(news switch
    {
        FleetNews.Birth => MessageKind.Birth,
        FleetNews.State => MessageKind.State,
        FleetNews.Telemetry => MessageKind.Telemetry,
        FleetNews.Ack => MessageKind.Ack,
        FleetNews.Event => MessageKind.Event,
        _ => MessageKind.Other,
    })]++;

    /// <summary>Counts an acknowledgement; its time counts from the first transmission of the order's content.</summary>
    internal void Ack(PodRecord pod, in AckWord ack, uint epoch, long nowMs)
    {
        int known = Array.IndexOf(AckResults, ack.Result);
        Acks[known < 0 ? AckResults.Length - 1 : known]++;
        if (!ack.IsSet && ack.Epoch == epoch && ack.OrderId == pod.ContentOrderId && ack.Result == AckResults[0])
        {
            AckSeconds?.Record((nowMs - pod.ContentSentMs) / 1000.0);
        }
    }
}
