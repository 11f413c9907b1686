using System.Text;
using System.Text.Json;
using Ballast.Firmware.Pool;

namespace Ballast.Benchmarks;

/// <summary>A pool in memory that lets everybody in, sends the recorded job and takes every share.</summary>
internal sealed class RigPool : ITcpLink
{
    private readonly Queue<byte> _toClient = new();

    public TcpState State { get; private set; }

    public void Connect(string host, int port, bool tls) => State = TcpState.Open;

    public int Read(byte[] buffer, int offset, int count)
    {
        int n = Math.Min(count, _toClient.Count);
        for (int i = 0; i < n; i++)
            buffer[offset + i] = _toClient.Dequeue();
        return n;
    }

    public bool Write(byte[] buffer, int offset, int count)
    {
        foreach (string line in Encoding.UTF8.GetString(buffer, offset, count).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Answer(JsonDocument.Parse(line).RootElement);
        return true;
    }

    /// <summary>Lets the client read these bytes next.</summary>
    public void Push(byte[] bytes)
    {
        foreach (byte b in bytes)
            _toClient.Enqueue(b);
    }

    public void Close() => State = TcpState.Closed;

    private void Answer(JsonElement request)
    {
        string result = request.GetProperty("method").GetString() switch
        {
            "mining.configure" => """{"version-rolling":true,"version-rolling.mask":"1fffe000"}""",
            "mining.subscribe" => """[[["mining.notify","1"]],"4128064f",4]""",
            _ => "true",
        };
        Send($$"""{"id":{{request.GetProperty("id").GetRawText()}},"result":{{result}},"error":null}""");
        if (request.GetProperty("method").GetString() != "mining.authorize")
            return;
        using JsonDocument recorded = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "pool-job.json")));
        JsonElement n = recorded.RootElement.GetProperty("notify");
        string Raw(string name) => JsonSerializer.Serialize(n.GetProperty(name));
        Send("""{"id":null,"method":"mining.set_difficulty","params":[128]}""");
        Send($$"""{"id":null,"method":"mining.notify","params":[{{Raw("job_id")}},{{Raw("prevhash")}},{{Raw("coinb1")}},{{Raw("coinb2")}},{{Raw("branches")}},{{Raw("version")}},{{Raw("nbits")}},{{Raw("ntime")}},{{Raw("clean")}}]}""");
    }

    private void Send(string line)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(line + "\n"))
            _toClient.Enqueue(b);
    }
}
