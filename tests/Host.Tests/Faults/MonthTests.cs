using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Faults;

/// <summary>Alone: what other tests hold at the same time would count.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

/// <summary>F42: neither memory nor handles nor files grow over a month, and no collection of the host is without a bound.</summary>
[Collection<Alone>]
public sealed class MonthTests
{
    private const int KeptDays = 3;

    private static readonly string SourceKey = ToySite.Key(77);

    internal static SiteOptions WithSource(SiteOptions options) => options with
    {
        Sources = [new SourceSection { Id = "tso", Kid = 3, Key = SourceKey, FreshS = 120, FallbackW = 10_000, MayRaise = true }],
    };

    internal static byte[] Signal(CoreSite site, uint seq, string op, string rest = "") => Signal(site.Time, seq, op, rest);

    internal static byte[] Signal(TimeProvider time, uint seq, string op, string rest = "")
    {
        long sent = time.GetUtcNow().ToUnixTimeMilliseconds();
        string text = string.Create(CultureInfo.InvariantCulture, $"{{\"v\":1,\"source\":\"tso\",\"seq\":{seq},\"op\":\"{op}\"{rest},\"sent\":{sent},\"kid\":3");
        string mac = Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(SourceKey), Encoding.ASCII.GetBytes("ballast/v1/demo/grid/signal\0" + text)));
        return Encoding.ASCII.GetBytes(text + ",\"mac\":\"" + mac + "\"}");
    }

    [Fact]
    public void F42_a_day_leaves_memory_and_handles_as_they_were() => Run(24, 12);

    [Fact]
    [Trait("Category", "Long")]
    public void F42_thirty_days_leave_memory_handles_and_files_as_they_were() => Run(30 * 24, 2 * 24);

    [Fact]
    public void F42_no_collection_of_the_host_grows_without_a_bound_whatever_arrives()
    {
        const int Storm = 3000;
        CoreSite site = new CoreSite(change: o => WithSource(o) with { Ladders = "auto" }).UpAndRunning();
        for (int i = 1; i <= Storm; i++)
        {
            Ladder ladder = Ladder.TryCreate([800, 6000, 10_000 + i], [0, 450, 900], 3, out _)!;
            string points = "[[800,0],[6000,450],[" + (10_000 + i) + ",900]]";
            site.Say("p1/b00/birth", "{\"contract\":1,\"model\":\"m" + i + "\",\"firmware\":\"f" + i + "\",\"chips\":1,\"boardSerial\":\"s\",\"ladderId\":" + site.Boards[0].Ladder.Id
                + ",\"ladder\":[[800,0]],\"offered\":" + points + ",\"offeredId\":" + ladder.Id + ",\"failsafeW\":0,\"nameplateW\":25}");
            site.Say("hosts/h" + i, "{\"hostId\":\"h" + i + "\",\"epoch\":1,\"online\":true}");
            site.Say("hosts/x" + i, "rubbish");
            site.Say("p1/b00/state", "{\"online\":true,\"mode\":\"mode" + i + "\",\"reason\":\"reason" + i + "\",\"boardSerial\":\"s\"}");
            site.Say("p1/b00/event", "{\"rule\":\"S" + i + "\"}");
            site.Say("p" + i + "/b00/telemetry", "{}");
            site.Say("grid/signal", "{}");
            site.Core.Context.Alarms.Set(true, "test", "A test.", "subject" + i);
            if (i < 1800 && site.Limit(100 + i, "limit" + i).Limit is { } limit && i % 3 == 0)
            {
                site.Core.Desk.Release(limit.Entry.Id, "rest", true);
            }

            if (i % 100 == 0)
            {
                site.Step(1000);
            }
        }

        site.Run(30, 1000);
        List<string> over = Reach.Over(site.Core, 2600);
        over.RemoveAll(o => o.Contains("_journal", StringComparison.Ordinal) || o.Contains(".Journal", StringComparison.Ordinal) || o.Contains("_connection", StringComparison.Ordinal) || o.Contains(".Carrier", StringComparison.Ordinal));
        Assert.True(over.Count == 0, string.Join('\n', over));

        // The next one is told why, an emergency still goes in, and so does one that replaces another.
        LimitResult refused = site.Limit(500, "one-more");
        Assert.Equal((LimitOutcome.Invalid, "id"), (refused.Outcome, refused.Fault!.Field));
        Assert.Contains("Too many limits are open (1000)", refused.Fault.Sentence, StringComparison.Ordinal);
        Assert.Equal(LimitOutcome.Created, site.Limit(50, "emergency", "emergency").Outcome);
        Assert.Equal(LimitOutcome.Created, site.Limit(40, site.Core.Context.Limits.Open.First().Entry.Id).Outcome);
    }

    private static void Run(int hours, int firstHour)
    {
        // In memory where there is such a place: what the disk takes is not the question here.
        string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "ballast-month-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            CoreSite site = new(
                change: o => WithSource(o) with
                {
                    Surplus = [new SurplusSection { Id = "sun", FreshS = 60, FallbackW = 10_000 }],
                    Schedules = [new ScheduleSection { Id = "evening", LimitW = 30, Start = "2026-01-05T17:10", DurationS = 1800, Days = ["mon", "tue", "wed", "thu", "fri"], Zone = "Europe/Berlin", Reason = "peak" }],
                },
                journal: time => new SqliteJournal(folder, new JournalOptions { Site = "demo", Host = "h1", Time = time, KeepSegments = 2, KeepEndedDays = KeptDays }));
            SqliteJournal journal = (SqliteJournal)site.Journal;
            site.UpAndRunning();
            (long Memory, int Handles, long File) first = default;
            uint seq = 0;
            int events = 0;
            long filled = 0;
            for (int second = 0, hour = 0; hour < hours;)
            {
                if (second % 60 == 0)
                {
                    site.Say("grid/signal", Signal(site, ++seq, "heartbeat"));
                }

                if (second % 20 == 0)
                {
                    site.Say("surplus", "{\"powerW\":" + (60 + (second % 7)) + ",\"sent\":" + site.NowMs + "}");
                }

                if (second % 900 == 100)
                {
                    Assert.Equal(LimitOutcome.Created, site.Limit(30, "e" + events++, "reliability", ",\"durationS\":120").Outcome);
                }

                site.Step(1000);
                if (++second % 3600 == 0)
                {
                    Assert.Null(journal.Fold());
                    Assert.Null(journal.RollUp());
                    Assert.True(site.AllRun, "hour " + hour);
                    hour++;
                    if (hour == firstHour)
                    {
                        first = Measure(folder);
                    }

                    // From then on as much goes as comes.
                    filled = hour == (KeptDays + 3) * 24 ? Measure(folder).File : filled;
                }
            }

            (long Memory, int Handles, long File) last = Measure(folder);
            string told = string.Create(CultureInfo.InvariantCulture,
                $"after {firstHour} h: {first.Memory / 1024} KiB, {first.Handles} handles, ledger {first.File / 1024} KiB; after {hours} h: {last.Memory / 1024} KiB, {last.Handles} handles, ledger {last.File / 1024} KiB ({filled / 1024} when it was filled); {events} events");
            TestContext.Current.TestOutputHelper?.WriteLine(told);
            TestContext.Current.SendDiagnosticMessage("{0}", told);
            Assert.True(last.Memory < first.Memory + 1_000_000, told);
            Assert.True(last.Handles <= first.Handles + 8, told);
            Assert.True(filled == 0 || last.File < filled * 1.2, told);
            Assert.Null(journal.Problem);
            Assert.Equal("", string.Join('\n', Reach.Over(site.Core, 2600)));
            journal.Dispose();
            Assert.Equal(0, LedgerAudit.Verify(folder).ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (long Memory, int Handles, long File) Measure(string folder)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), Directory.GetFiles("/proc/self/fd").Length, new FileInfo(Path.Combine(folder, SqliteJournal.FileName)).Length);
    }
}
