using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ballast.Virtual.Processes;

/// <summary>
/// Ports on the loopback interface for servers that are told theirs. None is of the range from which the system gives ports to whoever asks for
/// any: a server that is down for a moment finds its port as it left it, and nobody who calls there meanwhile reaches itself. And none is given
/// twice while this process lives, neither here nor to another process that asks here.
/// </summary>
public static class FreePorts
{
    private const int Lowest = 10_240;
    private const int Usual = 32_768;

    private static readonly List<Socket> Taken = [];

    /// <summary>A port that nobody else has or gets.</summary>
    /// <exception cref="DemoException">There is none.</exception>
    public static int Take()
    {
        int end = End();
        for (int i = 0; i < 10_000; i++)
        {
            int port = Random.Shared.Next(Lowest, end);
            if (Reserve(port) is not { } mine)
                continue;
            if (!IsFree(port))
            {
                mine.Dispose();
                continue;
            }

            lock (Taken)
                Taken.Add(mine);
            return port;
        }

        throw new DemoException($"No port from {Lowest} to {end - 1} is free on this machine.");
    }

    // A name without a file, which only one process of this machine can have, and which goes with it. Other systems than Linux have none.
    private static Socket? Reserve(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (!OperatingSystem.IsLinux())
            return socket;
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(FormattableString.Invariant($"\0ballast-port-{port}")));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Where the range begins that the system gives from.
    private static int End()
    {
        const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
        return File.Exists(Range) && int.TryParse(File.ReadAllText(Range).Split('\t')[0], CultureInfo.InvariantCulture, out int first) && first > Lowest + 1_000 ? first : Usual;
    }
}
