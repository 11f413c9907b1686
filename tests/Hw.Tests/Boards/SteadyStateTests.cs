using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Boards;

/// <summary>What a running board's parts and models take from the heap: nothing.</summary>
public class SteadyStateTests
{
    [Theory]
    [InlineData("bitaxe-gamma")]
    [InlineData("nerdqaxe-plus-plus")]
    [InlineData("bitaxe-max")]
    [InlineData("a1-eight")]
    public void Readings_duties_and_model_steps_allocate_nothing(string model)
    {
        var bench = new BoardBench(model) { SendsJobs = false };
        bench.PowerUp();
        var reading = new RegulatorReading();
        var nonce = new ChipNonce();
        Round(50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round(500);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round(int count)
        {
            Hashboard board = bench.Board;
            for (int i = 0; i < count; i++)
            {
                bench.Clock.NowMs += 20;
                bench.Sim.Step(bench.Clock.NowMs);
                board.Chain.Step(bench.Clock.NowMs);
                board.Chain.TryTakeNonce(nonce);
                board.Regulator.Read(reading);
                board.Regulator.ReadFaults(out _);
                board.Regulator.SetMillivolts(board.Description.Points[1].MilliVolts);
                board.Fans.ReadRpm(0, out _);
                board.Fans.SetDutyPercent(0, 60 + (i % 10));
                board.ChipTemperature.ReadMilliC(board.ChipTemperatureChannel, out _);
            }
        }
    }
}
