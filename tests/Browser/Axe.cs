using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Ballast.Browser;

/// <summary>WCAG 2.0, 2.1 and 2.2, levels A and AA, as far as axe can judge them.</summary>
internal static class Axe
{
    private static readonly AxeRunOptions Options = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    };

    /// <summary>What axe finds wrong on the page as it stands, one line per element.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(Visit visit, string where)
    {
        // The page has no frames. The way that follows frames opens a page of its own for each run, which takes longer than the run.
#pragma warning disable CS0618
        AxeResult result = await visit.Page.Locator("html").RunAxeLegacy(Options);
#pragma warning restore CS0618
        Assert.NotEmpty(result.Passes);
        return [.. result.Violations.SelectMany(v => v.Nodes.Select(n =>
            $"{where}: {v.Id} ({v.Help}) at {string.Join(' ', n.Target)}: {n.Html} {string.Join("; ", n.Any.Concat(n.All).Concat(n.None).Select(c => c.Message))}"))];
    }
}
