using System.Runtime.Versioning;
using Ballast.Terminal;

namespace Ballast.Virtual.Tests.Consoles;

[SupportedOSPlatform("linux")]
public sealed class BoardDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ballast-dir-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Boards_are_found_by_each_of_their_names_and_gone_at_the_end()
    {
        using (var directory = new BoardDirectory(_root.FullName))
        {
            directory.Add("p2", "b01", "/dev/pts/902", null);
            directory.Add("p1", "b02", "/dev/pts/901", new Uri("http://127.0.0.1:9/"));
            directory.Add("p1", "b01", "/dev/pts/900", null);
            IReadOnlyList<BoardEntry> all = BoardDirectory.List(_root.FullName);
            Assert.Equal(["p1/b01", "p1/b02", "p2/b01"], all.Select(b => b.Name));
            Assert.Equal(2, BoardDirectory.Find(all, "b01").Count);
            Assert.Equal("/dev/pts/902", Assert.Single(BoardDirectory.Find(all, "p2/b01")).Tty);
            Assert.Equal("http://127.0.0.1:9/", Assert.Single(BoardDirectory.Find(all, "b02")).Page);
            Assert.Single(BoardDirectory.Find(all, $"{Environment.ProcessId}/p1/b01"));
            Assert.Empty(BoardDirectory.Find(all, "b"));
        }

        Assert.Empty(BoardDirectory.List(_root.FullName));
        Assert.Empty(_root.GetDirectories());
    }

    [Fact]
    public void What_a_killed_program_left_is_removed_by_the_next_look()
    {
        string board = Path.Combine(_root.FullName, "4194305", "p1", "b01");
        Directory.CreateDirectory(board);
        File.WriteAllText(Path.Combine(_root.FullName, "4194305", ".running"), "");
        File.CreateSymbolicLink(Path.Combine(board, "console"), "/dev/pts/900");
        Assert.Empty(BoardDirectory.List(_root.FullName));
        Assert.Empty(_root.GetDirectories());
    }

    [Fact]
    public void Nobody_else_can_look_into_it()
    {
        using var directory = new BoardDirectory(_root.FullName);
        string run = Path.Combine(_root.FullName, $"{Environment.ProcessId}");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(run));
    }
}
