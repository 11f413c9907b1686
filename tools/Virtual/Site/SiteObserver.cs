using System.Text;
using System.Text.Json;
using Ballast.Hw.Bus;
using Ballast.Mqtt;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Site;

/// <summary>What a board last said over MQTT.</summary>
public sealed record BoardSaid
{
    /// <summary>Its state message says online.</summary>
    public bool Online { get; init; }

    /// <summary>Its state message says admitted.</summary>
    public bool Admitted { get; init; }

    /// <summary>Mode by its state message.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Hash rate by its telemetry, GH/s.</summary>
    public long HashGhs { get; init; }

    /// <summary>Ladder powers of its birth, mW.</summary>
    public int[] LadderMw { get; init; } = [];

    /// <summary>Order whose application it acknowledged last.</summary>
    public long AppliedOrderId { get; init; } = -1;
}

/// <summary>The oracle's own connection: it hears all of the site, judges orders and keeps what boards say, for tables and records.</summary>
public sealed class SiteObserver : IMqttReceiver, IDisposable
{
    private readonly IMqttConnection _link;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BoardSaid> _boards = [];
    private readonly IClock _clock;
    private readonly string _prefix;
    private readonly SiteOracle _oracle;
    private readonly Recorder _recorder;
    private readonly ManualResetEventSlim _connected = new();

    /// <summary>Connects; over sockets unless another connection is given.</summary>
    public SiteObserver(string site, string host, int port, IClock clock, SiteOracle oracle, Recorder recorder, IMqttConnection? link = null)
    {
        _link = link ?? new MosquittoConnection();
        _clock = clock;
        _oracle = oracle;
        _recorder = recorder;
        _prefix = $"ballast/v1/{site}/";
        _link.Start(
            new MqttOptions
            {
                ClientId = $"{site}-observer",
                Host = host,
                Port = port,
                Subscriptions = [new MqttSubscription(_prefix + "#")],
                ReconnectMinMs = 100,
                ReconnectMaxMs = 300,
            },
            this);
    }

    /// <summary>Acknowledgements with result applied or again.</summary>
    public int Applied { get; private set; }

    /// <summary>Connection for tests that publish what nobody should.</summary>
    public IMqttConnection Link => _link;

    /// <summary>Every dispatch as it was seen, for tests that replay one; the newest last, at most 64.</summary>
    public IReadOnlyList<(string Topic, byte[] Payload)> Dispatches
    {
        get
        {
            lock (_gate)
                return [.. _dispatches];
        }
    }

    private readonly Queue<(string Topic, byte[] Payload)> _dispatches = new();

    /// <summary>What every board said last, by "pod/board".</summary>
    public IReadOnlyDictionary<string, BoardSaid> Boards
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, BoardSaid>(_boards);
        }
    }

    /// <summary>Waits for the first subscription.</summary>
    public bool WaitConnected(TimeSpan time) => _connected.Wait(time);

    /// <inheritdoc/>
    public void OnConnected()
    {
        _oracle.OnConnected(_clock.NowMs);
        _connected.Set();
    }

    /// <inheritdoc/>
    public void OnDisconnected(MqttConnectResult reason) => _oracle.OnConnectionLost();

    /// <inheritdoc/>
    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        long now = _clock.NowMs;
        string name = Encoding.UTF8.GetString(topic);
        if (_oracle.OnMessage(now, name, payload, retained) is { } order)
        {
            if (order.Board is null)
            {
                lock (_gate)
                {
                    _dispatches.Enqueue((name, payload.ToArray()));
                    if (_dispatches.Count > 64)
                        _dispatches.Dequeue();
                }
            }

            _recorder.Order(now, name, payload, order);
            return;
        }

        string[] parts = name.StartsWith(_prefix, StringComparison.Ordinal) ? name[_prefix.Length..].Split('/') : [];
        if (parts.Length != 3)
            return;
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload.ToArray());
            Take(now, parts[0] + "/" + parts[1], parts[2], document.RootElement);
        }
        catch (JsonException)
        {
            _recorder.Note(now, "unreadable", name);
        }
    }

    /// <summary>Ends the connection.</summary>
    public void Dispose()
    {
        _link.Dispose();
        _connected.Dispose();
    }

    private void Take(long nowMs, string board, string kind, JsonElement message)
    {
        lock (_gate)
        {
            BoardSaid said = _boards.GetValueOrDefault(board) ?? new BoardSaid();
            switch (kind)
            {
                case "state":
                    said = said with
                    {
                        Online = message.TryGetProperty("online", out JsonElement online) && online.ValueKind == JsonValueKind.True,
                        Admitted = message.TryGetProperty("admitted", out JsonElement admitted) && admitted.ValueKind == JsonValueKind.True,
                        Mode = Text(message, "mode"),
                    };
                    _oracle.OnState(nowMs, board, said.Admitted, (uint)Number(message, "bootNonce"));
                    _recorder.Said(nowMs, "state", board, message);
                    break;
                case "telemetry":
                    said = said with { HashGhs = Number(message, "hashGhs") };
                    break;
                case "birth":
                    if (message.TryGetProperty("ladder", out JsonElement ladder))
                        said = said with { LadderMw = [.. ladder.EnumerateArray().Select(p => p[0].GetInt32())] };
                    break;
                case "ack":
                    if (Text(message, "result") is "applied" or "again")
                    {
                        Applied++;
                        if (Text(message, "stream") == "dispatch")
                            said = said with { AppliedOrderId = Number(message, "orderId") };
                    }

                    if (Text(message, "stream") == "dispatch")
                        _oracle.OnAck(nowMs, board, ((ulong)Number(message, "epoch") << 32) | (uint)Number(message, "seq"), Text(message, "result") is "applied" or "again");
                    _recorder.Said(nowMs, "ack", board, message);
                    break;
                case "event":
                    _recorder.Said(nowMs, "event", board, message);
                    break;
                default:
                    return;
            }

            _boards[board] = said;
        }
    }

    private static string Text(JsonElement message, string name)
        => message.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long Number(JsonElement message, string name)
        => message.TryGetProperty(name, out JsonElement value) && value.TryGetInt64(out long number) ? number : 0;
}
