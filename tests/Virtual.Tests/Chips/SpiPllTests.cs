using System.Text.Json;
using Ballast.Virtual.Chips;

namespace Ballast.Virtual.Tests.Chips;

public class SpiPllTests
{
    private static readonly JsonElement Vectors = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json"))).RootElement.GetProperty("spi_a1");

    public static TheoryData<string> Rows => [.. Vectors.GetProperty("pll").EnumerateArray().Select(r => r.GetRawText())];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Pll_of_an_A1_matches_the_vectors(string row)
    {
        JsonElement vector = JsonDocument.Parse(row).RootElement;
        string mhz = (vector.GetProperty("sys_khz").GetInt32() / 1000).ToString();
        string reference = (vector.GetProperty("ref_khz").GetInt32() / 1000).ToString();
        JsonElement root = Pll("A1", mhz, reference);
        Assert.Equal(Numbers(vector, "pre", "post", "fb", "actual_mhz"), Numbers(root, "pre", "post", "feedback", "actualMhz"));
        Assert.Equal(vector.GetProperty("reg").GetString(), root.GetProperty("register").GetString());
        Assert.Equal("0900" + vector.GetProperty("reg").GetString(), root.GetProperty("frame").GetString());
    }

    [Fact]
    public void Pll_of_a_T1_is_the_known_frame_with_its_checksum()
    {
        JsonElement root = Pll("t1", "1332", null);
        Assert.Equal("0900026f4002000000a0002000008daa", root.GetProperty("frame").GetString());
        Assert.Equal([1m, 0m, 111m, 1332m, 12m, 85m], Numbers(root, "pre", "post", "feedback", "actualMhz", "referenceMhz", "expectedGhs"));
    }

    [Fact]
    public void Pll_without_json_tells_setting_register_and_frame()
    {
        using var output = new StringWriter();
        Assert.Equal(0, ChipCommands.Pll("A1", "600", 1, false, output, TextWriter.Null));
        Assert.Contains("16 MHz x 75 / (1 x 2): pre 1, post 2, feedback 75", output.ToString());
        Assert.Contains("register = 824b21840000, to all chips: 0900824b21840000", output.ToString());
    }

    [Theory]
    [InlineData("A1", "600", 1, "14", "The reference clock of an A1 is 12 or 16 MHz, not '14'.")]
    [InlineData("T1", "600", 1, "16", "The reference clock of a T1 is 12 MHz, not '16'.")]
    [InlineData("BM1370", "525", 1, "16", "The reference clock of a BM1370 is 25 MHz, not '16'.")]
    [InlineData("A1", "1200", 1, null, "A1 does not run at 1200 MHz: give 400 to 1000.")]
    [InlineData("T1", "605", 1, null, "T1 makes 600 MHz of 605 MHz, more than 0.5 % off")]
    [InlineData("A1", "fast", 1, null, "'fast' is not a frequency in MHz")]
    [InlineData("A1", "600", 65, null, "A chain of A1 has 1 to 64 chips, not 65.")]
    public void Pll_answers_a_bad_argument_with_one_sentence(string chip, string mhz, int chips, string? reference, string sentence)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, ChipCommands.Pll(chip, mhz, chips, true, output, error, reference));
        Assert.Equal("", output.ToString());
        Assert.StartsWith(sentence, error.ToString());
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    private static JsonElement Pll(string chip, string mhz, string? reference)
    {
        using var output = new StringWriter();
        Assert.Equal(0, ChipCommands.Pll(chip, mhz, 1, true, output, TextWriter.Null, reference));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private static decimal[] Numbers(JsonElement element, params string[] names) => [.. names.Select(n => element.GetProperty(n).GetDecimal())];
}
