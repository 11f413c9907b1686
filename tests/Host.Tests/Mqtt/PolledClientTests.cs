using Ballast.Mqtt;

namespace Ballast.Host.Tests.Mqtt;

public sealed class PolledClientTests
{
    [Fact]
    public void Fifty_polled_clients_on_one_thread_talk_to_each_other()
    {
        using TestBroker broker = new();
        List<(MosquittoClient Client, RecordingReceiver Receiver)> all = [];
        for (int i = 0; i < 50; i++)
        {
            RecordingReceiver receiver = new();
            MosquittoClient client = new(new MqttOptions { ClientId = "c" + i, Port = broker.Port, Subscriptions = [new("all"), new("c" + i)] }, receiver);
            client.BeginConnect();
            all.Add((client, receiver));
        }

        Poll(all, () => all.All(c => c.Client.State == MqttClientState.Connected), "all to connect");
        Assert.Equal(MqttPublishResult.Taken, all[0].Client.Publish("all", "hello"u8, 1, false));
        Poll(all, () => all.All(c => c.Receiver.Messages.Count == 1), "the broadcast");
        foreach ((MosquittoClient client, _) in all)
        {
            client.Dispose();
        }
    }

    [Fact]
    public void The_owner_sees_the_loss_and_reconnects_when_it_wants()
    {
        using TestBroker broker = new();
        RecordingReceiver receiver = new();
        using MosquittoClient client = new(new MqttOptions { ClientId = "c", Port = broker.Port }, receiver);
        client.BeginConnect();
        Poll([(client, receiver)], () => client.State == MqttClientState.Connected, "the connect");
        broker.Stop();
        Poll([(client, receiver)], () => client.State == MqttClientState.Down, "the loss");
        client.BeginConnect();
        Poll([(client, receiver)], () => receiver.Losses.Count == 2, "the failed attempt to be reported by Poll");
        broker.Start();
        client.BeginConnect();
        Poll([(client, receiver)], () => client.State == MqttClientState.Connected, "the reconnect");
        Assert.Equal(2, client.ConnectCount);
    }

    [Fact]
    public void Publishing_and_polling_in_steady_state_allocate_nothing()
    {
        using TestBroker broker = new();
        CountingReceiver receiver = new();
        using MosquittoClient client = new(new MqttOptions { ClientId = "c", Port = broker.Port, Subscriptions = [new("x")] }, receiver);
        client.BeginConnect();
        Wait.Until(() => { client.Poll(); return client.State == MqttClientState.Connected; }, "the connect");
        byte[] payload = new byte[200];
        int want = 0;
        long Run(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < count; i++)
            {
                client.Publish("x", payload, 1, false);
                want++;
                while (receiver.Count < want)
                {
                    client.Poll();
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Run(50);
        Assert.Equal(0, Run(200));
    }

    [Fact]
    public void A_missing_library_gives_a_sentence_that_names_the_package()
    {
        string? problem = MosquittoLibrary.TryLoad(["libno-such-mosquitto.so.1"], out _);
        Assert.Contains("apt-get install libmosquitto1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_cannot_work_is_a_result()
    {
        RecordingReceiver receiver = new();
        using MosquittoClient client = new(new MqttOptions { ClientId = "c", Will = new MqttWill("w/#", [1]) }, receiver);
        client.BeginConnect();
        client.Poll();
        Assert.Equal(MqttConnectCode.Configuration, client.LastResult.Code);
        Assert.Single(receiver.Losses);
    }

    private static void Poll(IReadOnlyList<(MosquittoClient Client, RecordingReceiver Receiver)> all, Func<bool> until, string what)
        => Wait.Until(
            () =>
            {
                foreach ((MosquittoClient client, _) in all)
                {
                    client.Poll();
                }

                return until();
            },
            what);

    private sealed class CountingReceiver : IMqttReceiver
    {
        internal int Count { get; private set; }

        public void OnConnected()
        {
        }

        public void OnDisconnected(MqttConnectResult reason)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained) => Count++;
    }
}
