using Ballast.Hw.Boards;
using Ballast.Virtual.Power;

namespace Ballast.Virtual.Tests.InProcess;

/// <summary>The cheap board against the board's own ladder.</summary>
public sealed class PowerModelTests
{
    [Fact]
    public void Every_point_of_the_ladder_draws_its_watts_with_the_fans_at_full()
    {
        foreach (BoardDescription board in (BoardDescription[])[BitaxeGamma.Describe(0), BitaxeHex.Describe(0), NerdQAxePlusPlus.Describe(0)])
        {
            foreach (OperatingPoint point in board.Points)
            {
                var model = new PowerModel(board, 0) { RailMilliVolts = point.MilliVolts, FreqKhz = point.FreqKhz, DutyPercent = 100 };
                for (int ms = 100; ms <= 60_000; ms += 100)
                    model.Step(ms);
                Assert.InRange(model.InputMw, point.PowerMw * 0.98, point.PowerMw * 1.01);
                Assert.InRange(model.ChipMilliC, 25_000, board.Limits.ChipMaxMilliC - 10_000);
            }
        }
    }

    [Fact]
    public void Heat_has_inertia_and_a_blocked_fan_overheats_the_chips()
    {
        BoardDescription board = BitaxeGamma.Describe(0);
        var model = new PowerModel(board, 0) { RailMilliVolts = 1_150, FreqKhz = 525_000, DutyPercent = 100, FanStuck = true };
        model.Step(1_000);
        Assert.True(model.ChipMilliC < 30_000);
        for (int ms = 1_000; ms <= 240_000; ms += 100)
            model.Step(ms);
        Assert.True(model.ChipMilliC > board.Limits.ChipMaxMilliC);
    }
}
