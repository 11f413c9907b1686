namespace Ballast.Host.Options;

/// <summary>The site as a device in Home Assistant, over the site's own broker. Left out, the host says nothing to it and takes nothing from it.</summary>
public sealed record HomeAssistantSection
{
    /// <summary>First part of the discovery topics, as set in Home Assistant; its status is on PREFIX/status.</summary>
    public string Prefix { get; init; } = "homeassistant";

    /// <summary>True: sensors only, no cap to set and no emergency button.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>True lets it raise its own cap again, and end it.</summary>
    public bool MayRaise { get; init; }

    /// <summary>Class of its cap, economic or reliability.</summary>
    public string Class { get; init; } = "economic";

    /// <summary>After a higher cap nothing rises for this long, s, 0…3600.</summary>
    public int DebounceS { get; init; } = 5;
}

/// <summary>What that section must satisfy.</summary>
internal static class HomeAssistantCheck
{
    internal static void Add(List<string> found, HashSet<string> ids, HomeAssistantSection section)
    {
        SourcesCheck.Name(found, ids, "homeAssistant", HomeAssistant.HomeTopics.SourceId);
        OptionsCheck.Range(found, "homeAssistant.debounceS", section.DebounceS, 0, 3600);
        if (section.Class is not ("economic" or "reliability"))
        {
            found.Add("homeAssistant.class is '" + section.Class + "': use economic or reliability; the emergency has a button of its own.");
        }

        string[] words = section.Prefix.Split('/');
        if (section.Prefix.Length > 64 || words[0] == "ballast" || !words.All(w => w.Length > 0 && w.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            found.Add("homeAssistant.prefix is '" + section.Prefix + "': use the discovery prefix that Home Assistant has, words of letters, digits, - and _ with / between, not ballast.");
        }
    }
}
