using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Processes;
using Ballast.Virtual.Site;
using Ballast.Wire;

namespace Ballast.EndToEnd;

/// <summary>Two hosts as two processes, one broker, boards of the real firmware: who leads, and what the boards do meanwhile (S18).</summary>
public class TakeoverTests
{
    [Fact]
    public async Task F3_S18_a_second_host_takes_over_from_one_that_hangs_without_a_step_cuts_and_the_first_gives_way_when_it_wakes()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using var site = new VirtualSite(new SiteOptions
        {
            Boards = 4,
            RestMs = 2_000,
            Times = new SiteTimes { RampS = 2, SpreadS = 1, FailSpreadS = 1, RampUpWPerS = 40 },
        });
        site.Start();
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.Agent.Snapshot is { Admitted: true, Mode: BoardMode.Running }), "all boards running");
        await site.SetCapAsync(site.FullMw * 6 / 10, GridClass.Reliability, "known to the first host only", stop);
        await Wait.UntilAsync(site, () => Running(site).Count < site.Fleet.Boards.Count, "the limit is obeyed");
        using var second = new HostClient(site.StartStandby().Page!);
        await UntilAsync(site, second, "phase", "passive");
        await Wait.UntilAsync(site, () => site.View().MeterMw <= site.FullMw * 6 / 10 && site.Fleet.Boards.All(b => b.Agent.Snapshot.Mode is BoardMode.Asleep or BoardMode.Running), "the site under its limit, all boards settled");
        HashSet<string> running = Running(site);
        uint epoch = Epoch(site);

        // It neither says good-bye nor closes a socket: only its silence tells.
        site.HostProcess.Freeze();
        await UntilAsync(site, second, "phase", "leading", () => Assert.Subset(running, Running(site)));
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.Agent.Snapshot.DispatchEpoch > epoch), "all boards follow the second host");
        Assert.Equal(running, Running(site));
        using (JsonDocument state = await second.GetAsync("api/site", stop))
            Assert.True(state.RootElement.GetProperty("held").GetBoolean());

        // What it is told now counts at once.
        site.Oracle.OnCap(site.Clock.NowMs, 0, GridClass.Emergency);
        string cut = await second.SetLimitAsync(0, GridClass.Emergency, "everything back", stop);
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.Agent.Snapshot.Mode == BoardMode.Asleep), "all boards off");

        // The first one wakes in the belief that it leads. Its orders are of an older epoch, and nothing rises.
        epoch = Epoch(site);
        site.HostProcess.Thaw();
        await UntilAsync(site, site.Host, "phase", "passive", () => Assert.Empty(Running(site)));
        await Wait.SecondsAsync(12);
        Assert.Empty(Running(site));
        Assert.Equal(epoch, Epoch(site));
        Assert.All(site.Fleet.Boards, b => Assert.Equal(epoch, b.Agent.Snapshot.DispatchEpoch));

        // An operator who has looked lifts the hold; then the boards come back under the second host.
        site.Oracle.OnCap(site.Clock.NowMs, null, GridClass.Economic);
        await second.ReleaseAsync(cut, stop);
        await Wait.SecondsAsync(5);
        Assert.Empty(Running(site));
        using var http = new HttpClient { BaseAddress = site.Standby!.Page };
        using var lift = new StringContent("{\"on\":false,\"reason\":\"looked\"}", Encoding.UTF8, "application/json");
        (await http.PostAsync(new Uri("api/hold", UriKind.Relative), lift, stop)).EnsureSuccessStatusCode();
        await Wait.UntilAsync(site, () => Running(site).Count == site.Fleet.Boards.Count, "all boards back");
        Assert.Empty(site.Oracle.Findings);
    }

    private static HashSet<string> Running(VirtualSite site)
        => [.. site.Fleet.Boards.Where(b => b.Agent.Snapshot.Mode is not BoardMode.Asleep).Select(b => b.Identity.Board)];

    private static uint Epoch(VirtualSite site) => site.Fleet.Boards.Max(b => b.Agent.Snapshot.DispatchEpoch);

    // Asks a host until it says so; what must hold meanwhile is looked at each time.
    private static async Task UntilAsync(VirtualSite site, HostClient host, string member, string value, Action? meanwhile = null)
    {
        string said = "";
        long start = Stopwatch.GetTimestamp();
        while (said != value && Stopwatch.GetElapsedTime(start) < Wait.Patience)
        {
            await Wait.SecondsAsync(0.1);
            site.CheckAlive();
            meanwhile?.Invoke();
            using JsonDocument state = await host.GetAsync("api/site", TestContext.Current.CancellationToken);
            said = state.RootElement.GetProperty(member).GetString() ?? "";
        }

        Assert.True(said == value, member + " is " + said + " and not " + value + "\n" + Wait.Describe(site));
    }
}
