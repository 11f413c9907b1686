using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ballast.Hw.Boards;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Power;
using Ballast.Virtual.Processes;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Bench;

/// <summary>
/// (f) From a limit posted at the real host process to the order being applied on the last board, idle and while somebody without keys
/// publishes 1,000 forged and replayed messages a second at the same broker. None of them may be applied.
/// </summary>
internal static class FloodPart
{
    private const string Site = "bench";
    // Few: every board checks the MAC of each forgery itself, and here all of them share one machine.
    private const int BoardsPerPod = 4;
    private const int OrderGapMs = 500;
    private const int WarmUp = 2;
    private const int SettledMs = 50;
    private const int NothingMs = 3_000;
    private const int MostMs = 60_000;

    public static async Task RunAsync(BenchOptions options, IBenchOutput output, CancellationToken stop)
    {
        int boards = options.Size(40);
        int pods = Math.Max(2, boards / BoardsPerPod);
        int perSecond = options.Size(1_000, 200);
        output.Say($"(f) {boards} boards under {perSecond} forged and replayed messages a second");
        using var broker = new BenchBroker();
        IReadOnlyList<BoardIdentity> identities = SiteKeys.Create(boards, pods, 13);
        using var fleet = new PowerFleet(Site, broker.Port, identities);
        using var genuine = new GenuineOrders(Site, broker.Port, identities);
        using var meter = new VirtualMeter(Site, "127.0.0.1", broker.Port, SystemClock.Instance, () => fleet.Boards.Sum(b => b.PowerMw), (_, _) => { });
        using var host = new HostProcess(
            broker.Folder.FullName, Site, broker.Port, identities, PowerBoard.NameplateW(BitaxeGamma.Describe(0)), 0, new SiteTimes { RampS = 0, SpreadS = 0, RampUpWPerS = 100_000 }, AddSource);
        fleet.Start();
        host.Start();
        using var client = new HostClient(host.Page!);
        Must(fleet, fleet.WaitForAll(b => b.Agent.Snapshot.Admitted && b.Agent.Snapshot.EffectivePoint > 0, TimeSpan.FromSeconds(300)), "admitted");

        int count = Math.Min(options.Orders, 60);
        var falls = new Falls(client, fleet, genuine, identities, 2 * (count + WarmUp));
        await falls.RunAsync(WarmUp, stop);
        await Task.Delay(options.Divisor > 1 ? 500 : 20_000, stop);
        Timings idle = await falls.RunAsync(count, stop);
        output.Say(FormattableString.Invariant($"(f) idle {idle.Median:0.#} / {idle.P99:0.#} ms; the flood begins"));
        int refused = Refused(fleet);
        long started = Stopwatch.GetTimestamp();
        Timings flooded;
        long sent;
        double seconds;
        using (var forger = new Forger(Site, broker.Port, identities, genuine, perSecond))
        {
            await falls.RunAsync(WarmUp, stop);
            flooded = await falls.RunAsync(count, stop);
            sent = forger.Sent;
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        refused = Refused(fleet) - refused;
        await ProveAsync(client, fleet, falls, stop);
        string size = FormattableString.Invariant($"{boards} boards, {pods} pods");
        Row("limit posted → order applied on the last board, idle", idle, "host process, mosquitto, real agents; boards look at their connection every 20 ms");
        Row("the same under the flood", flooded, FormattableString.Invariant($"×{flooded.Median / idle.Median:0.0} of idle; a limit every {OrderGapMs} ms"));
        output.Row(new BenchRow("f", "forged and replayed messages published", size, sent / seconds, null, "messages/s", FormattableString.Invariant(
            $"{sent} in {seconds:0} s: a fifth each wrong MAC, replay, higher epoch, for single boards, grid/signal; boards refused {refused}, none was applied")));

        void Row(string what, Timings times, string note) => output.Row(new BenchRow("f", what, size, times.Median, times.P99, "ms", FormattableString.Invariant($"{times.Count} falls, 95 % within {times.At(0.95):0.#} ms; {note}")));
    }

    private static void AddSource(JsonObject config) => config["sources"] = new JsonArray(new JsonObject
    {
        ["id"] = "tso",
        ["kid"] = 1,
        ["key"] = new string('7', 64),
        ["freshS"] = 3600,
        ["mayRaise"] = true,
    });

    // Nothing forged may be in force anywhere: not at a board, not at the host.
    private static async Task ProveAsync(HostClient client, PowerFleet fleet, Falls falls, CancellationToken stop)
    {
        // Under the flood the listener may hear an order long after the boards.
        for (long began = Stopwatch.GetTimestamp(); falls.Foreign.Any() && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60);)
            await Task.Delay(50, stop);
        Must(fleet, !falls.Foreign.Any(), "free of forged orders: " + string.Join(", ", falls.Foreign.Take(5)));
        using JsonDocument limits = await client.GetAsync("api/limits", stop);
        if (limits.RootElement.EnumerateArray().Any(l => l.GetProperty("source").GetString() != "rest"))
            throw new DemoException("A forged limit was taken by the host: " + limits.RootElement.GetRawText());
    }

