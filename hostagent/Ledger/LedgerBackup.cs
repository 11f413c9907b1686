using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>Backup by SQLite's own means: readers do not stop the writer, and the copy is of one moment.</summary>
public static class LedgerBackup
{
    /// <summary>Copies a ledger into one sealed file, whether a host is writing it or not.</summary>
    /// <param name="folder">The ledger's folder; its key signs the seal.</param>
    /// <param name="path">A file that does not exist yet.</param>
    /// <returns>Head of the copy.</returns>
    /// <exception cref="IOException">The file exists or cannot be written, or there is no ledger.</exception>
    /// <exception cref="LedgerUnreadableException">The copy failed.</exception>
    public static LedgerHead Make(string folder, string path)
    {
        string database = Path.Combine(folder, SqliteJournal.FileName);
        if (!File.Exists(database))
        {
            throw new FileNotFoundException("There is no ledger in '" + folder + "'.", database);
        }

        try
        {
            using LedgerKey key = LedgerKey.Open(folder);
            return Make(database, path, key, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }
        catch (Exception error) when (error is SqliteException or CryptographicException)
        {
            throw new LedgerUnreadableException("The ledger in '" + folder + "' cannot be copied (" + error.Message.TrimEnd('.') + ").", error);
        }
    }

    internal static LedgerHead Make(string database, string path, LedgerKey key, long utcMs)
    {
        if (File.Exists(path))
        {
            throw new IOException("'" + path + "' is already there: name a new file.");
        }

        string draft = path + ".new";
        File.Delete(draft);
        LedgerHead head;
        using (SqliteConnection source = SqliteJournal.Connect(database, SqliteOpenMode.ReadOnly))
        using (SqliteConnection target = SqliteJournal.Connect(draft))
        {
            source.BackupDatabase(target);

            // One file instead of three: the copy has no log beside it.
            target.Execute("PRAGMA journal_mode=DELETE");
            head = ChainTables.Head(target);
        }

        using (FileStream file = new(draft, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
        LedgerSeal.Write(path, head, utcMs, key);
        return head;
    }
}
