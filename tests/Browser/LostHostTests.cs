using System.Text.Json;
using Ballast.Virtual.Site;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>Values on the page are either true or shown as old: a host that is gone is said within three seconds.</summary>
public sealed class LostHostTests(Chrome chrome) : IAsyncLifetime
{
    /// <summary>What the page promises, ms.</summary>
    private const double PromiseMs = 3_000;

    // Notes on the page's own clock when the banner is first seen, and the longest time between two frames: a machine that stands still
    // shows nothing, whatever the page does.
    private const string Watch = """
        () => {
            window.ballastLost = null;
            window.ballastGap = 0;
            let last = performance.now();
            const look = () => {
                const now = performance.now();
                window.ballastGap = Math.max(window.ballastGap, now - last);
                last = now;
                if ([...document.querySelectorAll('[role=alert] .banner')].some(b => b.checkVisibility() && b.textContent.includes('No connection to the host'))) window.ballastLost ??= now;
                requestAnimationFrame(look);
            };
            look();
        }
        """;

    private readonly VirtualSite _site = new(new SiteOptions { Boards = 1 });

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        _site.Start();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Killed_host_is_shown_in_three_seconds_and_its_return_is_seen_by_itself()
    {
        await using Visit visit = await LiveAsync();
        visit.HostIsAway = true;
        await LostAsync(visit, "killed", _site.HostProcess.Kill);
        _site.HostProcess.Start();
        await BackAsync(visit);
        visit.AssertClean();
    }

    [Fact]
    public async Task Host_that_hangs_with_its_connections_open_is_shown_in_three_seconds()
    {
        await using Visit visit = await LiveAsync();
        visit.HostIsAway = true;
        await LostAsync(visit, "hung", _site.HostProcess.Freeze);
        _site.HostProcess.Thaw();
        await BackAsync(visit);
        visit.AssertClean();
    }

    [Fact]
    public async Task Meter_that_has_gone_silent_is_shown_as_stale()
    {
        await using Visit visit = await LiveAsync();
        ILocator stale = visit.Page.Locator("main").GetByText("stale: the boards' sum stands for it");
        await stale.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        _site.Meter.Silent = true;
        await stale.WaitForAsync();
        _site.Meter.Silent = false;
        await stale.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        visit.AssertClean();
    }

    private async Task<Visit> LiveAsync()
    {
        Visit visit = await chrome.VisitAsync(_site.Page, new Look());
        await visit.GoAsync(Place.Of("site"));
        await visit.Page.GetByText("live", new() { Exact = true }).WaitForAsync();
        return visit;
    }

    private static async Task LostAsync(Visit visit, string how, Action lose)
    {
        await visit.Page.EvaluateAsync(Watch);
        double before = await visit.Page.EvaluateAsync<double>("performance.now()");
        lose();
        await visit.Page.WaitForFunctionAsync("() => window.ballastLost !== null");
        JsonElement seen = await visit.Page.EvaluateAsync<JsonElement>("() => ({ lost: window.ballastLost, gap: window.ballastGap })");
        double afterMs = seen.GetProperty("lost").GetDouble() - before;
        double gapMs = seen.GetProperty("gap").GetDouble();
        Artifacts.Figure($"host {how}: shown after {afterMs:0} ms (promised {PromiseMs:0}; longest time between two frames {gapMs:0} ms)");
        Assert.True(afterMs <= PromiseMs + gapMs, $"Shown only after {afterMs:0} ms.");
        await visit.Page.WaitForFunctionAsync("() => getComputedStyle(document.querySelector('.panel-head h2'), '::after').content.includes('stale')");
    }

    private static async Task BackAsync(Visit visit)
    {
        await visit.Page.Locator("[role=alert]").GetByText("No connection to the host").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await visit.Page.GetByText("live", new() { Exact = true }).WaitForAsync();
        visit.HostIsAway = false;
    }
}
