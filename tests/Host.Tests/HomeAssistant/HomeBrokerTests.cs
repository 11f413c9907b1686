using System.Text;
using System.Text.Json;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Options;
using Ballast.Host.Tests.Broker;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Sim;
using Ballast.Host.Tests.Web;
using Ballast.Mqtt;
using Ballast.Wire;

namespace Ballast.Host.Tests.HomeAssistant;

/// <summary>The whole host with a real broker and toy boards, and a client that does what Home Assistant does.</summary>
public sealed class HomeBrokerTests : IAsyncDisposable
{
    private const string Root = "ballast/v1/demo/";

    private readonly BrokerSite _site = new(4, 1, o => o with { HomeAssistant = new HomeAssistantSection() });
    private readonly List<Talker> _talkers = [];

    public async ValueTask DisposeAsync()
    {
        await _site.Stop();
        _talkers.ForEach(t => t.Connection.Dispose());
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Descriptions_are_kept_commands_become_orders_and_a_birth_is_answered()
    {
        await _site.Start();
        Talker home = Connect("home", "homeassistant/#", Root + HomeTopics.State, Root + "+/dispatch");
        Until(home, "all descriptions", () => Descriptions(home).Length == HomeEntity.All.Length);
        Assert.All(Descriptions(home), m => Assert.Empty(HomeRules.Faults(m.Topic, m.Payload)));

        // Who comes late finds them kept; values are not, because an old one would look new.
        Talker late = Connect("late", "homeassistant/#", Root + HomeTopics.State);
        Until(late, "the kept descriptions", () => Descriptions(late).Count(m => m.Retained) == HomeEntity.All.Length);
        Assert.DoesNotContain(late.Heard.Messages, m => m.Retained && m.Topic == Root + HomeTopics.State);

        // Home Assistant starts again: everything is said once more, and the values with it.
        int before = Descriptions(home).Length;
        Say(home, "homeassistant/status", "online");
        Until(home, "the descriptions again", () => Descriptions(home).Length == before + HomeEntity.All.Length);

        Wait.Until(() => _site.AllRun, "all boards to be admitted and run");
        Until(home, "a state of a running site", () => Last(home) is { } s && Text(s, "mode") == "free" && s.GetProperty("hashThs").GetDouble() > 0 && s.GetProperty("powerW").GetDouble() > 0);
        Assert.Equal(HomeDiscovery.MaxW(_site.Options), Last(home)!.Value.GetProperty("capAskedW").GetInt64());

        // A cap that was kept for later starts nothing; the same cap said now leads to a lower order.
        int free = LastLimit(home);
        Say(home, Root + HomeTopics.Cap, "60", retain: true);
        Talker again = Connect("again", Root + HomeTopics.Cap);
        Until(again, "the kept command", () => again.Heard.Messages.Any(m => m.Retained));
        Say(home, Root + HomeTopics.Cap, "", retain: true);
        Say(home, Root + HomeTopics.Cap, "60");
        Until(home, "a lower order", () => LastLimit(home) < free);
        Until(home, "the cap among the values", () => Text(Last(home)!.Value, "mode") == "limited" && Last(home)!.Value.GetProperty("capAskedW").GetInt64() == 60 && Last(home)!.Value.GetProperty("capW").GetDouble() == 60);

        // Without the right it does not rise, and Home Assistant is told what holds.
        int said = States(home).Length;
        Say(home, Root + HomeTopics.Cap, "90");
        Until(home, "the answer", () => States(home).Length > said);
        Assert.Equal(60, Last(home)!.Value.GetProperty("capAskedW").GetInt64());

        Say(home, Root + HomeTopics.Emergency, HomeDiscovery.Press);
        Until(home, "an emergency order", () => Orders(home)[^1].Class == OrderClass.Emergency);
        Wait.Until(() => _site.AllOff, "all boards to be off");
        Until(home, "the emergency among the values", () => Text(Last(home)!.Value, "mode") == "emergency");
    }

    [Fact]
    public async Task Switched_off_or_renamed_what_was_kept_is_taken_away()
    {
        await _site.Start();
        Talker home = Connect("home", "homeassistant/#", "ha/#");
        Until(home, "all descriptions", () => Descriptions(home).Length == HomeEntity.All.Length);
        await _site.Stop();
        await _site.Start(_site.Options with { HomeAssistant = new HomeAssistantSection { Prefix = "ha", ReadOnly = true } });
        Until(home, "the old ones' end and the new ones", () => Kept(home, "homeassistant/").Count == 0 && Kept(home, "ha/").Count == HomeEntity.All.Length - 2);
        await _site.Stop();
        await _site.Start(_site.Options with { HomeAssistant = null });
        Until(home, "the end of all", () => Kept(home, "ha/").Count == 0);
        Talker late = Connect("late", "homeassistant/#", "ha/#");
        Say(late, "ha/end", "x");
        Until(late, "the word behind what is kept", () => late.Heard.Messages.Any(m => m.Topic == "ha/end"));
        Assert.Single(late.Heard.Messages);
    }

    private Talker Connect(string id, params string[] filters)
    {
        Talker talker = new(MqttLibrary.Create(), new RecordingReceiver());
        _talkers.Add(talker);
        talker.Connection.Start(new MqttOptions { ClientId = id, Port = _site.BrokerPort, Subscriptions = [.. filters.Select(f => new MqttSubscription(f))] }, talker.Heard);
        Wait.Until(() => talker.Connection.IsConnected, id + " to connect");
        return talker;
    }

    private static void Say(Talker talker, string topic, string text, bool retain = false)
        => Assert.Equal(MqttPublishResult.Taken, talker.Connection.Publish(topic, Encoding.ASCII.GetBytes(text), 1, retain));

    private static Received[] Descriptions(Talker talker) => [.. talker.Heard.Messages.Where(m => m.Topic.EndsWith("/config", StringComparison.Ordinal))];

    // What the broker keeps: the last word on each topic, if it is not empty.
    private static List<string> Kept(Talker talker, string prefix)
        => [.. Descriptions(talker).Where(m => m.Topic.StartsWith(prefix, StringComparison.Ordinal)).GroupBy(m => m.Topic).Where(g => g.Last().Payload.Length > 0).Select(g => g.Key)];

    private static Received[] States(Talker talker) => [.. talker.Heard.Messages.Where(m => m.Topic == Root + HomeTopics.State)];

    private static JsonElement? Last(Talker talker) => States(talker) is { Length: > 0 } all ? JsonDocument.Parse(all[^1].Payload).RootElement : null;

    private static string? Text(JsonElement state, string member) => state.GetProperty(member).GetString();

    private static DispatchOrder[] Orders(Talker talker) => [.. talker.Heard.Messages.Select(m => new Sent(0, m.Topic, m.Payload, 1, false).Order).OfType<DispatchOrder>()];

    private static int LastLimit(Talker talker) => Orders(talker) is { Length: > 0 } all ? all[^1].LimitMjPerTh : 0;

    private static void Until(Talker talker, string what, Func<bool> condition)
        => Wait.Until(condition, what + "; last state: " + (States(talker) is { Length: > 0 } all ? all[^1].Text : "none"));
}
