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
            LedgerCopy copy = new(live: false);
            File.Copy(database, copy.Path);
            if (File.Exists(database + "-wal"))
            {
                File.Copy(database + "-wal", copy.Path + "-wal");
            }

            if (!LedgerLock.IsHeld(folder))
            {
                return copy;
            }

            // A host has started meanwhile; the two files need not belong together.
            copy.Dispose();
        }

        LedgerCopy live = new(live: true);
        using SqliteConnection source = SqliteJournal.Connect(database, SqliteOpenMode.ReadOnly);
        using SqliteConnection target = SqliteJournal.Connect(live.Path);
        source.BackupDatabase(target);
        return live;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
