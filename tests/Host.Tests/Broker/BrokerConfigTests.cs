using Ballast.Host.Tests.Mqtt;
using Ballast.Mqtt;
using Ballast.Virtual.Broker;
using Ballast.Virtual.Provisioning;

namespace Ballast.Host.Tests.Broker;

/// <summary>
/// What the generated files allow and refuse, asked of mosquitto itself. Proofs that nothing came are by order, not by waiting: a
/// connection's messages are handled one after the other, so what was refused would have come before the allowed one after it.
/// </summary>
public sealed class BrokerConfigTests : IDisposable
{
    private static readonly string[] Forbidden =
    [
        "p1/b2/birth", "p1/b2/state", "p1/b2/telemetry", "p1/b2/ack", "p1/b2/event", "p2/b1/state",
        "p1/dispatch", "p2/dispatch", "p1/b1/set", "p1/b2/set", "hosts/h1", "meter", "p1/meter", "surplus", "grid/signal",
    ];

    private readonly GeneratedBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public void Host_and_boards_do_their_work()
    {
        Talker host = _broker.Connect("host", "#");
        Talker board = _broker.Connect("p1.b1", "p1/dispatch", "p1/b1/set");
        string[] own = ["p1/b1/birth", "p1/b1/state", "p1/b1/telemetry", "p1/b1/ack", "p1/b1/event"];
        foreach (string topic in own)
        {
            board.Say(topic, new string('x', 4096), retain: topic.EndsWith("state", StringComparison.Ordinal));
        }

        host.Hears("p1/b1/event");
        Assert.Equal(own, host.Topics);
        host.Say("hosts/h1", retain: true);
        host.Say("p1/dispatch");
        host.Say("p1/b1/set");
        board.Hears("p1/b1/set");
        Assert.Equal(["p1/dispatch", "p1/b1/set"], board.Topics);
        Talker viewer = _broker.Connect("viewer", "#");
        viewer.Hears("p1/b1/state");
    }

    [Fact]
    public void A_board_cannot_speak_as_another_nor_order_anybody_nor_itself()
    {
        Talker host = _broker.Connect("host", "#");
        Talker victim = _broker.Connect("p1.b2", "p1/dispatch", "p1/b2/set");
        Talker board = _broker.Connect("p1.b1", "p1/b1/set");
        Refuses(board, "p1/b1/event", host, Forbidden);
        host.Say("p1/b2/set");
        victim.Hears("p1/b2/set");
        Assert.Equal(["p1/b2/set"], victim.Topics);
        host.Say("p1/b1/set");
        board.Hears("p1/b1/set");
        Assert.Equal(["p1/b1/set"], board.Topics);
    }

    [Fact]
    public void A_board_hears_only_its_pods_orders_and_its_own_whatever_it_subscribes_to()
    {
        Talker host = _broker.Connect("host");
        Talker board = _broker.Connect("p1.b1", "#", "p1/#", "+/dispatch", "p1/+/set", "p2/dispatch", "p1/b2/set", "p1/b2/state");
        Talker other = _broker.Connect("p1.b2");
        Talker seen = _broker.Connect("viewer", "#");
        other.Say("p1/b2/state", retain: true);
        seen.Hears("p1/b2/state");
        foreach (string topic in (string[])["hosts/h1", "p2/dispatch", "p1/b2/set", "p1/dispatch", "p1/b1/set"])
        {
            host.Say(topic);
        }

        board.Hears("p1/b1/set");
        Assert.Equal(["p1/b1/set", "p1/dispatch"], board.Topics.Distinct().Order());
    }

