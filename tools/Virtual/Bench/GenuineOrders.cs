using System.Collections.Concurrent;
using System.Text;
using Ballast.Mqtt;
using Ballast.Virtual.Site;
using Ballast.Wire;

namespace Ballast.Virtual.Bench;

/// <summary>Hears all messages to boards and on `grid/signal`, and keeps which of the orders carry a right MAC: those alone may be applied.</summary>
internal sealed class GenuineOrders : IMqttReceiver, IDisposable
{
    private const int Captured = 256;

    private readonly MosquittoConnection _link = new();
    private readonly ManualResetEventSlim _connected = new();
    private readonly Dictionary<string, HmacSha256> _keys = [];
    private readonly ConcurrentDictionary<string, uint> _newest = new();
    private readonly ConcurrentDictionary<(string Pod, uint Epoch, uint Seq), byte> _genuine = new();
    private readonly ConcurrentQueue<(string Topic, byte[] Payload)> _captured = new();
    private readonly DispatchOrder _order = new();
    private readonly string _root;

    public GenuineOrders(string site, int port, IReadOnlyList<BoardIdentity> boards)
    {
        _root = $"ballast/v1/{site}/";
        foreach (BoardIdentity board in boards.DistinctBy(b => b.Pod))
            _keys[board.Pod] = new HmacSha256(board.PodKey);
        _link.Start(
            new MqttOptions
            {
                ClientId = site + "-genuine",
                Port = port,
                Subscriptions = [new MqttSubscription(_root + "+/dispatch"), new MqttSubscription(_root + "+/+/set"), new MqttSubscription(_root + "grid/signal")],
            },
            this);
        if (!_connected.Wait(TimeSpan.FromSeconds(300)))
            throw new DemoException("The bench cannot subscribe at the broker.");
    }

    /// <summary>orderId of the newest genuine order of each pod.</summary>
    public IReadOnlyDictionary<string, uint> Newest => _newest;

    /// <summary>Genuine messages, for whoever replays them.</summary>
    public IReadOnlyList<(string Topic, byte[] Payload)> Recordings => [.. _captured];

    /// <summary>True if an order with this number was signed with the pod's key.</summary>
    public bool Knows(string pod, uint epoch, uint seq) => _genuine.ContainsKey((pod, epoch, seq));

    public void OnConnected() => _connected.Set();

    public void OnDisconnected(MqttConnectResult reason)
    {
    }

    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        string name = Encoding.ASCII.GetString(topic);
        byte[] copy = payload.ToArray();
        string[] parts = name[_root.Length..].Split('/');
        if (parts[^1] != "dispatch")
        {
            Capture(name, copy);
            return;
        }

        byte[] topicBytes = topic.ToArray();
        if (Envelope.ParseDispatch(copy, 0, copy.Length, retained, _order) != Reject.None || !Envelope.VerifyMac(copy, 0, copy.Length, topicBytes, topicBytes.Length, _keys[parts[0]]))
            return;
        if (_genuine.TryAdd((parts[0], _order.Epoch, _order.Seq), 0))
        {
            _newest[parts[0]] = _order.OrderId;
            Capture(name, copy);
        }
    }

    public void Dispose()
    {
        _link.Dispose();
        _connected.Dispose();
    }

    private void Capture(string topic, byte[] payload)
    {
        if (_captured.Count < Captured)
            _captured.Enqueue((topic, payload));
    }
}
