using Dapper;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>
/// Roll-up: closed segments move from the database to files, their signed anchors stay. Runs beside the host's loop on a connection of
/// its own, and removes in small steps so that a write of the loop never waits long.
/// </summary>
internal static class LedgerArchive
{
    private const int RowsPerStep = 200;

    /// <summary>Writes files for segments beyond the newest <paramref name="keep"/>, and removes from the database those whose file an earlier call wrote.</summary>
    /// <returns>Segments removed from the database.</returns>
    internal static int Roll(string folder, int keep)
    {
        Directory.CreateDirectory(Path.Combine(folder, SegmentFile.FolderName));
        using SqliteConnection connection = SqliteJournal.Connect(Path.Combine(folder, SqliteJournal.FileName), SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA busy_timeout=2000; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;");
        long firstHere = ChainTables.FirstNumber(connection);
        IReadOnlyList<(long Segment, string Line, string Signature)> anchors = ChainTables.Anchors(connection);
        int removed = 0;
        foreach ((_, string line, string signature) in anchors.SkipLast(keep))
        {
            if (SegmentAnchor.Parse(line) is not { } anchor || anchor.Last < firstHere)
            {
                continue;
            }

            string path = SegmentFile.PathFor(folder, anchor);
            if (!File.Exists(path))
            {
                SegmentFile.Write(path, ChainTables.Records(connection, anchor.First, anchor.Last), line, signature);
            }
            else if (SegmentFile.Check(path, null, null, out SegmentAnchor? written, out _) is null && written!.Head == anchor.Head && written.First == anchor.First)
            {
                // A later call than the one that wrote it: the file and its name have had the time to reach the disk.
                Remove(connection, anchor.Last);
                removed++;
            }
            else
            {
                // A damaged file is never a reason to lose the records; it is written again, and the records stay if they are broken too.
                File.Move(path, path + ".damaged", overwrite: true);
                SegmentFile.Write(path, ChainTables.Records(connection, anchor.First, anchor.Last), line, signature);
            }
        }

        return removed;
    }

    private static void Remove(SqliteConnection connection, long last)
    {
        int gone;
        do
        {
            gone = connection.Execute(
                "DELETE FROM records WHERE number IN (SELECT number FROM records WHERE number <= @last ORDER BY number LIMIT @RowsPerStep)", new { last, RowsPerStep });
            Thread.Sleep(20);
        }
        while (gone == RowsPerStep);
    }
}
