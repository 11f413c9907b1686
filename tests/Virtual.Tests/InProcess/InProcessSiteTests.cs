using Ballast.Virtual.InProcess;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Tests.InProcess;

/// <summary>The real host and the real agents in simulated time.</summary>
public sealed class InProcessSiteTests
{
    [Fact]
    public void The_site_starts_obeys_a_cap_and_an_emergency_and_comes_back()
    {
        using var site = new InProcessSite(new InProcessOptions());
        Assert.True(site.RunUntil(() => site.PowerMw > 0.92 * site.FullMw, 180_000), Text(site));

        long half = (site.FullMw + site.FloorMw) / 2_000;
        Assert.NotNull(site.SetCap(half, GridClass.Economic).Limit);
        site.RunFor(30_000);
        Assert.InRange(site.PowerMw, 0.75 * half * 1_000, half * 1_020);

        site.SetCap(0, GridClass.Emergency);
        site.RunFor(1_000);
        Assert.True(site.PowerMw < site.FloorMw * 1.02, Text(site));

        site.Release();
        Assert.True(site.RunUntil(() => site.PowerMw > 0.92 * site.FullMw, 240_000), Text(site));
        Assert.True(site.Oracle.Held, Text(site));
        Assert.True(site.Oracle.SamplesUnderCap > 10);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        Assert.Equal(Trace(1), Trace(1));
        Assert.NotEqual(Trace(1), Trace(2));

        static List<long> Trace(int seed)
        {
            using var site = new InProcessSite(new InProcessOptions { Boards = 10, Seed = seed, Transport = new TransportOptions { LossPermille = 50 } });
            List<long> trace = [];
            site.Sampled += (_, mw) => trace.Add(mw);
            site.RunFor(100_000);
            Assert.True(site.Broker.Lost > 0);
            return trace;
        }
    }

    [Fact]
    public void Boards_that_do_not_shed_are_found_by_the_oracle_S16()
    {
        using var site = new InProcessSite(new InProcessOptions());
        site.RunUntil(() => site.PowerMw > 0.92 * site.FullMw, 180_000);
        foreach (Power.PowerBoard board in site.Boards)
            board.Model.StuckMw = board.PowerMw;
        site.SetCap(0, GridClass.Emergency);
        site.RunFor(5_000);
        Assert.Contains(site.Oracle.Findings, f => f.Rule == "S16");
    }

    internal static string Text(InProcessSite site)
        => FormattableString.Invariant($"{site.AtMs / 1000.0} s, {site.PowerMw / 1000.0} W of {site.FullMw / 1000.0} W, floor {site.FloorMw / 1000.0} W, {site.Boards.Count(b => b.Agent.Snapshot.Admitted)} admitted, {(site.Leader.IsRunning ? site.Leader.Picture.ToString() : "no host")}\n")
            + string.Join('\n', site.Oracle.Findings.Take(10));
}
