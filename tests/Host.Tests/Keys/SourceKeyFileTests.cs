using System.Text.Json;
using Ballast.Host.Keys;
using Ballast.Virtual.Keys;

namespace Ballast.Host.Tests.Keys;

/// <summary>What `ballast keys` does for a signed source while the host does not run, and the file for its other end.</summary>
public sealed class SourceKeyFileTests : IDisposable
{
    private readonly KeyFolder _folder = new();

    public SourceKeyFileTests()
    {
        _folder.Configure();
        _folder.StoreAllKeys();
    }

    public void Dispose() => _folder.Dispose();

    private SiteSecrets Open() => SiteSecrets.Open(_folder.Configuration, create: false);

    [Fact]
    public void A_rotation_draws_a_second_key_a_drop_ends_the_first_and_the_file_has_the_newest()
    {
        Assert.Equal("tso", Open().Source("tso"));
        Assert.Equal("tso", Open().Source("source/tso"));
        Assert.Null(Open().Source("p1"));
        Assert.Null(Open().Problem("tso", board: false));
        Assert.Contains("one key only", Open().Offline("drop", "tso", KeyFolder.Noon), StringComparison.Ordinal);
        Assert.Null(Open().Offline("rotate", "tso", KeyFolder.Noon));
        KeyRing both = Open().Store.Current.Ring("source/tso")!;
        Assert.Equal((6, 2), (both.Current, both.Keys.Count));
        string file = Path.Combine(_folder.Path, "tso.key");
        int kid = Open().ExportSource("tso", file);
        Assert.Equal(both.Newest.Kid, kid);
        JsonElement written = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        Assert.Equal(("tso", kid, both.Newest.Key), (written.GetProperty("source").GetString(), written.GetProperty("kid").GetInt32(), written.GetProperty("key").GetString()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Throws<IOException>(() => SiteSecrets.CheckNew(file));
        Assert.Throws<IOException>(() => Open().ExportSource("tso", file));
        Assert.Null(Open().Offline("drop", "tso", KeyFolder.Noon));
        Assert.Equal(both.Newest, Assert.Single(Open().Store.Current.Ring("source/tso")!.Keys));
        Assert.Null(Open().Store.Current.Ring("source/tso")!.Rotation);
    }

    [Fact]
    public void A_source_that_is_not_there_is_refused_with_those_that_are()
        => Assert.Equal("There is no source 'dso' in the configuration: it has tso.", Open().NoSource("dso"));
}
