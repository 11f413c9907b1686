using System.Text;
using System.Text.Json;
using Ballast.Firmware.Pool;
using Ballast.Hw.Bus;

namespace Ballast.Firmware.Tests.Pool;

/// <summary>Time that a test moves.</summary>
internal sealed class TestClock : IClock
{
    public long NowMs { get; set; }
}

/// <summary>Random numbers from a seed.</summary>
internal sealed class TestEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public uint NextUInt32() => (uint)_random.NextInt64(0, 1L << 32);
}

/// <summary>The pool's end of a link, in memory: what the client sent, and what it gets next. A test answers line by line or lets it log in.</summary>
internal sealed class ScriptedPool : ITcpLink
{
    private readonly Queue<byte> _toClient = new();
    private readonly StringBuilder _fromClient = new();

    public TcpState State { get; set; }

    /// <summary>False: connects fail.</summary>
    public bool Reachable { get; set; } = true;

    /// <summary>Hosts that do not answer.</summary>
    public HashSet<string> Down { get; } = [];

    /// <summary>Most bytes that one read gives.</summary>
    public int Chunk { get; set; } = int.MaxValue;

    public List<string> Connects { get; } = [];

    public List<JsonElement> Lines { get; } = [];

    /// <summary>Called for each line of the client.</summary>
    public Action<ScriptedPool, JsonElement>? OnLine { get; set; }

    public void Connect(string host, int port, bool tls)
    {
        Connects.Add($"{host}:{port}{(tls ? " tls" : "")}");
        _toClient.Clear();
        _fromClient.Clear();
        State = Reachable && !Down.Contains(host) ? TcpState.Open : TcpState.Closed;
    }

    public int Read(byte[] buffer, int offset, int count)
    {
        int n = Math.Min(Math.Min(count, Chunk), _toClient.Count);
        for (int i = 0; i < n; i++)
            buffer[offset + i] = _toClient.Dequeue();
        return n;
    }

    public bool Write(byte[] buffer, int offset, int count)
    {
        if (State != TcpState.Open)
            return false;
        _fromClient.Append(Encoding.UTF8.GetString(buffer, offset, count));
        while (_fromClient.ToString().IndexOf('\n') is >= 0 and int at)
        {
            JsonElement line = JsonDocument.Parse(_fromClient.ToString(0, at)).RootElement.Clone();
            _fromClient.Remove(0, at + 1);
            Lines.Add(line);
            OnLine?.Invoke(this, line);
        }

        return true;
    }

    public void Close() => State = TcpState.Closed;

    public void Send(string line) => SendRaw(Encoding.UTF8.GetBytes(line + "\n"));

    public void SendRaw(byte[] bytes)
    {
        foreach (byte b in bytes)
            _toClient.Enqueue(b);
    }

    public void Result(JsonElement request, string result) =>
        Send($$"""{"id":{{request.GetProperty("id").GetRawText()}},"result":{{result}},"error":null}""");

    public void Error(JsonElement request, string error) =>
        Send($$"""{"id":{{request.GetProperty("id").GetRawText()}},"result":null,"error":{{error}}}""");

    public IEnumerable<JsonElement> Calls(string method) => Lines.Where(l => l.TryGetProperty("method", out JsonElement m) && m.GetString() == method);

    /// <summary>Answers a login like a well-behaved pool, and sends a job behind it.</summary>
    public static Action<ScriptedPool, JsonElement> Login(string? firstJob, string extranonce1 = "4128064f", int extranonce2Length = 4, string? mask = "1fffe000", string difficulty = "8192") =>
        (pool, line) =>
        {
            switch (line.TryGetProperty("method", out JsonElement m) ? m.GetString() : "")
            {
                case "mining.configure":
                    pool.Result(line, mask == null ? """{"version-rolling":false}""" : $$"""{"version-rolling":true,"version-rolling.mask":"{{mask}}"}""");
                    break;
                case "mining.subscribe":
                    pool.Result(line, $"""[[["mining.notify","1"]],"{extranonce1}",{extranonce2Length}]""");
                    break;
                case "mining.authorize":
                    pool.Result(line, "true");
                    pool.Send($$"""{"id":null,"method":"mining.set_difficulty","params":[{{difficulty}}]}""");
                    if (firstJob != null)
                        pool.Send(firstJob);
                    break;
                case "mining.submit":
                    pool.Result(line, "true");
                    break;
                default:
                    break;
            }
        };
}
