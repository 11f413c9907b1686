using System.Diagnostics;
using Ballast.Mqtt;

namespace Ballast.Virtual.Bench;

/// <summary>One publisher and many subscribers of one topic at a mosquitto, each with a connection of its own; times a message to the last of them.</summary>
internal sealed class FanOut : IMqttReceiver, IDisposable
{
    private const string Topic = "ballast/v1/bench/p1/dispatch";

    private readonly MosquittoConnection _publisher = new();
    private readonly MosquittoClient[] _subscribers;
    private readonly ManualResetEventSlim _ready = new();
    private readonly byte[] _payload = new byte[400];
    private readonly int _messages;
    private int _received;
    private int _connected;

    public FanOut(int port, int subscribers, int messages = 1)
    {
        _messages = messages;
        Array.Fill(_payload, (byte)'x');
        _publisher.Start(new MqttOptions { ClientId = "bench-publisher", Port = port }, new Publisher(_ready));
        _subscribers = [.. Enumerable.Range(0, subscribers).Select(i => new MosquittoClient(
            new MqttOptions { ClientId = FormattableString.Invariant($"bench-{i}"), Port = port, KeepAliveS = 60, Subscriptions = [new MqttSubscription(Topic)] }, this))];
        Connect();
    }

    /// <summary>Publishes and waits for the last arrival.</summary>
    /// <returns>Time, ms.</returns>
    public double Round(int qos)
    {
        _received = 0;
        int wanted = _subscribers.Length * _messages;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < _messages; i++)
            _publisher.Publish(Topic, _payload, qos, false);
        while (_received < wanted)
        {
            Poll(_subscribers.Length);
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(300))
                throw new DemoException($"Only {_received} of {wanted} messages arrived within 300 s.");
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void OnConnected() => _connected++;

    public void OnDisconnected(MqttConnectResult reason)
    {
    }

    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained) => _received++;

    public void Dispose()
    {
        foreach (MosquittoClient subscriber in _subscribers)
            subscriber.Dispose();
        _publisher.Dispose();
        _ready.Dispose();
    }

    // The broker's accept queue is short: a few at a time.
    private void Connect()
    {
        long start = Stopwatch.GetTimestamp();
        int begun = 0;
        while (_connected < _subscribers.Length || !_ready.IsSet)
        {
            while (begun < _subscribers.Length && begun - _connected < 50)
                _subscribers[begun++].BeginConnect();
            Poll(begun);
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(300))
                throw new DemoException($"Only {_connected} of {_subscribers.Length} subscribers could connect: raise the limit of open files (ulimit -n).");
        }
    }

    private void Poll(int count)
    {
        for (int i = 0; i < count; i++)
            _subscribers[i].Poll();
    }

    private sealed class Publisher(ManualResetEventSlim ready) : IMqttReceiver
    {
        public void OnConnected() => ready.Set();

        public void OnDisconnected(MqttConnectResult reason)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
        {
        }
    }
}
