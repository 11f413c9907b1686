using Ballast.Terminal;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Consoles;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Tests.Consoles;

/// <summary>Two virtual boards without broker and pool, stepped by their own thread, and what lets others reach them.</summary>
internal sealed class ReachableFleet : IDisposable
{
    /// <summary>Nothing listens there.</summary>
    private const int ClosedPort = 1;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ballast-reach-");
    private readonly BoardReach _reach;

    public ReachableFleet(string? lanPassword = null)
    {
        var wiring = new BoardWiring("demo", "127.0.0.1", ClosedPort, ClosedPort, 29, 0);
        VirtualBoard[] boards = [.. SiteKeys.Create(2).Select((id, i) => new VirtualBoard(id, wiring, SystemClock.Instance, (uint)i + 1))];
        Fleet = new VirtualFleet(boards, SystemClock.Instance, (_, _) => { });
        _reach = new BoardReach(Fleet, lanPassword, Root);
        Fleet.Start();
    }

    public string Root => _root.FullName;

    public VirtualFleet Fleet { get; }

    public IReadOnlyList<BoardEntry> Boards => BoardDirectory.List(Root);

    public TtyPort Open(int board)
    {
        TtyPort? port = TtyPort.TryOpen(Boards[board].Tty, 115200, out string problem);
        Assert.True(port is not null, problem);
        return port;
    }

    public void Dispose()
    {
        Fleet.Dispose();
        Assert.Null(Fleet.Failure);
        _reach.Dispose();
        Assert.Empty(Boards);
        _root.Delete(recursive: true);
    }
}
