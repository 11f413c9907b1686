using System.Diagnostics;
using Ballast.Virtual.Site;

namespace Ballast.EndToEnd;

/// <summary>Waits for what happens in real time. How long it waits only bounds a failure: nothing passes by it.</summary>
internal static class Wait
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    /// <summary>Waits until something holds; fails with what was waited for if it never does.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"Not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The same, and a failure tells where every board and the pool stand.</summary>
    public static async Task UntilAsync(VirtualSite site, Func<bool> holds, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            site.CheckAlive();
            if (Stopwatch.GetElapsedTime(start) > Patience)
                Assert.Fail($"Not within {Patience.TotalSeconds} s: {what}\n{Describe(site)}");
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
