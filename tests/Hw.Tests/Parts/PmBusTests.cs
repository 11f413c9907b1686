using System.Text.Json;
using Ballast.Hw.Parts;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Hw.Tests.Parts;

/// <summary>PMBus number formats against the computed vectors.</summary>
public class PmBusTests
{
    private static readonly JsonElement Vectors = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json"))).RootElement.GetProperty("pmbus");

    public static TheoryData<int, int> Linear16()
    {
        var data = new TheoryData<int, int>();
        foreach (JsonElement row in Vectors.GetProperty("ulinear16_exp_minus9").EnumerateArray())
        {
            data.Add(Milli(row), Word(row));
        }

        return data;
    }

    public static TheoryData<int, int> Linear11()
    {
        var data = new TheoryData<int, int>();
        foreach (JsonElement row in Vectors.GetProperty("slinear11").EnumerateArray())
        {
            data.Add(Milli(row), Word(row));
        }

        return data;
    }

    public static TheoryData<int, int> Linear11Decode()
    {
        var data = new TheoryData<int, int>();
        foreach (JsonElement row in Vectors.GetProperty("slinear11_decode").EnumerateArray())
        {
            data.Add(Milli(row), Word(row));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Linear16))]
    public void Linear16_is_truncated_toward_lower_volts(int milliVolts, int word)
    {
        // The vectors round some values up; ours may be one step lower, never higher.
        int ours = PmBus.EncodeLinear16(milliVolts, -9);
        Assert.InRange(ours, word - 1, word);
        Assert.True(ours * 1000 <= milliVolts * 512);
        Assert.True((ours + 1) * 1000 > milliVolts * 512);
        Assert.InRange(PmBus.DecodeLinear16(ours, -9), milliVolts - 2, milliVolts);
    }

    [Theory]
    [MemberData(nameof(Linear11))]
    public void Linear11_encodes_as_the_vectors_say(int milli, int word) => Assert.Equal(word, PmBus.EncodeLinear11(milli));

    [Theory]
    [MemberData(nameof(Linear11Decode))]
    public void Linear11_decodes_as_the_vectors_say(int milli, int word) => Assert.InRange(PmBus.DecodeLinear11(word), milli - 1, milli);

    [Fact]
    public void Linear11_decodes_negative_values() => Assert.Equal(-1500, PmBus.DecodeLinear11((0x1F << 11) | (-3 & 0x7FF)));

    [Fact]
    public void Linear11_comes_back_within_its_step() => Check.One(Config.QuickThrowOnFailure.WithReplay(20261122, 1), Prop.ForAll(
        Gen.Choose(0, 30_000_000).ToArbitrary(),
        milli =>
        {
            int back = PmBus.DecodeLinear11(PmBus.EncodeLinear11(milli));
            return back <= milli && milli - back <= (milli / 256) + 1;
        }));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Equal(-1, PmBus.EncodeLinear11(-1));
        Assert.Equal(-1, PmBus.EncodeLinear16(-1, -9));
        Assert.Equal(-1, PmBus.EncodeLinear16(128_000, -9));
        Assert.Equal(-1, PmBus.EncodeLinear16(1000, 0));
    }

    private static int Milli(JsonElement row) => (int)Math.Round(row.GetProperty("v").GetDouble() * 1000);

    private static int Word(JsonElement row) => Convert.ToInt32(row.GetProperty("word").GetString(), 16);
}
