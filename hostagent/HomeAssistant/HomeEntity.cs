namespace Ballast.Host.HomeAssistant;

/// <summary>One entity of the site in Home Assistant. Words are those of its MQTT discovery.</summary>
/// <param name="Component">number, sensor, binary_sensor or button.</param>
/// <param name="Key">Last part of its unique id; never changes.</param>
/// <param name="Name">Name below the device's; people may change it there.</param>
internal sealed record HomeEntity(string Component, string Key, string Name)
{
    /// <summary>All entities. Those that take commands are left out where Home Assistant may only read.</summary>
    internal static readonly HomeEntity[] All =
    [
        new("number", "cap", "Cap") { Value = "capAskedW", DeviceClass = "power", Unit = "W", CommandTopic = HomeTopics.Cap, Icon = "mdi:transmission-tower" },
        new("button", "emergency", "Emergency stop") { CommandTopic = HomeTopics.Emergency, EnabledByDefault = false, Icon = "mdi:alert-octagon" },
        new("sensor", "power", "Power") { Value = "powerW", DeviceClass = "power", StateClass = "measurement", Unit = "W", Precision = 0 },
        new("sensor", "site_cap", "Cap in force") { Value = "capW", DeviceClass = "power", StateClass = "measurement", Unit = "W", Precision = 0 },
        new("sensor", "hash_rate", "Hash rate") { Value = "hashThs", StateClass = "measurement", Unit = "TH/s", Precision = 1, Icon = "mdi:pound" },
        new("sensor", "efficiency", "Energy per hash") { Value = "joulePerTh", StateClass = "measurement", Unit = "J/TH", Precision = 1, Icon = "mdi:gauge" },
        new("sensor", "mode", "Mode") { Value = "mode", DeviceClass = "enum", Options = HomeState.Modes },
        new("sensor", "can_shed", "Can shed") { Value = "canShedW", DeviceClass = "power", StateClass = "measurement", Unit = "W", Precision = 0 },
        new("sensor", "can_rise", "Can rise") { Value = "canRiseW", DeviceClass = "power", StateClass = "measurement", Unit = "W", Precision = 0 },
        new("binary_sensor", "alarm", "Alarm") { Value = "alarm", DeviceClass = "problem", Category = "diagnostic" },
        new("binary_sensor", "host", "Host") { DeviceClass = "connectivity", Category = "diagnostic" },
    ];

    /// <summary>Member of the site's values that it shows; null where it shows none of them.</summary>
    internal string? Value { get; init; }

    /// <summary>Kind of quantity, or null for one that Home Assistant has no word for.</summary>
    internal string? DeviceClass { get; init; }

    /// <summary>measurement for a number that has a history, else null.</summary>
    internal string? StateClass { get; init; }

    /// <summary>Unit, or null.</summary>
    internal string? Unit { get; init; }

    /// <summary>Decimals to show, or null.</summary>
    internal int? Precision { get; init; }

    /// <summary>All values of an enumeration, else null.</summary>
    internal string[]? Options { get; init; }

    /// <summary>diagnostic, or null.</summary>
    internal string? Category { get; init; }

    /// <summary>Picture, or null for that of its device class.</summary>
    internal string? Icon { get; init; }

    /// <summary>Where it sends commands, below the site's root; null for entities that only show.</summary>
    internal string? CommandTopic { get; init; }

    /// <summary>False: somebody has to switch it on in Home Assistant before it can be used.</summary>
    internal bool EnabledByDefault { get; init; } = true;
}
