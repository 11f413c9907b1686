using System.Text;
using Ballast.Firmware.Grid;
using Ballast.Mqtt;

namespace Ballast.Virtual.Boards;

/// <summary>
/// The firmware's link over libmosquitto, polled from the board's own control tick: real sockets, no thread per board.
/// It reconnects with 1…4 s of jitter and a clean session, as the contract asks of boards.
/// </summary>
public sealed class PolledMqttLink : IBoardLink, IMqttReceiver
{
    private readonly string _host;
    private readonly int _port;
    private readonly Random _jitter;
    private readonly BoardInbox _inbox = new();
    private MosquittoClient? _client;
    private MqttOptions? _options;
    private long _nextTryMs;
    private long _nowMs;

    /// <summary>Makes a link to a broker.</summary>
    /// <param name="host">Address of the broker.</param>
    /// <param name="port">Port of the broker.</param>
    /// <param name="seed">Seed of the jitter.</param>
    public PolledMqttLink(string host, int port, int seed)
    {
        _host = host;
        _port = port;
        _jitter = new Random(seed);
    }

    /// <summary>A message for which this returns true is lost on its way to the board: a planted fault.</summary>
    public Func<string, bool>? Drop { get; set; }

    /// <inheritdoc/>
    public long ConnectedSinceMs { get; private set; } = long.MaxValue;

    /// <inheritdoc/>
    public bool IsConnected => _client is { State: MqttClientState.Connected };

    /// <inheritdoc/>
    public int ConnectCount => _client?.ConnectCount ?? 0;

    /// <inheritdoc/>
    public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
    {
        _client?.Dispose();
        _inbox.Clear();
        ConnectedSinceMs = long.MaxValue;
        _options = new MqttOptions
        {
            ClientId = clientId,
            Host = _host,
            Port = _port,
            Will = new MqttWill(willTopic, will.AsSpan(0, willLength).ToArray()),
            Subscriptions = [.. subscriptions.Select(s => new MqttSubscription(s))],
        };
        _client = new MosquittoClient(_options, this);
        _nextTryMs = 0;
    }

    /// <inheritdoc/>
    public void Poll(long nowMs)
    {
        _nowMs = nowMs;
        if (_client is not { } client)
            return;
        if (client.State == MqttClientState.Down && nowMs >= _nextTryMs)
        {
            client.BeginConnect();
            _nextTryMs = nowMs + _jitter.Next(1_000, 4_000);
        }

        client.Poll();
    }

    /// <inheritdoc/>
    public bool TryReceive(MqttInbound into) => _inbox.TryTake(into);

    /// <inheritdoc/>
    public bool Publish(string topic, byte[] payload, int length, int qos, bool retain)
        => _client is { } client && client.Publish(topic, payload.AsSpan(0, length), qos, retain) == MqttPublishResult.Taken;

    /// <inheritdoc/>
    public void Abort()
    {
        _client?.Abort();
        ConnectedSinceMs = long.MaxValue;
        _inbox.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    void IMqttReceiver.OnConnected() => ConnectedSinceMs = _nowMs;

    void IMqttReceiver.OnDisconnected(MqttConnectResult reason)
    {
        ConnectedSinceMs = long.MaxValue;
        _inbox.Clear();
        _nextTryMs = _nowMs + _jitter.Next(1_000, 4_000);
    }

    void IMqttReceiver.OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        if (Drop?.Invoke(Encoding.UTF8.GetString(topic)) != true)
            _inbox.Add(topic, payload, retained);
    }
}
