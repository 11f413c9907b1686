using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ballast.Virtual.Pool;

/// <summary>One miner's connection: lines in, lines out. What a share is worth, the pool's ledger decides.</summary>
internal sealed class PoolSession
{
    private const int MaxLine = 16 * 1024;

    private readonly VirtualPool _pool;
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly string _extranonce1;
    private readonly RecordedJob _recorded;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _difficultyOfJob = [];
    private readonly Queue<string> _jobOrder = new();
    private readonly HashSet<string> _users = [];
    private long _difficulty;
    private uint _versionMask;
    private bool _subscribed;

    public PoolSession(VirtualPool pool, TcpClient client, string extranonce1, RecordedJob recorded, long difficulty)
    {
        _pool = pool;
        _client = client;
        _client.NoDelay = true;
        _stream = client.GetStream();
        // A miner that does not read must not hold up the others.
        _stream.WriteTimeout = 2_000;
        _extranonce1 = extranonce1;
        _recorded = recorded;
        _difficulty = difficulty;
    }

    public void Close() => _client.Dispose();

    public async Task RunAsync(CancellationToken stop)
    {
        byte[] buffer = new byte[MaxLine];
        int used = 0;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                int got = await _stream.ReadAsync(buffer.AsMemory(used), stop);
                if (got == 0)
                    return;
                used += got;
                int start = 0;
                int end;
                while ((end = Array.IndexOf(buffer, (byte)'\n', start, used - start)) >= 0)
                {
                    if (!Handle(buffer.AsMemory(start, end - start)))
                        return;
                    start = end + 1;
                }

                Buffer.BlockCopy(buffer, start, buffer, 0, used - start);
                used -= start;
                if (used == buffer.Length)
                    return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or SocketException)
        {
        }
    }

    public void SetDifficulty(long difficulty)
    {
        lock (_gate)
        {
            _difficulty = difficulty;
            if (_subscribed)
                Send(DifficultyLine());
        }
    }

    public void SendJob(PoolJob job)
    {
        lock (_gate)
        {
            if (!_subscribed)
                return;
            if (_difficultyOfJob.TryAdd(job.Id, _difficulty))
                _jobOrder.Enqueue(job.Id);
            while (_jobOrder.Count > 32)
                _difficultyOfJob.Remove(_jobOrder.Dequeue());
            Send(job.ToNotify());
        }
    }

    // False ends the session: whoever sends no JSON is no miner.
    private bool Handle(ReadOnlyMemory<byte> line)
    {
        if (line.Length == 0)
            return true;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            string id = root.TryGetProperty("id", out JsonElement idElement) ? idElement.GetRawText() : "null";
            string method = root.GetProperty("method").GetString() ?? "";
            JsonElement parameters = root.TryGetProperty("params", out JsonElement p) ? p : default;
            Answer(id, method, parameters);
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Send("{\"id\":null,\"result\":null,\"error\":[20,\"Not a Stratum request: one JSON object with id, method and params a line.\",null]}");
            return false;
        }
    }

    private void Answer(string id, string method, JsonElement parameters)
    {
        switch (method)
        {
            case "mining.configure":
                Configure(id, parameters);
                break;
            case "mining.subscribe":
                _subscribed = true;
                Send(Invariant(
                    $"{{\"id\":{id},\"result\":[[[\"mining.set_difficulty\",\"1\"],[\"mining.notify\",\"1\"]],\"{_extranonce1}\",{_recorded.Extranonce2Length}],\"error\":null}}"));
                break;
            case "mining.authorize":
                string user = parameters[0].GetString() ?? "";
                bool first = _users.Count == 0;
                _users.Add(user);
                Send(Invariant($"{{\"id\":{id},\"result\":true,\"error\":null}}"));
                if (first && _subscribed)
                {
                    Send(DifficultyLine());
                    SendJob(_pool.Ledger.Current);
                }

                break;
            case "mining.submit":
                Submit(id, parameters);
                break;
            case "mining.suggest_difficulty":
            case "mining.extranonce.subscribe":
                Send(Invariant($"{{\"id\":{id},\"result\":true,\"error\":null}}"));
                break;
            default:
                Send(Invariant($"{{\"id\":{id},\"result\":null,\"error\":[20,\"Unknown method.\",null]}}"));
                break;
        }
    }

    private void Configure(string id, JsonElement parameters)
    {
        bool rolling = parameters[0].EnumerateArray().Any(e => e.GetString() == "version-rolling");
        if (!rolling)
        {
            Send(Invariant($"{{\"id\":{id},\"result\":{{}},\"error\":null}}"));
            return;
        }

        uint asked = uint.MaxValue;
        if (parameters.GetArrayLength() > 1 && parameters[1].TryGetProperty("version-rolling.mask", out JsonElement mask))
            asked = uint.Parse(mask.GetString() ?? "", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _versionMask = asked & _recorded.VersionMask;
        Send(Invariant($"{{\"id\":{id},\"result\":{{\"version-rolling\":true,\"version-rolling.mask\":\"{_versionMask:x8}\"}},\"error\":null}}"));
    }

    private void Submit(string id, JsonElement parameters)
    {
        string user = parameters[0].GetString() ?? "";
        string jobId = parameters[1].GetString() ?? "";
        long difficulty;
        lock (_gate)
            difficulty = _difficultyOfJob.GetValueOrDefault(jobId, _difficulty);
        var share = new RawShare
        {
            JobId = jobId,
            Extranonce2 = parameters[2].GetString() ?? "",
            NTime = parameters[3].GetString() ?? "",
            Nonce = parameters[4].GetString() ?? "",
            VersionBits = parameters.GetArrayLength() > 5 ? parameters[5].GetString() ?? "" : "00000000",
            Extranonce1 = _extranonce1,
            VersionMask = _versionMask,
            Difficulty = difficulty,
            Subscribed = _subscribed,
            Authorized = _users.Contains(user),
        };
        ShareVerdict verdict = _pool.Judge(user, share, out string reason);
        Send(verdict == ShareVerdict.Accepted
            ? Invariant($"{{\"id\":{id},\"result\":true,\"error\":null}}")
            : Invariant($"{{\"id\":{id},\"result\":null,\"error\":[{WireCode(verdict)},{JsonSerializer.Serialize(reason)},null]}}"));
    }

    // Codes above 25 are our own detail; the wire knows 20, "other".
    private static int WireCode(ShareVerdict verdict) => (int)verdict > 25 ? 20 : (int)verdict;

    private string DifficultyLine() => Invariant($"{{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[{_difficulty}]}}");

    private void Send(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        try
        {
            lock (_gate)
                _stream.Write(bytes);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Close();
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
