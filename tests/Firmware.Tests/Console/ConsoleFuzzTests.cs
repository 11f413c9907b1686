using System.Globalization;
using System.Text;
using Ballast.Firmware.Console;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Console;

/// <summary>What nobody meant to type must not do anything.</summary>
public class ConsoleFuzzTests : ConsoleBench
{
    private const int Lines = 100_000;
    private const int Top = 5;

    private static readonly string[] Seeds =
    [
        "status", "temps --json", "chips", "fans", "volts", "pools", "ladder", "order", "events --json", "log", "help", "set",
        "set own-point 1", "set failsafe 50", "set log-level 4", "set pool 0 stratum+tcp://10.0.0.9:3333 me", "save", "wifi", "wifi barn",
        "enroll pod 3", "enroll board 3", "enroll off", "selftest", "identify", "clear-fault", "restart", "restart chain", "factory-reset", "yes", "RESET",
    ];

    private readonly Random _random = new(99);

    [Fact]
    public void F28_100000_random_and_mutated_lines_change_nothing_but_counters()
    {
        _bench.AdmitAndRun(leaseS: 3600);
        _port.TakesPerWrite = 8192;
        string before = Encode();
        int writes = _bench.Store.Writes;
        int births = _bench.Link.Sent.Count(s => s.Topic.EndsWith("/birth", StringComparison.Ordinal));
        int clock = _bench.Snap.FreqKhz;
        int asked = 0;
        int meant = 0;
        for (int i = 0; i < Lines;)
        {
            byte[] typed = Case();
            string[] lines = Edited(typed);
            if (lines.Any(IsMeant) || (lines.Length > 1 && lines.Any(Asks)))
            {
                // By chance a command that is meant to change something.
                meant++;
                continue;
            }

            i++;
            Type(typed);
            Type("\r"u8.ToArray());
            string said = _port.Out.ToString();
            if (!said.EndsWith("> ", StringComparison.Ordinal) || said.Contains("{\"ask\":", StringComparison.Ordinal))
            {
                // Any text is a password: that question is left by Ctrl-C. The others get it too, or a wrong answer.
                asked++;
                bool password = said.Contains("assword", StringComparison.Ordinal);
                Type(password || _random.Next(2) == 0 ? "\u0003"u8.ToArray() : Encoding.ASCII.GetBytes("n" + _random.Next(1000) + "\r"));
            }

            Assert.True(_port.Out.ToString().EndsWith("> ", StringComparison.Ordinal), string.Join('|', lines));
            _port.Out.Clear();
            if (i % 200 == 0)
                _bench.Step();
        }

        Turn();
        Assert.Equal(before, Encode());
        Assert.Equal(writes, _bench.Store.Writes);
        Assert.Equal(births, _bench.Link.Sent.Count(s => s.Topic.EndsWith("/birth", StringComparison.Ordinal)));
        Assert.False(_bench.Agent.RebootRequested);
        Assert.Equal((BoardMode.Running, clock), (_bench.Snap.Mode, _bench.Snap.FreqKhz));
        Assert.Null(_device.Ssid);

        // The cases must have reached the commands: lines ran, many were none, questions were asked, few were left out.
        Assert.InRange(_console.Lines, Lines, 2 * Lines);
        Assert.InRange(_console.Unknown, Lines / 4, Lines * 9 / 10);
        Assert.InRange(asked, 200, Lines / 4);
        Assert.InRange(meant, 1, Lines / 4);
    }

    private byte[] Case()
    {
        if (_random.Next(4) == 0)
        {
            byte[] any = new byte[_random.Next(60)];
            _random.NextBytes(any);
            return any;
        }

        var line = new List<byte>(Encoding.ASCII.GetBytes(Seeds[_random.Next(Seeds.Length)]));
        for (int n = _random.Next(1, 4); n > 0; n--)
        {
            int at = _random.Next(line.Count + 1);
            switch (_random.Next(5))
            {
                case 0:
                    line.Insert(at, (byte)_random.Next(256));
                    break;
                case 1 when at < line.Count:
                    line.RemoveAt(at);
                    break;
                case 2 when at < line.Count:
                    line[at] = (byte)_random.Next(32, 127);
                    break;
                case 3 when at < line.Count:
                    line.AddRange(line[at..]);
                    break;
                default:
                    line.AddRange(Encoding.ASCII.GetBytes(" " + Seeds[_random.Next(Seeds.Length)]));
                    break;
            }
        }

        return [.. line];
    }

    /// <summary>The lines that a person would see before each Enter.</summary>
    private static string[] Edited(byte[] typed)
    {
        var editor = new LineEditor(new ConsoleText());
        var lines = new List<string>();
        foreach (byte b in (byte[])[.. typed, (byte)'\r'])
        {
            if (editor.Take(b) is { } line && !editor.Cancelled)
                lines.Add(line);
        }

        return [.. lines];
    }

    private static string[] Words(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w != "--json")];

    /// <summary>A line that is meant to do something, in the words of the manual.</summary>
    private static bool IsMeant(string line)
    {
        string[] words = Words(line);
        switch (string.Join(' ', words))
        {
            case "save" or "identify" or "selftest" or "restart" or "restart chain":
                return true;
        }

        return words is ["set", var name, var number]
            && int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            && name switch
            {
                "own-point" => value is >= 0 and <= Top,
                "failsafe" => value is >= 0 and <= 1_000_000,
                "log-level" => value is >= 1 and <= 5,
                _ => false,
            };
    }

    private static bool Asks(string line) => Words(line) is ["enroll" or "wifi" or "factory-reset", ..] or ["set", "pool", ..];

    private void Type(byte[] bytes)
    {
        _port.Type(bytes);
        do
            _console.Step(_bench.Clock.NowMs);
        while (!_port.Empty);
        _console.Step(_bench.Clock.NowMs);
    }
}