    [Theory]
    [InlineData("viewer", null)]
    [InlineData("meter", "meter")]
    [InlineData("meter.p1", "p1/meter")]
    [InlineData("meter.surplus.sun", "surplus")]
    [InlineData("grid.tso", "grid/signal")]
    public void Nobody_without_the_hosts_credentials_can_order_and_each_writes_only_its_own_topic(string user, string? own)
    {
        Talker host = _broker.Connect("host", "#");
        Talker talker = _broker.Connect(user, own is null ? "none" : "#");
        Refuses(talker, own, host, [.. Forbidden.Append("p1/b1/state").Except([own!])]);
        host.Say("p1/dispatch");
        host.Hears("p1/dispatch");
        if (own is not null)
        {
            Ends(talker);
        }

        Assert.Empty(talker.Topics);
    }

    [Fact]
    public void A_will_in_anothers_name_is_never_published_and_ones_own_is()
    {
        Talker host = _broker.Connect("host", "#");
        foreach (string topic in (string[])["p1/b2/state", "p1/dispatch", "p1/b1/set", "p1/b1/state"])
        {
            Talker talker = _broker.Connect(_broker.Options("p1.b1") with { Will = new MqttWill(GeneratedBroker.Root + topic, [1]) });
            Ends(talker);
            talker.Connection.Dispose();
        }

        _broker.Connect("p1.b2").Say("p1/b2/event");
        host.Hears("p1/b2/event");
        Assert.Equal(["p1/b1/state", "p1/b2/event"], host.Topics.Distinct());
    }

    [Fact]
    public void Anonymous_and_anothers_password_are_refused_on_every_listener()
    {
        foreach (int port in (int[])[_broker.HostPort, _broker.PlainPort])
        {
            MqttOptions[] wrong = [_broker.Options("p1.b1") with { User = null, Password = null }, _broker.Options("p1.b1") with { User = "host" }, _broker.Options("p1.b1") with { User = "p1.b2" }, _broker.Options("p1.b1") with { User = "nobody" }];
            foreach (MqttOptions options in wrong)
            {
                Talker talker = _broker.Start(options with { Port = port });
                Wait.Until(() => talker.Heard.Losses.Any(l => l.Code is MqttConnectCode.RefusedNotAuthorized or MqttConnectCode.RefusedCredentials), "the refusal of " + options.User);
                Assert.Equal(0, talker.Connection.ConnectCount);
            }
        }
    }

    [Fact]
    public void Nobody_throws_another_out_by_his_client_id()
    {
        Talker host = _broker.Connect("host", "#");
        Talker board = _broker.Connect("p1.b1");
        foreach (string id in (string[])["p1.b1", "any-p1.b1", "any-host"])
        {
            Talker thief = _broker.Connect(_broker.Options("p1.b2") with { ClientId = id });
            Talker guesser = _broker.Start(_broker.Options("p1.b1") with { ClientId = id, Password = "wrong" });
            Wait.Until(() => !guesser.Heard.Losses.IsEmpty, "the refusal");
            guesser.Connection.Dispose();
            thief.Say("p1/b2/event");
            thief.Connection.Dispose();
        }

        board.Say("p1/b1/event");
        host.Hears("p1/b1/event");
        Assert.Empty(board.Heard.Losses);
        Assert.Empty(host.Heard.Losses);
    }

    [Fact]
    public void An_oversize_message_is_dropped_and_a_huge_one_ends_its_connection()
    {
        Talker host = _broker.Connect("host", "#");
        Talker board = _broker.Connect("p1.b1");
        board.Say("p1/b1/telemetry", new string('x', 4097));
        board.Say("p1/b1/event");
        host.Hears("p1/b1/event");
        Assert.Equal(["p1/b1/event"], host.Topics);
        Assert.Empty(board.Heard.Losses);
        Ends(board);
        Assert.Empty(host.Heard.Losses);
    }

