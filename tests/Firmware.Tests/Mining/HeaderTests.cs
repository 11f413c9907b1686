using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;

namespace Ballast.Firmware.Tests.Mining;

public sealed class HeaderTests
{
    public static TheoryData<int> Blocks => [0, 1];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Known_blocks_give_header_midstate_and_hash(int index)
    {
        var block = TestJob.Asic.GetProperty("blocks")[index];
        string Text(string name) => block.GetProperty(name).GetString()!;
        byte[] previous = Convert.FromHexString(Text("stratum_prevhash"));
        for (int i = 0; i < 32; i += 4)
            Array.Reverse(previous, i, 4);
        byte[] root = Convert.FromHexString(Text("merkle_root_display"));
        Array.Reverse(root);
        byte[] header = new byte[80];
        HeaderHash.Write(header, Convert.ToUInt32(Text("version"), 16), previous, root, Convert.ToUInt32(Text("ntime_hex"), 16), Convert.ToUInt32(Text("nbits"), 16));
        HeaderHash.Put(header, 76, Convert.ToUInt32(Text("nonce_hex"), 16));
        Assert.Equal(Text("header"), Convert.ToHexStringLower(header));

        uint[] midstate = new uint[8];
        HeaderHash.Midstate(header, midstate, 0);
        Assert.Equal(Text("midstate_be_words"), string.Concat(midstate.Select(w => w.ToString("x8"))));

        uint[] number = new uint[8];
        new HeaderHash().Hash(header, number);
        Assert.Equal(Text("hash_display"), string.Concat(number.Reverse().Select(w => w.ToString("x8"))));

        uint[] target = new uint[8];
        Target.FromBits(Convert.ToUInt32(Text("nbits"), 16), target);
        Assert.Equal(Text("network_target"), string.Concat(target.Reverse().Select(w => w.ToString("x8"))));
        Assert.True(Target.Meets(number, target));
        Assert.Equal((long)block.GetProperty("hash_difficulty").GetDouble(), Target.DifficultyOf(number, 0), 10L);
    }

    [Fact]
    public void Genesis_coinbase_split_gives_the_merkle_root()
    {
        var block = TestJob.Asic.GetProperty("blocks")[0];
        var split = block.GetProperty("stratum_split");
        byte[] coinb1 = Convert.FromHexString(split.GetProperty("coinb1").GetString() + split.GetProperty("extranonce1").GetString());
        byte[] coinb2 = Convert.FromHexString(split.GetProperty("coinb2").GetString()!);
        var job = new PoolJob();
        job.Reserve(coinb1.Length + 4 + coinb2.Length);
        coinb1.CopyTo(job.Coinbase, 0);
        coinb2.CopyTo(job.Coinbase, coinb1.Length + 4);
        job.CoinbaseLength = coinb1.Length + 4 + coinb2.Length;
        job.Extranonce2Offset = coinb1.Length;
        job.Extranonce2Length = 4;
        var builder = new MerkleBuilder();
        builder.SetJob(job);
        builder.Begin(Convert.FromHexString(split.GetProperty("extranonce2").GetString()!));
        while (builder.Busy)
            Assert.Equal(1, builder.Step(1));
        byte[] display = [.. builder.Root.Reverse()];
        Assert.Equal(block.GetProperty("merkle_root_display").GetString(), Convert.ToHexStringLower(display));
        Assert.Equal(builder.Root, builder.TransactionId);
    }

    [Theory]
    [InlineData("8192", 0)]
    [InlineData("1", 0)]
    [InlineData("0.001", 0)]
    [InlineData("1e-5", 3)]
    [InlineData("0.0000152587890625", 0)]
    [InlineData("123456789.987654321", 0)]
    [InlineData("35987218905.508736", 0)]
    [InlineData("1.5e12", 8)]
    [InlineData("500", 16)]
    [InlineData("1000000000000000000000000", 0)]
    public void Targets_of_decimal_difficulties_are_exact(string text, int shift)
    {
        PoolDifficulty difficulty = Read(text)!;
        uint[] target = new uint[8];
        Target.FromDifficulty(difficulty, shift, new uint[16], target);
        System.Numerics.BigInteger exact = difficulty.Exponent >= 0
            ? TestJob.Diff1(shift) / (difficulty.Mantissa * System.Numerics.BigInteger.Pow(10, difficulty.Exponent))
            : TestJob.Diff1(shift) * System.Numerics.BigInteger.Pow(10, -difficulty.Exponent) / difficulty.Mantissa;
        Assert.Equal(exact, TestJob.Number(target));
        Assert.Equal(double.Parse(text), difficulty.Mantissa * Math.Pow(10, difficulty.Exponent), 1e-9 * double.Parse(text));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e")]
    [InlineData("1e99")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("1.2.3")]
    public void What_is_no_positive_decimal_is_refused(string text) => Assert.Null(Read(text));

    [Fact]
    public void A_difficulty_below_the_smallest_target_saturates()
    {
        uint[] target = new uint[8];
        Target.FromDifficulty(Read("1e-40")!, 16, new uint[16], target);
        Assert.All(target, w => Assert.Equal(uint.MaxValue, w));
    }

    private static PoolDifficulty? Read(string text)
    {
        var json = new JsonTokens();
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes($"[{text}]");
        var difficulty = new PoolDifficulty();
        return json.Parse(bytes, 0, bytes.Length) && difficulty.TryRead(json, json.Element(0, 0)) ? difficulty : null;
    }
}
