using System.Globalization;
using System.Text;

namespace Ballast.Host.Ledger;

/// <summary>
/// A closed segment as a text file: per record `hash line`, then `anchor signature line`; each line ends with one line feed and
/// nothing follows. Every byte of it is covered: by a record's hash, by the signature, or by the form.
/// </summary>
public static class SegmentFile
{
    /// <summary>Folder of the files below the ledger's folder.</summary>
    public const string FolderName = "segments";

    private const string Mark = "anchor ";

    /// <summary>Where a segment's file is.</summary>
    public static string PathFor(string folder, SegmentAnchor anchor)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return Path.Combine(folder, FolderName, string.Create(CultureInfo.InvariantCulture, $"{anchor.Segment:000000}-{anchor.Day}.ledger"));
    }

    internal static void Write(string path, IEnumerable<(long Number, string Line, string Hash)> records, string anchorLine, string signature)
    {
        using MemoryStream content = new();
        using (StreamWriter writer = new(content, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" })
        {
            foreach ((_, string line, string hash) in records)
            {
                writer.Write(hash);
                writer.Write(' ');
                writer.WriteLine(line);
            }

            writer.Write(Mark);
            writer.Write(signature);
            writer.Write(' ');
            writer.WriteLine(anchorLine);
        }

        DurableFile.Write(path, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>Checks a file from its first to its last byte.</summary>
    /// <param name="path">The file.</param>
    /// <param name="before">Chain up to the segment before it, or null to check the file alone.</param>
    /// <param name="seen">Called for each record that follows.</param>
    /// <param name="anchor">Its anchor, if there is no fault.</param>
    /// <param name="after">The chain up to its end, if there is no fault.</param>
    internal static LedgerFault? Check(string path, ChainCheck? before, Action<LedgerHead>? seen, out SegmentAnchor? anchor, out ChainCheck? after)
    {
        (anchor, after) = (null, null);
        string name = Path.GetFileName(path);

        // Latin-1: every byte becomes one character and back; our lines are ASCII, so any other byte breaks its hash.
        string[] lines = Encoding.Latin1.GetString(File.ReadAllBytes(path)).Split('\n');
        string[] last = lines.Length > 2 ? lines[^2].Split(' ', 3) : [];
        bool ends = last.Length == 3 && last[0] + " " == Mark && lines[^1].Length == 0;
        if (lines.Length < 2 || LedgerRecord.Parse(TextOf(lines[0])) is not { } first)
        {
            return new LedgerFault(before?.Segment + 1 ?? 0, before?.Next ?? 0, "'" + name + "' does not begin with a record.");
        }

        SegmentAnchor? claimed = ends ? SegmentAnchor.Parse(last[2]) : null;
        ChainCheck chain = before ?? new ChainCheck(first.Segment, first.Number, claimed?.Previous is { } previous && LedgerHash.IsHex(previous) ? previous : LedgerHead.ZeroHash);
        for (int i = 0; i < lines.Length - 2; i++)
        {
            string line = lines[i];
            if (line.Length < 66 || line[64] != ' ')
            {
                return new LedgerFault(chain.Segment, chain.Next, "line " + (i + 1).ToString(CultureInfo.InvariantCulture) + " of '" + name + "' is not a hash and a record.");
            }

            if (chain.Take(chain.Next, line[65..], line[..64]) is { } fault)
            {
                return fault;
            }

            seen?.Invoke(new LedgerHead(chain.Segment, chain.Next - 1, chain.Head));
        }

        if (!ends || claimed is null)
        {
            return new LedgerFault(chain.Segment, chain.Next, "'" + name + "' does not end with its anchor: records are missing at its end, or it was changed there.");
        }

        if (!LedgerKey.Verify(claimed.Key, last[2], last[1]))
        {
            return new LedgerFault(chain.Segment, 0, "the signature of its anchor is wrong.");
        }

        if (chain.Compare(claimed) is { } differs)
        {
            return differs;
        }

        (anchor, after) = (claimed, chain);
        return null;
    }

    private static string TextOf(string line) => line.Length > 65 ? line[65..] : "";
}
