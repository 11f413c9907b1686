namespace Ballast.Host.Ledger;

internal static class SqliteFile
{
    /// <summary>True if a file is (or was) a SQLite database: by its first bytes, or by its name where those were changed.</summary>
    internal static bool Is(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] head = new byte[15];
        return path.EndsWith(".db", StringComparison.Ordinal) || (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual("SQLite format 3"u8));
    }
}
