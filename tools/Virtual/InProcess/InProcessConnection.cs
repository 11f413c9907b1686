using Ballast.Mqtt;

namespace Ballast.Virtual.InProcess;

/// <summary>A connection of the host, the meter or the oracle to the in-process broker.</summary>
/// <param name="broker">The broker.</param>
/// <param name="time">Simulated time.</param>
/// <param name="seed">Seed of the reconnect times.</param>
public sealed class InProcessConnection(InProcessBroker broker, SimTimeline time, int seed) : IMqttConnection, IMqttReceiver
{
    private readonly Random _random = new(seed);
    private MqttOptions? _options;
    private IMqttReceiver? _receiver;
    private InProcessBroker.Session? _session;
    private bool _closed;

    /// <inheritdoc/>
    public bool IsConnected { get; private set; }

    /// <inheritdoc/>
    public int ConnectCount { get; private set; }

    /// <inheritdoc/>
    public MqttConnectResult LastResult { get; private set; } = new(MqttConnectCode.None, "No attempt to connect has ended yet.");

    /// <inheritdoc/>
    public void Start(MqttOptions options, IMqttReceiver receiver)
    {
        if (_options is not null)
            throw new InvalidOperationException("The connection has been started.");
        _options = options;
        _receiver = receiver;
        Try();
    }

    /// <inheritdoc/>
    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
        => IsConnected && broker.Publish(_session!, topic, payload, qos, retain) ? MqttPublishResult.Taken : MqttPublishResult.NotConnected;

    /// <inheritdoc/>
    public void Close() => End(withWord: true);

    /// <summary>Ends as a process that was killed: the broker publishes the will.</summary>
    public void Crash() => End(withWord: false);

    /// <inheritdoc/>
    public void Dispose() => Close();

    void IMqttReceiver.OnConnected()
    {
        IsConnected = true;
        ConnectCount++;
        LastResult = new MqttConnectResult(MqttConnectCode.Accepted, "Connected to the in-process broker.");
        _receiver!.OnConnected();
    }

    void IMqttReceiver.OnDisconnected(MqttConnectResult reason)
    {
        IsConnected = false;
        LastResult = reason;
        _receiver!.OnDisconnected(reason);
        Later();
    }

    void IMqttReceiver.OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
        => _receiver!.OnMessage(topic, payload, qos, retained);

    private void End(bool withWord)
    {
        _closed = true;
        IsConnected = false;
        if (_session is { } session)
            broker.Leave(session, withWord);
        _session = null;
    }

    private void Try()
    {
        if (_closed)
            return;
        _session = broker.Connect(_options!, this);
        if (_session is null)
            Later();
    }

    private void Later() => time.At(time.NowMs + _random.Next(_options!.ReconnectMinMs, _options.ReconnectMaxMs + 1), Try);
}
