namespace Ballast.Host.Tests.Configuration;

/// <summary>A host in a container with a read-only root makes what it throws away in its state folder.</summary>
public sealed class TemporaryFolderTests : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ballast-temporary-");

    private string Own => Path.Combine(_state.FullName, "tmp");

    public void Dispose() => _state.Delete(recursive: true);

    [Fact]
    public void Where_the_systems_folder_can_be_written_it_is_used_and_left_empty()
    {
        DirectoryInfo system = _state.CreateSubdirectory("system");
        Assert.Null(TemporaryFolder.Choose(_state.FullName, system.FullName));
        Assert.Empty(system.GetFileSystemInfos());
        Assert.False(Directory.Exists(Own));
    }

    [Fact]
    public void Where_it_cannot_be_written_the_state_folder_has_one_that_only_the_host_may_read()
    {
        Assert.Equal(Own, TemporaryFolder.Choose(_state.FullName, Path.Combine(_state.FullName, "nowhere")));
        Assert.True(Directory.Exists(Own));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Own));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_host_left_there_is_gone_at_the_next_start(bool writable)
    {
        Directory.CreateDirectory(Path.Combine(Own, "ballast-rehearsal-x"));
        File.WriteAllText(Path.Combine(Own, "ballast-rehearsal-x", "journal.db"), "left");
        TemporaryFolder.Choose(_state.FullName, writable ? _state.FullName : Path.Combine(_state.FullName, "nowhere"));
        Assert.False(Directory.Exists(Path.Combine(Own, "ballast-rehearsal-x")));
    }
}
