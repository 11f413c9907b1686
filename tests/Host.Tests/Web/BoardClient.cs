using System.Text;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;

namespace Ballast.Host.Tests.Web;

/// <summary>A toy board behind a polled client.</summary>
internal sealed class BoardClient : IMqttReceiver, IDisposable
{
    private readonly MosquittoClient _client;
    private readonly string _root;
    private long _now;
    private long _last;
    private long _triedMs;

    internal BoardClient(ToyBoard toy, int port)
    {
        Toy = toy;
        _root = "ballast/v1/demo/" + toy.Name + "/";
        _client = new MosquittoClient(
            new MqttOptions
            {
                ClientId = toy.Name.Replace('/', '-'),
                Port = port,
                Will = new MqttWill(_root + "state", "{\"online\":false,\"boardSerial\":\"s\"}"u8.ToArray()),
                Subscriptions = [new("ballast/v1/demo/" + toy.Pod + "/dispatch"), new(_root + "set")],
            },
            this);
        _client.BeginConnect();
    }

    internal ToyBoard Toy { get; }

    /// <summary>True: connects again when its connection is lost.</summary>
    internal bool Returns { get; init; }

    internal void Step(long nowMs)
    {
        _now = nowMs;
        _client.Poll();
        if (Returns && _client.State == MqttClientState.Down && nowMs - _triedMs > 1000)
        {
            _triedMs = nowMs;
            _client.BeginConnect();
        }

        if (_client.State == MqttClientState.Connected)
        {
            Toy.Step(nowMs, nowMs - _last, (kind, text) => _client.Publish(_root + kind, Encoding.ASCII.GetBytes(text), kind == "telemetry" ? 0 : 1, kind is "state" or "birth"));
        }

        _last = nowMs;
    }

    public void OnConnected() => Toy.Reconnect();

    public void OnDisconnected(MqttConnectResult reason)
    {
    }

    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        if (Toy.Hear(topic.ToArray(), payload.ToArray(), _now) is { } ack)
        {
            _client.Publish(_root + "ack", Encoding.ASCII.GetBytes(ack), 1, false);
        }
    }

    public void Dispose() => _client.Dispose();
}
