using System.Text;
using System.Text.Json.Nodes;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Grid;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>A broker link in memory.</summary>
public sealed class FakeLink : IMqttLink
{
    private readonly Queue<(string Topic, byte[] Payload, bool Retained)> _in = new();

    public bool IsConnected { get; set; } = true;
    public int ConnectCount { get; set; } = 1;
    public string WillTopic { get; private set; } = "";
    public string Will { get; private set; } = "";
    public string[] Subscriptions { get; private set; } = [];
    public List<(string Topic, string Payload, int Qos, bool Retain, long AtMs)> Sent { get; } = [];
    public bool Refuses { get; set; }
    public FakeClock? Clock { get; set; }

    public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
    {
        Subscriptions = subscriptions;
        WillTopic = willTopic;
        Will = Encoding.UTF8.GetString(will, 0, willLength);
    }

    public void Poll(long nowMs)
    {
    }

    public void Deliver(string topic, byte[] payload, bool retained = false)
    {
        if (IsConnected)
            _in.Enqueue((topic, payload, retained));
    }

    public bool TryReceive(MqttInbound into)
    {
        if (!_in.TryDequeue(out var m))
            return false;
        byte[] topic = Encoding.UTF8.GetBytes(m.Topic);
        into.Oversize = topic.Length > MqttInbound.MaxTopic || m.Payload.Length > MqttInbound.MaxPayload;
        into.TopicLength = Math.Min(topic.Length, MqttInbound.MaxTopic);
        Array.Copy(topic, into.Topic, into.TopicLength);
        into.PayloadLength = into.Oversize ? 0 : m.Payload.Length;
        Array.Copy(m.Payload, into.Payload, into.PayloadLength);
        into.Retained = m.Retained;
        return true;
    }

    public bool Publish(string topic, byte[] payload, int length, int qos, bool retain)
    {
        if (!IsConnected || Refuses)
            return false;
        Sent.Add((topic, Encoding.UTF8.GetString(payload, 0, length), qos, retain, Clock?.NowMs ?? 0));
        return true;
    }

    public JsonNode? Last(string suffix)
    {
        for (int i = Sent.Count - 1; i >= 0; i--)
            if (Sent[i].Topic.EndsWith(suffix, StringComparison.Ordinal))
                return JsonNode.Parse(Sent[i].Payload);
        return null;
    }

    public int Count(string suffix) => Sent.Count(s => s.Topic.EndsWith(suffix, StringComparison.Ordinal));
}

/// <summary>Two slots in memory; a write can be torn after any number of bytes, or refused.</summary>
public sealed class FakeStore : IStore
{
    private readonly byte[]?[] _slots = new byte[]?[2];

    public bool Refuses { get; set; }

    /// <summary>Bytes of the next write that reach the medium before power goes; -1 for all.</summary>
    public int TearAfter { get; set; } = -1;

    public int Writes { get; private set; }
    public int LastLength { get; private set; }

    public FakeStore Copy()
    {
        var copy = new FakeStore();
        for (int i = 0; i < 2; i++)
            copy._slots[i] = (byte[]?)_slots[i]?.Clone();
        return copy;
    }

    public void Corrupt(int slot) => _slots[slot]![20] ^= 0x55;

    public int Read(int slot, byte[] buffer)
    {
        byte[]? data = _slots[slot];
        if (data == null)
            return 0;
        Array.Copy(data, buffer, Math.Min(data.Length, buffer.Length));
        return Math.Min(data.Length, buffer.Length);
    }

    public bool Write(int slot, byte[] buffer, int count)
    {
        Writes++;
        LastLength = count;
        if (Refuses)
            return false;
        if (TearAfter >= 0)
        {
            byte[] old = _slots[slot] ?? [];
            byte[] torn = new byte[Math.Max(old.Length, Math.Min(TearAfter, count))];
            Array.Copy(old, torn, old.Length);
            Array.Copy(buffer, torn, Math.Min(TearAfter, count));
            _slots[slot] = torn;
            return false;
        }

        _slots[slot] = buffer[..count];
        return true;
    }
}
