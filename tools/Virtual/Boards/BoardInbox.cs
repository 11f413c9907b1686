using Ballast.Firmware.Grid;

namespace Ballast.Virtual.Boards;

/// <summary>What has arrived for a board and waits for its next step: a few messages, as a small controller keeps them; the oldest give way, as on the device.</summary>
internal sealed class BoardInbox
{
    private const int Length = Ballast.Firmware.Start.MqttInbox.Capacity;

    private readonly Queue<Held> _held = new();

    /// <summary>Keeps a message.</summary>
    public void Add(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained)
    {
        if (_held.Count == Length)
            _held.Dequeue();
        _held.Enqueue(new Held(topic.ToArray(), payload.ToArray(), retained));
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _held.Clear();

    /// <summary>Takes the oldest message; false when there is none.</summary>
    public bool TryTake(MqttInbound into)
    {
        if (!_held.TryDequeue(out Held held))
            return false;
        into.Oversize = held.Topic.Length > MqttInbound.MaxTopic || held.Payload.Length > MqttInbound.MaxPayload;
        into.Retained = held.Retained;
        into.TopicLength = 0;
        into.PayloadLength = 0;
        if (!into.Oversize)
        {
            held.Topic.CopyTo(into.Topic, 0);
            held.Payload.CopyTo(into.Payload, 0);
            into.TopicLength = held.Topic.Length;
            into.PayloadLength = held.Payload.Length;
        }

        return true;
    }

    private readonly record struct Held(byte[] Topic, byte[] Payload, bool Retained);
}
