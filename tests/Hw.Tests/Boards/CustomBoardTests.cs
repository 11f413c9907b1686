using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Sim;
using Ballast.Hw.Tests.Sim;

namespace Ballast.Hw.Tests.Boards;

/// <summary>Boards from a description: built as described, or refused with a sentence.</summary>
public class CustomBoardTests
{
    [Fact]
    public void A_described_hex_of_bm1368_comes_up_on_a_model_of_it()
    {
        var clock = new SimClock();
        SimBoardPlan plan = SimBoards.Hex();
        plan.Chip = SimChipType.Bm1368();
        var sim = new SimBoard(clock, new PlatformDigest(), 1, 34, plan);
        Hashboard board = CustomBoard.TryCreate(SupraHex(), sim.Io, 34, out string? reason)!;
        Assert.Null(reason);
        board.Fans.Configure();
        board.ChipTemperature.Configure();
        board.Regulator.Configure();
        board.Regulator.SetMillivolts(board.Description.Points[1].MilliVolts);
        board.Regulator.Enable(true);
        Run(500);
        board.Chain.Start();
        for (int i = 0; i < 1500 && board.Chain.State == ChainState.BringUp; i++)
        {
            Run(20);
        }

        Assert.Equal(ChainState.Running, board.Chain.State);
        Assert.Equal(6, board.Chain.ChipsFound);
        Assert.Equal(7, board.Description.Points.Length);

        void Run(int ms)
        {
            for (int t = 0; t < ms; t += 20)
            {
                clock.NowMs += 20;
                sim.Step(clock.NowMs);
                board.Chain.Step(clock.NowMs);
            }
        }
    }

    [Theory]
    [InlineData("chip", "BM9999", "profile")]
    [InlineData("regulator", "lm317", "tps546")]
    [InlineData("fanController", "none", "emc2302")]
    [InlineData("whileControllerDead", "", "S01")]
    public void A_text_that_does_not_do_is_refused_by_name(string member, string value, string says)
    {
        CustomBoardSettings settings = SupraHex();
        Assert.Null(settings.SetText(member, value));
        Refused(settings, member, says);
    }

    [Theory]
    [InlineData("chips", 0, "1 to 126")]
    [InlineData("chips", 127, "1 to 126")]
    [InlineData("domains", 4, "divide")]
    [InlineData("fans", 3, "connectors")]
    [InlineData("phases", 7, "tps53647")]
    [InlineData("inputMinMilliVolts", 15000, "range")]
    [InlineData("coreMaxMilliVolts", 2000, "regulator")]
    [InlineData("railMaxMilliAmps", 10, "current")]
    [InlineData("railMaxMilliAmps", 12000, "power model")]
    [InlineData("chipMaxMilliC", 120000, "100000")]
    [InlineData("fixedMw", 0, "power model")]
    public void A_number_out_of_range_is_refused_with_the_range(string member, int value, string says)
    {
        CustomBoardSettings settings = SupraHex();
        Assert.Null(settings.SetNumber(member, value));
        Refused(settings, member == "railMaxMilliAmps" && value == 12000 ? "railMaxMilliAmps" : member, says);
    }

    [Fact]
    public void A_ladder_that_does_not_rise_leaves_the_profile_or_lacks_volts_is_refused()
    {
        CustomBoardSettings settings = SupraHex();
        settings.SetList("freqKhz", [300000, 300000, 400000, 425000, 450000, 490000]);
        Refused(settings, "freqKhz", "point 2");
        settings = SupraHex();
        settings.SetList("freqKhz", [300000, 350000, 400000, 425000, 450000, 900000]);
        Refused(settings, "freqKhz", "BM1368");
        settings = SupraHex();
        settings.SetList("milliVolts", [1100, 1100]);
        Refused(settings, "milliVolts", "as long as");
        settings = SupraHex();
        settings.SetList("sensors", []);
        Refused(settings, "sensors", "S04");
        settings.SetList("sensors", [0x20]);
        Refused(settings, "sensors", "72 to 79");
    }

    [Fact]
    public void An_unknown_member_or_one_of_the_wrong_kind_changes_nothing()
    {
        CustomBoardSettings settings = SupraHex();
        Assert.Contains("colour", settings.SetText("colour", "red"));
        Assert.Contains("chips", settings.SetText("chips", "6"));
        Assert.Contains("chip", settings.SetNumber("chip", 6));
        Assert.Contains("fans", settings.SetFlag("fans", true));
        Assert.Contains("chips", settings.SetList("chips", [6]));
        Assert.Null(CustomBoard.Check(settings));
    }

    [Fact]
    public void A_control_board_without_the_lines_is_refused()
    {
        Assert.Null(CustomBoard.TryCreate(SupraHex(), new BoardIo(), 0, out string? reason));
        Assert.Contains("UART", reason);
    }

    private static void Refused(CustomBoardSettings settings, string member, string says)
    {
        Assert.Null(CustomBoard.TryDescribe(settings, 0, out string? reason));
        Assert.Contains(member, reason, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(says, reason);
    }

    private static CustomBoardSettings SupraHex() => new()
    {
        Model = "supra-hex",
        Chip = "BM1368",
        Chips = 6,
        Domains = 3,
        FanController = "emc2302",
        Sensors = [0x48, 0x49],
        SensorOffsetMilliC = 10000,
        WhileControllerDead = "Pins float; pull resistors hold enable and reset inactive.",
        InputMinMilliVolts = 11000,
        InputMaxMilliVolts = 14800,
        CoreMinMilliVolts = 1100,
        CoreMaxMilliVolts = 1300,
        RailMaxMilliAmps = 25000,
        FixedMw = 3400,
        ChipMicroWattPerV2Mhz = 16512,
        FreqKhz = [300000, 350000, 400000, 425000, 450000, 490000],
        MilliVolts = [1100, 1100, 1100, 1115, 1135, 1166],
    };
}
