namespace Ballast.Mqtt;

/// <summary>
/// Who listens to a connection. The calls come on the connection's own thread (or the poller's): they must be quick, must not
/// throw, must not wait for another thread, and must not dispose the connection. Publishing from them is allowed.
/// </summary>
public interface IMqttReceiver
{
    /// <summary>Connected and subscribed. Comes again after each reconnect.</summary>
    void OnConnected();

    /// <summary>An attempt failed or the connection broke.</summary>
    void OnDisconnected(MqttConnectResult reason);

    /// <summary>One message. The spans are valid during the call only.</summary>
    /// <param name="topic">Topic in UTF-8.</param>
    /// <param name="payload">Payload.</param>
    /// <param name="qos">0…2.</param>
    /// <param name="retained">True if the broker had kept it from before the subscription.</param>
    void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained);
}

/// <summary>
/// A connection to one broker that keeps itself up: it connects, subscribes, and does so again with a random wait after every loss.
/// Nothing is queued while it is down: an order that waited would be stale (contract section 1).
/// </summary>
public interface IMqttConnection : IDisposable
{
    /// <summary>True while connected and subscribed.</summary>
    bool IsConnected { get; }

    /// <summary>Completed connects since the start; a change tells a caller that it missed time.</summary>
    int ConnectCount { get; }

    /// <summary>How the last attempt ended.</summary>
    MqttConnectResult LastResult { get; }

    /// <summary>Messages and changes whose handling by the receiver threw; nothing of those was taken.</summary>
    long HandlerFailures => 0;

    /// <summary>What the last of those was, or null.</summary>
    string? LastHandlerFailure => null;

    /// <summary>Starts connecting. Returns at once.</summary>
    /// <param name="options">The broker, the will and the subscriptions.</param>
    /// <param name="receiver">Who listens.</param>
    /// <exception cref="InvalidOperationException">Already started.</exception>
    void Start(MqttOptions options, IMqttReceiver receiver);

    /// <summary>Publishes one message. Callable from any thread.</summary>
    /// <param name="topic">Topic, no wildcards.</param>
    /// <param name="payload">Payload, copied before the call returns.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="retain">True: the broker keeps it for late subscribers.</param>
    MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain);

    /// <summary>Ends with a DISCONNECT, so that the broker does not publish the will.</summary>
    void Close();
}
