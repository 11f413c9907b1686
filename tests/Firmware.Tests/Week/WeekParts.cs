using System.Text;
using System.Text.Json;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Grid;
using Ballast.Hw.Bus;

namespace Ballast.Firmware.Tests.Week;

/// <summary>A line of the control board whose edges somebody watches at the moment of the write.</summary>
internal sealed class WatchedPin(IOutputPin pin, Action<bool> edge) : IOutputPin
{
    public bool IsHigh => pin.IsHigh;

    public void Write(bool high)
    {
        edge(high);
        pin.Write(high);
    }
}

/// <summary>Two slots whose writes can be refused, torn by a loss of power, or end in an exception.</summary>
internal sealed class WeekStore(Random random) : IStore
{
    private readonly byte[]?[] _slots = new byte[]?[2];

    public bool Refuses { get; set; }

    /// <summary>The next write is cut at a random byte, and power goes.</summary>
    public bool TearNext { get; set; }

    public bool ThrowNext { get; set; }

    /// <summary>Power went in the middle of a write.</summary>
    public bool PowerLost { get; set; }

    /// <summary>The last write did not succeed: what was to be kept may be in RAM only.</summary>
    public bool LastFailed { get; private set; }

    public int Writes { get; private set; }

    public Action? BeforeWrite { get; set; }

    public int Read(int slot, byte[] buffer)
    {
        byte[]? data = _slots[slot];
        if (data == null)
            return 0;
        int n = Math.Min(data.Length, buffer.Length);
        Array.Copy(data, buffer, n);
        return n;
    }

    public bool Write(int slot, byte[] buffer, int count)
    {
        BeforeWrite?.Invoke();
        Writes++;
        LastFailed = true;
        if (ThrowNext)
        {
            ThrowNext = false;
            throw new InvalidOperationException("planted: the file system threw");
        }

        if (Refuses || PowerLost)
            return false;
        int kept = TearNext ? random.Next(count) : count;
        byte[] old = _slots[slot] ?? [];
        byte[] now = new byte[TearNext ? Math.Max(old.Length, kept) : count];
        Array.Copy(old, now, Math.Min(old.Length, now.Length));
        Array.Copy(buffer, now, kept);
        _slots[slot] = now;
        if (TearNext)
        {
            TearNext = false;
            PowerLost = true;
            return false;
        }

        LastFailed = false;
        return true;
    }
}

/// <summary>A broker link in memory that knows what it carries.</summary>
internal sealed class WeekLink : IMqttLink
{
    private readonly Queue<WeekMessage> _in = new();
    private byte[] _lastState = [];

    public bool IsConnected { get; private set; } = true;

    public int ConnectCount { get; private set; } = 1;

    public bool ThrowNext { get; set; }

    public Action? BeforePoll { get; set; }

    /// <summary>Messages that the board took in this step, in order.</summary>
    public List<WeekMessage> Taken { get; } = [];

    public uint BootNonce { get; private set; }

    public bool SaysAdmitted { get; private set; }

    public bool SaysFault { get; private set; }

    public uint OfferedId { get; private set; }

    public int[] OfferedMw { get; private set; } = [];

    public int Published { get; private set; }

    public Action<int, uint, uint>? OnAck { get; set; }

    public Action<uint>? OnState { get; set; }

    public Action<string>? OnEvent { get; set; }

    public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
    {
    }

    public void Poll(long nowMs)
    {
        BeforePoll?.Invoke();
        if (ThrowNext)
        {
            ThrowNext = false;
            throw new InvalidOperationException("planted: the link threw");
        }
    }

    public void Connect(bool up)
    {
        if (up && !IsConnected)
            ConnectCount++;
        if (!up)
            _in.Clear();
        IsConnected = up;
    }

    public void Deliver(WeekMessage message)
    {
        if (IsConnected)
            _in.Enqueue(message);
    }

    public bool TryReceive(MqttInbound into)
    {
        if (!_in.TryDequeue(out WeekMessage? m))
            return false;
        Taken.Add(m);
        into.Oversize = m.Bytes.Length > MqttInbound.MaxPayload;
        into.TopicLength = Encoding.ASCII.GetBytes(m.Topic, into.Topic);
        into.PayloadLength = into.Oversize ? 0 : m.Bytes.Length;
        Array.Copy(m.Bytes, into.Payload, into.PayloadLength);
        into.Retained = m.Retained;
        return true;
    }

    public bool Publish(string topic, byte[] payload, int length, int qos, bool retain)
    {
        if (!IsConnected)
            return false;
        Published++;
        switch (topic.AsSpan(topic.LastIndexOf('/') + 1))
        {
            case "state":
                ReadState(payload.AsSpan(0, length));
                break;
            case "birth":
                ReadBirth(payload.AsMemory(0, length));
                break;
            case "ack":
                using (JsonDocument ack = JsonDocument.Parse(payload.AsMemory(0, length)))
                    OnAck?.Invoke(ack.RootElement.GetProperty("stream").GetString() == "dispatch" ? 0 : 1, ack.RootElement.GetProperty("epoch").GetUInt32(), ack.RootElement.GetProperty("seq").GetUInt32());
                break;
            case "event":
                using (JsonDocument e = JsonDocument.Parse(payload.AsMemory(0, length)))
                    OnEvent?.Invoke(e.RootElement.GetProperty("rule").GetString() ?? "");
                break;
            default:
                break;
        }

        return true;
    }

    private void ReadState(ReadOnlySpan<byte> state)
    {
        if (state.SequenceEqual(_lastState))
            return;
        _lastState = state.ToArray();
        using JsonDocument json = JsonDocument.Parse(_lastState);
        BootNonce = json.RootElement.GetProperty("bootNonce").GetUInt32();
        SaysAdmitted = json.RootElement.GetProperty("admitted").GetBoolean();
        SaysFault = json.RootElement.TryGetProperty("latches", out JsonElement latches) && latches.GetRawText().Contains("fault", StringComparison.Ordinal);
        OnState?.Invoke(BootNonce);
    }

    private void ReadBirth(ReadOnlyMemory<byte> birth)
    {
        using JsonDocument json = JsonDocument.Parse(birth);
        OfferedId = 0;
        if (!json.RootElement.TryGetProperty("offeredId", out JsonElement id))
            return;
        OfferedId = id.GetUInt32();
        OfferedMw = [.. json.RootElement.GetProperty("offered").EnumerateArray().Select(p => p[0].GetInt32())];
    }
}
