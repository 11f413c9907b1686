using System.Net;
using System.Net.Sockets;
using Ballast.Firmware.Agent;
using Ballast.Virtual.Boards;

namespace Ballast.Virtual.Consoles;

/// <summary>
/// The local pages of virtual boards, each on a free port of 127.0.0.1. There is no thread: the fleet's own turns accept, read and send
/// what can be done at once, a board has at most four connections, and each is bounded in bytes and time by <see cref="LocalSession"/>.
/// </summary>
public sealed class BoardPages : IDisposable
{
    private const int LookEveryMs = 40;
    private const int MaxConnections = 4;

    private readonly Site[] _sites;
    private readonly List<Socket> _readable = [];
    private readonly byte[] _buffer = new byte[2048];
    private long _nextMs;

    /// <summary>Listens for each board.</summary>
    /// <exception cref="SocketException">No port was free.</exception>
    public BoardPages(IReadOnlyList<VirtualBoard> boards)
    {
        _sites = new Site[boards.Count];
        try
        {
            for (int i = 0; i < boards.Count; i++)
                _sites[i] = new Site(boards[i], Listen());
        }
        catch (SocketException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Address of a board's page.</summary>
    public Uri PageOf(int index) => new(FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)_sites[index].Listener.LocalEndPoint!).Port}/"));

    /// <summary>One turn of all pages; on the fleet's thread.</summary>
    public void Step(long nowMs)
    {
        if (nowMs < _nextMs)
            return;
        _nextMs = nowMs + LookEveryMs;
        _readable.Clear();
        foreach (Site site in _sites)
        {
            _readable.Add(site.Listener);
            _readable.AddRange(site.Connections.Select(c => c.Socket));
        }

        // One look at all sockets; it waits for nothing.
        Socket.Select(_readable, null, null, 0);
        var ready = new HashSet<Socket>(_readable);
        foreach (Site site in _sites)
        {
            site.Connections.RemoveAll(c => c.Step(nowMs, ready.Contains(c.Socket), _buffer));
            if (ready.Contains(site.Listener))
                Accept(site, nowMs);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Site? site in _sites)
        {
            site?.Listener.Dispose();
            site?.Connections.ForEach(c => c.Socket.Dispose());
        }
    }

    /// <summary>Listens on a free port of 127.0.0.1.</summary>
    internal static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(MaxConnections);
        return listener;
    }

    private static void Accept(Site site, long nowMs)
    {
        // More than it serves wait in the kernel's queue, and then in their own time-outs.
        if (site.Connections.Count == MaxConnections)
            return;
        try
        {
            Socket socket = site.Listener.Accept();
            socket.Blocking = false;
            socket.NoDelay = true;
            site.Connections.Add(new Connection(socket, site.NewSession(nowMs)));
        }
        catch (SocketException)
        {
            // The client went before it was accepted.
        }
    }

    private sealed class Site(VirtualBoard board, Socket listener)
    {
        private BoardAgent? _agent;
        private LocalApi? _api;

        public Socket Listener => listener;

        public List<Connection> Connections { get; } = [];

        public LocalSession NewSession(long nowMs)
        {
            if (_api is null || _agent != board.Agent)
            {
                _agent = board.Agent;
                _api = new LocalApi(_agent) { MacAddress = MacOf(board) };
            }

            var session = new LocalSession(_api);
            session.Begin(nowMs);
            return session;
        }

        /// <summary>A locally administered address, the same in each run.</summary>
        private static string MacOf(VirtualBoard board)
        {
            uint number = uint.Parse(board.Identity.Serial.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            return FormattableString.Invariant($"02:BA:11:00:{number >> 8 & 0xFF:X2}:{number & 0xFF:X2}");
        }
    }

    private sealed class Connection(Socket socket, LocalSession session)
    {
        private bool _ended;

        public Socket Socket => socket;

        /// <summary>One turn. True once the connection is closed.</summary>
        public bool Step(long nowMs, bool readable, byte[] buffer)
        {
            try
            {
                if (readable)
                {
                    int got = socket.Receive(buffer);

                    // Who has said all may still wait for the answer.
                    if (got == 0 && session.Waiting == 0)
                        return Close();
                    session.Receive(buffer, got, nowMs);
                }

                if (session.Over(nowMs))
                    return Close();
                if (session.Waiting > 0)
                    session.Took(socket.Send(session.Answer, session.First, session.Waiting, SocketFlags.None));

                // Closed at once, with unread bytes of the client, the kernel would reset the connection and the answer would be lost.
                if (session.Sent && !_ended)
                {
                    _ended = true;
                    socket.Shutdown(SocketShutdown.Send);
                }

                return false;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                return false;
            }
            catch (SocketException)
            {
                return Close();
            }
        }

        private bool Close()
        {
            socket.Dispose();
            return true;
        }
    }
}
