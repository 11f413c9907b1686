using System.Text;
using System.Text.Json;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Site;

/// <summary>
/// Writes a run to a file as one JSON object: <c>{"entries":[…],"result":{…}}</c>, one entry a line, each with its time in ms since the
/// start. Without a file it does nothing.
/// </summary>
public sealed class Recorder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter? _file;
    private readonly long _startMs;
    private bool _first = true;

    /// <summary>Opens the file.</summary>
    /// <exception cref="DemoException">It cannot be written.</exception>
    public Recorder(string? path, long startMs)
    {
        _startMs = startMs;
        if (path is null)
            return;
        try
        {
            _file = new StreamWriter(path, append: false, new UTF8Encoding(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DemoException($"{path} cannot be written: {e.Message}", e);
        }

        _file.Write("{\"contract\":1,\"startedUtc\":" + JsonSerializer.Serialize(DateTime.UtcNow.ToString("O", System.Globalization.CultureInfo.InvariantCulture)) + ",\"entries\":[");
    }

    /// <summary>A meter sample and what held at that time.</summary>
    public void Sample(long nowMs, long meterMw, long? capMw, long orderedMw, long hashGhs, IReadOnlyDictionary<string, int> modes)
        => Entry(nowMs, "sample", json =>
        {
            json.WriteNumber("meterMw", meterMw);
            if (capMw is { } cap)
                json.WriteNumber("capMw", cap);
            json.WriteNumber("orderedMw", orderedMw);
            json.WriteNumber("hashGhs", hashGhs);
            json.WriteStartObject("modes");
            foreach ((string mode, int count) in modes)
                json.WriteNumber(mode, count);
            json.WriteEndObject();
        });

    /// <summary>True power and effective point of every board, at a meter sample.</summary>
    public void Boards(long nowMs, IEnumerable<BoardProbe> probes)
        => Entry(nowMs, "boards", json =>
        {
            json.WriteStartObject("powerMw");
            foreach (BoardProbe probe in probes)
                json.WriteNumber($"{probe.Pod}/{probe.Board}", probe.PowerMw);
            json.WriteEndObject();
        });

    /// <summary>A message to a pod or board.</summary>
    public void Order(long nowMs, string topic, ReadOnlySpan<byte> payload, SeenMessage judged)
    {
        string text = Encoding.UTF8.GetString(payload);
        Entry(nowMs, "order", json =>
        {
            json.WriteString("topic", topic);
            json.WriteString("judged", judged.Judgement.ToString().ToLowerInvariant());
            json.WriteString("message", text);
        });
    }

    /// <summary>A message from a board.</summary>
    public void Said(long nowMs, string kind, string board, JsonElement message)
        => Entry(nowMs, kind, json =>
        {
            json.WriteString("board", board);
            json.WritePropertyName("message");
            message.WriteTo(json);
        });

    /// <summary>A step of the story, a stall, a refused share.</summary>
    public void Note(long nowMs, string kind, string text) => Entry(nowMs, kind, json => json.WriteString("text", text));

    /// <summary>Closes the list of entries and writes the result.</summary>
    public void Finish(Action<Utf8JsonWriter> result)
    {
        if (_file is null)
            return;
        lock (_gate)
        {
            _file.Write("\n],\"result\":");
            _file.Write(Write(result));
            _file.Write("}\n");
            _file.Dispose();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
            _file?.Dispose();
    }

    private void Entry(long nowMs, string kind, Action<Utf8JsonWriter> body)
    {
        if (_file is null)
            return;
        string text = Write(json =>
        {
            json.WriteNumber("atMs", nowMs - _startMs);
            json.WriteString("kind", kind);
            body(json);
        });
        lock (_gate)
        {
            if (_file.BaseStream is not { CanWrite: true })
                return;
            _file.Write(_first ? "\n" : ",\n");
            _first = false;
            _file.Write(text);
        }
    }

    private static string Write(Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
