using System.Text;
using System.Text.RegularExpressions;
using Ballast.Firmware.Console;
using Ballast.Firmware.Tests.Agent;

namespace Ballast.Firmware.Tests.Console;

public sealed class FakePort : IConsolePort
{
    private readonly Queue<byte> _typed = new();

    public StringBuilder Out { get; } = new();

    public int TakesPerWrite { get; set; } = 4096;

    public void Type(string text)
    {
        foreach (byte b in Encoding.ASCII.GetBytes(text))
            _typed.Enqueue(b);
    }

    public void Type(byte[] bytes)
    {
        foreach (byte b in bytes)
            _typed.Enqueue(b);
    }

    public bool Empty => _typed.Count == 0;

    public int Read(byte[] buffer, int offset, int count)
    {
        int n = 0;
        while (n < count && _typed.TryDequeue(out byte b))
            buffer[offset + n++] = b;
        return n;
    }

    public int Write(byte[] buffer, int offset, int count)
    {
        int n = Math.Min(count, TakesPerWrite);
        Out.Append(Encoding.ASCII.GetString(buffer, offset, n));
        return n;
    }
}

public sealed class FakeDevice : IConsoleDevice
{
    public string? Ssid { get; private set; }
    public string? Password { get; private set; }

    public string NetworkStatus() => "home 192.168.1.7 -61 dBm";

    public string? SetWifi(string ssid, string password)
    {
        Ssid = ssid;
        Password = password;
        return null;
    }
}

/// <summary>A board in simulated time with a person at its console.</summary>
public abstract partial class ConsoleBench
{
    private protected readonly Bench _bench;
    private protected readonly FakePort _port = new();
    private protected readonly FakeDevice _device = new();
    private protected TechnicianConsole _console;

    protected ConsoleBench()
    {
        _bench = new Bench();
        _bench.Run(1);
        _console = new TechnicianConsole(_bench.Agent, _port, _device);
        Turn();
    }

    private protected void Turn(int times = 3)
    {
        for (int i = 0; i < times; i++)
        {
            _bench.Step();
            _console.Step(_bench.Clock.NowMs);
        }
    }

    [GeneratedRegex("\u001b\\[K|\b+|\r")]
    private static partial Regex Control();

    /// <summary>Types a line and returns what the console answered, without the echo.</summary>
    private protected string Say(string line)
    {
        _port.Out.Clear();
        _port.Type(line + "\r");
        do
            Turn();
        while (!_port.Empty);
        Turn(3);
        string text = Control().Replace(_port.Out.ToString(), "");
        int eol = text.IndexOf('\n', StringComparison.Ordinal);
        return text[(eol + 1)..];
    }

    private protected string Encode() => new Grid.RecordBytes(_bench.Agent.Record).Hex;
}
