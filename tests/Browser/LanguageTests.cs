using System.Text.RegularExpressions;

namespace Ballast.Browser;

/// <summary>German and English: nothing is left in the other language, and no key or gap of a text is shown.</summary>
[Collection(nameof(LiveSite))]
public sealed partial class LanguageTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    // Words that both languages have, units, and what the configuration and people call things.
    private static readonly HashSet<string> Both = new(StringComparer.Ordinal)
    {
        "Ballast", "Boards", "Board", "Pod", "Audit", "Hash", "Chip", "Firmware", "Failsafe", "Shares", "Auto", "live", "offline", "Deutsch", "English", "min", "MHz", "Host", "host",
        "demo", "local", "evening", "evening peak", "bitaxe-gamma", "works", "price", "sun", "tso", "tso is silent", "rest", "REST", "site", "transformer",
    };


    [Theory, MemberData(nameof(Place.Names), MemberType = typeof(Place))]
    public async Task View_is_whole_in_both_languages(string name)
    {
        string[] english = await TextsAsync(name, "en-GB", "en");
        string[] german = await TextsAsync(name, "de-DE", "de");
        string[] keys = [.. english.Concat(german).Where(t => Gap().IsMatch(t)).Distinct()];
        Assert.True(keys.Length == 0, "Not a text: " + string.Join(" | ", keys));
        IReadOnlySet<string> given = await Live.ReasonsAsync();
        string[] same = [.. english.Intersect(german).Where(t => Word().IsMatch(t) && !t.Split(" · ").Where(part => !given.Contains(part)).SelectMany(Parts).All(Both.Contains))];
        Assert.True(same.Length == 0, "The same in both languages: " + string.Join(" | ", same));
    }

    // A text whole, or without numbers and names of boards, addresses and records.
    private static IEnumerable<string> Parts(string text)
        => Both.Contains(text) ? [] : text.Split(' ').Where(part => Word().IsMatch(part) && !Name().IsMatch(part));

    private async Task<string[]> TextsAsync(string name, string browser, string lang)
    {
        await using Visit visit = await VisitAsync(new Look(Language: browser));
        await visit.GoAsync(Place.Of(name), Live.EventId);
        Assert.Equal(lang, await visit.Page.Locator("html").GetAttributeAsync("lang"));
        string[] texts = await visit.Page.EvaluateAsync<string[]>(PageScripts.Texts);
        Assert.True(texts.Length > 10, $"{name} shows next to nothing.");
        visit.AssertClean();
        return texts;
    }

    [GeneratedRegex(@"undefined|\bNaN\b|\bnull\b|\[object|\{\w*\}|^(common|host|login|site|boards?|events?|order|sources|audit)\.\w+$")]
    private static partial Regex Gap();

    [GeneratedRegex(@"^(DELETE|POST|PUT)$|[a-z0-9]?[/.][a-z0-9]")]
    private static partial Regex Name();

    [GeneratedRegex(@"\p{L}{3,}")]
    private static partial Regex Word();
}
