using System.Net;
using System.Net.Sockets;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Virtual.Boards;

namespace Ballast.Virtual.Consoles;

/// <summary>
/// The network consoles of virtual boards, each on a free port of 127.0.0.1, behind one password. One person at a board at a time: a second
/// connection is closed at once. Stepped by the fleet, like everything of a board.
/// </summary>
public sealed class BoardLanConsoles : IDisposable
{
    private const int LookEveryMs = 100;

    private readonly Place[] _places;
    private readonly List<Socket> _waiting = [];
    private long _nextMs;

    /// <summary>Listens for each board.</summary>
    /// <param name="boards">The boards.</param>
    /// <param name="password">Their password; <see cref="PasswordCheck.Problem"/> must have found nothing wrong with it.</param>
    /// <exception cref="SocketException">No port was free.</exception>
    public BoardLanConsoles(IReadOnlyList<VirtualBoard> boards, string password)
    {
        _places = new Place[boards.Count];
        try
        {
            for (int i = 0; i < boards.Count; i++)
                _places[i] = new Place(boards[i], BoardPages.Listen(), new PasswordCheck(password));
        }
        catch (SocketException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Port of a board's console.</summary>
    public int PortOf(int index) => ((IPEndPoint)_places[index].Listener.LocalEndPoint!).Port;

    /// <summary>One turn; on the fleet's thread.</summary>
    public void Step(long nowMs)
    {
        if (nowMs >= _nextMs)
        {
            _nextMs = nowMs + LookEveryMs;
            _waiting.Clear();
            _waiting.AddRange(_places.Select(p => p.Listener));
            Socket.Select(_waiting, null, null, 0);
            foreach (Place place in _places.Where(p => _waiting.Contains(p.Listener)))
                place.Accept(nowMs);
        }

        foreach (Place place in _places)
            place.Step(nowMs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Place? place in _places)
            place?.Dispose();
    }

    private sealed class Place(VirtualBoard board, Socket listener, PasswordCheck password) : IDisposable
    {
        private BoardAgent? _agent;
        private LanConsole? _console;
        private Socket? _socket;
        private SocketPort? _port;

        public Socket Listener => listener;

        public void Accept(long nowMs)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (SocketException)
            {
                return;
            }

            if (_socket is not null)
            {
                socket.Dispose();
                return;
            }

            socket.Blocking = false;
            socket.NoDelay = true;
            _socket = socket;
            _port = new SocketPort(socket);
            _agent = board.Agent;
            _console = new LanConsole(_agent, password);
            _console.Begin(_port, nowMs);
        }

        public void Step(long nowMs)
        {
            if (_socket is null)
                return;
            _console!.Step(nowMs);

            // A restart of the board ends its connections.
            if (_console.Open && !_port!.Gone && _agent == board.Agent)
                return;
            _console.Close();
            _socket.Dispose();
            _socket = null;
        }

        public void Dispose()
        {
            _socket?.Dispose();
            listener.Dispose();
        }
    }
}
