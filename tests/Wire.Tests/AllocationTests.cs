using System.Text;

namespace Ballast.Wire.Tests;

/// <summary>The steady state of orders, telemetry and hashing takes nothing from the heap.</summary>
public sealed class AllocationTests
{
    private static readonly byte[] Topic = Encoding.UTF8.GetBytes(Signed.PodTopic);
    private readonly byte[] _into = new byte[2048];
    private readonly HmacSha256 _mac = new(Signed.Key);

    [Fact]
    public void Reading_an_order_with_its_mac()
    {
        byte[] message = Signed.Message(Signed.Dispatch + ",\"later\":\"x\"", Signed.PodTopic);
        var order = new DispatchOrder();
        AllocatesNothing(() =>
        {
            Assert.True(Envelope.ParseDispatch(message, 0, message.Length, false, order) == Reject.None);
            Assert.True(Envelope.VerifyMac(message, 0, message.Length, Topic, Topic.Length, _mac));
        });
    }

    [Fact]
    public void Writing_an_order()
    {
        var order = new DispatchOrder { LeaseS = 60, SentMs = 1763800000123 };
        AllocatesNothing(() => Assert.True(Envelope.WriteDispatch(order, Topic, Topic.Length, _mac, _into, 0) > 0));
    }

    [Fact]
    public void Reading_and_writing_an_action()
    {
        byte[] message = Signed.Message(Signed.Common + ",\"pool\":1,\"slot\":1,\"url\":\"u\",\"user\":\"v\",\"pass\":\"w\"", Signed.PodTopic);
        var set = new SetMessage();
        AllocatesNothing(() =>
        {
            Assert.True(Envelope.ParseSet(message, 0, message.Length, false, set) == Reject.None);
            Assert.True(Envelope.WriteSet(set, Topic, Topic.Length, _mac, _into, 0) > 0);
        });
    }

    [Fact]
    public void Reading_a_limit_from_outside()
    {
        byte[] message = Signed.Message("\"v\":1,\"source\":\"tso\",\"seq\":9,\"op\":\"heartbeat\",\"sent\":1,\"kid\":1", Signed.GridTopic);
        var signal = new GridSignal();
        AllocatesNothing(() => Assert.True(Envelope.ParseGridSignal(message, 0, message.Length, false, signal) == Reject.None));
    }

    [Fact]
    public void Refusing_a_message()
    {
        byte[] message = Signed.Message(Signed.Dispatch + ",\"x\":1,\"x\":1", Signed.PodTopic);
        var order = new DispatchOrder();
        AllocatesNothing(() => Assert.True(Envelope.ParseDispatch(message, 0, message.Length, false, order) == Reject.DuplicateMember));
    }

    [Fact]
    public void Writing_what_a_board_says()
    {
        Ladder ladder = Laws.Build(1000, [0, 5000, 9000], [0, 500, 600]);
        var birth = new BirthMessage { Model = "m", Ladder = ladder, Offered = ladder, Capabilities = ["a"] };
        var state = new StateMessage { Online = true, Reason = "r", PowerW = 5, LatchCount = 1 };
        state.Latches[0] = "fault-S03";
        var telemetry = new TelemetryMessage { PowerMw = 17_000, ChipMilliC = -5 };
        telemetry.Rejects[3] = 2;
        var ack = new AckMessage { Reason = "x" };
        var alarm = new EventMessage { Rule = "S03", Text = "hot" };
        AllocatesNothing(() => Assert.True(
            birth.Write(_into, 0) > 0 && state.Write(_into, 0) > 0 && telemetry.Write(_into, 0) > 0 && ack.Write(_into, 0) > 0
            && alarm.Write(_into, 0) > 0));
    }

    [Fact]
    public void Hashing_choosing_and_solving()
    {
        Ladder ladder = Laws.Build(1000, [0, 5000, 9000], [0, 500, 600]);
        var inversion = new Inversion();
        AllocatesNothing(() =>
        {
            Sha256.Hash(_into, 0, 200, _into, 0);
            Sha256.DoubleHash(_into, 0, 80, _into, 0);
            uint rank = Rank.Of(_into, 0, 6, 5);
            ladder.Choose(18_000, 0, rank);
            inversion.Clear();
            inversion.Add(ladder, rank);
            inversion.Solve(12_000);
        });
    }

    private static void AllocatesNothing(Action act)
    {
        for (int i = 0; i < 3; i++)
            act();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            act();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
