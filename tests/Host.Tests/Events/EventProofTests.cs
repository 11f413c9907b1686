using Ballast.Host.Events;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Events;

/// <summary>What a record proves when the host was dead for a part of the event: what was not seen is not called a failure, and not kept either.</summary>
public sealed class EventProofTests
{
    private static EventRecord Record(ToySite site, LimitResult result) => site.Context.Events.RecordOf(result.Limit!.Entry.EventId)!;

    private static ToySite Unmetered() => new(change: o => o with { Meter = new MeterSection { Configured = false } });

    private static void Dead(ToySite site, double seconds)
    {
        site.HostAlive = false;
        site.Run(seconds);
        site.NewHost();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void F3_a_host_dead_from_the_order_to_the_end_says_that_the_proof_is_missing_and_not_that_boards_failed(bool metered)
    {
        ToySite site = (metered ? new ToySite() : Unmetered()).UpAndRunning();
        LimitResult taken = site.Limit(200, extra: ",\"durationS\":60");
        site.Run(0.3);
        Dead(site, 90);
        site.Run(500);
        EventRecord over = Record(site, taken);
        Assert.Equal("completed_unproven", over.State);
        Assert.Equal(["no-sample", "unwatched"], over.Findings.Select(f => f.Code));
        Assert.InRange(over.Compliance.UnwatchedS, 58, 60);
        Assert.Null(over.Response.CapReachedAfterMs);
        Assert.Contains("the proof is missing", over.Findings[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void F3_boards_that_a_restarted_host_has_not_heard_yet_do_not_break_a_limit()
    {
        ToySite site = Unmetered().UpAndRunning();
        LimitResult taken = site.Limit(200, extra: ",\"durationS\":200");
        site.Run(60);
        Assert.NotNull(Record(site, taken).Response.CapReachedAfterMs);
        foreach (ToyBoard board in site.Boards.Take(20))
        {
            board.Mute = true;
        }

        Dead(site, 3);
        site.Run(20);
        foreach (ToyBoard board in site.Boards)
        {
            board.Mute = false;
        }

        site.Run(600);
        EventRecord over = Record(site, taken);
        Assert.Equal("completed", over.State);
        Assert.Equal(0, over.Compliance.OverS);
        Assert.True(over.Compliance.UnmeteredS > 3, "The seconds before all had spoken were judged.");
        Assert.Contains(over.Findings, f => f.Code == "unwatched");
        Assert.DoesNotContain(over.Findings, f => f.Code is "over" or "boards" or "no-sample");
    }

    [Fact]
    public void F22_boards_that_failed_stay_failed_over_a_restart()
    {
        ToySite site = new ToySite(change: o => o with { Pods = [.. o.Pods.Select(p => p with { Boards = [.. p.Boards.Select(b => b with { NameplateW = 80 })] })] }).UpAndRunning();
        LimitResult taken = site.Limit(200);
        site.Run(60);
        ToyBoard drifting = site.Boards.First(b => site.Context.Fleet.Find(b.Name)!.InCurve && b.PowerMw > 5000);
        drifting.ReportFactor = 20;
        site.Run(40, () => Record(site, taken).Boards["drifted"] == 1);
        Assert.Equal(1, Record(site, taken).Boards["drifted"]);
        site.Desk.Release("a", "rest", true);
        site.Run(1);
        Assert.Equal("restoring", Record(site, taken).State);
        drifting.ReportFactor = 1;
        Dead(site, 5);
        site.Run(500);
        Assert.Equal("completed_with_failures", Record(site, taken).State);
        Assert.Contains(Record(site, taken).Findings, f => f.Code == "boards");
    }

    [Fact]
    public void Nobody_s_word_is_no_proof()
    {
        ToySite site = Unmetered().UpAndRunning();
        foreach (ToyBoard board in site.Boards)
        {
            site.GoOffline(board);
        }

        LimitResult taken = site.Limit(200);
        site.Run(60);
        Assert.Null(Record(site, taken).Response.CapReachedAfterMs);

        // Once their last leases are over nobody is left who could draw anything (S09).
        site.Run(140);
        Assert.InRange(Record(site, taken).Response.CapReachedAfterMs!.Value, 60_000, 80_000);
        Assert.Equal(0, Record(site, taken).Compliance.OverS);
    }

    [Fact]
    public void F3_a_host_killed_again_and_again_calls_no_obedient_board_a_failure()
    {
        for (int seed = 1; seed <= 12; seed++)
        {
            Random random = new(seed);
            ToySite site = (seed % 2 == 0 ? new ToySite(seed: seed) : Unmetered()).UpAndRunning();
            LimitResult taken = site.Limit(150 + random.Next(100), extra: ",\"durationS\":" + random.Next(20, 120));
            for (int kill = 0; kill < 8; kill++)
            {
                site.Run(random.Next(1, 300) / 10.0);
                Dead(site, random.Next(1, 50) / 10.0);
            }

            site.Run(500);
            EventRecord over = Record(site, taken);
            string told = "seed " + seed + ": " + over.State + " " + string.Join(' ', over.Findings);
            Assert.True(over.State is "completed" or "completed_unproven", told);
            Assert.True(over.State == "completed" == over.Response.CapReachedAfterMs is not null, told);
            Assert.True(over.Compliance.UnwatchedS > 0, told);
            Assert.True(over.Compliance.UnwatchedS <= (over.End!.Value - over.Start).TotalSeconds, told);
        }
    }
}
