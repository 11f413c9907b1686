using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ballast.Virtual.Bench;

/// <summary>The least that a fan-out can cost on this machine: as many loopback connections, a write and a read on each, one thread.</summary>
internal sealed class PlainSockets : IDisposable
{
    private readonly List<(Socket Out, Socket In)> _pairs = [];
    private readonly byte[] _message = new byte[450];

    public PlainSockets(int count)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(listener.LocalEndpoint);
            _pairs.Add((listener.AcceptSocket(), socket));
            _pairs[^1].Out.NoDelay = true;
        }
    }

    /// <summary>Writes to all, then reads from all.</summary>
    /// <returns>Time, ms.</returns>
    public double Round()
    {
        Span<byte> into = stackalloc byte[_message.Length];
        long start = Stopwatch.GetTimestamp();
        foreach ((Socket to, _) in _pairs)
            to.Send(_message);
        foreach ((_, Socket from) in _pairs)
        {
            for (int got = 0; got < _message.Length;)
                got += from.Receive(into);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose()
    {
        foreach ((Socket to, Socket from) in _pairs)
        {
            to.Dispose();
            from.Dispose();
        }
    }
}
