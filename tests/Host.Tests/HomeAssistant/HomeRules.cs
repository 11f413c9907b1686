using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Host.HomeAssistant;

namespace Ballast.Host.Tests.HomeAssistant;

/// <summary>
/// What Home Assistant asks of discovery messages, as facts written down from its documentation of MQTT, number, sensor, binary sensor
/// and button, and from the checks that its MQTT integration makes (read in 2024.2, which also took this site's messages when its MQTT
/// integration was run against a host by hand, and in later ones). It ignores members that it does not know, so a misspelt one would go
/// unnoticed there: here an unknown member is a fault.
/// </summary>
internal static partial class HomeRules
{
    private static readonly string[] Common =
    [
        "name", "unique_id", "device", "origin", "availability_topic", "availability_template", "payload_available", "payload_not_available", "device_class",
        "entity_category", "enabled_by_default", "icon", "qos", "encoding",
    ];

    // Component: members that it must have, and those that it may have besides the common ones.
    private static readonly Dictionary<string, (string[] Must, string[] May)> Components = new()
    {
        ["number"] = (["command_topic"], ["state_topic", "value_template", "command_template", "min", "max", "step", "mode", "unit_of_measurement", "payload_reset", "retain", "optimistic"]),
        ["button"] = (["command_topic"], ["command_template", "payload_press", "retain"]),
        ["sensor"] = (["state_topic"], ["value_template", "state_class", "unit_of_measurement", "suggested_display_precision", "options", "expire_after", "force_update", "last_reset_value_template"]),
        ["binary_sensor"] = (["state_topic"], ["value_template", "payload_on", "payload_off", "off_delay", "expire_after", "force_update"]),
    };

    // Device class: its units. Only those that this project has a use for; another one is a fault until it is written down here.
    private static readonly Dictionary<string, string[]> Units = new()
    {
        ["power"] = ["mW", "W", "kW", "MW", "GW", "TW"],
        ["energy"] = ["J", "kJ", "MJ", "GJ", "mWh", "Wh", "kWh", "MWh", "GWh", "TWh"],
    };

    private static readonly string[] StateClasses = ["measurement", "total", "total_increasing"];
    private static readonly string[] BinaryClasses = ["connectivity", "problem", "running", "power"];
    private static readonly string[] ButtonClasses = ["identify", "restart", "update"];
    private static readonly string[] Modes = ["auto", "box", "slider"];

    /// <summary>All faults of a message, none for one that Home Assistant takes as it is meant.</summary>
    internal static IReadOnlyList<string> Faults(string topic, byte[] payload, string prefix = "homeassistant")
    {
        Match match = TopicShape().Match(topic.StartsWith(prefix + "/", StringComparison.Ordinal) ? topic[(prefix.Length + 1)..] : "");
        if (!match.Success)
        {
            return ["topic is not prefix/component/object_id/config"];
        }

        string component = match.Groups["component"].Value;
        if (!Components.TryGetValue(component, out (string[] Must, string[] May) known))
        {
            return ["no such component: " + component];
        }

        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement root = document.RootElement;
        List<string> found = [];
        found.AddRange(known.Must.Where(m => Text(root, m) is null).Select(m => m + " is missing"));
        found.AddRange(root.EnumerateObject().Select(m => m.Name).Where(m => !Common.Contains(m) && !known.Must.Contains(m) && !known.May.Contains(m)).Select(m => m + " is no member of " + component));
        Entity(root, match.Groups["object"].Value, found);
        Topics(root, found);
        switch (component)
        {
            case "number":
                Number(root, found);
                break;
            case "sensor":
                Sensor(root, found);
                break;
            case "binary_sensor":
                Class(root, BinaryClasses, found);
                break;
            default:
                Class(root, ButtonClasses, found);
                break;
        }

        return found;
    }

    // One entity, one id; the best practice is that the topic has it too. Only with an id can people rename it or switch it on.
    private static void Entity(JsonElement root, string objectId, List<string> found)
    {
        Check(found, Text(root, "unique_id") is { Length: > 0 } id && id == objectId, "unique_id is missing or not the topic's");
        Check(found, Text(root, "name") is { Length: > 0 }, "name is missing");
        Check(found, !root.TryGetProperty("object_id", out _), "object_id warns from 2025.10 on and is unknown from 2026.4 on: default_entity_id took its place");
        Check(found, root.TryGetProperty("device", out JsonElement device) && device.TryGetProperty("identifiers", out JsonElement ids) && ids.ValueKind == JsonValueKind.Array && ids.GetArrayLength() > 0, "device has no identifiers");
        if (device.ValueKind == JsonValueKind.Object)
        {
            string[] known = ["identifiers", "connections", "manufacturer", "model", "model_id", "name", "hw_version", "serial_number", "sw_version", "via_device", "suggested_area", "configuration_url"];
            found.AddRange(device.EnumerateObject().Select(m => m.Name).Except(known).Select(m => m + " is no member of device"));
            Check(found, Text(device, "name") is { } name && Text(root, "name")?.StartsWith(name, StringComparison.Ordinal) != true, "the entity's name repeats the device's, which is put before it");
        }

        Check(found, root.TryGetProperty("origin", out JsonElement origin) && Text(origin, "name") is { Length: > 0 }, "origin has no name");
        if (root.TryGetProperty("entity_category", out JsonElement category))
        {
            Check(found, category.GetString() == "diagnostic", "entity_category of something that is read must be diagnostic");
        }
    }

