namespace Ballast.Mqtt;

/// <summary>Where a <see cref="MosquittoClient"/> stands.</summary>
public enum MqttClientState
{
    /// <summary>Not connected and not trying; the owner calls <see cref="MosquittoClient.BeginConnect"/>.</summary>
    Down,

    /// <summary>TCP, TLS, CONNACK or SUBACK is still missing.</summary>
    Connecting,

    /// <summary>Connected and subscribed.</summary>
    Connected,
}
