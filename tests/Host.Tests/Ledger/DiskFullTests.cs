using Ballast.Host.Ledger;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Ledger;

/// <summary>F31: the disk is full, and has room again.</summary>
public sealed class DiskFullTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void F31_a_full_disk_refuses_writes_and_the_chain_says_later_what_it_swallowed()
    {
        using (SqliteJournal journal = _folder.Open())
        {
            _folder.Day(journal, 1);
            LedgerHead before = journal.Head;
            journal.LimitPages(1);
            Assert.False(journal.Note("filler", new string('x', 20_000), 1));
            Assert.False(journal.SaveLimit(_folder.Limit("lost", 50) with { Reason = new string('x', 20_000) }));
            Assert.False(journal.SaveValue("long", new string('x', 20_000)));
            Assert.Contains("rises are refused", journal.Problem, StringComparison.Ordinal);
            Assert.Contains("disk is full", journal.Problem, StringComparison.Ordinal);
            Assert.Equal(before, journal.Head);
            Assert.DoesNotContain(journal.Load().Limits, l => l.Id == "lost");

            journal.LimitPages(1_000_000);
            Assert.True(journal.SaveLimit(_folder.Limit("after", 60)));
            Assert.Null(journal.Problem);
            Assert.Equal(before.Number + 2, journal.Head.Number);
        }

        Assert.Equal(0, LedgerAudit.Verify(_folder.Path).ExitCode);
        using StringWriter text = new();
        LedgerExport.Write(_folder.Database, _folder.Path, text, new ExportFilter(RecordKind.Gap, null, null), ExportFormat.Csv);
        Assert.Contains("\"\"lost\"\":3", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("[\"\"note\"\",\"\"limit\"\",\"\"value\"\"]", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void F31_a_rise_without_any_limit_comes_back_by_itself_after_an_outage_S19()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(200, extra: ",\"durationS\":60");
        site.Run(40);
        site.Journal.Fails = true;
        site.Run(120);
        Assert.True(site.PowerW <= 204, "rose to " + site.PowerW + " without a journal");
        site.Journal.Fails = false;
        site.Run(300);
        Assert.True(site.PowerW > 0.95 * site.FullW, "ended at " + site.PowerW);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task F31_a_real_small_file_system_fills_up_falls_go_on_rises_are_refused_and_all_is_kept_when_there_is_room_again()
    {
        using HostUnderKill site = new(smallState: true);
        site.Start();
        Wait.Until(() => site.AllRun, "all boards to run");
        string filler = Path.Combine(site.SeenState, "filler");
        Fill(filler);
        int tries = 0;
        while ((await site.Get("/api/ledger")).GetProperty("problem").ValueKind == System.Text.Json.JsonValueKind.Null)
        {
            Assert.True(tries++ < 500, "The disk is full, and the journal still writes.");
            await site.Send(HttpMethod.Post, "/api/hold", new { on = false, reason = "fill" });
        }

        (int status, System.Text.Json.JsonElement limit) = await site.Send(HttpMethod.Post, "/api/limits", new { @class = "economic", limitW = 40, id = "fall" });
        Assert.Equal(202, status);
        Assert.False(limit.GetProperty("durable").GetBoolean());
        Wait.Until(() => site.PowerW <= 40.8, "power to fall under a full disk");
        Assert.Equal(503, (await site.Send(HttpMethod.Delete, "/api/limits/fall")).Status);
        Assert.Contains((await site.Get("/api/site")).GetProperty("alarms").EnumerateArray(), a => a.GetProperty("code").GetString() == "journal");
        Assert.True(site.PowerW <= 40.8);

        File.Delete(filler);
        Wait.Until(() => site.Get("/api/limits").GetAwaiter().GetResult().EnumerateArray().All(l => l.GetProperty("durable").GetBoolean()), "the limit to be kept after all");
        Assert.Equal(200, (await site.Send(HttpMethod.Delete, "/api/limits/fall")).Status);
        Wait.Until(() => site.AllRun, "all boards to come back");
        string file = (await site.Send(HttpMethod.Post, "/api/ledger/backup")).Body.GetProperty("file").GetString()!;
        string copy = Path.Combine(_folder.Path, "backup.db");
        File.Copy(Path.Combine(site.SeenState, "backups", Path.GetFileName(file)), copy);
        File.Copy(Path.Combine(site.SeenState, "backups", Path.GetFileName(file) + ".seal"), copy + ".seal");
        Assert.Equal(0, LedgerAudit.Verify(copy).ExitCode);
    }

    private static void Fill(string path)
    {
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        byte[] block = new byte[4096];
        try
        {
            while (file.Length < 10_000_000)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
            return;
        }

        Assert.Fail("The small file system holds more than it should.");
    }
}