    private static void Topics(JsonElement root, List<string> found)
    {
        foreach (JsonProperty member in root.EnumerateObject().Where(m => m.Name.EndsWith("_topic", StringComparison.Ordinal)))
        {
            string topic = member.Value.GetString() ?? "";
            Check(found, topic.Length > 0 && !topic.Contains('+', StringComparison.Ordinal) && !topic.Contains('#', StringComparison.Ordinal), member.Name + " is empty or has a wildcard");
        }

        foreach (JsonProperty member in root.EnumerateObject().Where(m => m.Name.EndsWith("_template", StringComparison.Ordinal)))
        {
            Check(found, TemplateShape().IsMatch(member.Value.GetString() ?? ""), member.Name + " is no template of one expression");
        }

        Check(found, !root.TryGetProperty("qos", out JsonElement qos) || (qos.TryGetInt32(out int level) && level is >= 0 and <= 2), "qos is not 0, 1 or 2");
        Check(found, Text(root, "command_topic") is null || Text(root, "command_topic") != Text(root, "state_topic"), "command and state have one topic");
    }

    private static void Number(JsonElement root, List<string> found)
    {
        double min = Value(root, "min") ?? 1, max = Value(root, "max") ?? 100, step = Value(root, "step") ?? 1;
        Check(found, min < max, "max is not above min");
        Check(found, step >= 0.001, "step is below 0.001");
        Check(found, Text(root, "mode") is not { } mode || Modes.Contains(mode), "mode is none of auto, box, slider");
        Unit(root, found);
    }

    private static void Sensor(JsonElement root, List<string> found)
    {
        string? stateClass = Text(root, "state_class"), deviceClass = Text(root, "device_class"), unit = Text(root, "unit_of_measurement");
        Check(found, stateClass is null || StateClasses.Contains(stateClass), "state_class is unknown");
        Check(found, deviceClass != "energy" || stateClass is "total" or "total_increasing", "energy needs a total");
        Check(found, deviceClass != "power" || stateClass is null or "measurement", "power is a measurement");
        bool options = root.TryGetProperty("options", out JsonElement list);
        Check(found, options == (deviceClass == "enum"), "options and device class enum belong together");
        Check(found, !options || (list.GetArrayLength() > 0 && stateClass is null && unit is null), "an enumeration has options, and neither unit nor state class");
        Check(found, stateClass is null || unit is not null, "a measurement without a unit");
        Check(found, Value(root, "expire_after") is null or > 0, "expire_after is not positive");
        Unit(root, found);
    }

    private static void Unit(JsonElement root, List<string> found)
    {
        if (Text(root, "device_class") is { } deviceClass && deviceClass != "enum")
        {
            Check(found, Units.TryGetValue(deviceClass, out string[]? units) && units.Contains(Text(root, "unit_of_measurement")), "device class " + deviceClass + " does not go with the unit");
        }
    }

    private static void Class(JsonElement root, string[] known, List<string> found)
        => Check(found, Text(root, "device_class") is not { } deviceClass || known.Contains(deviceClass), "device_class is unknown");

    /// <summary>What it would log an error for when a description meets a message of values: a number out of its range, a word that is none of
    /// an enumeration's, a text where a number has to be. Null shows as unknown and is none.</summary>
    internal static IReadOnlyList<string> ValueFaults(byte[] description, byte[] values)
    {
        using JsonDocument document = JsonDocument.Parse(description), sent = JsonDocument.Parse(values);
        JsonElement root = document.RootElement;
        List<string> found = [];
        if (Text(root, "state_topic")?.EndsWith("/" + HomeTopics.State, StringComparison.Ordinal) != true || ValueShape().Match(Text(root, "value_template") ?? "") is not { Success: true } match)
        {
            return found;
        }

        string member = match.Groups[1].Value;
        if (!sent.RootElement.TryGetProperty(member, out JsonElement value))
        {
            return [member + " is not sent"];
        }

        bool numeric = Text(root, "unit_of_measurement") is not null || Text(root, "state_class") is not null;
        Check(found, !numeric || value.ValueKind is JsonValueKind.Number or JsonValueKind.Null, member + " is no number");
        Check(found, Text(root, "command_topic") is null || value.ValueKind != JsonValueKind.Number || (value.GetDouble() >= Value(root, "min") && value.GetDouble() <= Value(root, "max")), member + " is out of the number's range");
        Check(found, !root.TryGetProperty("options", out JsonElement options) || options.EnumerateArray().Any(o => o.GetString() == value.GetString()), member + " is none of the options");
        return found;
    }

    private static void Check(List<string> found, bool good, string fault)
    {
        if (!good)
        {
            found.Add(fault);
        }
    }

    private static string? Text(JsonElement root, string name) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Value(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    [GeneratedRegex("^(?<component>[a-z_]+)/(?<object>[a-zA-Z0-9_-]+)/config$")]
    private static partial Regex TopicShape();

    [GeneratedRegex(@"value_json\.([A-Za-z]+)")]
    private static partial Regex ValueShape();

    [GeneratedRegex(@"^\{\{ .+ \}\}$")]
    private static partial Regex TemplateShape();
}
