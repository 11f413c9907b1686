using Ballast.Virtual.Site;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>Values on the page are either true or shown as old: a host that is gone is said within three seconds.</summary>
public sealed class LostHostTests(Chrome chrome) : IAsyncLifetime
{
    /// <summary>What the page promises, ms.</summary>
    private const double PromiseMs = 3_000;

    private const int StepMs = 100;
    private const int LeapMs = 60_000;

    // Notes on the page's own clock when the host was last heard, and when the banner is first seen.
    private const string Watch = """
        (() => {
            window.EventSource = class extends EventSource {
                constructor(...words) {
                    super(...words);
                    this.addEventListener('live', () => { window.ballastHeard = performance.now(); });
                    this.addEventListener('error', () => { window.ballastBroken = true; });
                }
            };
        })();
        """;

    private const string Shown = """
        () => [...document.querySelectorAll('[role=alert] .banner')].some(b => b.checkVisibility() && b.textContent.includes('No connection to the host'))
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
        await LostAsync(visit, "killed", breaks: true, _site.HostProcess.Kill);
        _site.HostProcess.Start();
        await BackAsync(visit);
        visit.AssertClean();
    }

    [Fact]
    public async Task Host_that_hangs_with_its_connections_open_is_shown_in_three_seconds()
    {
        await using Visit visit = await LiveAsync();
        visit.HostIsAway = true;
        await LostAsync(visit, "hung", breaks: false, _site.HostProcess.Freeze);
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
        await visit.Page.AddInitScriptAsync(Watch);
        await visit.Page.Clock.InstallAsync();
        await visit.GoAsync(Place.Of("site"));
        await visit.Page.GetByText("live", new() { Exact = true }).WaitForAsync();
        return visit;
    }

    // The page's clock stands still while the host goes, and is moved on by hand then: how soon the loss is shown is a matter of the page,
    // however busy this machine is.
    private static async Task LostAsync(Visit visit, string how, bool breaks, Action lose)
    {
        IPage page = visit.Page;
        long now = await page.EvaluateAsync<long>("Date.now()");
        await page.Clock.PauseAtAsync(DateTimeOffset.FromUnixTimeMilliseconds(now + LeapMs).UtcDateTime);

        // For the page the leap was a long silence. The next picture ends it.
        double leaptTo = await page.EvaluateAsync<double>("performance.now()");
        await page.WaitForFunctionAsync("at => window.ballastHeard === at", leaptTo);
        Assert.False(await page.EvaluateAsync<bool>(Shown));
        await page.EvaluateAsync("() => { window.ballastBroken = false; }");
        lose();
        if (breaks)
            await page.WaitForFunctionAsync("() => window.ballastBroken");
        double sinceMs = 0;
        bool shown = false;
        for (int i = 0; i < 100 && !shown; i++)
        {
            await page.Clock.RunForAsync(StepMs);
            shown = await page.EvaluateAsync<bool>(Shown);
            sinceMs = await page.EvaluateAsync<double>("performance.now() - window.ballastHeard");
        }

        Artifacts.Figure($"host {how}: shown {sinceMs:0} ms after its last word, by the page's clock (promised {PromiseMs:0})");
        Assert.True(shown, "It is never shown.");
        Assert.True(sinceMs <= PromiseMs, $"Shown only after {sinceMs:0} ms.");
        await page.WaitForFunctionAsync("() => getComputedStyle(document.querySelector('.panel-head h2'), '::after').content.includes('stale')");
        await page.Clock.ResumeAsync();
    }

    private static async Task BackAsync(Visit visit)
    {
        await visit.Page.Locator("[role=alert]").GetByText("No connection to the host").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await visit.Page.GetByText("live", new() { Exact = true }).WaitForAsync();
        visit.HostIsAway = false;
    }
}
