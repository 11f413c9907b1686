namespace Ballast.Mqtt;

/// <summary>How the last attempt to connect ended, or why the connection was lost.</summary>
public enum MqttConnectCode
{
    /// <summary>No attempt has ended yet.</summary>
    None,

    /// <summary>Connected and subscribed.</summary>
    Accepted,

    /// <summary>The broker does not speak MQTT 3.1.1.</summary>
    RefusedProtocol,

    /// <summary>The broker refused the client id.</summary>
    RefusedClientId,

    /// <summary>The broker says it is not available.</summary>
    RefusedUnavailable,

    /// <summary>User name or password is wrong.</summary>
    RefusedCredentials,

    /// <summary>The broker knows the client and does not let it in.</summary>
    RefusedNotAuthorized,

    /// <summary>A subscription was refused.</summary>
    RefusedSubscription,

    /// <summary>The broker could not be reached, or the TCP connection broke.</summary>
    Network,

    /// <summary>The TLS handshake failed.</summary>
    Tls,

    /// <summary>The broker did not answer within the keep-alive time.</summary>
    KeepAlive,

    /// <summary>The configuration cannot work; the sentence says what to change.</summary>
    Configuration,

    /// <summary>This side ended the connection.</summary>
    Closed,
}

/// <summary>Result of an attempt, as a value: no exception tells a caller that a password is wrong.</summary>
/// <param name="Code">What happened.</param>
/// <param name="Sentence">The same for a person, with what to do.</param>
public readonly record struct MqttConnectResult(MqttConnectCode Code, string Sentence)
{
    /// <summary>True if the connection is up.</summary>
    public bool IsAccepted => Code == MqttConnectCode.Accepted;
}

/// <summary>What became of a publish call.</summary>
public enum MqttPublishResult
{
    /// <summary>Taken: written or queued in this process. QoS 1 is repeated until the connection ends.</summary>
    Taken,

    /// <summary>Not connected: nothing was queued, so nothing old can leave later.</summary>
    NotConnected,

    /// <summary>Topic or payload cannot be sent.</summary>
    Invalid,

    /// <summary>The library refused for another reason, such as memory.</summary>
    Failed,
}
