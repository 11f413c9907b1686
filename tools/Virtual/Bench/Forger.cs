using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ballast.Mqtt;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Bench;

/// <summary>
/// Somebody who can publish at the site's broker and has none of its keys: orders with a wrong MAC, orders for single boards with a wrong
/// MAC, replays of what was heard, the same with a higher epoch, and forged limits at the host.
/// </summary>
internal sealed partial class Forger : IMqttReceiver, IDisposable
{
    private const int StepMs = 10;

    private readonly MosquittoConnection _link = new();
    private readonly string _site;
    private readonly IReadOnlyList<BoardIdentity> _boards;
    private readonly GenuineOrders _heard;
    private readonly OrderSigner _signer;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly int _perSecond;
    private readonly Thread _thread;
    private long _sent;
    private volatile bool _stop;

    public Forger(string site, int port, IReadOnlyList<BoardIdentity> boards, GenuineOrders heard, int perSecond)
    {
        _site = site;
        _boards = boards;
        _heard = heard;
        _perSecond = perSecond;
        _signer = new OrderSigner(site, SystemClock.Instance);
        _link.Start(new MqttOptions { ClientId = site + "-forger", Port = port }, this);
        _thread = new Thread(Run) { IsBackground = true, Name = "forger" };
        _thread.Start();
    }

    /// <summary>Messages published so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public void OnConnected()
    {
    }

    public void OnDisconnected(MqttConnectResult reason)
    {
    }

    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _link.Dispose();
    }

    private void Run()
    {
        IReadOnlyList<(string Topic, byte[] Payload)> replays = _heard.Recordings;
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; !_stop;)
        {
            for (long due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * _perSecond); i < due; i++)
            {
                (string topic, byte[] message) = Next(i, replays);
                if (_link.Publish(topic, message, 0, false) == MqttPublishResult.Taken)
                    Interlocked.Increment(ref _sent);
            }

            Thread.Sleep(StepMs);
        }
    }

    private (string Topic, byte[] Message) Next(long i, IReadOnlyList<(string Topic, byte[] Payload)> replays)
    {
        BoardIdentity board = _boards[(int)(i % _boards.Count)];
        (string Topic, byte[] Payload) replay = replays.Count == 0 ? default : replays[(int)(i % replays.Count)];
        return (i % 5) switch
        {
            1 when replay.Payload is not null => replay,
            2 when replay.Payload is not null => (replay.Topic, HigherEpoch(replay.Payload)),
            3 => _signer.Admit(board with { BoardKey = _key }, (uint)i),
            4 => Signal(i),
            _ => _signer.Dispatch(board.Pod, _key, OrderSigner.Everything, i % 2 == 0 ? GridClass.Economic : GridClass.Emergency, (uint)i + 1_000_000, rampS: 0),
        };
    }

    private (string Topic, byte[] Message) Signal(long i)
    {
        string topic = $"ballast/v1/{_site}/grid/signal";
        string open = FormattableString.Invariant(
            $"{{\"v\":1,\"id\":\"forged-{i}\",\"source\":\"tso\",\"seq\":{i + 1},\"op\":\"set\",\"class\":\"emergency\",\"node\":\"site\",\"limitW\":0,\"reason\":\"forged\",\"sent\":{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()},\"kid\":1");
        byte[] mac = HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"{topic}\0{open}"));
        return (topic, Encoding.ASCII.GetBytes($"{open},\"mac\":\"{Convert.ToHexStringLower(mac)}\"}}"));
    }

    private static byte[] HigherEpoch(byte[] payload) => Encoding.ASCII.GetBytes(Epoch().Replace(
        Encoding.ASCII.GetString(payload), m => FormattableString.Invariant($"\"epoch\":{uint.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) + 5}")));

    [GeneratedRegex("\"epoch\":(\\d+)")]
    private static partial Regex Epoch();
}
