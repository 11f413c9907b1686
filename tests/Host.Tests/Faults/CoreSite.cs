using System.Globalization;
using System.Text;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;
using Microsoft.Extensions.Logging;

namespace Ballast.Host.Tests.Faults;

/// <summary>
/// The whole core of the host (loop, inbox, sources, energy) on a clock that moves only when told, with toy boards and a meter on a
/// connection that delivers at once: for storms of messages and for months.
/// </summary>
internal sealed class CoreSite : IMqttConnection, ILogger<HostCore>
{
    private readonly Queue<(byte[] Topic, byte[] Payload)> _toBoards = new();
    private readonly Random _random = new(1);
    private IMqttReceiver _host = null!;
    private long _nextMeterMs;

    internal CoreSite(int boards = 4, int pods = 2, Func<SiteOptions, SiteOptions>? change = null, Func<TimeProvider, IJournal>? journal = null)
    {
        SiteOptions options = ToySite.MakeOptions(boards, pods) with { RampS = 0, SpreadS = 0, RampUpWPerS = 1000 };
        Options = change?.Invoke(options) ?? options;
        foreach (PodSection pod in Options.Pods)
        {
            Boards.AddRange(pod.Boards.Select((board, i) => new ToyBoard(pod.Id, board.Id, Convert.FromHexString(pod.Key), Convert.FromHexString(board.Key), ToySite.MakeLadder(_random), i + 1)));
        }

        Journal = journal?.Invoke(Time) ?? new MemoryJournal();
        Core = new HostCore(Options, this, Journal, Time, this, 7);
        Core.Begin();
    }

    internal SiteOptions Options { get; }

    internal FakeTime Time { get; } = new();

    internal IJournal Journal { get; }

    internal HostCore Core { get; }

    internal List<ToyBoard> Boards { get; } = [];

    internal long NowMs { get; private set; }

    internal double PowerW => Boards.Sum(b => b.PowerMw) / 1000;

    internal bool AllRun => Boards.All(b => b.Admitted && b.PowerMw > 10_000);

    /// <summary>Orders that left the host.</summary>
    internal long Published { get; private set; }

    /// <summary>Filters that the host subscribed to.</summary>
    internal IReadOnlyList<string> Subscriptions { get; private set; } = [];

    /// <summary>What boards and the meter said last, by topic below the site's.</summary>
    internal Dictionary<string, byte[]> Said { get; } = [];

    /// <summary>Errors that the host logged.</summary>
    internal List<string> Failures { get; } = [];

    public bool IsConnected { get; private set; }

    public int ConnectCount => 1;

    public MqttConnectResult LastResult => new(MqttConnectCode.Accepted, "Connected to the test.");

    public void Start(MqttOptions options, IMqttReceiver receiver)
    {
        _host = receiver;
        Subscriptions = [.. options.Subscriptions.Select(o => o.Filter)];
        IsConnected = true;
        receiver.OnConnected();
    }

    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        Published++;
        _toBoards.Enqueue((Encoding.ASCII.GetBytes(topic), payload.ToArray()));
        return MqttPublishResult.Taken;
    }

    public void Close() => IsConnected = false;

    public void Dispose() => Close();

    /// <summary>A message to the host, on a topic below the site's.</summary>
    internal void Say(string topic, ReadOnlySpan<byte> payload, bool retained = false)
        => _host.OnMessage(Encoding.UTF8.GetBytes("ballast/v1/demo/" + topic), payload, 1, retained);

    internal void Say(string topic, string text) => Say(topic, Encoding.UTF8.GetBytes(text));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
        {
            Failures.Add(exception?.ToString() ?? formatter(state, exception));
        }
    }

    private void Speak(string topic, string text) => Say(topic, Said[topic] = Encoding.UTF8.GetBytes(text));

    internal void Run(double seconds, int stepMs = 100)
    {
        for (long end = NowMs + (long)(seconds * 1000); NowMs < end;)
        {
            Step(stepMs);
        }
    }

    internal CoreSite UpAndRunning()
    {
        for (int i = 0; i < 3000 && !AllRun; i++)
        {
            Step(100);
        }

        Assert.True(AllRun, Core.Dispatcher.Phase + " " + Core.Dispatcher.Picture);
        Run(30);
        return this;
    }

    internal LimitResult Limit(double watts, string id = "a", string orderClass = "economic", string extra = "")
        => Core.Desk.Take(Body(watts, id, orderClass, extra), "rest", true, null);

    internal static byte[] Body(double watts, string id, string orderClass = "economic", string extra = "")
        => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"id\":\"{id}\",\"class\":\"{orderClass}\",\"limitW\":{watts:0}{extra}}}"));

    internal void Step(int ms)
    {
        Time.Advance(ms);
        NowMs += ms;
        while (_toBoards.TryDequeue(out (byte[] Topic, byte[] Payload) message))
        {
            foreach (ToyBoard board in Boards)
            {
                if (board.Hear(message.Topic, message.Payload, NowMs) is { } ack)
                {
                    Speak(board.Name + "/ack", ack);
                }
            }
        }

        foreach (ToyBoard board in Boards)
        {
            board.Step(NowMs, ms, (kind, text) => Speak(board.Name + "/" + kind, text));
        }

        if (NowMs >= _nextMeterMs)
        {
            _nextMeterMs = NowMs + 1000;
            Speak("meter", string.Create(CultureInfo.InvariantCulture, $"{{\"powerW\":{PowerW + Options.BaseW:0.0},\"sent\":{NowMs}}}"));
        }

        Core.Round();
    }
}
