using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Ledger;

/// <summary>The table of signed anchors was tampered with: the audit names the first segment that does not fit.</summary>
public sealed class AnchorAuditTests(TamperedLedger ledger) : IClassFixture<TamperedLedger>
{
    private static (long Segment, long Number) At(AuditReport report) => (report.Fault?.Segment ?? 0, report.Fault?.Number ?? 0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_missing_anchor_is_named_and_not_a_record_that_is_there(int segment)
    {
        AuditReport report = ledger.Audit(f => TamperedLedger.Sql(f, "DELETE FROM anchors WHERE segment=" + segment));
        Assert.Equal((segment, 0), At(report));
        Assert.Contains("its anchor is not here", report.Fault!.What, StringComparison.Ordinal);
        Assert.Equal(1, report.ExitCode);
    }

    [Theory]
    [InlineData(1, "line", "\"last\":11", "\"last\":12")]
    [InlineData(2, "line", "\"first\":12", "\"first\":11")]
    [InlineData(3, "line", "\"site\":\"demo\"", "\"site\":\"other\"")]
    [InlineData(3, "signature", "30", "31")]
    public void A_changed_anchor_or_signature_is_named(int segment, string column, string old, string now)
    {
        AuditReport report = ledger.Audit(f => TamperedLedger.Sql(f, "UPDATE anchors SET " + column + "=replace(" + column + ",@old,@now) WHERE segment=@segment", new { old, now, segment }));
        Assert.Equal((segment, 0), At(report));
        Assert.Contains("its anchor or the signature of it was changed", report.Fault!.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE anchors SET segment=CASE segment WHEN 1 THEN -2 ELSE -1 END WHERE segment<3; UPDATE anchors SET segment=-segment WHERE segment<0", 1)]
    [InlineData("UPDATE anchors SET segment=CASE segment WHEN 2 THEN -3 ELSE -2 END WHERE segment>1; UPDATE anchors SET segment=-segment WHERE segment<0", 2)]
    [InlineData("INSERT INTO anchors SELECT 4, line, signature FROM anchors WHERE segment=3", 4)]
    [InlineData("UPDATE anchors SET segment=5 WHERE segment=3", 5)]
    [InlineData("UPDATE anchors SET signature=(SELECT signature FROM anchors WHERE segment=2) WHERE segment=1", 1)]
    public void Anchors_in_another_order_each_with_a_good_signature_are_named(string sql, int segment)
        => Assert.Equal((segment, 0), At(ledger.Audit(f => TamperedLedger.Sql(f, sql))));

    [Theory]
    [InlineData(1, "first")]
    [InlineData(1, "last")]
    [InlineData(2, "previous")]
    [InlineData(2, "head")]
    [InlineData(3, "day")]
    [InlineData(3, "kinds")]
    public void An_anchor_that_somebody_signed_anew_with_a_key_of_his_own_must_still_be_that_of_the_records(int segment, string member)
    {
        AuditReport report = ledger.Audit(f =>
        {
            // The file of a rolled-up segment is found by the day of its anchor.
            TamperedLedger.SignAnew(f, segment, a => member switch
            {
                "first" => a with { First = a.First + 1 },
                "last" => a with { Last = a.Last - 1 },
                "previous" => a with { Previous = LedgerHead.ZeroHash },
                "head" => a with { Head = LedgerHead.ZeroHash },
                "day" => a with { Day = "2026-03-04" },
                _ => a with { Kinds = new Dictionary<string, long> { ["state"] = 1, ["note"] = 9 } },
            });
        });
        Assert.Equal(segment, report.Fault?.Segment);
    }

    [Fact]
    public void An_anchor_with_the_right_content_and_a_foreign_key_is_refused_by_who_has_the_key_and_shown_to_who_has_not()
    {
        Action<string> sign = f => TamperedLedger.SignAnew(f, 2, a => a);
        Assert.Contains("signed by another key", ledger.Audit(sign, new AuditInputs { Key = ledger.Key }).Fault!.What, StringComparison.Ordinal);
        Assert.Equal(2, ledger.Audit(sign).Proven.Count(p => p.StartsWith("signed by the key that the ledger names", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_a_segment_whose_file_is_gone_the_anchor_must_continue_the_chain()
    {
        AuditReport report = ledger.Audit(f =>
        {
            File.Delete(TamperedLedger.FileOf(f, 2));
            TamperedLedger.SignAnew(f, 2, a => a with { Previous = LedgerHead.ZeroHash });
        });
        Assert.Equal((2, 0), At(report));
        Assert.Contains("does not follow from the segment before it", report.Fault!.What, StringComparison.Ordinal);
        report = ledger.Audit(f =>
        {
            File.Delete(TamperedLedger.FileOf(f, 2));
            TamperedLedger.SignAnew(f, 2, a => a with { Last = a.Last + 1 });
        });
        Assert.Equal((2, 12), At(report));
    }
}
