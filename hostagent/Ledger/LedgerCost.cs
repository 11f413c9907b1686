using System.Diagnostics;
using System.Globalization;
using Ballast.Wire;

namespace Ballast.Host.Ledger;

/// <summary>A site whose ledger is to be measured.</summary>
public sealed record CostSite(int Boards, int Pods, int ChangesPerHour, int EventsPerDay);

/// <summary>What a day of a site costs: writes, bytes, and how long one write takes on this disk. Figures are printed, never asserted.</summary>
public static class LedgerCost
{
    /// <summary>Writes a day and prints the table.</summary>
    public static void Measure(CostSite site, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(output);
        string folder = Directory.CreateTempSubdirectory("ballast-cost-").FullName;
        try
        {
            string database = Path.Combine(folder, SqliteJournal.FileName);
            long orders, limits, energy, empty;
            List<double> orderMs, limitMs, energyMs;
            using (SqliteJournal journal = new(folder, new JournalOptions { Site = "cost" }))
            {
                journal.CommitEpoch(1, 1);
                empty = Size(journal, database);
                orderMs = Orders(journal, site);
                orders = Size(journal, database);
                limitMs = Limits(journal, site);
                limits = Size(journal, database);
                energyMs = Energy(journal, site);
                energy = Size(journal, database);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a day of {site.Boards} boards in {site.Pods} pods, {site.ChangesPerHour} changes of the orders an hour, {site.EventsPerDay} limits"));
            output.WriteLine("records       writes    MB a day   ms a write: median, 99th, worst");
            Row(output, "orders", orderMs, (orders - empty) * 24);
            Row(output, "limits", limitMs, limits - orders);
            Row(output, "energy", energyMs, (energy - limits) * 96 / 4);
            output.WriteLine("orders: one hour was written and counted 24 times; energy: four intervals of 96; limits: all.");
            double total = ((orders - empty) * 24) + (limits - orders) + ((energy - limits) * 24);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"file growth a day: {total / 1e6:0.0} MB; in the database at 7 kept segments: {total * 8 / 1e6:0} MB; the rest moves to files"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<double> Orders(SqliteJournal journal, CostSite site) => Times(site.ChangesPerHour, i => journal.SaveOrders(
        [.. Enumerable.Range(0, site.Pods).Select(p => new JournaledOrder("pod-" + p.ToString(CultureInfo.InvariantCulture), 1, (uint)i, (uint)((i * site.Pods) + p), OrderClass.Economic, 18_000 + i, (uint)i * 7919, 9))],
        1.1,
        i));

    // Ten writes of half an hour's event with its decision, as the host makes them, and thirty parts of its series.
    private static List<double> Limits(SqliteJournal journal, CostSite site) => Times(site.EventsPerDay * 40, i => i % 4 != 0 ? journal.AppendSeries("event-" + (i / 40).ToString(CultureInfo.InvariantCulture), i % 40, new byte[60 * 17]) : SaveLimit(journal, site, i / 4));

    private static bool SaveLimit(SqliteJournal journal, CostSite site, int i) => journal.SaveLimit(new JournaledLimit
    {
        EventId = "event-" + (i / 10).ToString(CultureInfo.InvariantCulture),
        Record = "{\"pods\":[" + string.Join(',', Enumerable.Range(0, site.Pods).Select(p => "{\"pod\":\"pod-" + p.ToString(CultureInfo.InvariantCulture) + "\",\"fromLimitMjPerTh\":18000,\"toLimitMjPerTh\":17000,\"fromW\":123456.7,\"toW\":113456.7}")) + "]}",
        Id = "limit-" + (i / 10).ToString(CultureInfo.InvariantCulture),
        Source = "grid",
        Node = "site",
        LimitW = 1e6,
        StartUtcMs = i,
        Reason = "measured",
        CreatedUtcMs = i,
        State = i % 10 == 9 ? "completed" : "active",
    });

    private static List<double> Energy(SqliteJournal journal, CostSite site)
    {
        int perPod = (site.Boards + site.Pods - 1) / site.Pods;
        List<EnergyPod> pods =
        [
            .. Enumerable.Range(0, site.Pods).Select(p => new EnergyPod("pod-" + p.ToString(CultureInfo.InvariantCulture), [.. Enumerable.Range(0, perPod).Select(b => ("b" + b.ToString("000", CultureInfo.InvariantCulture), new EnergyCell(900_000)))])),
        ];
        EnergyBook book = new(pods, metered: true);
        List<double> times = [];
        for (int quarter = 0; quarter <= 4; quarter++)
        {
            long ms = quarter * 900_000L;
            book.Tick(ms, ms);
            foreach ((_, EnergyCell cell) in pods.SelectMany(p => p.Boards))
            {
                cell.Sample(1_000_000, ms);
            }

            while (book.Waiting > 0)
            {
                times.AddRange(Times(1, _ => book.WriteOne(journal)));
            }
        }

        return times;
    }

    private static List<double> Times(int count, Func<int, bool> write)
    {
        List<double> times = new(count);
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            if (!write(i))
            {
                throw new IOException("The temporary ledger cannot be written: free disk space.");
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static long Size(SqliteJournal journal, string database)
    {
        journal.Fold();
        return new FileInfo(database).Length;
    }

    private static void Row(TextWriter output, string name, List<double> ms, long bytes)
    {
        ms.Sort();
        double At(double part) => ms.Count == 0 ? 0 : ms[Math.Min(ms.Count - 1, (int)(ms.Count * part))];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {ms.Count,9} {bytes / 1e6,11:0.00}   {At(0.5):0.00}, {At(0.99):0.00}, {At(1):0.00}"));
    }
}
