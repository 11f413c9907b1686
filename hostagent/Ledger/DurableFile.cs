namespace Ballast.Host.Ledger;

/// <summary>Writes a file as a whole: after a crash it is the old one or the new one.</summary>
internal static class DurableFile
{
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        string draft = path + ".new";
        using (FileStream file = new(draft, FileMode.Create, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