    [Fact]
    public void TLS_with_the_generated_authority_works_and_another_authority_is_not_trusted()
    {
        MqttOptions options = _broker.Options("p1.b1") with { Port = _broker.TlsPort, Tls = new MqttTls(Path.Combine(_broker.Output, "broker", "ca.pem")) };
        Talker host = _broker.Connect("host", "#");
        _broker.Connect(options).Say("p1/b1/event");
        host.Hears("p1/b1/event");
        DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("ballast-other-authority-");
        SiteAuthority.Ensure("barn", ["127.0.0.1"], elsewhere.FullName, Path.Combine(elsewhere.FullName, "ca.key"));
        Talker careful = _broker.Start(options with { User = "p1.b2", Password = _broker.Password("p1.b2"), Tls = new MqttTls(Path.Combine(elsewhere.FullName, "ca.pem")) });
        Wait.Until(() => !careful.Heard.Losses.IsEmpty, "the refusal");
        Assert.Equal(0, careful.Connection.ConnectCount);
        elsewhere.Delete(recursive: true);
    }

    [Fact]
    public void A_second_run_keeps_passwords_and_certificates_and_adds_what_is_new()
    {
        string before = _broker.Password("p1.b1");
        string certificate = File.ReadAllText(Path.Combine(_broker.Output, "broker", "server.pem"));
        IReadOnlyList<string> said = BrokerFiles.Write(GeneratedBroker.Site(_broker.HostPort, "b1 b9"), _broker.Settings);
        Assert.Equal(before, _broker.Password("p1.b1"));
        Assert.Equal(certificate, File.ReadAllText(Path.Combine(_broker.Output, "broker", "server.pem")));
        Assert.Contains(said, s => s.Contains(", 1 new,", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("p1.b2", StringComparison.Ordinal) && s.Contains("delete", StringComparison.Ordinal));
        string passwords = File.ReadAllText(Path.Combine(_broker.Output, "broker", "passwords"));
        Assert.Contains("p1.b9:$7$", passwords, StringComparison.Ordinal);
        Assert.DoesNotContain("p1.b2:", passwords, StringComparison.Ordinal);
        BrokerFiles.Write(GeneratedBroker.Site(_broker.HostPort), _broker.Settings with { Names = ["127.0.0.1", "broker.barn"] });
        Assert.NotEqual(certificate, File.ReadAllText(Path.Combine(_broker.Output, "broker", "server.pem")));
    }

    [Fact]
    public void Every_file_is_its_owners_only_and_nothing_secret_is_said_or_written_into_the_brokers_part()
    {
        string[] files = Directory.GetFiles(_broker.Output, "*", SearchOption.AllDirectories);
        Assert.Equal(6 + 1 + 9, files.Length);
        Assert.All(files, f => Assert.False(PrivateFile.IsShared(f), f));
        string open = string.Concat(_broker.Said) + string.Concat(Directory.GetFiles(Path.Combine(_broker.Output, "broker")).Select(File.ReadAllText));
        Assert.All(Directory.GetFiles(Path.Combine(_broker.Output, "secrets")), f => Assert.DoesNotContain(_broker.Password(Path.GetFileName(f)), open, StringComparison.Ordinal));
        Assert.Null(new SettingLines().AddSecrets(Path.Combine(_broker.Output, "secrets", "p1.b1")));
    }

    // Everything refused first, then what is allowed: only that arrives. Who may write nothing is followed by somebody who may.
    private void Refuses(Talker talker, string? own, Talker host, string[] topics)
    {
        foreach (string topic in topics)
        {
            talker.Say(topic, retain: true);
            talker.Say(topic);
        }

        if (own is null)
        {
            Ends(talker);
            own = "p1/b1/event";
            _broker.Connect("p1.b1").Say(own);
        }
        else
        {
            talker.Say(own);
        }

        host.Hears(own);
        Assert.Equal([own], host.Topics);
        Talker late = _broker.Connect(_broker.Options("host") with { ClientId = "late", Subscriptions = [new MqttSubscription(GeneratedBroker.Root + "#")] });
        host.Say("hosts/h1");
        late.Hears("hosts/h1");
        Assert.Equal(["hosts/h1"], late.Topics);
    }

    // Too long a packet ends a connection, after all that came before it was handled.
    private static void Ends(Talker talker)
    {
        talker.Say("none", new string('x', 9000));
        Wait.Until(() => !talker.Heard.Losses.IsEmpty, "the end of the connection");
    }
}
