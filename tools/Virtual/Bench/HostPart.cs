using System.Diagnostics;
using System.Text.Json;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Processes;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Bench;

/// <summary>
/// (b) From a limit posted at the real host process to the last pod's order at a subscriber of a real mosquitto, while the whole fleet sends
/// telemetry; and (d) what taking that telemetry in costs the same process.
/// </summary>
internal sealed class HostPart(BenchOptions options, IBenchOutput output, bool orders, bool telemetry)
{
    private const string Site = "bench";
    private const double TelemetryPeriodS = 10;
    private const double SmallRate = 100;
    private const int GainSettleMs = 30_000;

    public async Task RunAsync(CancellationToken stop)
    {
        (int Boards, int Pods)[] shapes = [(options.Size(1_000), 10), (options.Size(1_000), options.Size(100, 20)), (options.Size(30_000, 60), 10), (options.Size(30_000, 60), options.Size(100, 20))];
        long smallestBytes = 0;
        for (int i = 0; i < shapes.Length; i++)
        {
            // Telemetry alone needs the smallest, for the difference, and the largest; so does a first try of the bench.
            bool last = i == shapes.Length - 1;
            if (i > 0 && !last && (!orders || options.Divisor > 1))
                continue;
            long bytes = await RunAsync(shapes[i].Boards, shapes[i].Pods, last ? smallestBytes : 0, stop);
            smallestBytes = i == 0 ? bytes : smallestBytes;
        }
    }

    private async Task<long> RunAsync(int boards, int pods, long smallest, CancellationToken stop)
    {
        output.Say($"(b, d) host process with {boards} boards in {pods} pods");
        using var broker = new BenchBroker();
        IReadOnlyList<BoardIdentity> identities = SiteKeys.Create(boards, pods, 7);
        using var watch = new OrderWatch(Site, broker.Port);
        using var choir = new BoardChoir(Site, broker.Port, identities, 4);
        choir.Introduce();
        choir.Sing(Math.Max(boards / TelemetryPeriodS, Math.Min(boards, SmallRate)));
        using var meter = new VirtualMeter(Site, "127.0.0.1", broker.Port, Boards.SystemClock.Instance, () => choir.PowerMw, (_, _) => { });
        using var host = new HostProcess(broker.Folder.FullName, Site, broker.Port, identities, 22, 0, new SiteTimes { SpreadS = 30, LeaseS = 60 });
        long started = Stopwatch.GetTimestamp();
        host.Start();
        using var client = new HostClient(host.Page!);
        await WaitUntilLeadingAsync(client, boards, pods, watch, stop);
        output.Say(FormattableString.Invariant($"(b, d) leading after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        string shape = FormattableString.Invariant($"{boards} boards, {pods} pods");
        if (orders)
            await OrdersAsync(client, choir, watch, pods, shape, boards >= 30_000, stop);
        if (telemetry && smallest > 0)
            await TelemetryAsync(host, choir, boards, smallest, shape, stop);
        return ProcessUse.Of(host.Id).ResidentBytes;
    }

    private static async Task WaitUntilLeadingAsync(HostClient client, int boards, int pods, OrderWatch watch, CancellationToken stop)
    {
        for (long start = Stopwatch.GetTimestamp(); watch.Newest.Count < pods;)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(300))
            {
                using JsonDocument site = await client.GetAsync("api/site", stop);
                throw new DemoException("The host does not lead after 300 s: " + site.RootElement.GetRawText()[..400]);
            }

            await Task.Delay(100, stop);
        }

        await Task.Delay(2_000, stop);
        using JsonDocument heard = await client.GetAsync("api/site", stop);
        int online = heard.RootElement.GetProperty("boards").GetProperty("online").GetInt32();
        if (online < boards)
            throw new DemoException($"The host has heard only {online} of {boards} boards: the broker dropped kept messages (max_queued_messages).");
    }

