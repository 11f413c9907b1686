using System.Text;
using System.Text.Json.Nodes;
using Ballast.Host.Options;
using Ballast.Host.Tests.Mqtt;
using Ballast.Mqtt;
using Ballast.Virtual.Broker;
using Ballast.Virtual.Processes;

namespace Ballast.Host.Tests.Broker;

/// <summary>A real mosquitto on exactly the files that <c>ballast broker-config</c> writes; the ports are chosen free, nothing else is changed.</summary>
internal sealed class GeneratedBroker : IDisposable
{
    internal const string Root = "ballast/v1/barn/";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-broker-config-");
    private readonly List<IMqttConnection> _connections = [];
    private readonly MosquittoBroker _broker;

    internal GeneratedBroker(Func<SiteOptions, SiteOptions>? change = null)
    {
        HostPort = FreePorts.Take();
        TlsPort = FreePorts.Take();
        PlainPort = FreePorts.Take();
        Output = Path.Combine(_folder.FullName, "out");
        Said = BrokerFiles.Write(change?.Invoke(Site(HostPort)) ?? Site(HostPort), Settings);
        _broker = new MosquittoBroker(Path.Combine(Output, "broker", "mosquitto.conf"), PlainPort);
        _broker.Start();
    }

    internal string Output { get; }

    internal int HostPort { get; }

    internal int TlsPort { get; }

    internal int PlainPort { get; }

    internal IReadOnlyList<string> Said { get; }

    internal BrokerSettings Settings
        => new() { Output = Output, TlsPort = TlsPort, PlainPort = PlainPort, PlainAddress = "127.0.0.1", Names = ["127.0.0.1"], Account = Environment.UserName };

    internal static SiteOptions Site(int hostPort, string boards = "b1 b2", string mqttHost = "127.0.0.1", string meterTopic = "meter")
    {
        string key = string.Concat(Enumerable.Repeat("5a", 32));
        JsonArray Boards(string names) => [.. names.Split(' ').Select(n => new JsonObject { ["id"] = n, ["key"] = key, ["nameplateW"] = 20 })];
        var site = new JsonObject
        {
            ["site"] = "barn",
            ["stateDir"] = "/nowhere",
            ["mqtt"] = new JsonObject { ["host"] = mqttHost, ["port"] = hostPort },
            ["meter"] = new JsonObject { ["configured"] = true, ["topic"] = meterTopic },
            ["sources"] = new JsonArray(new JsonObject { ["id"] = "tso", ["key"] = key }),
            ["surplus"] = new JsonArray(new JsonObject { ["id"] = "sun" }),
            ["pods"] = new JsonArray(
                new JsonObject { ["id"] = "p1", ["key"] = key, ["metered"] = true, ["boards"] = Boards(boards) },
                new JsonObject { ["id"] = "p2", ["key"] = key, ["boards"] = Boards("b1") }),
        };
        return OptionsFile.Parse(site.ToJsonString(), out IReadOnlyList<string> problems) ?? throw new InvalidOperationException(problems[0]);
    }

    /// <summary>Has mosquitto read its passwords again.</summary>
    internal void Reload() => _broker.Reload();

    internal string Password(string user)
        => File.ReadLines(Path.Combine(Output, "secrets", user)).Single(l => l.StartsWith("mqttPassword=", StringComparison.Ordinal))["mqttPassword=".Length..];

    /// <summary>Connects as a user, the host over its own listener and everybody else over the plain one.</summary>
    internal Talker Connect(string user, params string[] filters) => Connect(Options(user) with { Subscriptions = [.. filters.Select(f => new MqttSubscription(Root + f))] });

    internal MqttOptions Options(string user)
        => new() { ClientId = "any-" + user, Port = user == "host" ? HostPort : PlainPort, User = user, Password = Password(user), ReconnectMinMs = 50, ReconnectMaxMs = 100 };

    internal Talker Connect(MqttOptions options)
    {
        Talker talker = Start(options);
        Wait.Until(() => talker.Connection.IsConnected, options.User + " to connect: " + talker.Connection.LastResult.Sentence);
        return talker;
    }

    internal Talker Start(MqttOptions options)
    {
        var talker = new Talker(MqttLibrary.Create(), new RecordingReceiver());
        _connections.Add(talker.Connection);
        talker.Connection.Start(options, talker.Heard);
        return talker;
    }

    public void Dispose()
    {
        foreach (IMqttConnection connection in _connections)
        {
            connection.Dispose();
        }

        _broker.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>A client and what it heard, topics below the site's root.</summary>
internal sealed record Talker(IMqttConnection Connection, RecordingReceiver Heard)
{
    internal string[] Topics => [.. Heard.Messages.Select(m => m.Topic[GeneratedBroker.Root.Length..])];

    internal void Say(string topic, string text = "x", bool retain = false)
        => Assert.Equal(MqttPublishResult.Taken, Connection.Publish(GeneratedBroker.Root + topic, Encoding.ASCII.GetBytes(text), 1, retain));

    internal void Hears(string topic) => Wait.Until(() => Topics.Contains(topic), topic);
}
