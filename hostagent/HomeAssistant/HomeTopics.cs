namespace Ballast.Host.HomeAssistant;

/// <summary>Topics and names that host and Home Assistant share. `grid` cannot be a pod, so none of them is a board's.</summary>
public static class HomeTopics
{
    /// <summary>Name of the source that its limits are kept under, and of its user at the broker.</summary>
    public const string SourceId = "home-assistant";

    /// <summary>Where the site's values are, below the site's root.</summary>
    public const string State = "grid/homeassistant";

    /// <summary>Where a cap in watts is set, below the site's root.</summary>
    public const string Cap = State + "/cap";

    /// <summary>Where the emergency button speaks, below the site's root.</summary>
    public const string Emergency = State + "/emergency";

    /// <summary>Where Home Assistant says that it starts and ends.</summary>
    public static string Status(string prefix) => prefix + "/status";

    /// <summary>Filter of all discovery messages.</summary>
    public static string Discovery(string prefix) => prefix + "/+/+/config";

    /// <summary>Topic of one entity's discovery message.</summary>
    internal static string Config(string prefix, string site, HomeEntity entity) => prefix + "/" + entity.Component + "/" + UniqueId(site, entity) + "/config";

    /// <summary>Id that Home Assistant knows an entity by, whatever people call it.</summary>
    internal static string UniqueId(string site, HomeEntity entity) => "ballast_" + site + "_" + entity.Key;
}
