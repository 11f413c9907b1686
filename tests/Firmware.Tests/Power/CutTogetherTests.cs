using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Power;

/// <summary>Boards that one cause cut at the same moment do not come back at the same moment, with the shortest time off that boards have.</summary>
public class CutTogetherTests
{
    private const int MinOffMs = 30_000;

    private static Bench Running(uint seed)
    {
        Bench b = new(seed: seed, minOffMs: MinOffMs);
        b.AdmitAndRun();
        return b;
    }

    private static double BackAfter(Bench b)
    {
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        return b.RunUntil(() => b.Fake.Regulator.On, 90);
    }

    private static void Spread(List<double> starts)
    {
        Assert.All(starts, s => Assert.InRange(s, MinOffMs / 1000, (MinOffMs * 3 / 2 / 1000) + 6));
        Assert.True(starts.Max() - starts.Min() > 5, "all together: " + string.Join(", ", starts));
    }

    [Fact]
    public void S15_F37_a_dip_that_trips_all_boards_restarts_no_two_together()
    {
        List<double> starts = [];
        for (uint seed = 1; seed <= 8; seed++)
        {
            Bench b = Running(seed);
            b.Fake.Regulator.InputMilliVolts = 3000;
            b.Run(0.4);
            b.Fake.Regulator.InputMilliVolts = 5000;
            starts.Add(BackAfter(b));
        }

        Spread(starts);
    }

    [Fact]
    public void S15_a_fall_through_sleep_comes_back_spread_as_well()
    {
        List<double> starts = [];
        for (uint seed = 1; seed <= 8; seed++)
        {
            Bench b = Running(seed);
            b.OrderNow(b.Agent.Power.Ladder.Ladder.CostMjPerTh(2), OrderClass.Reliability, rampS: 0, leaseS: 600);
            starts.Add(BackAfter(b));
        }

        Spread(starts);
    }
}