    // Every limit is a little lower than the one before, so that every one is a fall of every pod. A first one is left to settle: the host's
    // gain then stands still, and no correction of its own is taken for an order.
    private async Task OrdersAsync(HostClient client, BoardChoir choir, OrderWatch watch, int pods, string shape, bool large, CancellationToken stop)
    {
        long full = choir.FullMw;
        long floor = choir.FloorMw;
        int count = options.WarmUp + options.Orders;
        var published = new Timings();
        var answered = new Timings();
        int missed = 0;
        await client.SetLimitAsync(CapW(920), GridClass.Reliability, "bench", stop);
        await Task.Delay(options.Divisor > 1 ? 500 : GainSettleMs, stop);
        for (int i = 0; i < count; i++)
        {
            long capW = CapW(900 - (600L * i / count));
            Dictionary<string, uint> before = watch.Newest.ToDictionary(n => n.Key, n => n.Value.OrderId);
            long start = Stopwatch.GetTimestamp();
            Task<string> post = client.SetLimitAsync(capW, GridClass.Reliability, "bench", stop);
            double? took = await Task.Run(() => watch.WaitForAll(before, start, pods, 3_000), stop);
            await post;
            double reply = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (i >= options.WarmUp && took is { } ms)
            {
                published.Add(ms);
                answered.Add(reply);
            }

            missed += took is null && i >= options.WarmUp ? 1 : 0;
            await Task.Delay(50, stop);
        }

        long CapW(long permille) => (floor + ((full - floor) * permille / 1_000)) / 1_000;
        output.Row(new BenchRow("b", "limit posted → last pod's order at a subscriber", shape, published.Median, published.P99, "ms",
            FormattableString.Invariant($"host process, mosquitto, telemetry running; {published.Count} falls after {options.WarmUp} warm-up{(missed > 0 ? $", {missed} not within 3 s" : "")}"))
        {
            Budget = large ? 20 : null,
            BudgetP99 = large ? 100 : null,
        });
        output.Row(new BenchRow("b", "limit posted → answered", shape, answered.Median, answered.P99, "ms", "after the journal is on the disk"));
        Timings floorTimes = RawPublish(pods);
        output.Row(new BenchRow("b", "floor: as many plain messages through mosquitto", FormattableString.Invariant($"{pods} messages"), floorTimes.Median, floorTimes.P99, "ms",
            FormattableString.Invariant($"400 bytes, QoS 1, one subscriber, idle broker; ×{published.Median / floorTimes.Median:0.0} of it above")));
    }

    private Timings RawPublish(int messages)
    {
        using var broker = new BenchBroker();
        using var fan = new FanOut(broker.Port, 1, messages);
        var times = new Timings();
        for (int i = 0; i < options.WarmUp + options.Orders; i++)
        {
            double ms = fan.Round(qos: 1);
            if (i >= options.WarmUp)
                times.Add(ms);
        }

        return times;
    }

    private async Task TelemetryAsync(HostProcess host, BoardChoir choir, int boards, long smallest, string shape, CancellationToken stop)
    {
        output.Say($"(d) telemetry of {boards} boards");
        await Task.Delay(TimeSpan.FromSeconds(options.Divisor > 1 ? 1 : 5), stop);
        ProcessUse before = ProcessUse.Of(host.Id);
        long sent = choir.Sent;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(options.Divisor > 1 ? 2 : 20), stop);
        ProcessUse after = ProcessUse.Of(host.Id);
        double messages = choir.Sent - sent;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cpuS = Math.Max(after.CpuMs - before.CpuMs, 1) / 1_000;
        output.Row(new BenchRow("d", "telemetry taken in, per core", shape, messages / cpuS, null, "messages/s", FormattableString.Invariant(
            $"host process: {messages / seconds:0}/s used {100 * cpuS / seconds:0} % of a core, decisions and orders included")));
        long perBoard = (after.ResidentBytes - smallest) / Math.Max(1, boards - options.Size(1_000));
        output.Row(new BenchRow("d", "memory per board, process", shape, perBoard, null, "bytes", FormattableString.Invariant(
            $"resident {after.ResidentBytes >> 20} MiB less {smallest >> 20} MiB with {options.Size(1_000)} boards; configuration and garbage not yet collected included")));
    }
}
