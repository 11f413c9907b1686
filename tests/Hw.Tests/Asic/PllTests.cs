using System.Text.Json;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;

namespace Ballast.Hw.Tests.Asic;

public class PllTests
{
    [Theory]
    [InlineData("BM1397")]
    [InlineData("BM1362")]
    [InlineData("BM1366")]
    [InlineData("BM1368")]
    [InlineData("BM1370")]
    public void Settings_match_the_vectors(string chip) => Check(chip, Bm13xxChips.Find(chip, 0)!);

    [Fact]
    public void Words_seen_in_captures_decode_to_their_frequency()
    {
        var setting = new PllSetting();
        PllLimits limits = Bm1370.Create(0).Pll;
        foreach (JsonElement row in AsicVectors.Of("pll_known_register_words").EnumerateArray())
        {
            Assert.True(Bm13xxPll.TryDecode(limits, Convert.ToUInt32(row.Text("word"), 16), setting));
            Assert.Equal((int)(row.GetProperty("mhz").GetDouble() * 1000), setting.ActualKhz);
        }
    }

    [Fact]
    public void What_no_divider_can_make_is_refused_without_a_change()
    {
        var setting = new PllSetting { Word = 7 };
        Assert.False(Bm13xxPll.TryFind(Bm1370.Create(0).Pll, 10_000, setting));
        Assert.False(Bm13xxPll.TryFind(Bm1370.Create(0).Pll, 0, setting));
        Assert.False(Bm13xxPll.TryFind(Bm1370.Create(0).Pll, int.MaxValue, setting));
        Assert.Equal(7u, setting.Word);
    }

    private static void Check(string chip, Bm13xxProfile profile)
    {
        var setting = new PllSetting();
        byte[] into = new byte[16];
        foreach (JsonElement row in AsicVectors.Of("pll").GetProperty(chip).GetProperty("table").EnumerateArray())
        {
            int khz = (int)Math.Round(row.GetProperty("target").GetDouble() * 1000);
            Assert.True(Bm13xxPll.TryFind(profile.Pll, khz, setting), $"{chip} {khz}");
            Assert.Equal((chip, khz, row.Text("reg08")), (chip, khz, setting.Word.ToString("x8")));
            Assert.Equal(Math.Round(row.GetProperty("actual").GetDouble() * 1000), setting.ActualKhz);
            Assert.Equal(row.GetProperty("vco_mhz").GetDouble() * 1000, setting.VcoKhz);
            if (row.TryGetProperty("frame", out JsonElement frame))
            {
                int length = Bm13xxFrame.WriteAll(into, 0, Bm13xxRegister.Pll0, setting.Word);
                Assert.Equal(frame.GetString(), Convert.ToHexStringLower(into, 0, length));
            }
        }
    }
}
