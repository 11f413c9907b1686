using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Boards;

/// <summary>Every board that has a file comes up on its model, runs its whole ladder and goes down in order.</summary>
public class AllBoardsTests
{
    public static TheoryData<string> Models => new(BoardCatalog.Models());

    [Theory]
    [MemberData(nameof(Models))]
    public void Comes_up_runs_each_point_within_3_percent_and_goes_down_in_order(string model)
    {
        var bench = new BoardBench(model);
        BoardDescription description = bench.Board.Description;
        bench.PowerUp();
        Assert.Null(bench.Board.Chain.Fault);
        Assert.Equal(ChainState.Running, bench.Board.Chain.State);
        Assert.Equal(description.ChipCount, bench.Board.Chain.ChipsFound);
        for (int i = 1; i < description.Points.Length; i++)
        {
            OperatingPoint point = description.Points[i];
            bench.GoTo(point);
            bench.Run(1000);
            Assert.InRange(bench.Sim.HashChain.HashMhs, point.HashGhs * 970L, point.HashGhs * 1030L);

            // The ladder never promises less than the board draws, nor more than a tenth above it.
            Assert.InRange(bench.Sim.InputPowerMw, point.PowerMw * 90L / 100, point.PowerMw);
            var reading = new RegulatorReading();
            Assert.Equal(PartStatus.Ok, bench.Board.Regulator.Read(reading));
            Assert.InRange(reading.OutputMilliVolts, point.MilliVolts - 10, point.MilliVolts + 5);
            Assert.True(reading.OutputMilliAmps < description.Limits.OutputMaxMilliAmps);
        }

        bench.Run(60_000);
        Assert.Equal(PartStatus.Ok, bench.Board.ChipTemperature.ReadMilliC(bench.Board.ChipTemperatureChannel, out int milliC));
        Assert.InRange(milliC, bench.Sim.ChipMilliC - 1100, bench.Sim.ChipMilliC + 1100);
        Assert.InRange(milliC, 35_000, description.Limits.ChipMaxMilliC);
        bench.Board.Chain.Stop();
        bench.Run(100);
        Assert.True(bench.Sim.HashChain.PowerMw < 1000);
        Assert.Equal(PartStatus.Ok, bench.Board.Regulator.Enable(false));
        bench.Run(100);
        Assert.Equal(0, bench.Sim.RailMilliVolts);
        Assert.InRange(bench.Sim.InputPowerMw, 0, description.Points[0].PowerMw);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_description_holds_together(string model)
    {
        BoardDescription board = new BoardBench(model).Board.Description;
        Assert.Equal(model, board.Model);
        Assert.True(board.Points.Length >= 7);
        Assert.Equal((0, 0, 0), (board.Points[0].FreqKhz, board.Points[0].MilliVolts, board.Points[0].HashGhs));
        for (int i = 1; i < board.Points.Length; i++)
        {
            OperatingPoint point = board.Points[i];
            Assert.True(point.HashGhs > board.Points[i - 1].HashGhs && point.PowerMw > board.Points[i - 1].PowerMw);
            Assert.InRange(point.MilliVolts, board.Limits.CoreMinMilliVolts, board.Limits.CoreMaxMilliVolts);
            Assert.InRange(point.FreqKhz, board.Chip.MinKhz, board.Chip.MaxKhz);
            Assert.False(point.Measured);
        }

        Assert.Equal(board.Points.Length - 1, board.NominalPoint);
        Assert.False(board.ExternalWatchdog);
        Assert.NotEmpty(board.WhileControllerDead);
    }

    /// <summary>What the pull resistors do not switch off, the first managed act after the start does, by its orders on the bus.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void S01_a_core_that_a_dead_controller_left_on_is_off_after_the_first_act(string model)
    {
        var bench = new BoardBench(model);
        bench.PowerUp();
        bench.Sim.ControllerDies();
        bench.Sim.Step(bench.Clock.NowMs + 50);
        Assert.Equal(BoardPinTable.Find(model)!.Enable == BoardPins.None, bench.Sim.RailMilliVolts > 0);
        for (int i = 0; i < SafeState.Orders.Length; i += SafeState.OrderLength)
        {
            bench.Sim.I2c.Write(SafeState.Orders[i], SafeState.Orders, i + 1, 2);
        }

        bench.Sim.Step(bench.Clock.NowMs + 100);
        Assert.Equal(0, bench.Sim.RailMilliVolts);
    }

    [Fact]
    public void An_unknown_model_is_no_board() => Assert.Null(BoardCatalog.Create("bitaxe-omega", new BoardIo(), 0));
}
