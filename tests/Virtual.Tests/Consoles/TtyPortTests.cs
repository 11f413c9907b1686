using System.Text;
using Ballast.Terminal;

namespace Ballast.Virtual.Tests.Consoles;

/// <summary>A serial port, played by a pseudo-terminal.</summary>
public class TtyPortTests
{
    [Fact]
    public void All_256_bytes_pass_both_ways_unchanged()
    {
        using var pty = Pty.Open();
        using TtyPort port = TtyPort.TryOpen(pty.Path, 115200, out _)!;
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Assert.Equal(256, port.Write(all));
        Assert.Equal(all, Take(b => pty.Read(b)));
        Assert.Equal(256, pty.Write(all));
        Assert.Equal(all, Take(b => port.Read(b)));
    }

    [Fact]
    public void Two_programs_never_share_a_port()
    {
        using var pty = Pty.Open();
        TtyPort? first = TtyPort.TryOpen(pty.Path, 115200, out _);
        Assert.Null(TtyPort.TryOpen(pty.Path, 115200, out string problem));
        Assert.Contains("in use", problem, StringComparison.Ordinal);
        first!.Dispose();
        using TtyPort? again = TtyPort.TryOpen(pty.Path, 921600, out problem);
        Assert.True(again is not null, problem);
    }

    [Theory]
    [InlineData("/dev/no-such-port", "There is no")]
    [InlineData("/dev/null", "no serial port")]
    [InlineData("/proc/self/status", "cannot be opened|may not be opened|no serial port")]
    public void What_is_wrong_is_said_in_one_sentence(string path, string expected)
    {
        Assert.Null(TtyPort.TryOpen(path, 115200, out string problem));
        Assert.Matches(expected, problem);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_side_gone_is_told_from_silence()
    {
        var pty = Pty.Open();
        using TtyPort port = TtyPort.TryOpen(pty.Path, 115200, out _)!;
        byte[] buffer = new byte[8];
        Assert.Equal(0, port.Read(buffer));
        pty.Dispose();
        Assert.Equal(-1, port.Read(buffer));
    }

    [Fact]
    public void Who_is_there_is_seen_without_a_wait()
    {
        using var a = Pty.Open();
        using var b = Pty.Open();
        var poll = new PtyPoll([a, b]);
        poll.Look();
        Assert.Equal((false, false), (poll.Open(0), poll.Open(1)));
        using (TtyPort port = TtyPort.TryOpen(b.Path, 115200, out _)!)
        {
            port.Write(Encoding.ASCII.GetBytes("x"));
            poll.Look();
            Assert.Equal((false, true), (poll.Open(0), poll.Open(1)));
            Assert.True(poll.Typed(1));
        }

        b.Forget();
        poll.Look();
        Assert.Equal((false, false), (poll.Open(1), poll.Typed(1)));
    }

    [Fact]
    public void What_nobody_read_is_not_shown_to_the_next()
    {
        using var pty = Pty.Open();
        using (TtyPort first = TtyPort.TryOpen(pty.Path, 115200, out _)!)
        {
            pty.Write("for the first only"u8);
        }

        pty.Forget();
        using TtyPort second = TtyPort.TryOpen(pty.Path, 115200, out _)!;
        Assert.Equal(0, second.Read(new byte[64]));
    }

    private static byte[] Take(Func<byte[], int> read)
    {
        var all = new List<byte>();
        byte[] buffer = new byte[64];
        for (int got = read(buffer); got > 0; got = read(buffer))
            all.AddRange(buffer[..got]);
        return [.. all];
    }
}
