using System.Net.Sockets;
using Ballast.Terminal;
using Ballast.Virtual.Boards;

namespace Ballast.Virtual.Consoles;

/// <summary>What lets other programs of this machine reach the boards of a fleet: consoles, pages, and the directory that names them.</summary>
public sealed class BoardReach : IDisposable
{
    private readonly BoardConsoles _consoles;
    private readonly BoardPages _pages;
    private readonly BoardLanConsoles? _lan;
    private readonly BoardDirectory _directory;

    /// <summary>Opens all of it; call before the fleet starts.</summary>
    /// <param name="fleet">The boards.</param>
    /// <param name="lanPassword">Password of the consoles over the network; null leaves them off.</param>
    /// <param name="root">Where the directory is made; null for the usual place.</param>
    /// <exception cref="DemoException">The system refused; the message says what.</exception>
    public BoardReach(VirtualFleet fleet, string? lanPassword = null, string? root = null)
    {
        try
        {
            _consoles = new BoardConsoles(fleet.Boards);
            _pages = new BoardPages(fleet.Boards);
            if (lanPassword is not null)
                _lan = new BoardLanConsoles(fleet.Boards, lanPassword);
            _directory = new BoardDirectory(root);
            for (int i = 0; i < fleet.Boards.Count; i++)
                _directory.Add(fleet.Boards[i].Identity.Pod, fleet.Boards[i].Identity.Board, _consoles.PathOf(i), _pages.PageOf(i), _lan?.PortOf(i));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            _consoles?.Dispose();
            _pages?.Dispose();
            _lan?.Dispose();
            _directory?.Dispose();
            throw new DemoException($"The boards' consoles and pages cannot be opened: {e.Message}");
        }

        fleet.AfterRound = nowMs =>
        {
            _consoles.Step(nowMs);
            _pages.Step(nowMs);
            _lan?.Step(nowMs);
        };
    }

    /// <summary>Closes all of it; call after the fleet has ended.</summary>
    public void Dispose()
    {
        _directory.Dispose();
        _consoles.Dispose();
        _pages.Dispose();
        _lan?.Dispose();
    }
}
