using System.Text;
using Ballast.Host.Options;
using Ballast.Host.Signals.Inputs;
using Ballast.Mqtt;
using Ballast.Wire;

namespace Ballast.Host.Rehearsal;

/// <summary>
/// What stands for the world in a rehearsal: a broker that delivers at once, a board that has been admitted and does as it is told, and a
/// contact. Nothing of it leaves the process.
/// </summary>
internal sealed class Stage : IMqttConnection, IHostInputs, IContactLine
{
    private static readonly int[] PowerMw = [800, 6_000, 11_000, 20_000];
    private static readonly int[] HashGhs = [0, 450, 800, 1_100];

    private readonly Ladder _ladder = Ladder.TryCreate(PowerMw, HashGhs, PowerMw.Length, out _)!;
    private readonly DispatchOrder _order = new();
    private IMqttReceiver? _host;
    private Action? _edge;
    private volatile bool _active;
    private int _orders;

    /// <inheritdoc/>
    public bool IsConnected => true;

    /// <inheritdoc/>
    public int ConnectCount => 1;

    /// <inheritdoc/>
    public MqttConnectResult LastResult => new(MqttConnectCode.Accepted, "On a stage.");

    /// <summary>Orders that came so far.</summary>
    internal int Orders => Volatile.Read(ref _orders);

    /// <inheritdoc/>
    public void Start(MqttOptions options, IMqttReceiver receiver)
    {
        _host = receiver;
        receiver.OnConnected();
        Board("birth", "{\"contract\":1,\"model\":\"stage\",\"chips\":1,\"chip\":\"none\",\"firmware\":\"0\",\"boardSerial\":\"s\",\"ladder\":["
            + string.Join(',', PowerMw.Zip(HashGhs, (mw, ghs) => "[" + mw + "," + ghs + "]")) + "],\"ladderId\":" + _ladder.Id + ",\"failsafeW\":0,\"nameplateW\":25,\"capabilities\":[]}", retained: true);
        Board("state", "{\"online\":true,\"mode\":\"running\",\"reason\":\"\",\"bootNonce\":1,\"admitted\":true,\"boardSerial\":\"s\",\"ladderId\":" + _ladder.Id + ",\"latches\":[],\"sinceMs\":0}", retained: true);
        Telemetry();
    }

    /// <inheritdoc/>
    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        if (topic.EndsWith("/dispatch", StringComparison.Ordinal))
        {
            byte[] message = payload.ToArray();
            lock (_order)
            {
                if (Envelope.ParseDispatch(message, 0, message.Length, false, _order) == Reject.None)
                {
                    Board("ack", "{\"stream\":\"dispatch\",\"epoch\":" + _order.Epoch + ",\"seq\":" + _order.Seq + ",\"orderId\":" + _order.OrderId + ",\"result\":\"applied\",\"reason\":\"\",\"point\":0,\"effectiveMw\":0}");
                }
            }

            Interlocked.Increment(ref _orders);
        }

        return MqttPublishResult.Taken;
    }

    /// <summary>The board says what it does.</summary>
    internal void Telemetry()
    {
        lock (_order)
        {
            int limit = _order.Epoch == 0 ? int.MaxValue : _order.LimitMjPerTh;
            int point = _ladder.Choose(limit, _order.Share, 0);
            Board("telemetry", "{\"mode\":\"" + (point == 0 ? "asleep" : "running") + "\",\"point\":" + point + ",\"effectiveMw\":" + _ladder.PowerMw(point) + ",\"powerMw\":" + _ladder.PowerMw(point)
                + ",\"hashGhs\":" + _ladder.HashGhs(point) + ",\"freqKhz\":0,\"limitedBy\":\"pod-order\",\"epoch\":" + Math.Max(1, _order.Epoch) + ",\"orderId\":" + _order.OrderId + ",\"limitMjPerTh\":" + limit
                + ",\"share\":" + _order.Share + ",\"salt\":" + _order.Salt + ",\"leaseLeftS\":60,\"admitted\":true,\"bootNonce\":1,\"accepted\":0,\"rejected\":0,\"uptimeS\":1}");
        }
    }

    /// <summary>A message comes in.</summary>
    internal void Say(string below, byte[] payload, bool retained = false)
        => _host?.OnMessage(Encoding.ASCII.GetBytes(RehearsalSite.Topic(below)), payload, 1, retained);

    /// <summary>The contact closes or opens.</summary>
    internal void Turn(bool active)
    {
        _active = active;
        _edge?.Invoke();
    }

    /// <inheritdoc/>
    public void Close()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public IContactLine OpenLine(ContactSection contact, Action edge)
    {
        _edge = edge;
        return this;
    }

    /// <inheritdoc/>
    public ISensor OpenSensor(SensorSection sensor) => throw new HostInputException("There are no sensors on a stage.");

    /// <inheritdoc/>
    public bool? ReadHigh() => _active;

    private void Board(string kind, string text, bool retained = false)
        => Say(RehearsalSite.Pod + "/" + RehearsalSite.Board + "/" + kind, Encoding.ASCII.GetBytes(text), retained);
}
