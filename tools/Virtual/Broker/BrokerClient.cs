using Ballast.Host.HomeAssistant;
using Ballast.Host.Options;

namespace Ballast.Virtual.Broker;

/// <summary>Somebody with a user name at the broker, and all that he may do there: what is not listed is refused.</summary>
/// <param name="User">User name. A dot joins ids, which have none themselves, so no two can be alike; nothing in it means anything to a filter.</param>
/// <param name="Writes">Topic filters below the site's root that he may publish to.</param>
/// <param name="Reads">Topic filters below the site's root of which he gets messages.</param>
public sealed record BrokerClient(string User, string[] Writes, string[] Reads)
{
    /// <summary>Whole topic filters that he may publish to besides; only where Home Assistant is configured.</summary>
    public string[] WritesBeside { get; init; } = [];

    /// <summary>Whole topic filters of which he gets messages besides.</summary>
    public string[] ReadsBeside { get; init; } = [];

    /// <summary>Who speaks on a site's broker, by contract section 1: host, viewer, Home Assistant, meters, sources, boards.</summary>
    public static IReadOnlyList<BrokerClient> Of(SiteOptions site)
    {
        List<BrokerClient> all = [Host(site), new("viewer", [], ["#"])];
        if (site.HomeAssistant is { } home)
            all.Add(Home(home));
        if (site.Meter.Configured)
            all.Add(new("meter", [site.Meter.Topic], []));
        all.AddRange(site.Pods.Where(p => p.Metered).Select(p => new BrokerClient("meter." + p.Id, [p.Id + "/meter"], [])));
        all.AddRange(site.Surplus.Select(s => new BrokerClient("meter.surplus." + s.Id, [s.Topic], [])));
        all.AddRange(site.Sources.Select(s => new BrokerClient("grid." + s.Id, ["grid/signal"], [])));
        foreach (PodSection pod in site.Pods)
            all.AddRange(pod.Boards.Select(b => Board(pod.Id, b.Id)));
        return all;
    }

    /// <summary>One sentence if a topic that the configuration chooses freely would give its writer more than a reading; else null.</summary>
    public static string? Problem(SiteOptions site)
    {
        string[] topics = [site.Meter.Topic, .. site.Surplus.Select(s => s.Topic)];
        string? bad = topics.FirstOrDefault(t => !IsReading(t, site));
        return bad is null ? null : $"'{bad}' cannot be the topic of a meter or surplus: use one or two words of a-z, 0-9 and '-', the first neither hosts nor grid, the last none of those that boards and orders use.";
    }

    private static BrokerClient Host(SiteOptions site)
    {
        BrokerClient host = new("host", ["hosts/+", "+/dispatch", "+/+/set"], ["#"]);
        return site.HomeAssistant is not { } home ? host : host with
        {
            Writes = [.. host.Writes, HomeTopics.State],
            WritesBeside = [HomeTopics.Discovery(home.Prefix)],
            ReadsBeside = [HomeTopics.Status(home.Prefix)],
        };
    }

    // Whoever has this password has what the configuration gives to Home Assistant: its values, and its own cap and emergency button.
    private static BrokerClient Home(HomeAssistantSection home) => new(
        HomeTopics.SourceId, home.ReadOnly ? [] : [HomeTopics.Cap, HomeTopics.Emergency], [HomeTopics.State, "hosts/+"])
    {
        WritesBeside = [HomeTopics.Status(home.Prefix)],
        ReadsBeside = [HomeTopics.Discovery(home.Prefix), HomeTopics.Status(home.Prefix)],
    };

    private static BrokerClient Board(string pod, string board)
    {
        string own = $"{pod}/{board}/";
        return new($"{pod}.{board}", [own + "birth", own + "state", own + "telemetry", own + "ack", own + "event"], [pod + "/dispatch", own + "set"]);
    }

    private static bool IsReading(string topic, SiteOptions site)
    {
        string[] words = topic.Split('/');
        return words.Length is 1 or 2 && words.All(OptionsCheck.IsId) && words[0] is not ("hosts" or "grid")
            && (words.Length == 1 || words[1] is not ("dispatch" or "set" or "birth" or "state" or "telemetry" or "ack" or "event"))
            && !(words.Length == 2 && words[1] == "meter" && site.Pods.Any(p => p.Id == words[0]));
    }
}
