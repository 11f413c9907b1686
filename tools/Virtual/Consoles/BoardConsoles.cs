using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Terminal;
using Ballast.Virtual.Boards;

namespace Ballast.Virtual.Consoles;

/// <summary>
/// The technician's consoles of virtual boards, each on a pseudo-terminal of its own. Who opens one gets a fresh console that greets;
/// whoever leaves takes half a line and an open question along. A restart of the board greets again, as a real one does.
/// </summary>
public sealed class BoardConsoles : IDisposable
{
    private readonly Seat[] _seats;
    private readonly PtyPoll _poll;

    /// <summary>Opens a terminal for each board.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    public BoardConsoles(IReadOnlyList<VirtualBoard> boards)
    {
        _seats = new Seat[boards.Count];
        try
        {
            for (int i = 0; i < boards.Count; i++)
                _seats[i] = new Seat(boards[i], Pty.Open());
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }

        _poll = new PtyPoll([.. _seats.Select(s => s.Pty)]);
    }

    /// <summary>Device of a board's console.</summary>
    public string PathOf(int index) => _seats[index].Pty.Path;

    /// <summary>One turn of all consoles that somebody has opened; on the fleet's thread.</summary>
    public void Step(long nowMs)
    {
        _poll.Look();
        for (int i = 0; i < _seats.Length; i++)
            _seats[i].Step(nowMs, _poll.Open(i));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Seat? seat in _seats)
            seat?.Pty.Dispose();
    }

    private sealed class Seat(VirtualBoard board, Pty pty)
    {
        private BoardAgent? _agent;
        private TechnicianConsole? _console;

        public Pty Pty => pty;

        public void Step(long nowMs, bool open)
        {
            if (!open)
            {
                if (_console is not null)
                    pty.Forget();
                _console = null;
                return;
            }

            if (_console is null || _agent != board.Agent)
            {
                _agent = board.Agent;
                _console = new TechnicianConsole(_agent, new PtyPort(pty), null);
            }

            _console.Step(nowMs);
        }
    }
}
