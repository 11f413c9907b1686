using Ballast.Virtual.Oracle;
using Ballast.Virtual.Pool;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Demo;

/// <summary>
/// The story of the demo: boards are admitted and ramp up, the grid asks for half, then for nothing at once, then releases.
/// </summary>
public sealed class Story(VirtualSite site, StoryOptions options, Action<string> tell)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _facts = [];
    private double _expectedShares;
    private long _lastSampleMs = -1;

    /// <summary>Plays until it is done (once) or stopped, and says how it went.</summary>
    /// <exception cref="DemoException">A part of the site failed.</exception>
    public async Task<StoryResult> PlayAsync(CancellationToken stop)
    {
        site.Sampled += CountExpectedShares;
        try
        {
            do
            {
                await PassAsync(stop);
            }
            while (!options.Once);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            tell("stopped");
        }
        finally
        {
            site.Sampled -= CountExpectedShares;
        }

        Judge();
        return new StoryResult { Problems = _problems, Facts = _facts };
    }

    private async Task PassAsync(CancellationToken stop)
    {
        tell("boards are admitted and ramp up");
        await RiseAsync(site.FullMw * 90 / 100, options.UpWithinS, stop);
        await DwellAsync(options.DwellS, stop);

        long half = site.View().MeterMw / 2 / 1000 * 1000;
        tell(FormattableString.Invariant($"the grid asks for half: {half / 1000} W, economic"));
        string economic = await site.SetCapAsync(half, GridClass.Economic, "demo: half", stop);
        await DwellAsync((int)(GridClasses.SettleMs(GridClass.Economic, options.TimesFor(site.FullMw / 1000).RampS) / 1000) + 1 + options.CapDwellS, stop);
        Expect(GridClass.Economic, half);

        if (options.BrokerRestart)
        {
            tell("the broker dies and comes back");
            await site.RestartBrokerAsync(TimeSpan.FromSeconds(3), stop);
            await DwellAsync(14, stop);
            await RequireUnderCommandAsync("after the broker's return", stop);
        }

        tell("emergency: the grid takes everything back");
        string emergency = await site.SetCapAsync(0, GridClass.Emergency, "demo: emergency", stop);
        await DwellAsync(2 + options.CapDwellS, stop);
        Expect(GridClass.Emergency, 0);
        await RequireUnderCommandAsync("after the emergency", stop);

        tell("released: boards come back");
        await site.ReleaseAsync([emergency, economic], stop);
        await RiseAsync(site.FullMw * 80 / 100, options.UpWithinS, stop);
        await DwellAsync(options.DwellS, stop);
        await RequireUnderCommandAsync("at the end", stop);
    }

    // Waiting for watts that never come must end with a sentence that tells where it stands.
    private async Task RiseAsync(long toMw, int withinS, CancellationToken stop)
    {
        for (int s = 0; s < withinS; s++)
        {
            await DwellAsync(1, stop);
            if (site.View().MeterMw >= toMw)
                return;
        }

        SiteView view = site.View();
        throw new DemoException(FormattableString.Invariant(
            $"After {withinS} s the site draws {view.MeterMw / 1000} W of the {toMw / 1000} W expected: {view.Admitted} boards admitted, modes {string.Join(", ", view.Modes.Select(m => $"{m.Key} {m.Value}"))}."));
    }

    private async Task DwellAsync(int seconds, CancellationToken stop)
    {
        for (int i = 0; i < seconds; i++)
        {
            await Task.Delay(1_000, stop);
            site.CheckAlive();
        }
    }

    private void Expect(GridClass gridClass, long capMw)
    {
        SiteView view = site.View();
        _facts.Add(FormattableString.Invariant(
            $"{GridClasses.Name(gridClass)} cap {capMw / 1000} W: ordered {view.OrderedMw / 1000} W, metered {view.MeterMw / 1000} W"));
    }

    // An order may have been published this very moment. How soon each must be taken is the oracle's matter.
    private async Task RequireUnderCommandAsync(string when, CancellationToken stop)
    {
        int boards = site.Fleet.Boards.Count;
        for (int i = 0; i < 100 && site.Oracle.BoardsUnderCommand != boards; i++)
            await Task.Delay(100, stop);
        if (site.Oracle.BoardsUnderCommand != boards)
            _problems.Add($"Only {site.Oracle.BoardsUnderCommand} of {boards} boards had taken the newest order {when}.");
    }

    private void CountExpectedShares(SiteView view)
    {
        if (_lastSampleMs >= 0)
        {
            PoolOptions pool = new();
            double hashesPerShare = pool.Difficulty * Math.Pow(2, 32 - pool.WorkShift);
            _expectedShares += view.HashGhs * 1e9 / Math.Pow(2, pool.WorkShift) * (view.AtMs - _lastSampleMs) / 1000 / hashesPerShare;
        }

        _lastSampleMs = view.AtMs;
    }

    private void Judge()
    {
        SiteView view = site.View();
        SiteOracle oracle = site.Oracle;
        int leastShares = (int)Math.Max(Math.Min(20, site.Fleet.Boards.Count), _expectedShares / 2);
        _facts.Add(FormattableString.Invariant($"shares: {view.Accepted} accepted, {view.Rejected} refused, {_expectedShares:0} expected from the hash rate"));
        _facts.Add(FormattableString.Invariant(
            $"oracle: {oracle.Samples} meter samples ({oracle.SamplesUnderCap} due under a cap), {oracle.Messages} orders and actions, {oracle.Probes} looks into boards, {site.Observer.Applied} acknowledgements"));
        _facts.Add(FormattableString.Invariant(
            $"machine: {oracle.Stalls.Count} stalls over {StallWatchdog.ThresholdMs} ms, longest {oracle.Stalls.LongestMs} ms; slowest round of the boards {site.Fleet.SlowestTickMs} ms, {site.Fleet.LateTicks} late"));
        foreach (Finding finding in oracle.Findings)
            _problems.Add(FormattableString.Invariant($"{finding.Rule}, {finding.Where}: {finding.Text}"));
        if (view.Rejected > 0)
            _problems.Add($"The pool refused {view.Rejected} shares.");
        if (options.Once && view.Accepted < leastShares)
            _problems.Add($"The pool took {view.Accepted} shares; at least {leastShares} were expected.");
        if (options.Once && oracle.SamplesUnderCap == 0)
            _problems.Add("No meter sample was compared with a cap: the run proves nothing.");
    }
}
