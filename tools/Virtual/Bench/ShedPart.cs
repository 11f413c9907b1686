using System.Diagnostics;
using Ballast.Mqtt;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Power;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Bench;

/// <summary>
/// (c) From an emergency order's publication to the regulator of the last board being off: real agents at power fidelity, each with a
/// connection of its own, through a real mosquitto. And (e): the fan-out of one message to 2,000 plain subscribers.
/// </summary>
internal static class ShedPart
{
    private const string Site = "bench";
    private const int BoardsPerPod = 100;

    public static void Shed(BenchOptions options, IBenchOutput output)
    {
        foreach (int boards in (int[])[options.Size(200), options.Size(1_000)])
            Shed(options, output, boards);
    }

    public static void FanOut(BenchOptions options, IBenchOutput output)
    {
        int subscribers = options.Size(2_000);
        output.Say($"(e) fan-out to {subscribers} subscribers");
        using var broker = new BenchBroker();
        using var fan = new FanOut(broker.Port, subscribers);
        Timings qos1 = Rounds(options, () => fan.Round(1));
        Timings qos0 = Rounds(options, () => fan.Round(0));
        string size = FormattableString.Invariant($"{subscribers} subscribers");
        string note = FormattableString.Invariant($"400 bytes through mosquitto, all subscribers in this process; {qos0.Count} after {options.WarmUp} warm-up");
        output.Row(new BenchRow("e", "one order to the last subscriber, QoS 0", size, qos0.Median, qos0.P99, "ms", note));
        output.Row(new BenchRow("e", "one order to the last subscriber, QoS 1", size, qos1.Median, qos1.P99, "ms", note));
        using var plain = new PlainSockets(subscribers);
        Timings sockets = Rounds(options, plain.Round);
        output.Row(new BenchRow("e", "floor: as many writes and reads on plain sockets", size, sockets.Median, sockets.P99, "ms",
            FormattableString.Invariant($"no broker, one thread; mosquitto at QoS 0 takes ×{qos0.Median / sockets.Median:0.0}")));
    }

    private static void Shed(BenchOptions options, IBenchOutput output, int boards)
    {
        output.Say($"(c) shed of {boards} boards");
        using var broker = new BenchBroker();
        int pods = Math.Max(1, boards / BoardsPerPod);
        IReadOnlyList<BoardIdentity> identities = SiteKeys.Create(boards, pods, 11);
        long memory = ProcessUse.Of(Environment.ProcessId).ResidentBytes;
        // How long a board stays off after a cut is no part of how fast it is cut.
        using var fleet = new PowerFleet(Site, broker.Port, identities, restMs: 1_000);
        using var link = new MosquittoConnection();
        link.Start(new MqttOptions { ClientId = "bench-orders", Port = broker.Port }, new Silent());
        fleet.Start();
        Must(fleet, fleet.WaitForAll(b => b.Link.IsConnected, TimeSpan.FromSeconds(300)), "connect");

        var signer = new OrderSigner(Site, SystemClock.Instance);
        (string Pod, byte[] Key)[] podKeys = [.. identities.DistinctBy(i => i.Pod).Select(i => (i.Pod, i.PodKey))];
        uint orderId = 0;
        void Order(int limit, GridClass gridClass, int qos)
        {
            orderId++;
            foreach ((string pod, byte[] key) in podKeys)
            {
                (string topic, byte[] message) = signer.Dispatch(pod, key, limit, gridClass, orderId, rampS: 0);
                link.Publish(topic, message, qos, false);
            }
        }

        Order(OrderSigner.Everything, GridClass.Economic, 1);
        foreach (PowerBoard board in fleet.Boards)
        {
            (string topic, byte[] message) = signer.Admit(board.Identity, board.Agent.Snapshot.BootNonce);
            link.Publish(topic, message, 1, false);
        }

        Must(fleet, fleet.WaitForAll(IsOn, TimeSpan.FromSeconds(300)), "switch on");
        string size = FormattableString.Invariant($"{boards} boards, {pods} pods");
        Use(options, output, fleet, memory, size);
        var last = new Timings();
        var each = new Timings();
        fleet.ClearCounters();
        for (int i = 0; i < options.WarmUp + options.Orders; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Order(0, GridClass.Emergency, 0);
            Must(fleet, fleet.WaitForAll(b => b.Model.RailMilliVolts == 0, TimeSpan.FromSeconds(300)), "switch off");
            if (i >= options.WarmUp)
            {
                last.Add(fleet.Boards.Max(b => Stopwatch.GetElapsedTime(start, b.Model.SwitchedOffAt).TotalMilliseconds));
                foreach (PowerBoard board in fleet.Boards)
                    each.Add(Stopwatch.GetElapsedTime(start, board.Model.SwitchedOffAt).TotalMilliseconds);
            }

            Order(OrderSigner.Everything, GridClass.Economic, 1);
            Must(fleet, fleet.WaitForAll(IsOn, TimeSpan.FromSeconds(300)), "switch on again");
        }

        bool large = boards == 1_000;
        output.Row(new BenchRow("c", "emergency published → regulator off on the last board", size, last.Median, last.P99, "ms", FormattableString.Invariant(
            $"real agents, own connections, mosquitto; {last.Count} orders after {options.WarmUp} warm-up; signed by the bench; rounds late {fleet.LateTicks}, longest {fleet.SlowestMs} ms"))
        {
            Budget = large ? 300 : null,
            BudgetP99 = large ? 1_000 : null,
        });
        output.Row(new BenchRow("c", "the same for each board", size, each.Median, each.P99, "ms", FormattableString.Invariant($"{each.Count} switch-offs; boards look at their connection every {PowerFleet.TickMs} ms")));
        using var fan = new FanOut(broker.Port, boards);
        Timings floor = Rounds(options, () => fan.Round(0));
        output.Row(new BenchRow("c", "floor: one plain message to as many subscribers", size, floor.Median, floor.P99, "ms",
            FormattableString.Invariant($"same broker, which also serves the fleet; ×{last.Median / floor.Median:0.0} of it above")));
    }

