using Ballast.Firmware.Grid;
using Ballast.Mqtt;
using Ballast.Virtual.Boards;

namespace Ballast.Virtual.InProcess;

/// <summary>The firmware's link to the in-process broker, with the reconnect times that the contract asks of boards.</summary>
/// <param name="broker">The broker.</param>
/// <param name="seed">Seed of the reconnect times.</param>
/// <param name="stir">Called when something arrived: the board has to be stepped soon.</param>
internal sealed class InProcessLink(InProcessBroker broker, int seed, Action stir) : IBoardLink, IMqttReceiver
{
    private readonly Random _jitter = new(seed);
    private readonly BoardInbox _inbox = new();
    private InProcessBroker.Session? _session;
    private MqttOptions? _options;
    private long _nextTryMs;
    private long _nowMs;

    public bool IsConnected { get; private set; }

    public int ConnectCount { get; private set; }

    public long ConnectedSinceMs { get; private set; } = long.MaxValue;

    public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
    {
        Abort();
        _options = new MqttOptions
        {
            ClientId = clientId,
            Will = new MqttWill(willTopic, will.AsSpan(0, willLength).ToArray()),
            Subscriptions = [.. subscriptions.Select(s => new MqttSubscription(s))],
        };
        _nextTryMs = 0;
    }

    public void Poll(long nowMs)
    {
        _nowMs = nowMs;
        if (_session is not null || _options is null || nowMs < _nextTryMs)
            return;
        _session = broker.Connect(_options, this);
        _nextTryMs = nowMs + _jitter.Next(1_000, 4_000);
    }

    public bool TryReceive(MqttInbound into) => _inbox.TryTake(into);

    public bool Publish(string topic, byte[] payload, int length, int qos, bool retain)
        => IsConnected && broker.Publish(_session!, topic, payload.AsSpan(0, length), qos, retain);

    public void Abort()
    {
        if (_session is { } session)
            broker.Leave(session, withWord: false);
        Gone();
    }

    public void Dispose()
    {
        if (_session is { } session)
            broker.Leave(session, withWord: true);
        Gone();
        _options = null;
    }

    void IMqttReceiver.OnConnected()
    {
        IsConnected = true;
        ConnectCount++;
        ConnectedSinceMs = _nowMs;
        stir();
    }

    void IMqttReceiver.OnDisconnected(MqttConnectResult reason)
    {
        Gone();
        _nextTryMs = _nowMs + _jitter.Next(1_000, 4_000);
    }

    void IMqttReceiver.OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        _inbox.Add(topic, payload, retained);
        stir();
    }

    private void Gone()
    {
        IsConnected = false;
        _session = null;
        ConnectedSinceMs = long.MaxValue;
        _inbox.Clear();
    }
}
