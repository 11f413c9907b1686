using Ballast.Host.Ledger;

namespace Ballast.Host.Access;

/// <summary>Files that only their owner may read, from the first byte on; a reader sees the old content or the new one, never half.</summary>
internal static class OwnerFile
{
    /// <summary>Replaces a file.</summary>
    /// <exception cref="IOException">It cannot be written; the old content stays.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            DurableFile.Write(path, content, ownerOnly: true);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException("'" + path + "' cannot be written: run this as the user that owns it.", error);
        }
    }

    /// <summary>Opens a file for this process alone.</summary>
    internal static FileStream Open(string path, FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
