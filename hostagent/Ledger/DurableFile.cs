namespace Ballast.Host.Ledger;

/// <summary>Writes a file as a whole: after a crash it is the old one or the new one.</summary>
internal static class DurableFile
{
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="ownerOnly">True: nobody else may read it, from the first byte on.</param>
    internal static void Write(string path, ReadOnlySpan<byte> content, bool ownerOnly = false)
    {
        string draft = path + ".new";
        FileStreamOptions options = new() { Mode = ownerOnly ? FileMode.CreateNew : FileMode.Create, Access = FileAccess.Write };
        if (ownerOnly)
        {
            // A draft that a crash left keeps its old mode unless it goes first.
            File.Delete(draft);
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
        }

        using (FileStream file = new(draft, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
