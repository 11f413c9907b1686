namespace Ballast.Mqtt;

/// <summary>A last will: what the broker publishes when the connection ends without a DISCONNECT.</summary>
/// <param name="Topic">Topic of the will.</param>
/// <param name="Payload">Bytes of the will; copied at connect.</param>
/// <param name="Qos">0 or 1.</param>
/// <param name="Retain">True: the broker keeps it for late subscribers.</param>
public sealed record MqttWill(string Topic, byte[] Payload, int Qos = 1, bool Retain = true);

/// <summary>One topic filter to subscribe to on every connect.</summary>
/// <param name="Filter">MQTT topic filter.</param>
/// <param name="Qos">Highest QoS to receive with, 0 or 1.</param>
public sealed record MqttSubscription(string Filter, int Qos = 1);

/// <summary>TLS towards the broker. All files are PEM.</summary>
/// <param name="CaFile">Certificates to trust.</param>
/// <param name="CertificateFile">Client certificate, or null.</param>
/// <param name="KeyFile">Key of the client certificate, or null.</param>
/// <param name="SkipHostNameCheck">True accepts a certificate for another name. For tests only.</param>
public sealed record MqttTls(string CaFile, string? CertificateFile = null, string? KeyFile = null, bool SkipHostNameCheck = false);

/// <summary>How to reach a broker, and what to say to it first.</summary>
public sealed record MqttOptions
{
    /// <summary>Client id; must be unique at the broker, or the older connection is thrown out.</summary>
    public required string ClientId { get; init; }

    /// <summary>Name or address of the broker. An address needs no resolver, which matters to callers that may not block.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port, 1…65535.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>User name, or null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password, or null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Keep-alive in seconds, 5…65535. Either side gives up at the latest after 1.5 times this, or after 10 s.</summary>
    public int KeepAliveS { get; init; } = 15;

    /// <summary>True: the broker keeps nothing for this client between connections.</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>The last will, or null.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>TLS, or null for plain TCP.</summary>
    public MqttTls? Tls { get; init; }

    /// <summary>What to subscribe to on every connect, before the connection counts as up.</summary>
    public IReadOnlyList<MqttSubscription> Subscriptions { get; init; } = [];

    /// <summary>Shortest wait before a new attempt, ms.</summary>
    public int ReconnectMinMs { get; init; } = 1000;

    /// <summary>Longest wait before a new attempt, ms; the wait is drawn evenly between the two.</summary>
    public int ReconnectMaxMs { get; init; } = 4000;
}
