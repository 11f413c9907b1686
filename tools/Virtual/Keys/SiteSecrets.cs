using System.Text.Json;
using Ballast.Host.Keys;
using Ballast.Host.Ledger;
using Ballast.Host.Options;
using Ballast.Virtual.Provisioning;

namespace Ballast.Virtual.Keys;

/// <summary>A site's secret store as the command line meets it: beside the host, which may be running.</summary>
public sealed class SiteSecrets
{
    private readonly string _stateDir;

    private SiteSecrets(SiteOptions written, SecretStore store, string keyFile)
    {
        KeyFile = keyFile;
        Written = written;
        Store = store;
        _stateDir = written.StateDir;
    }

    /// <summary>The configuration as it stands in its file.</summary>
    public SiteOptions Written { get; }

    /// <summary>The store.</summary>
    public SecretStore Store { get; }

    /// <summary>The file with its key.</summary>
    public string KeyFile { get; }

    /// <summary>Opens the store of a configuration.</summary>
    /// <param name="config">The host's configuration file.</param>
    /// <param name="create">True makes store and key file if they are not there.</param>
    /// <exception cref="IOException">It cannot be; the message is one sentence.</exception>
    public static SiteSecrets Open(string config, bool create)
    {
        SiteOptions written = OptionsFile.LoadWithoutSecrets(config, out IReadOnlyList<string> problems) ?? throw new IOException(problems[0]);
        (string file, string? keyFile) = StoredKeys.Places(written, config);
        try
        {
            if (!create)
                return new SiteSecrets(written, File.Exists(file) ? SecretStore.Open(file, keyFile!) : throw new IOException($"The secret store '{file}' is not there: make it with 'ballast keys create --config {config}'."), keyFile!);
            if (!Directory.Exists(written.StateDir))
                Directory.CreateDirectory(written.StateDir, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var made = new SiteSecrets(written, SecretStore.OpenOrCreate(file, keyFile!), keyFile!);
            FileOwner.Give(written.StateDir, keyFile!);
            made.GiveToOwner();
            return made;
        }
        catch (SecretException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Changes the store.</summary>
    /// <exception cref="IOException">It cannot be changed; the message is one sentence.</exception>
    public void Update(Func<SecretSet, SecretSet> change)
    {
        try
        {
            Store.Update(change);
        }
        catch (SecretException e)
        {
            throw new IOException(e.Message, e);
        }

        GiveToOwner();
    }

    /// <summary>Draws what the configuration lacks and takes over what stands in it.</summary>
    /// <returns>What was done, a sentence each.</returns>
    public IReadOnlyList<string> Complete(DateTimeOffset now)
    {
        IReadOnlyList<string> drawn = [], taken = [];
        Update(s => KeyPlan.Complete(s, Written, now, out drawn, out taken));
        List<string> told = [$"{Store.Path}: {Store.Current.Rings.Count} keys, {drawn.Count} new{(taken.Count > 0 ? $", {taken.Count} taken from the configuration" : "")}."];
        if (StoredKeys.Written(Written).Any(w => w.Key.Length > 0))
            told.Add("Take the members key and kid of pods, boards and sources out of the configuration: the store's count from now on.");
        HashSet<string> needed = [.. StoredKeys.Written(Written).Select(w => w.Name)];
        if (Store.Current.Rings.Keys.FirstOrDefault(r => !needed.Contains(r)) is { } other)
            told.Add($"The store has keys that the configuration does not name, for example {other}: they open nothing.");
        return told;
    }

    /// <summary>The source that a node means, or null: its id, or "source/ID" where a pod has the same.</summary>
    public string? Source(string node)
        => Written.Pods.Any(p => p.Id == node.Split('/')[0]) ? null : Written.Sources.FirstOrDefault(s => s.Id == node || SecretSet.OfSource(s.Id) == node)?.Id;

    /// <summary>A sentence: there is no such source.</summary>
    public string NoSource(string node)
        => $"There is no source '{node}' in the configuration: it has {(Written.Sources.Count == 0 ? "none" : string.Join(", ", Written.Sources.Take(5).Select(s => s.Id)))}.";

    /// <summary>Looks whether a new file can be written, before anything is changed for it.</summary>
    /// <exception cref="IOException">It cannot; the message is one sentence.</exception>
    public static void CheckNew(string file)
    {
        if (File.Exists(file))
            throw new IOException($"{file} is there already: name a new file.");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            throw new IOException($"There is no folder for {file}: make it first.");
    }

    /// <summary>Writes the newest key of a source, for its other end.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="IOException">The store has none, or the file cannot be written.</exception>
    public int ExportSource(string id, string file)
    {
        StoredKey key = Store.Current.Ring(SecretSet.OfSource(id))?.Newest ?? throw new IOException($"The secret store has no key of source {id}: 'ballast keys create' makes it.");
        PrivateFile.Write(file, JsonSerializer.Serialize(new { source = id, kid = key.Kid, key = key.Key }) + "\n", replace: false);
        return key.Kid;
    }

    /// <summary>One sentence if there is no such pod or board, else null.</summary>
    public string? Problem(string node, bool board)
    {
        if (!board && Source(node) is not null)
            return null;
        string[] parts = node.Split('/');
        bool there = parts.Length <= 2 && Written.Pods.Any(p => p.Id == parts[0] && (parts.Length == 1 || p.Boards.Any(b => b.Id == parts[1])));
        return board && parts.Length != 2 ? $"'{node}' is no board: name it as POD/BOARD, for example p1/b03."
            : there ? null : $"There is no {(parts.Length == 2 ? "board" : "pod")} '{node}' in the configuration: it has {(Written.Pods.Count == 0 ? "none" : string.Join(", ", Written.Pods.Take(5).Select(p => p.Id)))}{(Written.Pods.Count > 5 ? ", …" : "")}.";
    }

    /// <summary>Does to the store what the host would do: for a host that is not running.</summary>
    /// <returns>Null if done, else why not.</returns>
    public string? Offline(string verb, string node, DateTimeOffset now)
    {
        if (LedgerLock.IsHeld(_stateDir))
            return "The host of this site runs: leave --offline out, so that it takes part.";
        if (Source(node) is { } source)
            return OfSource(verb, source, now);
        string[] parts = node.Split('/');
        string[] boards = [.. Written.Pods.First(p => p.Id == parts[0]).Boards.Select(b => b.Id)];
        string? missing = boards.Select(b => SecretSet.OfBoard(parts[0] + "/" + b)).Prepend(SecretSet.OfPod(parts[0])).FirstOrDefault(r => Store.Current.Ring(r) is null);
        if (missing is not null)
            return $"The secret store has no key of {missing}: 'ballast keys create' makes it.";
        if (verb == "rotate" && parts.Length == 2 && Store.Current.Ring(SecretSet.OfBoard(node)) is { } own && (own.RevokedUtc is not null || own.Rotation is not null))
            return own.RevokedUtc is not null ? $"The key of {node} is revoked: 'ballast keys swap {node}' puts another board in its place." : $"The key of {node} is already being rotated.";
        Update(s => (verb, parts.Length) switch
        {
            ("rotate", 1) => KeyPlan.RotatePod(s, node, boards, now),
            ("rotate", _) => KeyPlan.RotateBoard(s, parts[0], parts[1], now),
            ("revoke", _) => KeyPlan.Revoke(s, parts[0], parts[1], boards, now),
            _ => KeyPlan.Swap(s, parts[0], parts[1], boards, now),
        });
        return null;
    }

    private string? OfSource(string verb, string id, DateTimeOffset now)
    {
        if (Store.Current.Ring(SecretSet.OfSource(id)) is not { } ring)
            return $"The secret store has no key of source {id}: 'ballast keys create' makes it.";
        if (verb == "drop" && ring.Rotation is null)
            return $"Source {id} has one key only, and dropping it would leave none: 'ballast keys rotate {id}' gives it another first.";
        Update(s => verb == "drop" ? KeyPlan.FinishSource(s, id) : KeyPlan.RotateSource(s, id, now));
        return null;
    }

    private void GiveToOwner() => FileOwner.Give(_stateDir, Store.Path, Store.Path + ".lock");
}
