using System.Text;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Options;
using Ballast.Host.Tests.Broker;
using Ballast.Host.Tests.Mqtt;
using Ballast.Mqtt;

namespace Ballast.Host.Tests.HomeAssistant;

/// <summary>What the broker of broker-config lets Home Assistant do, asked of mosquitto itself. Proofs that nothing came are by order.</summary>
public sealed class HomeAccessTests : IDisposable
{
    private const string Config = "homeassistant/sensor/ballast_barn_power/config";
    private const string Status = "homeassistant/status";

    private readonly GeneratedBroker _broker = new(s => s with { HomeAssistant = new HomeAssistantSection() });

    public void Dispose() => _broker.Dispose();

    [Fact]
    public void It_writes_its_commands_and_its_status_and_nothing_else()
    {
        MqttOptions all = _broker.Options("host") with { Subscriptions = [new("#")] };
        Talker host = _broker.Connect(all);
        Talker home = _broker.Connect(HomeTopics.SourceId);
        string[] forbidden =
        [
            "p1/dispatch", "p1/b1/set", "p1/b1/state", "hosts/h1", "meter", "grid/signal", HomeTopics.State, HomeTopics.Cap + "/more", "grid/homeassistant/other",
        ];
        foreach (string topic in forbidden)
        {
            home.Say(topic);
            home.Say(topic, retain: true);
        }

        Publish(home, Config);
        Publish(home, "other");
        home.Say(HomeTopics.Cap);
        home.Say(HomeTopics.Emergency);
        Publish(home, Status);
        Wait.Until(() => host.Heard.Messages.Any(m => m.Topic == Status), Status);
        Assert.Equal([GeneratedBroker.Root + HomeTopics.Cap, GeneratedBroker.Root + HomeTopics.Emergency, Status], host.Heard.Messages.Select(m => m.Topic));
    }

    [Fact]
    public void It_hears_the_sites_values_and_descriptions_and_not_the_fleet()
    {
        Talker host = _broker.Connect("host");
        Talker home = _broker.Connect(_broker.Options(HomeTopics.SourceId) with { Subscriptions = [new("#")] });
        foreach (string topic in (string[])["p1/dispatch", "p1/b1/set", HomeTopics.State, "hosts/h1"])
        {
            host.Say(topic);
        }

        Publish(host, Config);
        Wait.Until(() => home.Heard.Messages.Any(m => m.Topic == Config), Config);
        Assert.Equal([GeneratedBroker.Root + HomeTopics.State, GeneratedBroker.Root + "hosts/h1", Config], home.Heard.Messages.Select(m => m.Topic));
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("meter")]
    [InlineData("grid.tso")]
    [InlineData("p1.b1")]
    public void Nobody_else_gives_its_commands(string user)
    {
        Talker host = _broker.Connect(_broker.Options("host") with { Subscriptions = [new("#")] });
        Talker other = _broker.Connect(user);
        foreach (bool retain in (bool[])[false, true])
        {
            other.Say(HomeTopics.Cap, "0", retain);
            other.Say(HomeTopics.Emergency, "PRESS", retain);
            other.Say(HomeTopics.State, "{}", retain);
        }

        Publish(other, Status);
        Publish(other, Config);

        // Too long a packet ends the connection after all that came before it was handled.
        other.Say("none", new string('x', 9000));
        Wait.Until(() => !other.Heard.Losses.IsEmpty, "the end of the connection");
        _broker.Connect("p1.b2").Say("p1/b2/event");
        Wait.Until(() => !host.Heard.Messages.IsEmpty, "the event");
        Assert.Equal([GeneratedBroker.Root + "p1/b2/event"], host.Heard.Messages.Select(m => m.Topic));
    }

    [Fact]
    public void Read_only_gives_it_no_command_and_without_the_section_there_is_no_such_user()
    {
        using GeneratedBroker readOnly = new(s => s with { HomeAssistant = new HomeAssistantSection { ReadOnly = true, Prefix = "ha" } });
        Talker host = readOnly.Connect(readOnly.Options("host") with { Subscriptions = [new("#")] });
        Talker home = readOnly.Connect(HomeTopics.SourceId);
        home.Say(HomeTopics.Cap, "0");
        home.Say(HomeTopics.Emergency, "PRESS");
        Publish(home, Status);
        Publish(home, "ha/status");
        Wait.Until(() => !host.Heard.Messages.IsEmpty, "the status");
        Assert.Equal(["ha/status"], host.Heard.Messages.Select(m => m.Topic));
        using GeneratedBroker without = new();
        Assert.False(File.Exists(Path.Combine(without.Output, "secrets", HomeTopics.SourceId)));
        Assert.DoesNotContain("homeassistant", File.ReadAllText(Path.Combine(without.Output, "broker", "acl")), StringComparison.Ordinal);
    }

    private static void Publish(Talker talker, string topic) => Assert.Equal(MqttPublishResult.Taken, talker.Connection.Publish(topic, Encoding.ASCII.GetBytes("x"), 1, false));
}
