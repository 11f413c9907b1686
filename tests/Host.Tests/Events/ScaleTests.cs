using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Events;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Events;

/// <summary>What measures the memory of the process cannot share it with other tests.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone
{
}

/// <summary>Events of 30,000 boards: memory is checked, times are printed (a test must not depend on the machine's load).</summary>
[Collection("alone")]
public sealed class ScaleTests
{
    private const int Boards = 30_000;

    [Fact]
    public void Ten_events_of_thirty_thousand_boards_stay_within_the_budget_and_a_preview_is_printed()
    {
        long before = GC.GetTotalMemory(true);
        FakeTime time = new();
        DispatchContext context = new(ToySite.MakeOptions(Boards, 15) with { Meter = new Options.MeterSection() }, time, new Everywhere(), new MemoryJournal(), 1);
        SiteDispatcher dispatcher = new(context);
        LimitDesk desk = new(context, dispatcher);
        dispatcher.Start(context.Journal.Load());
        dispatcher.OnConnected();
        Random random = new(1);
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            ToyBoard toy = new(board.Pod.Id, board.Id, new byte[32], new byte[32], ToySite.MakeLadder(random), 1);
            byte[] name = Encoding.ASCII.GetBytes(board.Name);
            foreach ((string kind, string text) in new[] { ("birth", toy.Birth()), ("state", toy.State()), ("telemetry", toy.Telemetry(0)) })
            {
                dispatcher.OnBoard(name, Encoding.ASCII.GetBytes(kind), Encoding.ASCII.GetBytes(text.Replace("\"admitted\":false", "\"admitted\":true", StringComparison.Ordinal)), false);
            }
        }

        Run(13);
        Assert.Equal((HostPhase.Leading, Boards), (dispatcher.Phase, context.Curve.Boards));
        byte[] body = "{\"id\":\"x\",\"class\":\"economic\",\"limitW\":100000}"u8.ToArray();
        Caller caller = new("rest", Rights.All);
        Assert.NotNull(desk.Preview(body, caller).Preview);
        Stopwatch watch = Stopwatch.StartNew();
        DecisionPreview preview = desk.Preview(body, caller).Preview!;
        double previewMs = watch.Elapsed.TotalMilliseconds;
        Assert.Equal(Boards, preview.Decision.Inputs.BoardsSteered);

        for (int i = 0; i < 10; i++)
        {
            desk.Take(Encoding.ASCII.GetBytes("{\"id\":\"e" + i + "\",\"class\":\"economic\",\"limitW\":" + (100_000 - i).ToString(CultureInfo.InvariantCulture) + "}"), caller, null, context.Clock.NowMs);
            Run(2);
        }

        Assert.Equal(10, context.Limits.Open.Count());
        watch.Restart();
        Run(1);
        double secondMs = watch.Elapsed.TotalMilliseconds;
        int detailed = context.Events.Live.Count(e => e.Boards is not null);
        EventRecord record = context.Events.RecordOf(context.Limits.Find("e9")!.Entry.EventId)!;
        Assert.Equal(Boards, record.Boards.Values.Sum());
        Assert.Equal(8, detailed);
        long perBoard = (GC.GetTotalMemory(true) - before) / Boards;
        Assert.True(perBoard <= 2048, perBoard + " bytes a board");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Boards} boards: preview {previewMs:0.0} ms; one second of the host with 10 events {secondMs:0.0} ms; {perBoard} bytes a board"));

        void Run(int seconds)
        {
            for (int s = 0; s < seconds; s++)
            {
                time.Advance(1000);
                dispatcher.Tick();
            }
        }
    }

    private sealed class Everywhere : IOrderCarrier
    {
        public bool IsConnected => true;

        public bool Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => true;
    }
}
