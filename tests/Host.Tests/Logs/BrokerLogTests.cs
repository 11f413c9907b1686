using Ballast.Host.Options;
using Ballast.Host.Tests.Metrics;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;
using Microsoft.Extensions.Logging;

namespace Ballast.Host.Tests.Logs;

/// <summary>A broker that stays away does not fill the log: one word when it goes, one a minute, one when it is back.</summary>
public sealed class BrokerLogTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly Words _words = new();
    private readonly Nobody _broker = new();
    private readonly HostCore _core;

    public BrokerLogTests()
    {
        _core = new HostCore(ToySite.MakeOptions(1, 1) with { Meter = new MeterSection() }, _broker, new MemoryJournal(), _time, _words, 1);
        _core.Begin();
    }

    public void Dispose() => _core.Dispose();

    [Fact]
    public void A_broker_that_is_away_for_ten_minutes_is_said_once_then_once_a_minute_with_a_count_and_once_when_it_is_back()
    {
        Up();
        Pass(30);
        Down("lost");
        for (int second = 0; second < 600; second++)
        {
            Pass(1);
            Down("refused");
        }

        Up();
        Assert.Equal([1101, 1102, .. Enumerable.Repeat(1103, 10), 1104], _words.Said.Select(w => w.Id));
        Assert.Equal("lost", _words.Said[1].Text);
        Assert.Equal("refused 60 tries have failed in 60 s", _words.Said[2].Text);
        Assert.Equal("refused 600 tries have failed in 600 s", _words.Said[11].Text);
        Assert.EndsWith("600 tries had failed in 600 s", _words.Said[12].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_that_was_never_reached_is_said_at_the_first_try()
    {
        Down("refused");
        Pass(1);
        Down("refused");
        Assert.Equal([1102], _words.Said.Select(w => w.Id));
    }

    [Fact]
    public void Each_loss_of_a_connection_that_held_is_said()
    {
        for (int i = 0; i < 3; i++)
        {
            Up();
            Pass(10);
            Down("lost");
            Pass(1);
        }

        Assert.Equal([1101, 1102, 1104, 1102, 1104, 1102], _words.Said.Select(w => w.Id));
    }

    [Fact]
    public void Two_hosts_with_one_client_id_that_throw_each_other_out_do_not_fill_the_log()
    {
        for (int second = 0; second < 300; second++)
        {
            Up();
            Pass(1);
            Down("lost");
        }

        Assert.InRange(_words.Said.Count, 5, 12);
        Up();
        Assert.Contains(_words.Said[^1].Id, new[] { 1101, 1104 });
    }

    private void Pass(int seconds) => _time.Advance(seconds * 1000);

    private void Up()
    {
        ((IMqttReceiver)_core).OnConnected();
        _core.Round();
    }

    private void Down(string why)
    {
        ((IMqttReceiver)_core).OnDisconnected(new MqttConnectResult(MqttConnectCode.Network, why));
        _core.Round();
    }

    private sealed class Words : ILogger<HostCore>
    {
        internal List<(int Id, string Text)> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is > 1100 and < 1200)
            {
                Said.Add((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
