using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Ledger;

/// <summary>One changed byte anywhere is found: in a closed database, in its seal, and in a segment's file.</summary>
public sealed class FlippedByteTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public FlippedByteTests()
    {
        using SqliteJournal journal = _folder.Open(keepSegments: 1, pageSize: 512);
        for (uint day = 1; day <= 3; day++)
        {
            _folder.Day(journal, day);
            _folder.NextDay();
        }

        journal.RollUp();
        journal.RollUp();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sample_of_a_segment_file() => EveryByte(Assert.Single(Directory.GetFiles(_folder.Segments)), 5, p => p);

    [Fact]
    [Trait("Category", "Long")]
    public void Every_byte_of_a_segment_file() => EveryByte(Assert.Single(Directory.GetFiles(_folder.Segments)), 1, p => p);

    [Fact]
    public void Every_byte_of_the_seal() => EveryByte(_folder.Database + ".seal", 1, _ => _folder.Path);

    [Fact]
    public void A_sample_of_the_database() => EveryByte(_folder.Database, 97, _ => _folder.Path);

    [Fact]
    [Trait("Category", "Long")]
    public void Every_byte_of_the_database() => EveryByte(_folder.Database, 1, _ => _folder.Path);

    [Fact]
    public void The_audit_of_the_untouched_ledger_passes() => Assert.Equal(0, LedgerAudit.Verify(_folder.Path).ExitCode);

    private static void EveryByte(string file, int step, Func<string, string> audited)
    {
        byte[] good = File.ReadAllBytes(file);
        List<int> missed = [];
        for (int i = 0; i < good.Length; i += step)
        {
            // One bit, another one at each byte: the smallest change there is.
            byte[] bad = (byte[])good.Clone();
            bad[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(file, bad);
            if (LedgerAudit.Verify(audited(file)).ExitCode != 1)
            {
                missed.Add(i);
            }
        }

        File.WriteAllBytes(file, good);
        Assert.True(missed.Count == 0, "not found at " + string.Join(' ', missed.Take(20)));
        Assert.NotEqual(1, LedgerAudit.Verify(audited(file)).ExitCode);
    }
}
