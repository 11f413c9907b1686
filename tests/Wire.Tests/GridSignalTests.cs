using System.Text;

namespace Ballast.Wire.Tests;

/// <summary>Contract section 6: limits from outside.</summary>
public sealed class GridSignalTests
{
    private const string Head = "\"v\":1,\"id\":\"ev-1\",\"source\":\"tso\",\"seq\":9,\"op\":\"set\"";
    private const string Set = Head + ",\"class\":\"emergency\",\"node\":\"site\",\"limitW\":1500000";
    private const string Tail = ",\"sent\":1763800000123,\"kid\":2";

    [Fact]
    public void A_limit_is_read_and_verified()
    {
        byte[] message = Signed.Message(
            Set + ",\"start\":\"2026-11-22T09:00:00Z\",\"durationS\":900,\"rampUpWPerS\":5000,\"reason\":\"line 4 out\"" + Tail, Signed.GridTopic);
        var signal = new GridSignal();
        Assert.Equal(Reject.None, Signed.ParseGrid(message, signal));
        Assert.True(Signed.Verify(message, Signed.GridTopic));
        Assert.Equal((GridOp.Set, OrderClass.Emergency, 1500000L, 900, 5000L), (signal.Op, signal.Class, signal.LimitW, signal.DurationS, signal.RampUpWPerS));
        Assert.Equal((2, 9U, 1763800000123L), (signal.Kid, signal.Seq, signal.SentMs));
        Assert.Equal(("ev-1", "tso", "site"), (Text(signal, signal.Id), Text(signal, signal.Source), Text(signal, signal.Node)));
        Assert.Equal(("2026-11-22T09:00:00Z", "line 4 out"), (Text(signal, signal.Start), Text(signal, signal.Reason)));
    }

    [Fact]
    public void What_is_optional_may_be_absent_and_nothing_is_left_from_the_last_signal()
    {
        var signal = new GridSignal();
        Assert.Equal(Reject.None, Signed.ParseGrid(Signed.Message(Set + ",\"durationS\":1,\"rampUpWPerS\":1,\"reason\":\"x\",\"start\":\"y\"" + Tail, Signed.GridTopic), signal));
        Assert.Equal(Reject.None, Signed.ParseGrid(Signed.Message(Set + Tail, Signed.GridTopic), signal));
        Assert.Equal((GridSignal.Absent, (long)GridSignal.Absent, 0, 0), (signal.DurationS, signal.RampUpWPerS, signal.Reason.Length, signal.Start.Length));
    }

    [Theory]
    [InlineData("\"v\":1,\"id\":\"a\",\"source\":\"tso\",\"seq\":9,\"op\":\"release\"", Reject.None)]
    [InlineData("\"v\":1,\"source\":\"tso\",\"seq\":9,\"op\":\"heartbeat\"", Reject.None)]
    [InlineData("\"v\":1,\"source\":\"tso\",\"seq\":9,\"op\":\"release\"", Reject.Missing)]
    [InlineData(Head + ",\"class\":\"economic\",\"node\":\"site\"", Reject.Missing)]
    [InlineData(Head + ",\"class\":\"economic\",\"limitW\":1", Reject.Missing)]
    [InlineData(Head + ",\"node\":\"site\",\"limitW\":1", Reject.Missing)]
    [InlineData("\"v\":2,\"source\":\"tso\",\"seq\":9,\"op\":\"heartbeat\"", Reject.Range)]
    [InlineData("\"v\":1,\"source\":\"\",\"seq\":9,\"op\":\"heartbeat\"", Reject.Range)]
    [InlineData("\"v\":1,\"source\":\"tso\",\"seq\":9,\"op\":\"raise\"", Reject.Range)]
    [InlineData(Head + ",\"class\":\"economic\",\"node\":\"site\",\"limitW\":1000000000001", Reject.Range)]
    [InlineData(Head + ",\"class\":\"economic\",\"node\":\"site\",\"limitW\":-1", Reject.Syntax)]
    public void Members_are_checked_by_op(string members, Reject expected) =>
        Assert.Equal(expected, Signed.ParseGrid(Signed.Message(members + Tail, Signed.GridTopic)));

    [Theory]
    [InlineData(",\"sent\":1")]
    [InlineData(",\"kid\":1")]
    public void Kid_and_sent_are_needed(string tail) =>
        Assert.Equal(Reject.Missing, Signed.ParseGrid(Signed.Message(Set + tail, Signed.GridTopic)));

    [Fact]
    public void Epoch_is_no_member_of_a_signal() =>
        Assert.Equal(Reject.None, Signed.ParseGrid(Signed.Message(Set + Tail + ",\"epoch\":\"x\",\"orderId\":\"y\"", Signed.GridTopic)));

    private static string Text(GridSignal signal, TextRange range) => Encoding.ASCII.GetString(signal.Text!, range.Off, range.Length);
}
