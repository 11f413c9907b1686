namespace Ballast.Host;

/// <summary>
/// Where the host makes what it throws away: the rehearsal's site, copies of the ledger, exports. The system's folder for that, or one of its
/// own in the state folder where the system's cannot be written, as in a container with a read-only root.
/// </summary>
internal static class TemporaryFolder
{
    private const string Name = "tmp";

    /// <summary>Finds the place. Call it with the state folder's lock held: what is in the host's own folder was left by one that was killed.</summary>
    /// <param name="stateDir">State folder.</param>
    /// <param name="system">The system's folder.</param>
    /// <returns>The host's own folder, ready to be used; null where the system's works.</returns>
    /// <exception cref="IOException">Neither can be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal static string? Choose(string stateDir, string system)
    {
        string own = Path.Combine(Path.GetFullPath(stateDir), Name);
        if (Directory.Exists(own))
        {
            Directory.Delete(own, recursive: true);
        }

        try
        {
            using FileStream trial = new(Path.Combine(system, "ballast-" + Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(own);
            }
            else
            {
                Directory.CreateDirectory(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return own;
        }
    }

    /// <summary>Makes it the one of this process, for everybody in it who asks the system.</summary>
    internal static void Use(string folder)
    {
        foreach (string name in (ReadOnlySpan<string>)(OperatingSystem.IsWindows() ? ["TMP", "TEMP"] : ["TMPDIR"]))
        {
            Environment.SetEnvironmentVariable(name, folder);
        }
    }
}
