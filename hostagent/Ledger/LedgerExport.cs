using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Ballast.Host.Ledger;

/// <summary>Form of an export.</summary>
public enum ExportFormat
{
    /// <summary>One line a record: number, segment, utc, kind, hash, body as JSON; energy one line a board instead.</summary>
    Csv,

    /// <summary>One object: the head, and the records with their hashes.</summary>
    Json,
}

/// <summary>Which records an export takes.</summary>
/// <param name="Kind">Kind, or null for all.</param>
/// <param name="From">First time, or null.</param>
/// <param name="To">Time after the last, or null.</param>
public sealed record ExportFilter(string? Kind, DateTimeOffset? From, DateTimeOffset? To)
{
    internal bool Takes(LedgerRecord record)
        => (Kind is null || record.Kind == Kind)
            && (From is null || record.UtcMs >= From.Value.ToUnixTimeMilliseconds()) && (To is null || record.UtcMs < To.Value.ToUnixTimeMilliseconds());
}

/// <summary>Writes records for people and their tables. Segments that have moved to files are read from there.</summary>
public static class LedgerExport
{
    private const string EnergyHeader = "start_utc,seconds,node,energy_wh,gap_s";

    /// <summary>Exports into a sealed file.</summary>
    /// <param name="path">Folder of a ledger, or a backup.</param>
    /// <param name="target">The file; it must not exist yet.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="format">Form.</param>
    /// <returns>Head of the ledger at that moment.</returns>
    /// <exception cref="IOException">A file is there or missing.</exception>
    /// <exception cref="LedgerUnreadableException">The ledger cannot be read.</exception>
    public static LedgerHead ToFile(string path, string target, ExportFilter filter, ExportFormat format)
    {
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        string database = Directory.Exists(path) ? Path.Combine(path, SqliteJournal.FileName) : path;
        if (!File.Exists(database))
        {
            throw new FileNotFoundException("There is no ledger at '" + path + "'.", database);
        }

        if (File.Exists(target))
        {
            throw new IOException("'" + target + "' is already there: name a new file.");
        }

        LedgerHead head;
        using (StreamWriter writer = new(target, false, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            head = Write(database, folder, writer, filter, format);
        }

        if (File.Exists(Path.Combine(folder, LedgerKey.PrivateName)))
        {
            using LedgerKey key = LedgerKey.Open(folder);
            LedgerSeal.Write(target, head, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), key);
        }

        return head;
    }

    /// <summary>Exports into a writer.</summary>
    /// <returns>Head of the ledger at that moment.</returns>
    /// <exception cref="LedgerUnreadableException">The ledger cannot be read.</exception>
    public static LedgerHead Write(string database, string folder, TextWriter writer, ExportFilter filter, ExportFormat format)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(filter);
        try
        {
            using LedgerCopy copy = LedgerCopy.Make(database);
            using SqliteConnection connection = SqliteJournal.Connect(copy.Path, SqliteOpenMode.ReadWrite);
            LedgerHead head = ChainTables.Head(connection);
            IEnumerable<(LedgerRecord Record, string Hash)> records = All(connection, folder).Where(r => filter.Takes(r.Record));
            if (format == ExportFormat.Json)
            {
                Json(writer, head, records);
            }
            else if (filter.Kind == RecordKind.Energy)
            {
                EnergyCsv(writer, records.Select(r => r.Record));
            }
            else
            {
                Csv(writer, records);
            }

            return head;
        }
        catch (Exception error) when (error is SqliteException or InvalidOperationException or JsonException)
        {
            throw new LedgerUnreadableException("The ledger '" + database + "' cannot be read (" + error.Message.TrimEnd('.') + "): run ballast audit verify on it.", error);
        }
    }

    private static IEnumerable<(LedgerRecord Record, string Hash)> All(SqliteConnection connection, string folder)
    {
        long here = ChainTables.FirstNumber(connection);
        foreach ((_, string line, _) in ChainTables.Anchors(connection))
        {
            if (SegmentAnchor.Parse(line) is { } anchor && anchor.Last < here && File.Exists(SegmentFile.PathFor(folder, anchor)))
            {
                foreach (string text in File.ReadLines(SegmentFile.PathFor(folder, anchor)))
                {
                    if (text.Length > 65 && LedgerRecord.Parse(text[65..]) is { } old)
                    {
                        yield return (old, text[..64]);
                    }
                }
            }
        }

        foreach ((_, string line, string hash) in ChainTables.Records(connection, here))
        {
            if (LedgerRecord.Parse(line) is { } record)
            {
                yield return (record, hash);
            }
        }
    }

    private static void Json(TextWriter writer, LedgerHead head, IEnumerable<(LedgerRecord Record, string Hash)> records)
    {
        writer.Write("{\"head\":\"" + head + "\",\"records\":[");
        bool first = true;
        foreach ((LedgerRecord record, string hash) in records)
        {
            writer.Write(first ? "\n" : ",\n");
            first = false;
            writer.Write("{\"hash\":\"" + hash + "\",\"record\":" + LedgerRecord.Line(record.Number, record.Segment, record.UtcMs, record.Kind, record.Body.GetRawText()) + "}");
        }

        writer.WriteLine("\n]}");
    }

    private static void Csv(TextWriter writer, IEnumerable<(LedgerRecord Record, string Hash)> records)
    {
        writer.WriteLine("number,segment,utc,kind,hash,body");
        foreach ((LedgerRecord record, string hash) in records)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{record.Number},{record.Segment},{Utc(record.UtcMs)},{record.Kind},{hash},\"{record.Body.GetRawText().Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        }
    }

    private static void EnergyCsv(TextWriter writer, IEnumerable<LedgerRecord> records)
    {
        writer.WriteLine(EnergyHeader);
        foreach (LedgerRecord record in records)
        {
            if (record.Body.TryGetProperty("pod", out _))
            {
                Pod(writer, record.Read<PodEnergy>());
            }
            else
            {
                SiteEnergy site = record.Read<SiteEnergy>();
                Line(writer, site.StartUtcMs, site.Ms, "site/boards", site.BoardsMWh, site.BoardsGapMs);
                if (site.MeterMWh is { } metered)
                {
                    Line(writer, site.StartUtcMs, site.Ms, "site/meter", metered, site.MeterGapMs);
                }
            }
        }
    }

    private static void Pod(TextWriter writer, PodEnergy pod)
    {
        Line(writer, pod.StartUtcMs, pod.Ms, pod.Pod, pod.MWh, pod.GapMs.Values.Sum());
        foreach (string board in pod.Boards.Keys.Union(pod.GapMs.Keys).Order(StringComparer.Ordinal))
        {
            // A board that nothing is known of has a gap and no energy, not zero energy.
            Line(writer, pod.StartUtcMs, pod.Ms, pod.Pod + "/" + board, pod.Boards.TryGetValue(board, out long mwh) ? mwh : null, pod.GapMs.GetValueOrDefault(board));
        }
    }

    private static void Line(TextWriter writer, long startUtcMs, long ms, string node, long? mwh, long gapMs)
        => writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Utc(startUtcMs)},{ms / 1000.0},{node},{mwh / 1000.0},{gapMs / 1000.0}"));

    private static string Utc(long utcMs) => DateTimeOffset.FromUnixTimeMilliseconds(utcMs).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
