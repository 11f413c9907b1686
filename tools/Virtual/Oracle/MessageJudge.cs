using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ballast.Virtual.Oracle;

/// <summary>
/// Reads board-bound messages from contract sections 2 to 5 with the platform's JSON and HMAC, and says what boards must do with each.
/// It keeps its own high-waters and host time, so that a board's opinion is never its own proof.
/// </summary>
public sealed class MessageJudge
{
    private const int MaxMessage = 1024;
    private const int SuffixLength = 74;
    private const int DefaultLeaseS = 60;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly string _site;
    private readonly Dictionary<(string Topic, int Kid), byte[]> _keys = [];
    private readonly Dictionary<string, int> _newest = [];
    private readonly Dictionary<(string Topic, int Kid), ulong> _highWater = [];
    private readonly Dictionary<string, HostTime> _hostTime = [];

    /// <summary>Makes a judge for one site.</summary>
    public MessageJudge(string site) => _site = site;

    /// <summary>Makes a pod's key known.</summary>
    public void AddPodKey(string pod, int kid, byte[] key) => _keys[($"ballast/v1/{_site}/{pod}/dispatch", kid)] = key;

    /// <summary>Makes a board's key known.</summary>
    public void AddBoardKey(string pod, string board, int kid, byte[] key) => _keys[($"ballast/v1/{_site}/{pod}/{board}/set", kid)] = key;

    /// <summary>Judges a message; null if the topic is not one of orders.</summary>
    public SeenMessage? Judge(long nowMs, string topic, ReadOnlySpan<byte> payload, bool retained)
    {
        string[] parts = topic.Split('/');
        if (parts.Length < 5 || parts[0] != "ballast" || parts[2] != _site)
            return null;
        bool dispatch = parts.Length == 5 && parts[4] == "dispatch";
        bool set = parts.Length == 6 && parts[5] == "set";
        if (!dispatch && !set)
            return null;

        string pod = parts[3];
        string? board = set ? parts[4] : null;
        var forged = new SeenMessage { AtMs = nowMs, Judgement = Judgement.Forged, Pod = pod, Board = board };
        if (retained || payload.Length is > MaxMessage or <= SuffixLength)
            return forged;
        ReadOnlySpan<byte> signed = payload[..^SuffixLength];
        ReadOnlySpan<byte> suffix = payload[^SuffixLength..];
        if (!suffix.StartsWith(",\"mac\":\""u8) || !suffix.EndsWith("\"}"u8))
            return forged;

        SeenMessage read;
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload.ToArray(), Strict);
            read = Read(forged, document.RootElement, dispatch);
            int kid = document.RootElement.GetProperty("kid").GetInt32();
            forged = forged with { Pair = read.Pair };
            if (!_keys.TryGetValue((topic, kid), out byte[]? key))
                return forged;
            byte[] text = [.. Encoding.UTF8.GetBytes(topic), 0, .. signed];
            byte[] mac = HMACSHA256.HashData(key, text);
            if (!CryptographicOperations.FixedTimeEquals(mac, Convert.FromHexString(Encoding.ASCII.GetString(suffix[8..72]))))
                return forged;
            SeenMessage seen = Admit(nowMs, topic, kid, read);
            if (seen.Judgement == Judgement.Genuine && _newest.TryGetValue(topic, out int newest) && newest == kid)
                Retire(topic, kid);
            if (seen.Judgement == Judgement.Genuine && set)
                TakeKey(pod, board!, topic, key, document.RootElement);
            return seen;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return forged;
        }
    }

    /// <summary>A key that is on its way to a board (contract section 4): from now on orders under it are genuine.</summary>
    private void TakeKey(string pod, string board, string topic, byte[] boardKey, JsonElement root)
    {
        if (!root.TryGetProperty("newKey", out JsonElement hidden))
            return;
        byte[] pad = HMACSHA256.HashData(boardKey, Encoding.UTF8.GetBytes($"key\0{topic}\0{root.GetProperty("epoch").GetUInt32()}.{root.GetProperty("seq").GetUInt32()}"));
        byte[] key = Convert.FromHexString(hidden.GetString()!);
        for (int i = 0; i < key.Length; i++)
            key[i] ^= pad[i];
        int kid = root.GetProperty("newKid").GetInt32();
        bool podKey = root.GetProperty("slot").GetInt32() == 0;
        if (podKey)
            AddPodKey(pod, kid, key);
        else
            AddBoardKey(pod, board, kid, key);
        _newest[podKey ? $"ballast/v1/{_site}/{pod}/dispatch" : topic] = kid;
    }

    // The first genuine message under a new key ends the older ones (contract section 2). A board that missed the new one is deaf until it gets it.
    private void Retire(string topic, int kid)
    {
        _newest.Remove(topic);
        foreach ((string, int) old in _keys.Keys.Where(k => k.Topic == topic && k.Kid != kid).ToList())
            _keys.Remove(old);
    }

    private SeenMessage Admit(long nowMs, string topic, int kid, SeenMessage message)
    {
        if (_highWater.TryGetValue((topic, kid), out ulong high) && message.Pair <= high)
            return message with { Judgement = Judgement.Replayed };

        HostTime time = _hostTime.TryGetValue(topic, out HostTime known) ? known : new HostTime(message.SentMs, nowMs, DefaultLeaseS, 0);
        long hostMs = time.Ms + (nowMs - time.AtMs);
        bool higherEpoch = (message.Pair >> 32) > time.Epoch;
        if (message.SentMs < hostMs - (time.LeaseS * 1000L) && !higherEpoch)
            return message with { Judgement = Judgement.Stale };

        _highWater[(topic, kid)] = message.Pair;
        long newMs = higherEpoch ? message.SentMs : Math.Max(message.SentMs, hostMs - 100);
        _hostTime[topic] = new HostTime(newMs, nowMs, message.LeaseS > 0 ? message.LeaseS : time.LeaseS, message.Pair >> 32);
        return message with { Judgement = Judgement.Genuine };
    }

    private static SeenMessage Read(SeenMessage into, JsonElement root, bool dispatch)
    {
        ulong pair = ((ulong)root.GetProperty("epoch").GetUInt32() << 32) | root.GetProperty("seq").GetUInt32();
        GridClass gridClass = GridClass.Economic;
        if (root.TryGetProperty("class", out JsonElement name) && !GridClasses.TryParse(name.GetString(), out gridClass))
            throw new FormatException("unknown class");
        SeenMessage message = into with { Pair = pair, OrderId = root.GetProperty("orderId").GetUInt32(), SentMs = root.GetProperty("sent").GetInt64(), Class = gridClass };
        if (!dispatch)
        {
            return message with
            {
                AdmitNonce = root.TryGetProperty("admit", out JsonElement nonce) ? nonce.GetUInt32() : null,
                IsBoardOrder = root.TryGetProperty("powerW", out _) || root.TryGetProperty("release", out _),
            };
        }

        return message with
        {
            LeaseS = root.GetProperty("leaseS").GetInt32(),
            LimitMjPerTh = root.GetProperty("limitMjPerTh").GetInt64(),
            Share = root.GetProperty("share").GetUInt32(),
            Salt = root.GetProperty("salt").GetUInt32(),
            RampS = root.GetProperty("rampS").GetInt32(),
            SpreadS = root.GetProperty("spreadS").GetInt32(),
            FailSpreadS = root.GetProperty("failSpreadS").GetInt32(),
        };
    }

    private readonly record struct HostTime(long Ms, long AtMs, int LeaseS, ulong Epoch);
}
