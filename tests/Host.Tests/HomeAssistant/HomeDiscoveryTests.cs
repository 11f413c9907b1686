using System.Text.Json;
using System.Text.Json.Nodes;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.HomeAssistant;

/// <summary>The discovery messages against what Home Assistant documents.</summary>
public sealed class HomeDiscoveryTests
{
    private static readonly SiteOptions Site = ToySite.MakeOptions(4, 2) with { BaseW = 100.5 };

    private static HomeMessage[] Messages(HomeAssistantSection? section = null) => [.. HomeDiscovery.Messages(Site, section ?? new HomeAssistantSection())];

    [Fact]
    public void Every_message_is_what_Home_Assistant_asks_for()
    {
        foreach (HomeMessage message in Messages())
        {
            Assert.Empty(HomeRules.Faults(message.Topic, message.Payload));
        }

        Assert.Empty(Messages(new HomeAssistantSection { Prefix = "ha/two" }).SelectMany(m => HomeRules.Faults(m.Topic, m.Payload, "ha/two")));
    }

    [Theory]
    [InlineData("sensor", "power", "unit_of_measurement", "\"VA\"", "device class power does not go with the unit")]
    [InlineData("sensor", "power", "state_class", "\"total\"", "power is a measurement")]
    [InlineData("sensor", "power", "state_class", "\"often\"", "state_class is unknown")]
    [InlineData("sensor", "power", "state_topic", "null", "state_topic is missing")]
    [InlineData("sensor", "power", "state_topic", "\"a/+\"", "state_topic is empty or has a wildcard")]
    [InlineData("sensor", "power", "value_template", "\"value_json.powerW\"", "value_template is no template of one expression")]
    [InlineData("sensor", "power", "unit_of_measurment", "\"W\"", "unit_of_measurment is no member of sensor")]
    [InlineData("sensor", "power", "entity_category", "\"config\"", "entity_category of something that is read must be diagnostic")]
    [InlineData("sensor", "power", "device", "{\"name\":\"x\"}", "device has no identifiers")]
    [InlineData("sensor", "power", "device", "{\"name\":\"x\",\"identifiers\":[\"x\"],\"sw\":\"1\"}", "sw is no member of device")]
    [InlineData("sensor", "power", "origin", "{}", "origin has no name")]
    [InlineData("sensor", "power", "object_id", "\"x\"", "object_id warns from 2025.10 on and is unknown from 2026.4 on: default_entity_id took its place")]
    [InlineData("sensor", "power", "unique_id", "\"other\"", "unique_id is missing or not the topic's")]
    [InlineData("sensor", "hash_rate", "device_class", "\"hash_rate\"", "device class hash_rate does not go with the unit")]
    [InlineData("sensor", "hash_rate", "unit_of_measurement", "null", "a measurement without a unit")]
    [InlineData("sensor", "mode", "options", "[]", "an enumeration has options, and neither unit nor state class")]
    [InlineData("sensor", "mode", "state_class", "\"measurement\"", "an enumeration has options, and neither unit nor state class")]
    [InlineData("sensor", "mode", "device_class", "null", "options and device class enum belong together")]
    [InlineData("number", "cap", "max", "0", "max is not above min")]
    [InlineData("number", "cap", "step", "0.0001", "step is below 0.001")]
    [InlineData("number", "cap", "mode", "\"knob\"", "mode is none of auto, box, slider")]
    [InlineData("number", "cap", "command_topic", "null", "command_topic is missing")]
    [InlineData("number", "cap", "qos", "3", "qos is not 0, 1 or 2")]
    [InlineData("number", "cap", "expire_after", "30", "expire_after is no member of number")]
    [InlineData("button", "emergency", "state_topic", "\"a\"", "state_topic is no member of button")]
    [InlineData("button", "emergency", "device_class", "\"stop\"", "device_class is unknown")]
    [InlineData("binary_sensor", "host", "device_class", "\"link\"", "device_class is unknown")]
    public void A_wrong_message_is_found(string component, string key, string member, string value, string fault)
    {
        HomeMessage message = Messages().Single(m => m.Topic == "homeassistant/" + component + "/ballast_demo_" + key + "/config");
        JsonObject json = JsonNode.Parse(message.Payload)!.AsObject();
        if (value == "null")
        {
            json.Remove(member);
        }
        else
        {
            json[member] = JsonNode.Parse(value);
        }

        Assert.Contains(fault, HomeRules.Faults(message.Topic, JsonSerializer.SerializeToUtf8Bytes(json)));
    }

