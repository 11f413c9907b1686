using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Ballast.Mqtt;
using Ballast.Wire;

namespace Ballast.Virtual.Bench;

/// <summary>A subscriber of all pods' orders that notes when each new content arrived.</summary>
internal sealed class OrderWatch : IMqttReceiver, IDisposable
{
    private readonly MosquittoConnection _link = new();
    private readonly ConcurrentDictionary<string, (uint OrderId, long Timestamp)> _newest = new();
    private readonly ManualResetEventSlim _connected = new();
    private readonly DispatchOrder _order = new();

    public OrderWatch(string site, int port)
    {
        _link.Start(new MqttOptions { ClientId = site + "-watch", Port = port, Subscriptions = [new MqttSubscription($"ballast/v1/{site}/+/dispatch")] }, this);
        if (!_connected.Wait(TimeSpan.FromSeconds(300)))
            throw new DemoException("The bench cannot subscribe at the broker.");
    }

    /// <summary>Newest content of each pod, by topic.</summary>
    public IReadOnlyDictionary<string, (uint OrderId, long Timestamp)> Newest => _newest;

    /// <summary>Waits until every pod has newer content than before; the time from the start to the last of them, or null if that took too long.</summary>
    public double? WaitForAll(IReadOnlyDictionary<string, uint> before, long start, int pods, int atMostMs)
    {
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < atMostMs)
        {
            long last = 0;
            int fresh = 0;
            foreach ((string topic, (uint orderId, long at)) in _newest)
            {
                if (at < start || (before.TryGetValue(topic, out uint old) && old == orderId))
                    continue;
                fresh++;
                last = Math.Max(last, at);
            }

            if (fresh >= pods)
                return Stopwatch.GetElapsedTime(start, last).TotalMilliseconds;
            Thread.Sleep(1);
        }

        return null;
    }

    public void OnConnected() => _connected.Set();

    public void OnDisconnected(MqttConnectResult reason)
    {
    }

    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        long now = Stopwatch.GetTimestamp();
        byte[] copy = payload.ToArray();
        if (Envelope.ParseDispatch(copy, 0, copy.Length, retained, _order) != Reject.None)
            return;
        uint id = _order.OrderId;
        _newest.AddOrUpdate(Encoding.ASCII.GetString(topic), (id, now), (_, old) => old.OrderId == id ? old : (id, now));
    }

    public void Dispose()
    {
        _link.Dispose();
        _connected.Dispose();
    }
}
