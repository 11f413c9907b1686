using System.Text;
using System.Text.Json.Nodes;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Power;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>Brown-outs, heat during a rise, the button, learned ladders, and the local page.</summary>
public class LifeTests
{
    [Fact]
    public void F19_rapid_power_cycling_backs_off_and_then_writes_nothing()
    {
        var b = new Bench(failsafeW: 12, change: s => s.StartSpreadS = 0);
        b.RunUntil(() => b.Fake.Regulator.On, 60);
        double last = 0;
        for (int i = 0; i < 4; i++)
        {
            b.Restart();
            double took = b.RunUntil(() => b.Fake.Regulator.On, 120);
            Assert.True(took >= StartGuard.WaitMs / 1000.0 * (1 << i), $"cycle {i}: {took} s after {last} s");
            last = took;
        }

        // The fifth unstable start waits for an hour, and cycles faster than that wear no flash.
        int writes = b.Store.Writes;
        for (int i = 0; i < 20; i++)
        {
            b.Restart();
            b.Run(30, () => Assert.False(b.Fake.Regulator.On));
        }

        Assert.Equal(writes, b.Store.Writes);
        Assert.Equal("waiting after unstable starts", b.Snap.Reason);
        b.RunUntil(() => b.Fake.Regulator.On, 7300);
        b.Run(700);
        b.Restart();
        Assert.Equal(0, b.Agent.Record.UnstableStarts);
    }

    [Fact]
    public void F36_S05_heat_during_a_rise_derates_and_a_stopped_fan_ends_it()
    {
        var b = new Bench();
        b.Admit(leaseS: 3600);
        b.RunUntil(() => b.Fake.Chain.FreqKhz > 300_000, 60);
        b.Fake.Sensor.MilliC = 71_000;
        b.RunUntil(() => b.Snap.LimitedBy == LimitedBy.Derate, 20);
        Assert.True(b.Snap.EffectivePoint < 5);
        b.Fake.Fans.Stuck = true;
        b.RunUntil(() => !b.Fake.Regulator.On, 6);
        Assert.Equal(SafetyRule.S05, b.Agent.Power.Cause);
    }

