using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>
/// Debian's chromium, driven over Playwright's pipe: started once for all tests, ended with them. No browser is ever downloaded: Playwright
/// does that only on its own install command, which nothing here calls.
/// </summary>
public sealed class Chrome : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    // A closed machine: no updates, no sync, nothing that goes out by itself. The sandbox needs a user namespace that containers refuse.
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
            Assert.Fail("chromium is not installed. Install the Debian package: apt-get install chromium");
        Assertions.SetDefaultExpectTimeout(Visit.PatienceMs);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Flags });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A new visitor: own cookies, own storage, and a watch over everything that must not happen.</summary>
    internal async Task<Visit> VisitAsync(Uri host, Look look)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = host.ToString(),
            ColorScheme = look.Scheme,
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            Locale = look.Language,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(Visit.PatienceMs);
        return await Visit.BeginAsync(context, host);
    }
}

/// <summary>How a visitor looks at the page.</summary>
/// <param name="Dark">Asks for the dark theme.</param>
/// <param name="Width">Width of the window, CSS pixels.</param>
/// <param name="Height">Height of the window, CSS pixels.</param>
/// <param name="Language">Language of the browser.</param>
internal sealed record Look(bool Dark = false, int Width = 1440, int Height = 900, string Language = "en-GB")
{
    /// <summary>The same in the words of the browser.</summary>
    public ColorScheme Scheme => Dark ? ColorScheme.Dark : ColorScheme.Light;

    /// <summary>Light and dark, on a desk and on a phone; from one to the next only one thing changes.</summary>
    public static IReadOnlyList<Look> All => [new(), new(Dark: true), Phone with { Dark = true }, Phone];

    /// <summary>A phone.</summary>
    public static Look Phone { get; } = new(Width: 390, Height: 844);
}
