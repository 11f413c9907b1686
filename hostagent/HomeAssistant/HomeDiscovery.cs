using System.Text.Json;
using System.Text.Json.Nodes;
using Ballast.Host.Options;

namespace Ballast.Host.HomeAssistant;

/// <summary>A message for the broker to keep; an empty payload takes the entity away.</summary>
/// <param name="Topic">Whole topic.</param>
/// <param name="Payload">JSON in UTF-8, or empty.</param>
internal sealed record HomeMessage(string Topic, byte[] Payload);

/// <summary>
/// What tells Home Assistant of the site, by its MQTT discovery (home-assistant.io/integrations/mqtt/#discovery-messages). Whether the host
/// is there is read from its own word on `hosts/`, which is also its will, so a host that died is shown as unavailable by itself.
/// </summary>
internal static class HomeDiscovery
{
    /// <summary>Seconds after which Home Assistant stops believing a value.</summary>
    internal const int ExpireS = 30;

    /// <summary>Text that the emergency button sends.</summary>
    internal const string Press = "PRESS";

    /// <summary>Largest cap that can be set, W: there nothing limits the site.</summary>
    internal static long MaxW(SiteOptions options)
        => Math.Max(1, (long)Math.Ceiling(options.Pods.Sum(p => p.Boards.Sum(b => b.NameplateW)) + options.BaseW));

    /// <summary>One message for each entity; those that the section does not offer are taken away.</summary>
    internal static IEnumerable<HomeMessage> Messages(SiteOptions options, HomeAssistantSection section)
        => HomeEntity.All.Select(e => new HomeMessage(
            HomeTopics.Config(section.Prefix, options.Site, e),
            e.CommandTopic is not null && section.ReadOnly ? [] : JsonSerializer.SerializeToUtf8Bytes(Describe(options, e))));

    /// <summary>Takes every entity of a site away.</summary>
    internal static IEnumerable<HomeMessage> Removals(string prefix, string site) => HomeEntity.All.Select(e => new HomeMessage(HomeTopics.Config(prefix, site, e), []));

    private static JsonObject Describe(SiteOptions options, HomeEntity entity)
    {
        string root = "ballast/v1/" + options.Site + "/", host = root + "hosts/" + options.HostId;
        JsonObject json = new()
        {
            ["name"] = entity.Name,
            ["unique_id"] = HomeTopics.UniqueId(options.Site, entity),
            ["device"] = new JsonObject
            {
                ["identifiers"] = new JsonArray("ballast_" + options.Site),
                ["name"] = "Ballast " + options.Site,
                ["manufacturer"] = "Ballast",
                ["model"] = "Host agent",
                ["sw_version"] = Version,
            },
            ["origin"] = new JsonObject { ["name"] = "Ballast", ["sw_version"] = Version },
        };
        if (entity.Value is { } member)
        {
            json["state_topic"] = root + HomeTopics.State;
            json["value_template"] = entity.Component == "binary_sensor" ? "{{ 'ON' if value_json." + member + " else 'OFF' }}" : "{{ value_json." + member + " }}";
        }
        else if (entity.Component == "binary_sensor")
        {
            json["state_topic"] = host;
            json["value_template"] = "{{ 'ON' if value_json.online else 'OFF' }}";
        }

        // The host's own word would be unavailable just when it says that the host is gone.
        if (entity.Value is not null || entity.CommandTopic is not null)
        {
            json["availability_topic"] = host;
            json["availability_template"] = "{{ 'online' if value_json.online else 'offline' }}";
        }

        Set(json, "device_class", entity.DeviceClass);
        Set(json, "state_class", entity.StateClass);
        Set(json, "unit_of_measurement", entity.Unit);
        Set(json, "entity_category", entity.Category);
        Set(json, "icon", entity.Icon);
        Set(json, "suggested_display_precision", entity.Precision);
        Set(json, "options", entity.Options is null ? null : new JsonArray([.. entity.Options.Select(o => (JsonNode)o)]));
        Set(json, "expire_after", entity.Component is "sensor" or "binary_sensor" && entity.Value is not null ? ExpireS : null);
        Set(json, "enabled_by_default", entity.EnabledByDefault ? null : false);
        if (entity.CommandTopic is { } command)
        {
            // A kept command would be obeyed again at every start of the host; it refuses such ones.
            json["command_topic"] = root + command;
            json["qos"] = 1;
            json["retain"] = false;
        }

        if (entity.Component == "number")
        {
            json["min"] = 0;
            json["max"] = MaxW(options);
            json["step"] = 1;
            json["mode"] = "box";
        }
        else if (entity.Component == "button")
        {
            json["payload_press"] = Press;
        }

        return json;
    }

    private static string Version => typeof(HomeDiscovery).Assembly.GetName().Version!.ToString(3);

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
