using System.Collections.Concurrent;
using System.Text;
using Ballast.Mqtt;

namespace Ballast.Host.Tests.Mqtt;

internal sealed record Received(string Topic, byte[] Payload, int Qos, bool Retained)
{
    internal string Text => Encoding.UTF8.GetString(Payload);
}

internal sealed class RecordingReceiver : IMqttReceiver
{
    private volatile int _connects;

    internal ConcurrentQueue<Received> Messages { get; } = new();

    internal ConcurrentQueue<MqttConnectResult> Losses { get; } = new();

    internal Action<Received>? Then { get; set; }

    internal int Connects => _connects;

    public void OnConnected() => Interlocked.Increment(ref _connects);

    public void OnDisconnected(MqttConnectResult reason) => Losses.Enqueue(reason);

    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        Received received = new(Encoding.UTF8.GetString(topic), payload.ToArray(), qos, retained);
        Messages.Enqueue(received);
        Then?.Invoke(received);
    }
}
