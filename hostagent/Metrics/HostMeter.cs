using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Ballast.Host.Signals;
using Ballast.Wire;

namespace Ballast.Host.Metrics;

/// <summary>
/// The instruments of a host, on a System.Diagnostics.Metrics meter that any listener may take (OpenTelemetry, dotnet-counters, the host's
/// own /metrics). Everything of the loop comes from its last picture and its counters: a scrape asks the loop nothing. Boards are summed by
/// pod, never one by one.
/// </summary>
public sealed class HostMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Ballast.Host";

    private static readonly string[] Directions = ["down", "up"];
    private static readonly string[] Phases = [.. Enum.GetNames<HostPhase>().Select(n => n.ToLowerInvariant())];
    private static readonly string[] Qualities = [SourceQuality.Good, SourceQuality.Stale, SourceQuality.Waiting, SourceQuality.Idle];

    // Orders and signals: from a millisecond to the seconds after which a shed has failed.
    private static readonly double[] Quick = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
    private static readonly double[] Slow = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 5, 10, 30];

    private readonly HostCore _core;
    private readonly Meter _meter = new(Name, "1");
    private readonly string[] _pods;

    /// <summary>Makes the instruments of a host and has it take pictures from now on.</summary>
    public HostMeter(HostCore core)
    {
        ArgumentNullException.ThrowIfNull(core);
        _core = core;
        _pods = [.. core.Context.Fleet.Pods.Select(p => p.Id)];
        Boards();
        Nodes();
        Traffic();
        State();
        Sources();
        Process();
        LoopCounts counts = core.Context.Counts;
        counts.AckSeconds = Time("ballast.order.ack.duration", Slow, "From an order's content first published to each board's acknowledgement of it.");
        counts.DecisionSeconds = Time("ballast.order.decision.duration", Quick, "From a message or request in the host's queue to the last order that it changed having left.");
        counts.RoundSeconds = Time("ballast.loop.round.duration", Quick, "One round of the host's loop: what arrived, the decision, what is due.");
        counts.JournalSeconds = Time("ballast.journal.write.duration", Quick, "One write to the journal, on the disk when it ends.");
        AlertMessages = _meter.CreateCounter<long>("ballast.alert.messages", "{message}", "Alert messages by channel and what became of them: delivered, failed, dropped.");
        core.Pictures.Wanted = true;
    }

    /// <summary>The meter.</summary>
    public Meter Meter => _meter;

    /// <summary>Alert messages by channel and result.</summary>
    public Counter<long> AlertMessages { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _core.Pictures.Wanted = false;
        _meter.Dispose();
    }

    private MetricsPicture? Picture => _core.Pictures.Last;

    private DispatchContext Context => _core.Context;

    private void Boards()
    {
        Gauge("ballast.boards", "{board}", "Boards by pod and mode; a board that is not online is offline.", () => Counted(p => p.Boards, "mode", MetricsPicture.Modes));
        Gauge("ballast.boards.flagged", "{board}", "Boards by pod that are admitted, suspect, locked_out, unavailable (three admissions failed), stale (online and silent) or latched.", () => Counted(p => p.Flagged, "flag", MetricsPicture.Flags));
        Gauge("ballast.pod.hash_rate", "H/s", "Hash rate that boards with fresh telemetry report, by pod.", () => OfPods(p => p.HashGhs, v => v * 1e9));
        Gauge("ballast.pod.limit", "J/TH", "The number of the pod's order; 2147483.647 lets everything run. Missing before the first order.", () => OfPods(p => p.LimitMjPerTh, v => v < 0 ? null : v / 1000.0));
    }

    private void Nodes()
    {
        Gauge("ballast.node.ordered", "W", "Watts that the orders allow a node, with base load and standby.", () => OfNodes(n => n.OrderedW));
        Gauge("ballast.node.metered", "W", "Watts of a node's meter, or the sum of its boards where there is none or it is stale.", () => OfNodes(n => n.DrawnW));
        Gauge("ballast.node.cap", "W", "Smallest limit on the node itself; missing where nothing limits it.", () => OfNodes(n => double.IsFinite(n.CapW) ? n.CapW : null));
        Gauge("ballast.node.headroom", "W", "Watts that orders could still take (down) or give under the node's own cap (up).", () => Seen(p => p.Nodes.SelectMany(n => Directions.Select((d, i) => Of(i == 0 ? n.DownW : n.UpW, ("node", n.Id), ("kind", n.Kind), ("direction", d))))));
        Gauge("ballast.site.floor", "W", "Watts of the site that no order moves.", () => Seen(p => [Of(p.Decision.FloorW)]));
        Gauge("ballast.site.gain", "", "Metered watts per ordered watt of the site.", () => Seen(p => [Of(p.Decision.Gain)]));
        Gauge("ballast.site.unreachable", "", "1 while the site's cap is below its floor.", () => Seen(p => [Of(p.Decision.Unreachable)]));
        Gauge("ballast.site.emergency", "", "1 while an emergency holds on the site.", () => Seen(p => [Of(p.Decision.Emergency)]));
        Gauge("ballast.meter.fresh", "", "1 while the site meter's reading may be used for a rise; missing without a meter.", () => Seen(p => p.Decision.MeterConfigured ? [Of(p.Decision.MeterFresh)] : []));
        Gauge("ballast.meter.age", "s", "Age of the site meter's last reading; missing without a meter or before the first.", () => Seen(p => p.MeterAgeMs is { } age ? [Of((age + Since(p.AtMs)) / 1000.0)] : []));
    }

    private void Traffic()
    {
        LoopCounts counts = Context.Counts;
        Counter("ballast.messages.in", "{message}", "Messages taken from the broker, by kind.", () => Named(counts.MessagesIn, "kind", [.. Enum.GetNames<MessageKind>().Select(n => n.ToLowerInvariant())]));
        Counter("ballast.messages.rejected", "{message}", "Messages refused, by whom (host, board) and why. Boards' counts are what their telemetry adds while this host runs.", Rejects);
        Counter("ballast.acks", "{message}", "Acknowledgements by result.", () => Named(counts.Acks, "result", LoopCounts.AckResults));
        Counter("ballast.limit.requests", "{request}", "Answers to requests for a limit, from any source, by outcome.", () => Named(counts.LimitRequests, "outcome", [.. Enum.GetNames<LimitOutcome>().Select(n => n.ToLowerInvariant())]));
        Counter("ballast.orders.sent", "{message}", "Messages to boards that left, repeats included.", () => Seen(p => [Of(p.OrdersSent)]));
        Counter("ballast.orders.changed", "{order}", "Orders with new content.", () => Seen(p => [Of(p.Decision.OrderChanges)]));
        Counter("ballast.events.ended", "{event}", "Events that ended, by the state they ended in.", () => Named(counts.EventsEnded, "state", [.. EventStates.AllNames]).Skip((int)EventState.Completed));
        Counter("ballast.mqtt.connects", "", "Completed connects to the broker.", () => [Of(_core.Connects)]);
        Counter("ballast.handler.failures", "", "Messages or requests whose handling failed with an error of the host itself.", () => [Of(_core.HandlerFailures)]);
        Counter("ballast.queue.dropped", "{item}", "Messages given up because their lane was full.", () => Lanes(_core.Inbox.Dropped));
        Counter("ballast.journal.failures", "", "Journal writes that did not reach the disk.", () => [Of(counts.JournalFailures)]);
    }

    private void State()
    {
        Gauge("ballast.loop.age", "s", "Time since the loop last came round; seconds mean that the host stands.", () => [Of(_core.LoopAgeMs / 1000.0)]);
        Gauge("ballast.queue.length", "{item}", "Messages and requests that wait for the loop, by lane.", () => Lanes(_core.Inbox.Waiting));
        Gauge("ballast.mqtt.connected", "", "1 while the broker is reached.", () => [Of(_core.IsConnected)]);
        Gauge("ballast.journal.up", "", "1 if the last write to the journal reached the disk; else nothing rises.", () => Seen(p => [Of(p.JournalUp)]));
        Gauge("ballast.host.phase", "", "1 for where the host stands: offline, collecting, leading, passive.", () => Seen(p => Phases.Select((name, i) => Of((int)p.Phase == i, ("phase", name)))));
        Gauge("ballast.host.epoch", "", "Epoch that this host leads with; 0 if it does not lead.", () => Seen(p => [Of(p.Epoch)]));
        Gauge("ballast.events.open", "{event}", "Events that are not over, by state.", () => Seen(p => EventStates.AllNames.Take((int)EventState.Restoring + 1).Select((name, i) => Of(p.OpenEvents[i], ("state", name)))));
        Gauge("ballast.alarms", "{alarm}", "Alarms that are up, by code; a code without one is missing.", () => Seen(p => p.Alarms.Select(a => Of(a.Count, ("code", a.Code)))));
        Gauge("ballast.certificate.remaining", "s", "Time until a certificate that the host was given expires; negative afterwards.", () => _core.Certificates.Select(c => Of((c.NotAfter - Context.Clock.UtcNow).TotalSeconds, ("certificate", c.Name))));
        Gauge("ballast.ledger.fault", "", "1 if the ledger does not prove what it says, or its files cannot be rolled up.", () => Seen(p => [Of(p.Alarms.Any(a => a.Code is "ledger" or "ledger-files"))]));
    }

    private void Sources()
    {
        Gauge("ballast.source.age", "s", "Age of a source's last word; missing before it has spoken.", () => OfSources(s => s.View.AgeMs is { } age ? (age + Since(s.AtMs)) / 1000.0 : null));
        Gauge("ballast.source.asks", "W", "Watts that a source asks now; missing while it asks nothing in watts.", () => OfSources(s => s.View.AsksW));
        Gauge("ballast.source.quality", "", "1 for how good a source's word is: good, stale, waiting, idle.", () => Seen(p => p.Sources.SelectMany(s => Qualities.Select(q => Of(s.View.Quality == q, ("source", s.View.Id), ("kind", s.View.Kind), ("quality", q))))));
        Counter("ballast.source.taken", "{message}", "Words taken from a source.", () => OfSources(s => s.View.Taken));
        Counter("ballast.source.refused", "{message}", "Words refused from a source.", () => OfSources(s => s.View.Refused));
    }

    private void Process()
    {
        using Process self = System.Diagnostics.Process.GetCurrentProcess();
        double started = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        Gauge("process.resident_memory", "By", "Resident memory of the process.", () => [Of(Environment.WorkingSet)]);
        Counter("process.cpu", "s", "CPU time of the process.", () => [Of(Environment.CpuUsage.TotalTime.TotalSeconds)]);
        Counter("process.jit.methods", "{method}", "Methods that the runtime has compiled; what rises with the first of some request made that one slow.", () => [Of(System.Runtime.JitInfo.GetCompiledMethodCount())]);
        Gauge("process.start_time", "s", "Start of the process, seconds since 1970.", () => [Of(started)]);
    }

    private IEnumerable<Measurement<double>> Rejects()
    {
        LoopCounts counts = Context.Counts;
        MetricsPicture? picture = Picture;
        (string Reason, long Count)[] own =
        [
            ("malformed", picture?.BadMessages ?? 0), ("unknown_board", picture?.UnknownBoards ?? 0), ("unknown_source", picture?.UnknownSignals ?? 0), ("too_long", counts.Oversize),
        ];
        return own.Select(r => Of(r.Count, ("by", "host"), ("reason", r.Reason)))
            .Concat(Enumerable.Range(1, RejectName.Count - 1).Select(i => Of(counts.BoardRejects[i], ("by", "board"), ("reason", RejectName.Of((Reject)i)))));
    }

    private static IEnumerable<Measurement<double>> Lanes<T>(Func<Lane, T> value)
        where T : System.Numerics.INumber<T>
        => Enum.GetValues<Lane>().Select(l => Of(double.CreateChecked(value(l)), ("queue", l.ToString().ToLowerInvariant())));

    private long Since(long atMs) => Math.Max(0, Context.Clock.NowMs - atMs);

    private IEnumerable<Measurement<double>> Seen(Func<MetricsPicture, IEnumerable<Measurement<double>>> look) => Picture is { } picture ? look(picture) : [];

    private IEnumerable<Measurement<double>> Counted(Func<MetricsPicture, int[,]> table, string label, string[] names) => Seen(p =>
    {
        int[,] counts = table(p);
        return _pods.SelectMany((pod, i) => names.Select((name, j) => Of(counts[i, j], ("pod", pod), (label, name))));
    });

    private IEnumerable<Measurement<double>> OfPods<T>(Func<MetricsPicture, T[]> values, Func<T, double?> convert)
        => Seen(p => _pods.Select((pod, i) => (pod, Value: convert(values(p)[i]))).Where(v => v.Value is not null).Select(v => Of(v.Value!.Value, ("pod", v.pod))));

    private IEnumerable<Measurement<double>> OfNodes(Func<NodeRow, double?> value)
        => Seen(p => p.Nodes.Where(n => value(n) is not null).Select(n => Of(value(n)!.Value, ("node", n.Id), ("kind", n.Kind))));

    private IEnumerable<Measurement<double>> OfSources(Func<SourceRow, double?> value)
        => Seen(p => p.Sources.Where(s => value(s) is not null).Select(s => Of(value(s)!.Value, ("source", s.View.Id), ("kind", s.View.Kind))));

    private static IEnumerable<Measurement<double>> Named(long[] values, string label, string[] names) => values.Select((v, i) => Of(v, (label, names[i])));

    private static Measurement<double> Of(double value, params ReadOnlySpan<(string Name, string Value)> tags)
    {
        KeyValuePair<string, object?>[] pairs = new KeyValuePair<string, object?>[tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            pairs[i] = new KeyValuePair<string, object?>(tags[i].Name, tags[i].Value);
        }

        return new Measurement<double>(value, pairs);
    }

    private static Measurement<double> Of(bool value, params ReadOnlySpan<(string Name, string Value)> tags) => Of(value ? 1 : 0, tags);

    private void Gauge(string name, string unit, string help, Func<IEnumerable<Measurement<double>>> look) => _meter.CreateObservableGauge(name, look, unit, help);

    private void Counter(string name, string unit, string help, Func<IEnumerable<Measurement<double>>> look) => _meter.CreateObservableCounter(name, look, unit, help);

    private Histogram<double> Time(string name, double[] bounds, string help)
        => _meter.CreateHistogram(name, "s", help, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