    [Fact]
    public void Derating_takes_one_step_at_a_time_and_comes_back_slowly()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Fake.Sensor.MilliC = 71_000;
        b.Run(5.5);
        Assert.Equal(4, b.Snap.EffectivePoint);
        b.Run(5);
        Assert.Equal(3, b.Snap.EffectivePoint);
        b.Fake.Sensor.MilliC = 60_000;
        b.Run(55);
        Assert.Equal(3, b.Snap.EffectivePoint);
        b.Run(130);
        Assert.Equal(5, b.Snap.EffectivePoint);
    }

    [Theory]
    [InlineData(0.3, true, false, false)]
    [InlineData(6, false, true, false)]
    [InlineData(16, false, false, true)]
    [InlineData(70, false, false, false)]
    public void The_button_identifies_releases_a_fault_or_resets(double seconds, bool blinks, bool releases, bool resets)
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Fake.Sensor.MilliC = 80_000;
        b.Run(1);
        b.Fake.Sensor.MilliC = 30_000;
        b.Run(1);
        b.Fake.Button.IsHigh = false;
        b.Run(seconds);
        b.Fake.Button.IsHigh = true;
        int edges = 0;
        bool led = b.Fake.Led.IsHigh;
        b.Run(2, () =>
        {
            edges += led != b.Fake.Led.IsHigh ? 1 : 0;
            led = b.Fake.Led.IsHigh;
        });
        Assert.Equal(releases, b.Snap.LatchedFault == SafetyRule.None);

        // Identify has eight edges in 2 s; the three flashes of a fault have six.
        Assert.Equal(blinks, edges > 6);
        Assert.Equal(resets, b.Agent.RebootRequested);
    }

    [Fact]
    public void A_ladder_learned_from_measurement_is_offered_and_used_only_once_the_host_accepts_it()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        uint before = b.Agent.Power.Ladder.Ladder.Id;
        int nominal = b.Agent.Power.Ladder.Ladder.PowerMw(5);
        b.Fake.ExtraPermille = 80;
        b.Run(130);
        JsonNode birth = b.Link.Last("/birth")!;
        uint offered = (uint)birth["offeredId"]!;
        Assert.Equal(before, (uint)birth["ladderId"]!);
        Assert.NotEqual(before, offered);
        Assert.InRange((int)birth["offered"]![5]![0]!, nominal * 105 / 100, nominal * 125 / 100);
        SetMessage m = b.Message(SetKind.LadderId);
        m.Value = offered + 1;
        b.Send(m);
        b.Run(1);
        Assert.Equal(before, b.Agent.Power.Ladder.Ladder.Id);
        m = b.Message(SetKind.LadderId);
        m.Value = offered;
        b.Send(m);
        b.Run(1);
        Assert.Equal(offered, b.Agent.Power.Ladder.Ladder.Id);
        Assert.Equal(offered, (uint)b.Link.Last("/birth")!["ladderId"]!);
        Assert.Null(b.Link.Last("/birth")!["offeredId"]);
        Assert.Equal(offered, (uint)b.Link.Last("/state")!["ladderId"]!);
        b.Restart();
        b.Run(1);
        Assert.Equal(offered, b.Agent.Power.Ladder.Ladder.Id);
    }

    [Fact]
    public void A_ladder_within_3_percent_is_not_offered()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Fake.ExtraPermille = -100 + 10;
        b.Run(300);
        Assert.Null(b.Agent.Offered);
    }

    [Fact]
    public void The_steady_loop_and_an_order_allocate_nothing()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Run(60);
        var quiet = new QuietLink(b.Link);
        var fake = new FakeBoard(b.Clock);
        var agent = new BoardAgent(b.Settings, fake.Board, quiet, new FakeStore(), b.Clock, new FakeEntropy(5), (IMiner?)null);
        for (int i = 0; i < 3000; i++)
        {
            b.Clock.NowMs += 20;
            agent.Step();
        }

        byte[][] orders = [.. Enumerable.Range(0, 60).Select(i => b.Sign(b.Order(i % 2 == 0 ? 0 : int.MaxValue, leaseS: 3600)))];
        quiet.Topic = Encoding.ASCII.GetBytes(Bench.Dispatch);
        quiet.Next = orders[0];
        b.Clock.NowMs += 20;
        agent.Step();
        int published = quiet.Published;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < 60; i++)
        {
            quiet.Next = orders[i];
            for (int k = 0; k < 100; k++)
            {
                b.Clock.NowMs += 20;
                agent.Step();
            }
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(quiet.Published > published + 60, "telemetry and acks were published");
        Assert.Null(agent.Failure);
        Assert.Equal(0, allocated);
    }

    /// <summary>A link that allocates nothing, so that what is measured is the agent.</summary>
    private sealed class QuietLink(FakeLink like) : Firmware.Grid.IMqttLink
    {
        public byte[] Topic { get; set; } = [];
        public byte[]? Next { get; set; }
        public int Published { get; private set; }
        public bool IsConnected => like.IsConnected;
        public int ConnectCount => 1;

        public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
        {
        }

        public void Poll(long nowMs)
        {
        }

        public bool TryReceive(Firmware.Grid.MqttInbound into)
        {
            if (Next == null)
                return false;
            Topic.CopyTo(into.Topic, 0);
            into.TopicLength = Topic.Length;
            Next.CopyTo(into.Payload, 0);
            into.PayloadLength = Next.Length;
            into.Retained = false;
            into.Oversize = false;
            Next = null;
            return true;
        }

        public bool Publish(string topic, byte[] payload, int length, int qos, bool retain)
        {
            Published++;
            return true;
        }
    }
}