    private static bool IsOn(PowerBoard board) => board.Model.RailMilliVolts > 0 && board.Agent.Snapshot.Admitted && board.Agent.Snapshot.EffectivePoint > 0;

    // What a board at this fidelity costs, everything about it included: connection, agent, physics.
    private static void Use(BenchOptions options, IBenchOutput output, PowerFleet fleet, long memoryBefore, string size)
    {
        int seconds = options.Divisor > 1 ? 1 : 5;
        ProcessUse before = ProcessUse.Of(Environment.ProcessId);
        Thread.Sleep(seconds * 1_000);
        ProcessUse after = ProcessUse.Of(Environment.ProcessId);
        double micros = (after.CpuMs - before.CpuMs) * 1_000 / seconds / fleet.Boards.Count;
        output.Row(new BenchRow("c", "CPU of a virtual board at power fidelity", size, micros, null, "µs/s", FormattableString.Invariant($"every {PowerFleet.TickMs} ms a step, running; over {seconds} s")));
        output.Row(new BenchRow("c", "memory of a virtual board at power fidelity", size, (double)(after.ResidentBytes - memoryBefore) / fleet.Boards.Count / 1_024, null, "KiB", "resident, its connection included"));
    }

    private static Timings Rounds(BenchOptions options, Func<double> round)
    {
        var times = new Timings();
        for (int i = 0; i < options.WarmUp + options.Orders; i++)
        {
            double ms = round();
            if (i >= options.WarmUp)
                times.Add(ms);
        }

        return times;
    }

    private static void Must(PowerFleet fleet, bool reached, string what)
    {
        if (fleet.Failure is { } failure)
            throw new DemoException($"The bench's boards stopped: {failure}");
        if (!reached)
            throw new DemoException($"The bench's boards did not all {what} in time: {fleet.Boards.Count(b => !b.Link.IsConnected)} not connected, {fleet.Boards.Count(IsOn)} of {fleet.Boards.Count} on.");
    }

    private sealed class Silent : IMqttReceiver
    {
        public void OnConnected()
        {
        }

        public void OnDisconnected(MqttConnectResult reason)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
        {
        }
    }
}
