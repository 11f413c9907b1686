using System.Text;
using Ballast.Virtual.Boards;

namespace Ballast.Virtual.Tests;

/// <summary>The JSON description of a custom board, as a technician writes it.</summary>
public class CustomBoardFileTests
{
    private const string Good = """
        {"model":"my-gamma","chip":"BM1370","chips":1,"regulator":"tps546","fanController":"emc2101","whileControllerDead":"pins float, core off",
         "inputMinMilliVolts":4500,"inputMaxMilliVolts":6500,"coreMinMilliVolts":1000,"coreMaxMilliVolts":1250,"railMaxMilliAmps":25000,
         "fixedMw":2200,"chipMicroWattPerV2Mhz":22040,"enableActiveHigh":false,"freqKhz":[400000,450000,525000],"milliVolts":[1000,1060,1150]}
        """;

    [Fact]
    public void A_good_description_is_taken_whole()
    {
        var settings = CustomBoardFile.TryParse(Encoding.UTF8.GetBytes(Good), out string? reason);
        Assert.Null(reason);
        Assert.Equal("my-gamma", settings!.Model);
        Assert.Equal([1000, 1060, 1150], settings.MilliVolts);
    }

    [Theory]
    [InlineData("[]", "one JSON object")]
    [InlineData("{\"chip\":", "line 1")]
    [InlineData("{\"chips\":1.5}", "chips")]
    [InlineData("{\"chips\":null}", "chips")]
    [InlineData("{\"freqKhz\":[1,\"a\"]}", "freqKhz")]
    [InlineData("{\"colour\":\"red\"}", "colour")]
    [InlineData("{\"chip\":\"BM1\"}", "profile")]
    public void A_bad_one_is_refused_with_one_sentence(string json, string says)
    {
        Assert.Null(CustomBoardFile.TryParse(Encoding.UTF8.GetBytes(json), out string? reason));
        Assert.Contains(says, reason);
    }
}
