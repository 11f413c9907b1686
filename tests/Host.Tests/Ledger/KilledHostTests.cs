using System.Text.Json;
using Ballast.Host.Events;
using Ballast.Host.Ledger;
using Ballast.Host.Tests.Mqtt;

namespace Ballast.Host.Tests.Ledger;

/// <summary>
/// kill -9 at random points of events: the ledger proves itself with every acknowledged head in it, no board rises without a host, the
/// limit holds, and the restarted host ends and reports the event (F32, S19).
/// </summary>
public sealed class KilledHostTests
{
    [Fact]
    public Task F32_killed_3_times_in_events() => Kills(3, 1);

    [Fact]
    [Trait("Category", "Long")]
    public Task F32_killed_50_times_in_events() => Kills(50, 2);

    private static async Task Kills(int kills, int seed)
    {
        Random random = new(seed);
        using HostUnderKill site = new();
        site.Start();
        Wait.Until(() => site.AllRun, "all boards to run");
        List<string> acknowledged = [];
        LedgerHead head = LedgerHead.Empty;
        DateTimeOffset end = DateTimeOffset.MinValue;
        DateTimeOffset settled = default;
        double capW = double.PositiveInfinity;
        for (int i = 0; i < kills; i++)
        {
            // The next event begins when power is back; kills up to 5 s after the end hit the return.
            if (DateTimeOffset.UtcNow > end.AddSeconds(5))
            {
                Wait.Until(() => site.AllRun, "all boards to run before event " + acknowledged.Count);
                capW = random.Next(30, 60);
                JsonElement limit = await site.Limit((int)capW, random.Next(20, 40));
                Assert.True(limit.GetProperty("durable").GetBoolean());
                end = limit.GetProperty("end").GetDateTimeOffset();
                settled = DateTimeOffset.UtcNow.AddSeconds(5);
                site.Expect(capW, settled, end);
                acknowledged.Add(limit.GetProperty("eventId").GetString()!);
                head = LedgerHead.Parse(limit.GetProperty("ledger").GetString())!;
            }

            await Task.Delay(random.Next(0, 3000), TestContext.Current.CancellationToken);
            site.Kill();
            AuditReport report = LedgerAudit.Verify(site.State, new AuditInputs { Head = head.Number > 0 ? head : null });
            Assert.True(report.Fault is null, "after kill " + i + ": " + report.Fault);
            await Task.Delay(random.Next(0, 1500), TestContext.Current.CancellationToken);
            Assert.Empty(site.Rises);
            Assert.Empty(site.Overs);
            site.Start();
        }

        Assert.Empty(site.Rises);
        Assert.Empty(site.Overs);
        Wait.Until(() => site.AllRun, "all boards to come back after the last event");
        string[] open = ["scheduled", "active", "restoring"];
        Wait.Until(() => site.Get("/api/limits").GetAwaiter().GetResult().EnumerateArray().All(l => !open.Contains(l.GetProperty("state").GetString())), "the restarted host to end all events");
        site.Stop();
        Assert.Equal(0, LedgerAudit.Verify(site.State, new AuditInputs { Head = head }).ExitCode);
        using SqliteJournal journal = new(site.State);
        List<EventRecord> events = [.. acknowledged.Select(id => EventBook.Parse(journal.FindEvent(id)!.Record)!)];
        foreach (EventRecord e in events)
        {
            TestContext.Current.SendDiagnosticMessage("{0}: {1}; reached after {2} ms; {3}; {4}", e.EventId, e.State, e.Response.CapReachedAfterMs, e.Compliance, string.Join(' ', e.Findings));
        }

        TestContext.Current.SendDiagnosticMessage("{0} kills, {1} events: {2}", kills, events.Count, string.Join(' ', events.Select(e => e.State)));

        // The watcher saw every board obey, so none may be called a failure; what no host lived to see is said to be unproven.
        Assert.All(events, e => Assert.True(e.State is "completed" or "completed_unproven", e.EventId + " is " + e.State + ": " + string.Join(' ', e.Findings)));
        Assert.All(events, e => Assert.Equal(e.State == "completed_unproven", e.Findings.Any(f => f.Code == "no-sample")));
    }
}
