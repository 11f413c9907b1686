using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Ledger;

/// <summary>Files of rolled-up segments and the seal of the database were changed, lost or exchanged: the first record that is wrong is named.</summary>
public sealed class SegmentAuditTests(TamperedLedger ledger) : IClassFixture<TamperedLedger>
{
    private static (long Segment, long Number) At(AuditReport report) => (report.Fault?.Segment ?? 0, report.Fault?.Number ?? 0);

    // A record's text with a hash that fits to what stands before it.
    private static string Fitting(string before, string line) => LedgerHash.Next(before[..64], line) + " " + line;

    public static TheoryData<string, int, Action<List<string>>, long> Changes => new()
    {
        { "a text", 1, l => l[4] = l[4].Replace("500", "900", StringComparison.Ordinal), 5 },
        { "a text and its hash", 1, l => l[4] = Fitting(l[3], l[4][65..].Replace("500", "900", StringComparison.Ordinal)), 6 },
        { "a hash", 2, l => l[3] = new string('0', 64) + l[3][64..], 15 },
        { "a record is gone", 2, l => l.RemoveAt(3), 15 },
        { "the first record is gone", 1, l => l.RemoveAt(0), 1 },
        { "two records are exchanged", 2, l => (l[5], l[6]) = (l[6], l[5]), 17 },
        { "a record stands twice", 1, l => l.Insert(2, l[1]), 3 },
        { "a line of something else", 1, l => l.Insert(7, "nothing"), 8 },
        { "the last record is gone", 2, l => l.RemoveAt(9), 0 },
        { "the anchor is gone", 1, l => l.RemoveAt(11), 11 },
        { "the end from the fifth on", 2, l => l.RemoveRange(4, l.Count - 6), 0 },
        { "the anchor was changed", 1, l => l[11] = l[11].Replace("demo", "dema", StringComparison.Ordinal), 0 },
        { "something follows the anchor", 2, l => l[^1] = "more", 22 },
        { "an empty line follows the anchor", 2, l => l.Add(""), 22 },
        { "other line ends", 1, l => l[2] += "\r", 3 },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void A_changed_file_is_named_by_its_first_wrong_record(string what, int segment, Action<List<string>> change, long number)
    {
        AuditReport report = ledger.Audit(f => TamperedLedger.Lines(f, segment, change));
        Assert.True((segment, number) == At(report), what + ": " + report.Fault);
        Assert.Equal(1, report.ExitCode);
    }

    [Fact]
    public void Exchanged_files_are_named_by_the_first_record()
    {
        AuditReport report = ledger.Audit(f =>
        {
            (string one, string two) = (TamperedLedger.FileOf(f, 1), TamperedLedger.FileOf(f, 2));
            File.Move(one, one + ".x");
            File.Move(two, one);
            File.Move(one + ".x", two);
        });
        Assert.Equal((1, 1), At(report));
    }

    [Theory]
    [InlineData(1, "segment 1 (2026-03-01, records 1 to 11)")]
    [InlineData(2, "segment 2 (2026-03-02, records 12 to 21)")]
    public void A_missing_file_leaves_its_segment_unproven_and_the_rest_proven(int segment, string named)
    {
        AuditReport report = ledger.Audit(f => File.Delete(TamperedLedger.FileOf(f, segment)));
        Assert.Null(report.Fault);
        Assert.Equal(3, report.ExitCode);
        Assert.StartsWith(named, report.Unproven[0], StringComparison.Ordinal);
        Assert.Contains(report.Proven, p => p.StartsWith(segment == 1 ? "30 records in 3 segments" : "31 records in 3 segments", StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_file_is_found_although_the_one_before_it_is_missing()
        => Assert.Equal((2, 15), At(ledger.Audit(f =>
        {
            TamperedLedger.Lines(f, 2, l => l[3] = new string('0', 64) + l[3][64..]);
            File.Delete(TamperedLedger.FileOf(f, 1));
        })));

    [Theory]
    [InlineData("DELETE FROM records WHERE number=22", 3, 22)]
    [InlineData("DELETE FROM records WHERE number=30", 3, 30)]
    [InlineData("DELETE FROM records WHERE number=32", 3, 32)]
    [InlineData("UPDATE records SET line=replace(line,'l4','l5') WHERE number=41", 4, 41)]
    [InlineData("DELETE FROM records WHERE number<31", 3, 22)]
    public void A_record_of_the_database_that_is_gone_or_changed_is_named(string sql, long segment, long number)
        => Assert.Equal((segment, number), At(ledger.Audit(f => TamperedLedger.Sql(f, sql))));

    [Fact]
    public void The_last_record_of_a_closed_segment_is_missed_by_its_anchor()
    {
        AuditReport report = ledger.Audit(f => TamperedLedger.Sql(f, "DELETE FROM records WHERE number=31"));
        Assert.Equal((3, 0), At(report));
        Assert.Contains("the anchor counts records 22 to 31, there are 22 to 30", report.Fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_segment_of_which_nothing_is_left_but_its_anchor_is_never_called_proven()
    {
        AuditReport report = ledger.Audit(f => TamperedLedger.Sql(f, "DELETE FROM records WHERE number<32"));
        Assert.Null(report.Fault);
        Assert.Contains(report.Unproven, u => u.StartsWith("segment 3 (2026-03-03, records 22 to 31): its records are not here", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_its_seal_a_database_is_not_wrong_and_not_all_proven()
    {
        AuditReport report = ledger.Audit(f => File.Delete(LedgerSeal.PathFor(TamperedLedger.DatabaseOf(f))));
        Assert.Null(report.Fault);
        Assert.Equal(3, report.ExitCode);
        Assert.Contains(report.Unproven, u => u.Contains("it has no seal", StringComparison.Ordinal));
        Assert.Contains(report.Unproven, u => u.StartsWith("records 32 to 41: no signature covers them yet", StringComparison.Ordinal));

        // With a head from an acknowledgement the records are proven, and only the other bytes are not.
        report = ledger.Audit(f => File.Delete(LedgerSeal.PathFor(TamperedLedger.DatabaseOf(f))), new AuditInputs { Head = ledger.Head });
        Assert.Single(report.Unproven);
    }

    [Fact]
    public void A_damaged_seal_one_of_other_bytes_one_of_another_head_and_one_of_another_key_are_found()
    {
        string Seal(string folder) => LedgerSeal.PathFor(TamperedLedger.DatabaseOf(folder));
        string Fault(Action<string> tamper, AuditInputs? inputs = null) => ledger.Audit(tamper, inputs).Fault?.What ?? "nothing";
        Assert.Contains("is damaged", Fault(f => File.AppendAllText(Seal(f), "\n")), StringComparison.Ordinal);
        Assert.Contains("is damaged", Fault(f => File.WriteAllText(Seal(f), "")), StringComparison.Ordinal);
        Assert.Contains("is damaged", Fault(f => File.WriteAllText(Seal(f), File.ReadAllText(Seal(f)).Replace("\"utcMs\":1", "\"utcMs\":2", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("another length", Fault(f =>
        {
            using FileStream file = new(TamperedLedger.DatabaseOf(f), FileMode.Append);
            file.WriteByte(0);
        }), StringComparison.Ordinal);
        Assert.Contains("stands beside a sealed database", Fault(f => File.WriteAllText(TamperedLedger.DatabaseOf(f) + "-wal", "x")), StringComparison.Ordinal);

        void Anew(string folder, LedgerHead head)
        {
            using LedgerFolder thief = new();
            using LedgerKey own = LedgerKey.Open(thief.Path);
            LedgerSeal.Write(TamperedLedger.DatabaseOf(folder), head, 1, own);
        }

        Assert.Contains("names another head", Fault(f => Anew(f, ledger.Head with { Number = 40 })), StringComparison.Ordinal);
        Assert.Contains("signed by another key", Fault(f => Anew(f, ledger.Head), new AuditInputs { Key = ledger.Key }), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_after_a_removed_end_is_missed_by_who_has_an_acknowledgement()
    {
        AuditReport report = ledger.Audit(f => TamperedLedger.Sql(f, "DELETE FROM records WHERE number=41"), new AuditInputs { Head = ledger.Head });
        Assert.Equal((4, 40), At(report));
        Assert.Contains("names record 41", report.Fault!.What, StringComparison.Ordinal);
    }
}
