namespace Ballast.Mqtt;

/// <summary>
/// Two connections that look like one: what is published leaves on its own, what is subscribed to comes in on the other. So a storm
/// of telemetry, or the broker's queue for it, never stands before an order. It counts as connected while both are.
/// </summary>
public sealed class SplitConnection : IMqttConnection
{
    private readonly IMqttConnection _out;
    private readonly IMqttConnection _in;
    private readonly Lock _gate = new();
    private IMqttReceiver? _receiver;
    private bool _up;

    /// <summary>Joins two connections that have not been started; they are disposed with this one.</summary>
    /// <param name="outgoing">Publishes, and carries the will: when it is gone no order can leave.</param>
    /// <param name="incoming">Subscribes.</param>
    public SplitConnection(IMqttConnection outgoing, IMqttConnection incoming)
    {
        _out = outgoing;
        _in = incoming;
    }

    /// <inheritdoc/>
    public bool IsConnected => _out.IsConnected && _in.IsConnected;

    /// <inheritdoc/>
    public int ConnectCount { get; private set; }

    /// <inheritdoc/>
    public MqttConnectResult LastResult => _out.LastResult.IsAccepted ? _in.LastResult : _out.LastResult;

    /// <inheritdoc/>
    public long HandlerFailures => _out.HandlerFailures + _in.HandlerFailures;

    /// <inheritdoc/>
    public string? LastHandlerFailure => _in.LastHandlerFailure ?? _out.LastHandlerFailure;

    /// <inheritdoc/>
    public void Start(MqttOptions options, IMqttReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(options);
        _receiver = receiver;
        _in.Start(options with { ClientId = options.ClientId + "-in", Will = null }, new Half(this));
        _out.Start(options with { Subscriptions = [] }, new Half(this));
    }

    /// <inheritdoc/>
    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
        => IsConnected ? _out.Publish(topic, payload, qos, retain) : MqttPublishResult.NotConnected;

    /// <inheritdoc/>
    public void Close()
    {
        _in.Close();
        _out.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _in.Dispose();
        _out.Dispose();
    }

    // One call at a time reaches the receiver, although the halves have threads of their own.
    private sealed class Half(SplitConnection owner) : IMqttReceiver
    {
        public void OnConnected()
        {
            lock (owner._gate)
            {
                if (!owner._up && owner.IsConnected)
                {
                    owner._up = true;
                    owner.ConnectCount++;
                    owner._receiver!.OnConnected();
                }
            }
        }

        public void OnDisconnected(MqttConnectResult reason)
        {
            lock (owner._gate)
            {
                owner._up = false;
                owner._receiver!.OnDisconnected(reason);
            }
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
        {
            lock (owner._gate)
            {
                owner._receiver!.OnMessage(topic, payload, qos, retained);
            }
        }
    }
}
