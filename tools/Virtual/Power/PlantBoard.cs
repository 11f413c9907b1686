using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Boards;

namespace Ballast.Virtual.Power;

/// <summary>
/// A hashboard for a plant: four BM1370 in the pod's cooling liquid, some 63 W, no fans of its own, so that its ladder hides no watts. Modelled
/// from the points of a smaller board with the same chip; no such board was measured, and it exists at power fidelity only.
/// </summary>
public static class PlantBoard
{
    private const int Chips = 4;
    private const int StandbyMw = 1_500;
    private const int MicroWattPerV2Mhz = 22_040;

    /// <summary>What the board is.</summary>
    public static BoardDescription Describe()
    {
        int[] freqKhz = [300_000, 350_000, 400_000, 425_000, 450_000, 475_000, 500_000, 525_000];
        int[] milliVolts = [1_000, 1_000, 1_000, 1_030, 1_060, 1_090, 1_120, 1_150];
        var chip = Bm1370.Create(0);
        OperatingPoint[] points = LadderModel.Points(StandbyMw, MicroWattPerV2Mhz, chip.SmallCores, Chips, freqKhz, milliVolts);
        BoardDescription small = BitaxeGamma.Describe(0);
        BoardLimits limits = small.Limits;
        limits.OutputMaxMilliAmps *= Chips;
        return new BoardDescription
        {
            Model = "plant-4",
            ChipCount = Chips,
            Chip = chip,
            Points = points,
            NominalPoint = points.Length - 1,
            FixedMw = StandbyMw,
            FanMw = 0,
            Limits = limits,
            ExternalWatchdog = true,
            WhileControllerDead = "Exists as a model only.",
        };
    }
}
