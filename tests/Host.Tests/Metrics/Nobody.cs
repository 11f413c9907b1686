using Ballast.Mqtt;

namespace Ballast.Host.Tests.Metrics;

/// <summary>A broker that is never reached.</summary>
internal sealed class Nobody : IMqttConnection
{
    public bool IsConnected { get; set; }

    public int ConnectCount => 0;

    public long HandlerFailures { get; set; }

    public string? LastHandlerFailure { get; set; }

    public MqttConnectResult LastResult { get; set; } = new(MqttConnectCode.Network, "No connection to the MQTT broker at 127.0.0.1:1883: nobody is there.");

    public void Start(MqttOptions options, IMqttReceiver receiver)
    {
    }

    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => MqttPublishResult.NotConnected;

    public void Close()
    {
    }

    public void Dispose()
    {
    }
}
