namespace Ballast.Mqtt;

/// <summary>The MQTT stack that this build was made with: <c>-p:MqttStack=mosquitto</c> (default) or <c>-p:MqttStack=mqttnet</c>.</summary>
public static class MqttLibrary
{
#if MQTTNET
    /// <summary>Its name, for logs and <c>--version</c>.</summary>
    public const string Name = "mqttnet";

    /// <summary>Null if it can be used; otherwise a sentence that says what to install.</summary>
    public static string? Problem => null;

    /// <summary>A new connection, not started.</summary>
    public static IMqttConnection Create() => new MqttNetConnection();
#else
    /// <summary>Its name, for logs and <c>--version</c>.</summary>
    public const string Name = "mosquitto";

    /// <summary>Null if it can be used; otherwise a sentence that says what to install.</summary>
    public static string? Problem => MosquittoLibrary.Problem;

    /// <summary>A new connection, not started.</summary>
    public static IMqttConnection Create() => new MosquittoConnection();
#endif
}
