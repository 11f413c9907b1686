using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>A copy of a database in a folder of its own, so that looking at evidence cannot change it.</summary>
internal sealed class LedgerCopy : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-audit-").FullName;

    private LedgerCopy(bool live) => Live = live;

    /// <summary>True if a host was writing.</summary>
    internal bool Live { get; }

    internal string Path => System.IO.Path.Combine(_folder, SqliteJournal.FileName);

    internal static LedgerCopy Make(string database)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(database))!;
        if (!LedgerLock.IsHeld(folder))
        {
            LedgerCopy copy = Fill(new LedgerCopy(live: false), c =>
            {
                File.Copy(database, c.Path);
                if (File.Exists(database + "-wal"))
                {
                    File.Copy(database + "-wal", c.Path + "-wal");
                }
            });
            if (!LedgerLock.IsHeld(folder))
            {
                return copy;
            }

            // A host has started meanwhile; the two files need not belong together.
            copy.Dispose();
        }

        return Fill(new LedgerCopy(live: true), c =>
        {
            using SqliteConnection source = SqliteJournal.Connect(database, SqliteOpenMode.ReadOnly);
            using SqliteConnection target = SqliteJournal.Connect(c.Path);
            source.BackupDatabase(target);
        });
    }

    // A copy that fails leaves nothing behind.
    private static LedgerCopy Fill(LedgerCopy copy, Action<LedgerCopy> fill)
    {
        try
        {
            fill(copy);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
