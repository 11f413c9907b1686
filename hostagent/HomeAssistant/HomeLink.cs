using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Options;
using Ballast.Mqtt;

namespace Ballast.Host.HomeAssistant;

/// <summary>
/// Tells Home Assistant of the site and of its values. Only a host that leads speaks, so that two hosts do not take turns. The
/// descriptions are kept by the broker and said again after each connect and at each start of Home Assistant; values are not kept, because
/// an old one would look new. Switched off, or under a new prefix, what was kept is taken away. On the loop.
/// </summary>
internal sealed class HomeLink(HostCore core)
{
    private const long EveryMs = 10_000;
    private const string PrefixKept = "home-assistant/prefix";

    private readonly HomeAssistantSection? _section = core.Context.Options.HomeAssistant;
    private readonly string _stateTopic = "ballast/v1/" + core.Context.Options.Site + "/" + HomeTopics.State;
    private string _kept = "";
    private bool _described;
    private int _connects = -1;
    private HomeState? _said;
    private long _saidMs;
    private long _refused;

    /// <summary>What to subscribe to, whole topics.</summary>
    internal IEnumerable<MqttSubscription> Subscriptions
    {
        get
        {
            string root = "ballast/v1/" + core.Context.Options.Site + "/";
            return _section is null ? []
                : _section.ReadOnly ? [new(HomeTopics.Status(_section.Prefix))]
                : [new(HomeTopics.Status(_section.Prefix)), new(root + HomeTopics.Cap), new(root + HomeTopics.Emergency)];
        }
    }

    /// <summary>Takes what the journal holds.</summary>
    internal void Start(JournaledState journaled) => _kept = journaled.Values.GetValueOrDefault(PrefixKept, "");

    /// <summary>True for the topic on which Home Assistant says that it starts.</summary>
    internal bool IsStatus(ReadOnlySpan<byte> topic) => _section is not null && topic.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(HomeTopics.Status(_section.Prefix)));

    /// <summary>Home Assistant starts or ends; when it starts it knows nothing.</summary>
    internal void TakeStatus(ReadOnlySpan<byte> payload)
    {
        if (payload.SequenceEqual("online"u8))
        {
            _described = false;
        }
    }

    /// <summary>Says what is due. Once a second.</summary>
    internal void Tick()
    {
        if (!core.IsConnected || core.Dispatcher.Phase != HostPhase.Leading)
        {
            _connects = -1;
            return;
        }

        if (_connects != core.Connects)
        {
            (_connects, _described) = (core.Connects, false);
        }

        if (!_described)
        {
            _described = Describe();
            _said = null;
        }

        if (_section is not null && _described)
        {
            Say();
        }
    }

    private bool Describe()
    {
        string prefix = _section?.Prefix ?? "";
        bool taken = _kept.Length == 0 || _kept == prefix || HomeDiscovery.Removals(_kept, core.Context.Options.Site).All(Publish);

        // Noted before the first is kept, so that a host that dies in between still knows what to take away.
        if (taken && _kept != prefix && core.Context.Journal.SaveValue(PrefixKept, prefix))
        {
            _kept = prefix;
        }

        return taken && (_section is null || HomeDiscovery.Messages(core.Context.Options, _section).All(Publish));
    }

    // What people see at once is said at once, the rest every ten seconds. A refused command is answered by the value that holds.
    private void Say()
    {
        HomeState state = HomeState.Of(core, core.Sources.Home?.AskedW ?? HomeDiscovery.MaxW(core.Context.Options));
        long now = core.Context.Clock.NowMs, refused = core.Sources.Home?.RefusedCount ?? 0;
        bool changed = _said is null || state.Mode != _said.Mode || state.CapAskedW != _said.CapAskedW || state.CapW != _said.CapW || state.Alarm != _said.Alarm || refused != _refused;
        if ((changed || now - _saidMs >= EveryMs) && core.Publish(_stateTopic, state.Payload(), 0, false))
        {
            (_said, _saidMs, _refused) = (state, now, refused);
        }
    }

    private bool Publish(HomeMessage message) => core.Publish(message.Topic, message.Payload, 1, true);
}
