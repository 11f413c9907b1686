using System.Diagnostics;
using Ballast.Virtual.Site;

namespace Ballast.EndToEnd;

internal static class Wait
{
    /// <summary>Waits until something holds; fails with what was waited for if it never does.</summary>
    public static async Task UntilAsync(Func<bool> holds, int withinS, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(withinS), $"Not within {withinS} s: {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The same, and a failure tells where every board and the pool stand.</summary>
    public static async Task UntilAsync(VirtualSite site, Func<bool> holds, int withinS, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            site.CheckAlive();
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(withinS))
                Assert.Fail($"Not within {withinS} s: {what}\n{Describe(site)}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static string Describe(VirtualSite site)
    {
        IEnumerable<string> boards = site.Fleet.Boards.Select(b =>
            $"{b.Identity.Pod}/{b.Identity.Board}: {b.Agent.Snapshot.Mode} ({b.Agent.Snapshot.Reason}), true {b.PowerMw} mW, effective {b.Agent.Snapshot.EffectiveMw} mW, "
            + $"admitted {b.Agent.Snapshot.Admitted}, connected {b.Link.IsConnected}, seq {b.Agent.Snapshot.DispatchSeq}, {b.Agent.Snapshot.FreqKhz} kHz, "
            + $"rejects {string.Join(' ', b.Agent.Snapshot.Rejects)}, failure {b.Agent.Failure}, boots {b.Boots}");
        return string.Join('\n', boards.Concat(site.Oracle.Findings.Select(f => f.ToString())))
            + $"\npool: {site.Pool.OpenSessions} sessions, {site.Pool.Ledger.Accepted} accepted, {site.Pool.Ledger.Rejected} refused; fleet: slowest round {site.Fleet.SlowestTickMs} ms, {site.Fleet.LateTicks} late";
    }

    public static Task SecondsAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
}
