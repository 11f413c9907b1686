using System.Diagnostics;

namespace Ballast.Virtual.Keys;

/// <summary>Files that root made for the host, which runs as a user of its own, would be closed to it.</summary>
public static class FileOwner
{
    /// <summary>Gives files to the owner of a folder; nothing unless this is root.</summary>
    public static void Give(string folder, params IEnumerable<string> files)
    {
        if (Environment.UserName != "root")
            return;
        foreach (string file in files.Where(File.Exists))
        {
            using Process chown = Process.Start("chown", [$"--reference={folder}", file]);
            chown.WaitForExit();
        }
    }
}
