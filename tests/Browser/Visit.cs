using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>
/// One visitor at the page. Whatever the browser complains about is kept: errors of scripts, messages of the console, broken content
/// policy, and every request that goes to anywhere but the host.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>How long a test waits for something to appear, ms. It only bounds a failure.</summary>
    public const int PatienceMs = 120_000;

    // Counts the questions whose answers the page has not drawn yet: one is over when whoever awaited the text of its answer has had a turn.
    private const string CountQuestions = """
        (() => {
            window.ballastOpen = 0;
            const ask = window.fetch;
            window.fetch = (...words) => {
                window.ballastOpen++;
                const over = () => setTimeout(() => setTimeout(() => window.ballastOpen--));
                const answer = ask(...words);
                answer.then(a => a.clone().text().then(over, over), over);
                return answer;
            };
        })();
        """;

    private static readonly string[] MayBeAbsent = ["/api/ledger/proof", "/api/audit"];

    private readonly IBrowserContext _context;
    private readonly Uri _host;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Visit(IBrowserContext context, IPage page, Uri host)
    {
        _context = context;
        _host = host;
        Page = page;
    }

    /// <summary>The tab.</summary>
    public IPage Page { get; }

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    /// <summary>True while the host is meant to be away: requests that fail are then no complaint.</summary>
    public bool HostIsAway { get; set; }

    /// <summary>True while the host is meant to refuse something, and to end the stream of who signs out: that is then no complaint.</summary>
    public bool Refused { get; set; }

    public static async Task<Visit> BeginAsync(IBrowserContext context, Uri host)
    {
        await context.AddInitScriptAsync(
            "document.addEventListener('securitypolicyviolation', e => console.error('content policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))");
        await context.AddInitScriptAsync(CountQuestions);
        var visit = new Visit(context, await context.NewPageAsync(), host);
        visit.Page.PageError += (_, error) => visit._complaints.Enqueue("script: " + error);
        visit.Page.Console += (_, message) => visit.Hear(message);
        context.Request += (_, request) => visit.Hear(request);
        return visit;
    }

    /// <summary>Goes to a place of the page and waits until it has loaded.</summary>
    public async Task GoAsync(string place)
    {
        await Page.GotoAsync(place, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
    }

    /// <summary>Goes to a view and waits until it shows the site, or its door, and what the host answered.</summary>
    public async Task GoAsync(Place place, string eventId = "")
    {
        string path = place.Path.Replace("{event}", Uri.EscapeDataString(eventId), StringComparison.Ordinal);

        // From view to view the browser has arrived before the page has drawn anything: what is marked is of the view before.
        await Page.EvaluateAsync("path => { if (location.hash !== path) for (const e of document.querySelectorAll('main .content > *')) e.dataset.before = ''; }", path);
        await GoAsync("/" + path);
        await Page.Locator("main h1").WaitForAsync();
        await Page.WaitForFunctionAsync("() => !document.querySelector('[data-before]') && (document.querySelector('.signed-out') || document.querySelector('.brand-site')?.textContent)");
        await Page.WaitForFunctionAsync("() => window.ballastOpen === 0");
    }

    /// <summary>Changes theme and window, and waits until the page has drawn itself anew.</summary>
    public async Task LookAsync(Look look)
    {
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Scheme });
        await Page.SetViewportSizeAsync(look.Width, look.Height);
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// <summary>Takes a picture of what is shown, and says what is wrong with it: for axe, for the width of the window, for texts.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(string name, Look look)
    {
        string where = $"{name}-{(look.Dark ? "dark" : "light")}-{look.Width}";
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Artifacts.Picture(where), FullPage = look.Width < 1000 });
        return
        [
            .. await Axe.ViolationsAsync(this, where),
            .. (await Page.EvaluateAsync<string[]>(PageScripts.Overflow)).Select(f => $"{where} sticks out: {f}"),
            .. (await Page.EvaluateAsync<string[]>(PageScripts.Clipped)).Select(f => $"{where} cut off: {f}"),
        ];
    }

    /// <summary>Fails if the browser complained about anything.</summary>
    public void AssertClean() => Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Answers that a test tells differently may be under way.
        await Page.UnrouteAllAsync(new PageUnrouteAllOptions { Behavior = UnrouteBehavior.IgnoreErrors });
        await _context.DisposeAsync();
    }

    private void Hear(IConsoleMessage message)
    {
        bool load = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);
        // The page asks for these and says so if there is nothing yet; the browser notes every 404.
        bool absent = load && message.Text.Contains("status of 404", StringComparison.Ordinal) && MayBeAbsent.Any(path => message.Location.Contains(path, StringComparison.Ordinal));
        if (message.Type is not ("error" or "warning") || absent || (load && HostIsAway) || (load && Refused && (message.Text.Contains("status of 4", StringComparison.Ordinal) || message.Location.Contains("/api/live", StringComparison.Ordinal))))
            return;
        _complaints.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
    }

    private void Hear(IRequest request)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out Uri? url) || url.Scheme is "data" or "blob" or "about")
            return;
        if (url.Authority != _host.Authority)
            _complaints.Enqueue("request to elsewhere: " + request.Url);
    }
}
