using System.Text;
using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Ledger;

/// <summary>One changed byte in a backup or an export is found, and one in a record's text names that record.</summary>
public sealed class FlippedCopyTests : IDisposable
{
    private readonly LedgerFolder _folder = new();
    private readonly string _copy;

    public FlippedCopyTests()
    {
        _copy = Path.Combine(_folder.Path, "copy");
        Directory.CreateDirectory(_copy);
        using SqliteJournal journal = _folder.Open(pageSize: 512);
        for (uint day = 1; day <= 2; day++)
        {
            _folder.Day(journal, day);
            _folder.NextDay();
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Backup()
    {
        string file = Path.Combine(_copy, "backup.db");
        LedgerBackup.Make(_folder.Path, file);
        return file;
    }

    private string Export(ExportFormat format)
    {
        string file = Path.Combine(_copy, "export." + (format == ExportFormat.Json ? "json" : "csv"));
        LedgerExport.ToFile(_folder.Path, file, new ExportFilter(null, null, null), format);
        return file;
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("json")]
    [InlineData("csv")]
    public void A_sample_of_a_copy(string what) => Flip(what, 61);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("backup")]
    [InlineData("json")]
    [InlineData("csv")]
    public void Every_byte_of_a_copy(string what) => Flip(what, 1);

    [Fact]
    public void A_changed_record_of_a_closed_ledger_is_named()
    {
        byte[] good = File.ReadAllBytes(_folder.Database);
        for (int number = 2; number <= 8; number++)
        {
            byte[] bad = (byte[])good.Clone();
            int at = good.AsSpan().IndexOf(Encoding.ASCII.GetBytes("{\"number\":" + number + ",")) + 4;
            Assert.True(at > 4);
            bad[at] ^= 1;
            File.WriteAllBytes(_folder.Database, bad);
            AuditReport report = LedgerAudit.Verify(_folder.Path);
            Assert.Equal(1, report.ExitCode);
            Assert.Equal(number, report.Fault!.Number);
        }
    }

    private void Flip(string what, int step)
    {
        string file = what == "backup" ? Backup() : Export(what == "json" ? ExportFormat.Json : ExportFormat.Csv);
        Assert.NotEqual(1, LedgerAudit.Verify(file).ExitCode);
        byte[] good = File.ReadAllBytes(file);
        List<int> missed = [];
        for (int i = 0; i < good.Length; i += step)
        {
            byte[] bad = (byte[])good.Clone();
            bad[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(file, bad);
            AuditReport report = LedgerAudit.Verify(file);
            if (report.ExitCode != 1 || report.Fault is null)
            {
                missed.Add(i);
            }
        }

        Assert.True(missed.Count == 0, what + ": not found at " + string.Join(' ', missed.Take(20)));
    }
}
