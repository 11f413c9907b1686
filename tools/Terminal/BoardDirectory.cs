using System.Globalization;

namespace Ballast.Terminal;

/// <summary>A virtual board that runs on this machine.</summary>
/// <param name="Run">Process that runs it.</param>
/// <param name="Pod">Pod id.</param>
/// <param name="Board">Board id.</param>
/// <param name="Tty">Device of its console.</param>
/// <param name="Page">Address of its local page, or "".</param>
/// <param name="Lan">Address of its console over the network, or "".</param>
public sealed record BoardEntry(string Run, string Pod, string Board, string Tty, string Page, string Lan)
{
    /// <summary>Name within its run.</summary>
    public string Name => Pod + "/" + Board;

    /// <summary>Name that no other run has.</summary>
    public string FullName => Run + "/" + Name;
}

/// <summary>
/// Where the virtual boards of this machine are found: <c>{root}/{process id}/{pod}/{board}/</c> with <c>console</c>, a link to the board's
/// terminal, <c>page</c>, the address of its page, and <c>lan</c>, that of its network console where it has one. A running owner holds a lock; what a killed one left is removed by the next look.
/// </summary>
public sealed class BoardDirectory : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string LockName = ".running";

    private readonly string _run;
    private readonly FileStream _lock;

    /// <summary>Makes the directory of this process.</summary>
    /// <param name="root">Null for the usual place.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public BoardDirectory(string? root = null)
    {
        root ??= DefaultRoot;
        Directory.CreateDirectory(root, Private);
        _run = Path.Combine(root, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (Directory.Exists(_run))
            Directory.Delete(_run, recursive: true);

        // Named when it is locked: a look in between would take it for a dead one's.
        string unnamed = Directory.CreateDirectory(Path.Combine(root, "." + Path.GetFileName(_run)), Private).FullName;
        _lock = new FileStream(Path.Combine(unnamed, LockName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Directory.Move(unnamed, _run);
    }

    /// <summary>The usual place: below $XDG_RUNTIME_DIR, or /run for root, or a private directory in /tmp.</summary>
    public static string DefaultRoot
    {
        get
        {
            string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
            if (!string.IsNullOrEmpty(runtime) && Directory.Exists(runtime))
                return Path.Combine(runtime, "ballast");
            uint user = LibC.geteuid();
            return user == 0 ? "/run/ballast" : FormattableString.Invariant($"/tmp/ballast-{user}");
        }
    }

    /// <summary>Adds a board.</summary>
    public void Add(string pod, string board, string tty, Uri? page, int? lanPort = null)
    {
        string entry = Path.Combine(_run, pod, board);
        Directory.CreateDirectory(entry, Private);
        File.CreateSymbolicLink(Path.Combine(entry, "console"), tty);
        if (page is not null)
            File.WriteAllText(Path.Combine(entry, "page"), page + "\n");
        if (lanPort is { } port)
            File.WriteAllText(Path.Combine(entry, "lan"), FormattableString.Invariant($"127.0.0.1:{port}\n"));
    }

    /// <summary>The boards that run now, by run and name.</summary>
    /// <param name="root">Null for the usual place.</param>
    public static IReadOnlyList<BoardEntry> List(string? root = null)
    {
        root ??= DefaultRoot;
        if (!Directory.Exists(root))
            return [];
        var found = new List<BoardEntry>();
        foreach (string run in Directory.GetDirectories(root).Where(d => !Path.GetFileName(d).StartsWith('.')))
        {
            try
            {
                if (Runs(run))
                    found.AddRange(BoardsOf(run));
                else
                    Directory.Delete(run, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at, or is somebody else's: not ours to list.
            }
        }

        return [.. found.OrderBy(b => b.FullName, StringComparer.Ordinal)];
    }

    /// <summary>Boards that a name means: <c>board</c>, <c>pod/board</c> or <c>run/pod/board</c>.</summary>
    public static IReadOnlyList<BoardEntry> Find(IReadOnlyList<BoardEntry> all, string name) =>
        [.. all.Where(b => b.Board == name || b.Name == name || b.FullName == name)];

    /// <summary>Takes this process's boards away.</summary>
    public void Dispose()
    {
        Directory.Delete(_run, recursive: true);
        _lock.Dispose();
    }

    private static IEnumerable<BoardEntry> BoardsOf(string run)
    {
        foreach (string pod in Directory.GetDirectories(run))
        {
            foreach (string board in Directory.GetDirectories(pod))
            {
                if (File.ResolveLinkTarget(Path.Combine(board, "console"), returnFinalTarget: false) is { } tty)
                {
                    yield return new BoardEntry(
                        Path.GetFileName(run),
                        Path.GetFileName(pod),
                        Path.GetFileName(board),
                        tty.FullName,
                        TextOf(board, "page"),
                        TextOf(board, "lan"));
                }
            }
        }
    }

    private static string TextOf(string board, string name)
    {
        string path = Path.Combine(board, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }

    /// <summary>False if the owner is gone: its lock ended with it.</summary>
    private static bool Runs(string run)
    {
        try
        {
            using var test = new FileStream(Path.Combine(run, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
