using System.Text.Json.Nodes;
using Ballast.Host.Access;
using Ballast.Virtual.Site;

namespace Ballast.Browser;

/// <summary>A site whose door is shut: it asks for a key. Each test makes its own, and may end them.</summary>
public sealed class KeyedSite : IAsyncLifetime
{
    private readonly VirtualSite _site = new(new SiteOptions { Boards = 1 });
    private int _keys;

    /// <summary>Address of the page.</summary>
    public Uri Page => _site.Page;

    internal ApiKeyFile Keys => new(_site.HostProcess.StateDir);

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        _site.Start();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();

    /// <summary>A new key, of a name that nobody had.</summary>
    internal (string Name, string Key) Add(string name, AccessRole role)
    {
        name += "-" + ++_keys;
        Keys.Add(name, role, DateTimeOffset.UtcNow, null, out string key);
        return (name, key);
    }

    /// <summary>Gives a key another role, as an administrator does who edits the host's file.</summary>
    internal void ChangeRole(string name, string role)
    {
        string file = Keys.FullName;
        JsonNode content = JsonNode.Parse(File.ReadAllText(file))!;
        content["keys"]!.AsArray().Single(k => k!["name"]!.GetValue<string>() == name)!["role"] = role;

        // A copy keeps who may read it, and the host never sees half a file.
        File.Copy(file, file + ".new", overwrite: true);
        File.WriteAllText(file + ".new", content.ToJsonString());
        File.Move(file + ".new", file, overwrite: true);
    }
}
