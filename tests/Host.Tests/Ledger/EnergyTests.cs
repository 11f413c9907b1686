using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Ledger;

public sealed class EnergyTests
{
    private const long Quarter = 900_000;

    [Fact]
    public void A_constant_kilowatt_makes_250_watt_hours_a_quarter_of_an_hour()
    {
        EnergyCell cell = new(25_000);
        for (long ms = 0; ms <= Quarter; ms += 10_000)
        {
            cell.Sample(1_000_000, ms);
        }

        Assert.Equal((250_000, (int)Quarter), cell.Close(Quarter));
    }

    [Fact]
    public void A_sample_holds_25_s_and_what_lies_behind_is_a_gap_without_energy()
    {
        EnergyCell cell = new(25_000);
        cell.Sample(3_600_000, 0);
        cell.Sample(3_600_000, 60_000);
        Assert.Equal((35_000, 35_000), cell.Close(70_000));

        // What still holds goes on in the next interval.
        Assert.Equal((15_000, 15_000), cell.Close(200_000));
        Assert.Equal((0, 0), cell.Close(300_000));
    }

    [Fact]
    public void A_sample_without_a_value_begins_a_gap()
    {
        EnergyCell cell = new(25_000);
        cell.Sample(3_600_000, 0);
        cell.Sample(-1, 10_000);
        Assert.Equal((10_000, 10_000), cell.Close(30_000));
    }

    [Fact]
    public void Intervals_close_at_the_quarter_with_sums_gaps_and_nothing_invented()
    {
        EnergyCell good = new(25_000), silent = new(25_000);
        EnergyBook book = new([new EnergyPod("p1", [("b1", good), ("b2", silent)])], metered: true);
        using LedgerFolder folder = new();
        long utc = 10 * Quarter;
        for (long ms = 0; ms <= Quarter; ms += 1000)
        {
            good.Sample(2_000_000, ms);
            book.Meter(2100, ms);
            book.Tick(ms, utc + ms);
        }

        Assert.Equal(2, book.Waiting);
        using StringWriter text = new();
        using (SqliteJournal journal = folder.Open())
        {
            while (book.WriteOne(journal))
            {
            }

            LedgerExport.Write(folder.Database, folder.Path, text, new ExportFilter(RecordKind.Energy, null, null), ExportFormat.Csv);
        }

        Assert.Equal(
            [
                "start_utc,seconds,node,energy_wh,gap_s",
                "1970-01-01T02:30:00.000Z,900,p1,500,900",
                "1970-01-01T02:30:00.000Z,900,p1/b1,500,0",
                "1970-01-01T02:30:00.000Z,900,p1/b2,,900",
                "1970-01-01T02:30:00.000Z,900,site/boards,500,900",
                "1970-01-01T02:30:00.000Z,900,site/meter,525,0",
                "",
            ],
            text.ToString().Split('\n'));
    }

    [Fact]
    public void F15_a_step_of_the_wall_clock_closes_the_interval_marks_it_and_loses_no_energy()
    {
        EnergyCell cell = new(25_000);
        EnergyBook book = new([new EnergyPod("p1", [("b1", cell)])], metered: false);
        MemoryJournal recorder = new();
        long step = 0;
        for (long ms = 0; ms <= 2 * Quarter; ms += 1000)
        {
            step = ms >= 300_000 ? 3_600_000 : 0;
            cell.Sample(3_600_000, ms);
            book.Tick(ms, ms + step);
        }

        while (book.WriteOne(recorder))
        {
        }

        List<SiteEnergy> sites = [.. recorder.Bodies.OfType<SiteEnergy>()];
        Assert.Equal([true, false, false], sites.Select(s => s.ClockStepped));
        Assert.Equal([300_000, 600_000, 900_000], sites.Select(s => s.Ms));
        Assert.Equal(1_800_000, sites.Sum(s => s.BoardsMWh));
    }

    [Fact]
    public void A_journal_that_refuses_keeps_records_waiting_and_a_bounded_number_of_them()
    {
        EnergyBook book = new([], metered: false, intervalS: 1);
        MemoryJournal recorder = new() { Fails = true };
        for (long ms = 0; ms <= 5_000_000; ms += 1000)
        {
            book.Tick(ms, ms);
        }

        Assert.False(book.WriteOne(recorder));
        Assert.Equal(4000, book.Waiting);
        Assert.Equal(1000, book.Dropped);
    }
}
