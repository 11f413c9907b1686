using System.Text;
using System.Text.Json;

namespace Ballast.Wire.Tests;

public sealed class VectorTests
{
    public static TheoryData<int> Choices => Vectors.Indexes("choice");

    public static TheoryData<int> Envelopes => Vectors.Indexes("envelopes");

    public static TheoryData<int> Inversions => Vectors.Indexes("inversion");

    [Fact]
    public void The_file_has_the_sections_that_this_build_knows()
    {
        Assert.Equal(400, Vectors.Section("choice").GetArrayLength());
        Assert.Equal(12, Vectors.Section("envelopes").GetArrayLength());
        Assert.Equal(60, Vectors.Section("inversion").GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Choice(int index)
    {
        JsonElement vector = Vectors.Section("choice")[index];
        Ladder ladder = vector.Ladder();
        byte[] board = Encoding.ASCII.GetBytes(vector.Text("board"));

        Assert.Equal(vector.U32("ladderId"), ladder.Id);
        Assert.Equal(vector.Ints("hull"), Enumerable.Range(0, ladder.HullCount).Select(ladder.HullPoint));
        Assert.Equal(vector.Ints("costMjPerTh"), Enumerable.Range(1, ladder.HullCount - 1).Select(ladder.CostMjPerTh));
        foreach (JsonElement order in vector.GetProperty("orders").EnumerateArray())
        {
            uint rank = Rank.Of(board, 0, board.Length, order.U32("salt"));
            Assert.Equal(order.U32("rank"), rank);
            Assert.Equal(order.Int("point"), ladder.Choose(order.Int("limitMjPerTh"), order.U32("share"), rank));
        }

        foreach (JsonElement cap in vector.GetProperty("caps").EnumerateArray())
        {
            Assert.Equal(cap.Int("point"), ladder.PowerPoint(cap.Int("powerW"), out bool belowMinimum));
            Assert.Equal(cap.GetProperty("belowMinimum").GetBoolean(), belowMinimum);
        }
    }

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void Envelope_is_read_verified_and_written_again(int index)
    {
        JsonElement vector = Vectors.Section("envelopes")[index];
        byte[] message = Encoding.ASCII.GetBytes(vector.Text("message"));
        byte[] topic = Encoding.UTF8.GetBytes(vector.Text("topic"));
        var mac = new HmacSha256(Convert.FromHexString(vector.Text("keyHex")));
        var order = new DispatchOrder();

        Assert.Equal(Reject.None, Envelope.ParseDispatch(message, 0, message.Length, false, order));
        Assert.True(Envelope.VerifyMac(message, 0, message.Length, topic, topic.Length, mac));

        byte[] written = new byte[Envelope.MaxMessage];
        int length = Envelope.WriteDispatch(order, topic, topic.Length, mac, written, 0);
        Assert.Equal(vector.Text("message"), Encoding.ASCII.GetString(written, 0, length));
    }

    [Theory]
    [MemberData(nameof(Inversions))]
    public void Inversion(int index)
    {
        JsonElement vector = Vectors.Section("inversion")[index];
        var inversion = new Inversion();
        foreach (JsonElement board in vector.GetProperty("boards").EnumerateArray())
        {
            byte[] name = Encoding.ASCII.GetBytes(board.Text("board"));
            inversion.Add(board.Ladder(), Rank.Of(name, 0, name.Length, vector.U32("salt")));
        }

        Assert.Equal(!vector.GetProperty("unreachable").GetBoolean(), inversion.Solve(vector.GetProperty("capMw").GetInt64()));
        Assert.Equal(vector.GetProperty("unreachable").GetBoolean(), inversion.Unreachable);
        Assert.Equal(vector.Int("limitMjPerTh"), inversion.LimitMjPerTh);
        Assert.Equal(vector.U32("share"), inversion.Share);
        Assert.Equal(vector.GetProperty("totalMw").GetInt64(), inversion.TotalMw);
    }
}
