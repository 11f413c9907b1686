using System.Text;
using System.Text.Json;

namespace Ballast.Host.Ledger;

/// <summary>
/// Covers every byte of a database that nobody writes: its SHA-256 and the head of the chain in it, signed, in a file beside it.
/// SQLite's pages hold bytes that belong to no record (free space, counters); without a seal a change there proves nothing.
/// </summary>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file, hex.</param>
/// <param name="Head">Head of the chain, as <see cref="LedgerHead"/> writes it.</param>
/// <param name="UtcMs">When it was sealed.</param>
/// <param name="Key">Public key, DER in base 64.</param>
public sealed record LedgerSeal(long Bytes, string Sha256, string Head, long UtcMs, string Key)
{
    /// <summary>The seal's file for a database.</summary>
    public static string PathFor(string database) => database + ".seal";

    internal static void Write(string database, LedgerHead head, long utcMs, LedgerKey key)
    {
        string line = LedgerJson.Text(new LedgerSeal(new FileInfo(database).Length, LedgerHash.OfFile(database), head.ToString(), utcMs, key.Public));
        DurableFile.Write(PathFor(database), Encoding.ASCII.GetBytes(line + "\n" + key.Sign(line) + "\n"));
    }

    /// <summary>Reads a seal; null with a sentence if it is damaged or not this database's.</summary>
    internal static LedgerSeal? Check(string database, out string? wrong)
    {
        string path = PathFor(database);
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        string[] lines = text.Split('\n');
        wrong = "The seal '" + path + "' is damaged.";
        if (lines is not [var line, var signature, ""])
        {
            return null;
        }

        LedgerSeal? seal;
        try
        {
            seal = JsonSerializer.Deserialize<LedgerSeal>(line, LedgerJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }

        if (seal?.Key is null || !LedgerKey.Verify(seal.Key, line, signature))
        {
            return null;
        }

        wrong = new FileInfo(database).Length != seal.Bytes
            ? "'" + database + "' has another length than when it was sealed."
            : LedgerHash.OfFile(database) != seal.Sha256 ? "'" + database + "' was changed after it was sealed." : null;
        return seal;
    }
}
