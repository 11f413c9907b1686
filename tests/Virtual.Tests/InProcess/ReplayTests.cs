using System.Text;
using Ballast.Host.Limits;
using Ballast.Mqtt;
using Ballast.Virtual.InProcess;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Tests.InProcess;

/// <summary>F26 and F16 on a whole site of the firmware's own agents: captured messages, and boards and gateways whose clocks are wrong.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void F26_every_message_of_an_event_played_again_moves_nothing()
    {
        using var site = new InProcessSite(new InProcessOptions { Boards = 8 });
        using var ear = new Ear(site);
        Assert.True(site.RunUntil(() => site.Boards.All(b => b.Agent.Snapshot.EffectivePoint > 0), 240_000));
        long low = (site.FullMw + site.FloorMw) / 2_000;
        Assert.Equal(LimitOutcome.Created, site.SetCap(low, GridClass.Reliability).Outcome);
        site.RunFor(30_000);
        Assert.Equal(LimitOutcome.Released, site.Release().Outcome);
        site.RunFor(120_000);
        Assert.Equal(LimitOutcome.Created, site.SetCap(low, GridClass.Emergency).Outcome);
        site.RunFor(30_000);
        List<(string Topic, byte[] Payload)> captured = [.. ear.Heard];
        Assert.Contains(captured, m => m.Topic.EndsWith("/set", StringComparison.Ordinal));
        Assert.True(captured.Count > 30, captured.Count + " messages");

        // Under the emergency every order to raise that was ever heard comes again, in its order and backwards, ten times as fast.
        captured.AddRange([.. Enumerable.Reverse(captured)]);
        int refused = Refused(site);
        (uint, uint, uint, int)[] before = Content(site);
        foreach ((string topic, byte[] payload) in captured)
        {
            ear.Publish(topic, payload);
            site.RunFor(100);
            Assert.True(site.PowerMw <= low * 1_020, site.PowerMw + " mW");
        }

        site.RunFor(5_000);
        Assert.True(Refused(site) > refused + captured.Count / 4, "only " + (Refused(site) - refused) + " refused of " + captured.Count);
        Assert.All(Content(site).Zip(before), pair => Assert.True(pair.First.Item1 >= pair.Second.Item1 && pair.First.Item3 == pair.Second.Item3 && pair.First.Item4 == pair.Second.Item4, pair.ToString()));
        Assert.Empty(site.Oracle.Findings);
    }

    [Fact]
    public void F16_nothing_depends_on_the_clocks_of_boards_and_gateways()
    {
        // The meter's clock stands at 1970 and jumps back by hours: only that its numbers rise counts, and after a silence not even that.
        using var site = new InProcessSite(new InProcessOptions { Boards = 8 });
        site.MeterSilent = true;
        using var meter = new Ear(site);
        long sent = 0;
        site.Sampled += (_, mw) => meter.Publish($"ballast/v1/{InProcessSite.Name}/meter", Encoding.ASCII.GetBytes(FormattableString.Invariant($"{{\"powerW\":{mw / 1_000},\"sent\":{++sent}}}")));
        Assert.True(site.RunUntil(() => site.Boards.All(b => b.Agent.Snapshot.EffectivePoint > 0), 240_000));
        long low = (site.FullMw + site.FloorMw) / 2_000;
        site.SetCap(low, GridClass.Reliability);
        site.RunFor(20_000);
        Assert.True(site.PowerMw <= low * 1_020, site.PowerMw + " mW");

        // No message to a board names a time of day: leases and ramps are durations.
        Assert.All(meter.Heard.Where(m => m.Topic.EndsWith("/dispatch", StringComparison.Ordinal)), m =>
        {
            string text = Encoding.ASCII.GetString(m.Payload);
            Assert.Contains("\"leaseS\":", text, StringComparison.Ordinal);
            Assert.DoesNotContain("start", text, StringComparison.Ordinal);
            Assert.DoesNotContain("until", text, StringComparison.Ordinal);
        });
        Assert.Empty(site.Oracle.Findings);
    }

    private static int Refused(InProcessSite site) => site.Boards.Sum(b => b.Agent.Snapshot.Rejects.Sum());

    private static (uint Seq, uint Set, uint OrderId, int Point)[] Content(InProcessSite site)
        => [.. site.Boards.Select(b => (b.Agent.Snapshot.DispatchSeq, b.Agent.Snapshot.SetSeq, b.Agent.Snapshot.OrderId, b.Agent.Snapshot.EffectivePoint))];

    /// <summary>Somebody at the broker who hears all orders and may publish everywhere.</summary>
    private sealed class Ear : IMqttReceiver, IDisposable
    {
        private readonly InProcessConnection _link;

        public Ear(InProcessSite site)
        {
            _link = new InProcessConnection(site.Broker, site.Time, 77);
            string root = $"ballast/v1/{InProcessSite.Name}/";
            _link.Start(new MqttOptions { ClientId = "ear", Subscriptions = [new MqttSubscription(root + "+/dispatch"), new MqttSubscription(root + "+/+/set")] }, this);
        }

        public List<(string Topic, byte[] Payload)> Heard { get; } = [];

        public void OnConnected()
        {
        }

        public void OnDisconnected(MqttConnectResult reason)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained) => Heard.Add((Encoding.ASCII.GetString(topic), payload.ToArray()));

        public void Dispose() => _link.Dispose();

        public void Publish(string topic, byte[] payload) => _link.Publish(topic, payload, 0, false);
    }
}
