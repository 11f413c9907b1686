using System.Diagnostics;
using Ballast.Host;
using Ballast.Mqtt;
using Ballast.Virtual.InProcess;
using Ballast.Virtual.Site;
using Microsoft.Extensions.Logging.Abstractions;
using HostSiteOptions = Ballast.Host.Options.SiteOptions;
using Options = Ballast.Host.Options;

namespace Ballast.Virtual.Bench;

/// <summary>(d) Telemetry into the host's own code without a broker: messages per second on one thread, bytes allocated, bytes kept per board.</summary>
internal static class IntakePart
{
    private const long BudgetBytesPerBoard = 2 * 1024;

    public static void Run(BenchOptions options, IBenchOutput output)
    {
        int boards = options.Size(30_000);
        output.Say($"(d) intake of {boards} boards, in this process");
        IReadOnlyList<BoardIdentity> identities = SiteKeys.Create(boards, 10, 5);
        HostSiteOptions site = MakeOptions(identities);
        using var broker = new BenchBroker();
        using var choir = new BoardChoir("bench", broker.Port, identities, 1);
        (byte[] Topic, byte[] Payload)[] messages = [.. Enumerable.Range(0, boards).Select(i =>
        {
            (string topic, byte[] payload) = choir.Say(i);
            return (System.Text.Encoding.ASCII.GetBytes(topic), payload);
        })];
        long empty = Kept();
        using var journal = new MemoryJournal();
        using var connection = new NoConnection();
        using var core = new HostCore(site, connection, journal, TimeProvider.System, NullLogger<HostCore>.Instance, 1);
        core.Begin();
        var receiver = (IMqttReceiver)core;
        receiver.OnConnected();
        foreach ((byte[] topic, byte[] payload) in choir.Introductions())
            receiver.OnMessage(topic, payload, 1, true);
        Drain(core);
        int rounds = Math.Max(3, 300_000 / boards);
        for (int i = 0; i < 2; i++)
            Take(core, receiver, messages);
        long kept = Kept() - empty;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < rounds; i++)
            Take(core, receiver, messages);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double count = (double)rounds * boards;
        string size = FormattableString.Invariant($"{boards} boards");
        output.Row(new BenchRow("d", "telemetry into the host's loop, no broker", size, count / seconds, null, "messages/s", FormattableString.Invariant(
            $"one thread, {count:0} messages of {messages[0].Payload.Length} bytes after 2 rounds of warm-up; {(GC.GetAllocatedBytesForCurrentThread() - allocated) / count:0} bytes allocated for each")));
        output.Row(new BenchRow("d", "memory kept per board, managed", size, (double)kept / boards, null, "bytes", "after a full collection; records, keys, ladders and curve, not the configuration file's text")
        {
            Budget = BudgetBytesPerBoard,
        });
        core.End();
    }

    private static void Take(HostCore core, IMqttReceiver receiver, (byte[] Topic, byte[] Payload)[] messages)
    {
        for (int i = 0; i < messages.Length; i++)
        {
            receiver.OnMessage(messages[i].Topic, messages[i].Payload, 0, false);
            if (i % 1_000 == 999)
                core.Round();
        }

        Drain(core);
    }

    private static void Drain(HostCore core)
    {
        for (long before = -1; before != core.MessagesIn;)
        {
            before = core.MessagesIn;
            core.Round();
        }
    }

    private static long Kept()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static HostSiteOptions MakeOptions(IReadOnlyList<BoardIdentity> identities) => new()
    {
        Site = "bench",
        StateDir = "none",
        Pods = [.. identities.GroupBy(i => i.Pod).Select(pod => new Options.PodSection
        {
            Id = pod.Key,
            Kid = SiteKeys.Kid,
            Key = Convert.ToHexStringLower(pod.First().PodKey),
            Boards = [.. pod.Select(b => new Options.BoardSection { Id = b.Board, Kid = SiteKeys.Kid, Key = Convert.ToHexStringLower(b.BoardKey), NameplateW = 22 })],
        })],
    };

    private sealed class NoConnection : IMqttConnection
    {
        public bool IsConnected => true;

        public int ConnectCount => 1;

        public MqttConnectResult LastResult { get; } = new(MqttConnectCode.Accepted, "The bench's own.");

        public void Start(MqttOptions options, IMqttReceiver receiver)
        {
        }

        public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => MqttPublishResult.Taken;

        public void Close()
        {
        }

        public void Dispose()
        {
        }
    }
}
