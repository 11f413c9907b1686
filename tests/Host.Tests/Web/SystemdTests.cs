using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Ballast.Virtual.Processes;

namespace Ballast.Host.Tests.Web;

/// <summary>
/// What the host tells systemd. Nobody here is called systemd: the unit hides other processes from the host (ProtectProc), so who its parent
/// is must not matter.
/// </summary>
public sealed class SystemdTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-systemd-").FullName;
    private readonly Socket _notified = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly CountdownEvent _said = new(2);
    private string _start = "";

    public void Dispose()
    {
        _notified.Dispose();
        _said.Dispose();
        Directory.Delete(_folder, true);
    }

    [Theory]
    [InlineData("text", "<4>")]
    [InlineData("json", "{")]
    public void It_says_ready_once_it_serves_then_that_its_loop_runs_and_at_the_end_that_it_stops(string format, string start)
    {
        _start = start;
        string socket = Path.Combine(_folder, "notify"), configuration = Path.Combine(_folder, "ballast.json");
        _notified.Bind(new UnixDomainSocketEndPoint(socket));
        _notified.ReceiveTimeout = 240_000;
        File.WriteAllText(configuration, "{\"site\":\"s\",\"stateDir\":\"" + _folder + "/state\",\"mqtt\":{\"port\":" + TestPort() + "},\"http\":{\"urls\":\"http://127.0.0.1:0\"},\"pods\":[],\"logs\":{\"format\":\"" + format + "\"}}");
        string script = FormattableString.Invariant($"NOTIFY_SOCKET='{socket}' WATCHDOG_USEC=300000 dotnet '{typeof(Program).Assembly.Location}' --config '{configuration}' & p=$!; trap 'kill $p' TERM; wait $p; wait $p");
        using ChildProcess host = ChildProcess.Start("host", "/bin/sh", ["-c", script], Count);
        Assert.Equal("READY=1", Hear(host));
        Assert.True(_said.Wait(240_000, TestContext.Current.CancellationToken), host.LastOutput);
        Assert.Equal("WATCHDOG=1", Hear(host));
        Assert.Equal("WATCHDOG=1", Hear(host));
        host.Stop(240_000);
        string last = Hear(host);
        while (last == "WATCHDOG=1")
        {
            last = Hear(host);
        }

        Assert.Equal("STOPPING=1", last);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("ten", null)]
    [InlineData("30000000", 10_000.0)]
    public void It_speaks_three_times_in_what_systemd_waits(string? microseconds, double? everyMs)
        => Assert.Equal(everyMs, SystemdWatchdog.Every(microseconds)?.TotalMilliseconds);

    private static string TestPort() => FreePorts.Take().ToString(CultureInfo.InvariantCulture);

    private void Count(string line)
    {
        if (line.Contains("listening on http://127.0.0.1:", StringComparison.Ordinal) || (line.Contains("The configuration has no pods", StringComparison.Ordinal) && line.StartsWith(_start, StringComparison.Ordinal)))
        {
            _said.Signal();
        }
    }

    // The library sends what it says in one datagram, sometimes of several lines.
    private string Hear(ChildProcess host)
    {
        byte[] buffer = new byte[512];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, _notified.Receive(buffer)).TrimEnd('\n');
        }
        catch (SocketException)
        {
            return "nothing; the host says: " + host.LastOutput;
        }
    }
}
