using System.Security.Cryptography;
using System.Text;
using Ballast.Mqtt;
using Ballast.Virtual.Processes;

namespace Ballast.Host.Tests.Mqtt;

/// <summary>What every stack behind <see cref="IMqttConnection"/> must do. One subclass per stack.</summary>
public abstract class ConnectionContract
{
    protected abstract IMqttConnection Create();

    /// <summary>False for a stack whose one thread both calls the receiver and writes.</summary>
    protected virtual bool OrdersPassASlowReceiver => true;

    private static MqttOptions Options(TestBroker broker, string id, params MqttSubscription[] subscriptions)
        => new() { ClientId = id, Port = broker.Port, Subscriptions = subscriptions, ReconnectMinMs = 50, ReconnectMaxMs = 150 };

    [Fact]
    public void Publishes_and_receives_QoS_0_and_1_with_the_retain_flag_off()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using IMqttConnection connection = Start(Options(broker, "a", new MqttSubscription("x/#")), receiver);
        Assert.Equal(MqttPublishResult.Taken, connection.Publish("x/0", "zero"u8, 0, false));
        Assert.Equal(MqttPublishResult.Taken, connection.Publish("x/ä", "one"u8, 1, false));
        Wait.Until(() => receiver.Messages.Count == 2, "both messages");
        Received[] all = [.. receiver.Messages];
        Assert.Equal(["x/0", "x/ä"], all.Select(m => m.Topic));
        Assert.Equal([0, 1], all.Select(m => m.Qos));
        Assert.All(all, m => Assert.False(m.Retained));
    }

    [Fact]
    public void A_retained_message_comes_to_a_late_subscriber_with_the_flag_on()
    {
        using TestBroker broker = new();
        using IMqttConnection first = Start(Options(broker, "a"), new RecordingReceiver());
        Assert.Equal(MqttPublishResult.Taken, first.Publish("kept", "k"u8, 1, true));
        RecordingReceiver receiver = new();
        using IMqttConnection late = Start(Options(broker, "b", new MqttSubscription("kept")), receiver);
        Wait.Until(() => !receiver.Messages.IsEmpty, "the retained message");
        Assert.True(receiver.Messages.First().Retained);
    }

    [Fact]
    public void A_payload_of_16_kB_and_an_empty_one_arrive_whole()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using IMqttConnection connection = Start(Options(broker, "a", new MqttSubscription("big")), receiver);
        byte[] big = RandomNumberGenerator.GetBytes(16 * 1024);
        connection.Publish("big", big, 1, false);
        connection.Publish("big", [], 1, false);
        Wait.Until(() => receiver.Messages.Count == 2, "both payloads");
        Assert.Equal(big, receiver.Messages.First().Payload);
        Assert.Empty(receiver.Messages.Last().Payload);
    }

    [Fact]
    public void Closing_drops_the_will_and_a_broken_connection_publishes_it()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using IMqttConnection watcher = Start(Options(broker, "w", new MqttSubscription("will/#")), receiver);
        IMqttConnection closes = Start(Options(broker, "c") with { Will = new MqttWill("will/c", [1]) }, new RecordingReceiver());
        closes.Close();
        closes.Dispose();
        using (MosquittoClient breaks = new(Options(broker, "d") with { Will = new MqttWill("will/d", [2]) }, new RecordingReceiver()))
        {
            breaks.BeginConnect();
            Wait.Until(() => { breaks.Poll(); return breaks.State == MqttClientState.Connected; }, "the second client");
            breaks.Abort();
            Wait.Until(() => !receiver.Messages.IsEmpty, "the will");
        }

        Assert.Equal(["will/d"], receiver.Messages.Select(m => m.Topic));
    }

    [Fact]
    public void After_a_broker_restart_it_reconnects_and_subscribes_again_and_sends_nothing_old()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using IMqttConnection connection = Start(Options(broker, "a", new MqttSubscription("x")), receiver);
        broker.Stop();
        Wait.Until(() => !connection.IsConnected, "the loss to be seen");
        Assert.Equal(MqttPublishResult.NotConnected, connection.Publish("x", "stale"u8, 1, false));
        broker.Start();
        Wait.Until(() => connection.IsConnected, "the reconnect");
        Assert.Equal(2, connection.ConnectCount);
        connection.Publish("x", "fresh"u8, 1, false);
        Wait.Until(() => !receiver.Messages.IsEmpty, "the fresh message");
        Assert.Equal(["fresh"], receiver.Messages.Select(m => m.Text));
    }

    [Fact]
    public void Refused_credentials_come_back_as_a_result()
    {
        using TestBroker broker = new("allow_anonymous false");
        RecordingReceiver receiver = new();
        using IMqttConnection connection = Create();
        connection.Start(Options(broker, "a") with { User = "nobody", Password = "wrong" }, receiver);
        Wait.Until(() => receiver.Losses.Any(l => l.Code is MqttConnectCode.RefusedNotAuthorized or MqttConnectCode.RefusedCredentials), "the refusal");
        Assert.False(connection.IsConnected);
        Assert.Contains("password is wrong", receiver.Losses.First().Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void No_broker_is_a_result_that_names_the_address()
    {
        RecordingReceiver receiver = new();
        using IMqttConnection connection = Create();
        int port = FreePorts.Take();
        connection.Start(new MqttOptions { ClientId = "a", Port = port, ReconnectMinMs = 10, ReconnectMaxMs = 20 }, receiver);
        Wait.Until(() => receiver.Losses.Count > 2, "three attempts");
        Assert.Equal(MqttConnectCode.Network, receiver.Losses.First().Code);
        Assert.Contains("127.0.0.1:" + port, receiver.Losses.First().Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wildcard_in_a_published_topic_is_refused_and_the_connection_stays_up()
    {
        using TestBroker broker = new();
        using IMqttConnection connection = Start(Options(broker, "a"), new RecordingReceiver());
        Assert.Equal(MqttPublishResult.Invalid, connection.Publish("x/#", "no"u8, 1, false));
        Assert.True(connection.IsConnected);
    }

    [Fact]
    public void A_handler_that_throws_or_publishes_does_not_stop_the_connection()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using IMqttConnection connection = Start(Options(broker, "a", new MqttSubscription("q"), new MqttSubscription("answer")), receiver);
        receiver.Then = m =>
        {
            if (m.Text == "throw")
            {
                throw new InvalidOperationException("planted");
            }

            if (m.Topic == "q")
            {
                connection.Publish("answer", m.Payload, 1, false);
            }
        };
        connection.Publish("q", "throw"u8, 1, false);
        connection.Publish("q", "ask"u8, 1, false);
        Wait.Until(() => receiver.Messages.Any(m => m.Topic == "answer"), "the answer");
    }

    [Fact]
    public void Four_threads_publish_at_once_and_nothing_is_lost()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using IMqttConnection connection = Start(Options(broker, "a", new MqttSubscription("t/#")), receiver);
        Parallel.For(0, 4, t =>
        {
            for (int i = 0; i < 500; i++)
            {
                Assert.Equal(MqttPublishResult.Taken, connection.Publish("t/" + t, Encoding.ASCII.GetBytes(i.ToString(System.Globalization.CultureInfo.InvariantCulture)), 1, false));
            }
        });
        Wait.Until(() => receiver.Messages.Count == 2000, "2,000 messages");
        Assert.All(receiver.Messages.GroupBy(m => m.Topic), g => Assert.Equal(Enumerable.Range(0, 500).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), g.Select(m => m.Text)));
    }

    [Fact]
    public void Connects_over_TLS_with_a_client_certificate_and_refuses_an_unknown_authority()
    {
        string folder = Directory.CreateTempSubdirectory("ballast-tls-").FullName;
        try
        {
            using TestAuthority authority = new(folder);
            using TestBroker broker = new(
                "allow_anonymous true",
                $"cafile {authority.CaFile}\ncertfile {authority.ServerFile}\nkeyfile {authority.ServerKeyFile}\nrequire_certificate true\n");
            RecordingReceiver receiver = new();
            MqttOptions options = Options(broker, "a", new MqttSubscription("x")) with { Tls = new MqttTls(authority.CaFile, authority.ClientFile, authority.ClientKeyFile) };
            using IMqttConnection connection = Start(options, receiver);
            connection.Publish("x", "secret"u8, 1, false);
            Wait.Until(() => !receiver.Messages.IsEmpty, "the message over TLS");

            RecordingReceiver refused = new();
            using IMqttConnection other = Create();
            other.Start(options with { ClientId = "b", Tls = options.Tls with { CaFile = authority.ClientFile } }, refused);
            Wait.Until(() => !refused.Losses.IsEmpty, "the refusal");
            Assert.False(other.IsConnected);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void QoS_1_survives_a_broker_restart_for_whoever_sends_again_after_the_loss()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using IMqttConnection listener = Start(Options(broker, "listens", new MqttSubscription("x")), receiver);
        using IMqttConnection sender = Start(Options(broker, "sends"), new RecordingReceiver());
        int sent = 0;
        for (int i = 0; i < 300; i++)
        {
            if (i == 100)
            {
                broker.Stop();
                Wait.Until(() => !sender.IsConnected && !listener.IsConnected, "both to see the loss");
                broker.Start();
                Wait.Until(() => sender.IsConnected && listener.IsConnected, "both to come back");
            }

            if (sender.Publish("x", Encoding.ASCII.GetBytes(i.ToString(System.Globalization.CultureInfo.InvariantCulture)), 1, false) == MqttPublishResult.Taken)
            {
                sent++;
            }

            if (i == 99)
            {
                Wait.Until(() => receiver.Messages.Count == 100, "the first hundred");
            }
        }

        Wait.Until(() => receiver.Messages.Count >= sent, "all that was taken");
        Assert.Equal(300, sent);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), receiver.Messages.Select(m => m.Text));
    }

    [Fact]
    public void A_slow_consumer_loses_nothing_of_what_the_broker_kept_and_does_not_hold_up_its_own_orders()
    {
        using TestBroker broker = new();
        RecordingReceiver slow = new();
        using ManualResetEventSlim release = new();
        slow.Then = m =>
        {
            if (m.Topic == "storm")
            {
                release.Wait(TimeSpan.FromSeconds(240));
            }
        };
        using IMqttConnection consumer = Start(Options(broker, "slow", new MqttSubscription("storm")), slow);
        RecordingReceiver fast = new();
        using IMqttConnection other = Start(Options(broker, "fast", new MqttSubscription("order")), fast);
        for (int i = 0; i < 500; i++)
        {
            other.Publish("storm", new byte[400], 1, false);
        }

        Wait.Until(() => !slow.Messages.IsEmpty, "the first of the storm");
        // The polled stack writes on the thread that its receiver holds: there an order needs a connection of its own.
        if (OrdersPassASlowReceiver)
        {
            Assert.Equal(MqttPublishResult.Taken, consumer.Publish("order", "now"u8, 1, false));
            Wait.Until(() => !fast.Messages.IsEmpty, "the order to pass the storm");
        }

        Assert.True(consumer.IsConnected);
        release.Set();
        Wait.Until(() => slow.Messages.Count == 500, "the whole storm");
    }

    [Fact]
    public void Starting_twice_is_refused()
    {
        using TestBroker broker = new();
        using IMqttConnection connection = Start(Options(broker, "a"), new RecordingReceiver());
        Assert.Throws<InvalidOperationException>(() => connection.Start(Options(broker, "a"), new RecordingReceiver()));
    }

    private IMqttConnection Start(MqttOptions options, IMqttReceiver receiver)
    {
        IMqttConnection connection = Create();
        connection.Start(options, receiver);
        Wait.Until(() => connection.IsConnected, "the connection (" + connection.LastResult.Sentence + ")");
        return connection;
    }
}

public sealed class MosquittoConnectionTests : ConnectionContract
{
    protected override IMqttConnection Create() => new MosquittoConnection();

    protected override bool OrdersPassASlowReceiver => false;
}

public sealed class SplitConnectionTests : ConnectionContract
{
    protected override IMqttConnection Create() => new SplitConnection(new MosquittoConnection(), new MosquittoConnection());
}

#if MQTTNET
public sealed class MqttNetConnectionTests : ConnectionContract
{
    protected override IMqttConnection Create() => new MqttNetConnection();
}
#endif