    [Fact]
    public void The_site_is_one_device_and_its_entities_are_those_promised()
    {
        Dictionary<string, JsonNode> all = Messages().ToDictionary(m => m.Topic.Split('/')[1] + "." + m.Topic.Split('/')[2]["ballast_demo_".Length..], m => JsonNode.Parse(m.Payload)!);
        Assert.Equal(
            ["binary_sensor.alarm", "binary_sensor.host", "button.emergency", "number.cap", "sensor.can_rise", "sensor.can_shed", "sensor.efficiency", "sensor.hash_rate", "sensor.mode", "sensor.power", "sensor.site_cap"],
            all.Keys.Order());
        Assert.Single(all.Values.Select(j => j["device"]!.ToJsonString()).Distinct());
        Assert.False((bool)all["button.emergency"]["enabled_by_default"]!);
        Assert.DoesNotContain(all.Where(e => e.Key != "button.emergency"), e => e.Value["enabled_by_default"] is not null);
        Assert.Equal(HomeDiscovery.MaxW(Site), (long)all["number.cap"]["max"]!);
        Assert.All(all.Where(e => e.Value["command_topic"] is not null), e => Assert.False((bool)e.Value["retain"]!));

        // Everything but the host's own word becomes unavailable with the host, by the host's own will.
        Assert.All(all.Where(e => e.Key != "binary_sensor.host"), e => Assert.Equal("ballast/v1/demo/hosts/h1", (string?)e.Value["availability_topic"]));
        Assert.Null(all["binary_sensor.host"]["availability_topic"]);
        Assert.Equal("ballast/v1/demo/hosts/h1", (string?)all["binary_sensor.host"]["state_topic"]);
    }

    [Fact]
    public void Every_template_names_a_value_that_is_sent()
    {
        JsonObject state = JsonNode.Parse(new HomeState("free", 1, 1, 1, 1, 1, 1, 1, true).Payload())!.AsObject();
        string[] named = [.. HomeEntity.All.Where(e => e.Value is not null).Select(e => e.Value!)];
        Assert.Equal(state.Select(m => m.Key).Order(), named.Order());
        Assert.All(Messages().Select(m => JsonNode.Parse(m.Payload)!), j => Assert.True(j["value_template"] is null || named.Append("online").Any(n => ((string)j["value_template"]!).Contains("value_json." + n + " ", StringComparison.Ordinal))));
        Assert.Equal("{\"mode\":\"free\",\"capAskedW\":9,\"capW\":null,\"powerW\":1,\"hashThs\":0,\"joulePerTh\":null,\"canShedW\":1,\"canRiseW\":1,\"alarm\":false}",
            System.Text.Encoding.UTF8.GetString(new HomeState("free", 9, null, 1, 0, null, 1, 1, false).Payload()));
    }

    [Fact]
    public void Read_only_takes_number_and_button_away_and_the_removal_takes_all()
    {
        Assert.Equal(["button/ballast_demo_emergency", "number/ballast_demo_cap"], Messages(new HomeAssistantSection { ReadOnly = true }).Where(m => m.Payload.Length == 0).Select(m => m.Topic["homeassistant/".Length..^"/config".Length]).Order());
        Assert.Equal(Messages().Select(m => m.Topic), HomeDiscovery.Removals("homeassistant", "demo").Select(m => m.Topic));
        Assert.All(HomeDiscovery.Removals("homeassistant", "demo"), m => Assert.Empty(m.Payload));
    }

    [Theory]
    [InlineData("{\"prefix\":\"\"}", "homeAssistant.prefix is ''")]
    [InlineData("{\"prefix\":\"a//b\"}", "homeAssistant.prefix is 'a//b'")]
    [InlineData("{\"prefix\":\"a/#\"}", "homeAssistant.prefix is 'a/#'")]
    [InlineData("{\"prefix\":\"ballast/v1\"}", "homeAssistant.prefix is 'ballast/v1'")]
    [InlineData("{\"class\":\"emergency\"}", "homeAssistant.class is 'emergency'")]
    [InlineData("{\"debounceS\":-1}", "homeAssistant.debounceS is -1")]
    [InlineData("{\"mayRise\":true}", "mayRise")]
    public void A_wrong_section_is_refused_with_a_sentence(string section, string sentence)
    {
        Assert.Null(OptionsFile.Parse("{\"site\":\"s\",\"stateDir\":\"/x\",\"pods\":[],\"homeAssistant\":" + section + "}", out IReadOnlyList<string> problems));
        Assert.Contains(sentence, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void No_other_source_may_have_its_name()
    {
        string key = ToySite.Key(1);
        Assert.Null(OptionsFile.Parse("{\"site\":\"s\",\"stateDir\":\"/x\",\"pods\":[],\"homeAssistant\":{},\"sources\":[{\"id\":\"home-assistant\",\"key\":\"" + key + "\"}]}", out IReadOnlyList<string> problems));
        Assert.Contains("is there twice", Assert.Single(problems), StringComparison.Ordinal);
    }
}