    private static int Refused(PowerFleet fleet) => fleet.Boards.Sum(b => b.Agent.Snapshot.Rejects.Sum());

    private static void Must(PowerFleet fleet, bool reached, string what)
    {
        if (fleet.Failure is { } failure)
            throw new DemoException($"The bench's boards stopped: {failure}");
        if (!reached)
            throw new DemoException($"The bench's boards are not all {what}.");
    }

    // Every limit is a little lower than the one before, so that each is a fall of every pod.
    private sealed class Falls(HostClient client, PowerFleet fleet, GenuineOrders genuine, IReadOnlyList<BoardIdentity> identities, int all)
    {
        private readonly long _fullMw = fleet.Boards.Sum(b => (long)b.Facts.PowerMw[^1]);
        private readonly HashSet<(string Pod, string Board, uint Epoch, uint Seq)> _unheard = [];
        private int _done;

        /// <summary>Orders that boards obeyed and that nobody with a key has signed, as far as the listener has heard by now.</summary>
        public IEnumerable<string> Foreign => _unheard.Where(o => !genuine.Knows(o.Pod, o.Epoch, o.Seq)).Select(o => FormattableString.Invariant($"{o.Pod}/{o.Board} obeys {o.Epoch}.{o.Seq}"));

        /// <summary>Limits that changed no order.</summary>
        public int Unchanged { get; private set; }

        public async Task<Timings> RunAsync(int count, CancellationToken stop)
        {
            var times = new Timings();
            for (int i = 0; i < count; i++)
            {
                long capW = _fullMw * (950 - (550L * _done++ / all)) / 1_000_000;
                var before = new Dictionary<string, uint>(genuine.Newest);
                long start = Stopwatch.GetTimestamp();
                Task<string> post = client.SetLimitAsync(capW, GridClass.Reliability, "bench", stop);
                double? took = await Task.Run(() => Applied(before, start), stop);
                if (took is { } ms)
                    times.Add(ms);
                else
                    Unchanged++;
                await post;
                await Task.Delay(OrderGapMs, stop);
            }

            return times;
        }

        // The pods of one decision follow each other within moments: it is over when nothing new has come for a while. Null if the host
        // kept its orders: on a small site not every watt less is another order.
        private double? Applied(Dictionary<string, uint> before, long start)
        {
            double done = 0;
            while (true)
            {
                double now = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                bool any = false, all = true;
                for (int i = 0; i < identities.Count; i++)
                {
                    string pod = identities[i].Pod;
                    uint was = before.GetValueOrDefault(pod);
                    bool ordered = genuine.Newest.GetValueOrDefault(pod) != was;
                    any |= ordered;
                    all &= !ordered || fleet.Boards[i].Agent.Snapshot.OrderId != was;
                }

                Look();
                done = !any || !all ? 0 : done == 0 ? now : done;
                if (done > 0 && now - done > SettledMs)
                    return done;
                if (!any && now > NothingMs)
                    return null;
                if (now > MostMs)
                    throw new DemoException(FormattableString.Invariant($"An order has not reached all boards within {MostMs / 1_000} s: {Missing(before)}."));
                Thread.Sleep(1);
            }
        }

        private string Missing(Dictionary<string, uint> before) => string.Join(", ", identities
            .Select((identity, i) => (identity.Pod, identity.Board, fleet.Boards[i].Link.IsConnected, fleet.Boards[i].Agent.Snapshot.OrderId, Was: before.GetValueOrDefault(identity.Pod), Newest: genuine.Newest.GetValueOrDefault(identity.Pod)))
            .Where(b => b.OrderId == b.Was).Take(5));

        // Epoch and seq are read while the board may be writing them: a pair that nobody signed counts when it is seen twice.
        private void Look()
        {
            for (int i = 0; i < identities.Count; i++)
            {
                Ballast.Firmware.Agent.BoardSnapshot now = fleet.Boards[i].Agent.Snapshot;
                (uint epoch, uint seq) = (now.DispatchEpoch, now.DispatchSeq);
                if (genuine.Knows(identities[i].Pod, epoch, seq))
                    continue;
                Thread.Sleep(50);
                if ((now.DispatchEpoch, now.DispatchSeq) == (epoch, seq))
                    _unheard.Add((identities[i].Pod, identities[i].Board, epoch, seq));
            }
        }
    }
}
