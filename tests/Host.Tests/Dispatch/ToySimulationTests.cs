using System.Globalization;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>
/// The toy simulation of control.md as a law: delays, ladder error, boards that idle and return, a meter that goes stale, caps that come
/// and go. Metered power is over cap + 2 % (and the meter's class error) never longer than the settling time, and orders do not chase
/// each other.
/// </summary>
public sealed class ToySimulationTests
{
    private const int Seconds = 900;

    [Fact]
    public void Whatever_happens_the_cap_holds_after_the_settling_time_and_the_loop_does_not_hunt_S16()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(20260301, 1);
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), Holds).Check(config);
    }

    private static bool Holds(int seed)
    {
        Random random = new(seed);
        double error = 0.05 + (0.10 * random.NextDouble());
        double bias = (random.NextDouble() * 0.2) - 0.1;
        ToySite site = new(40, 2, seed, o => o with { SpreadS = 10, BaseW = 30, RampUpWPerS = 20 }, error)
        {
            DelayMs = 1000 + random.Next(0, 1000),
            BaseW = 30,
        };
        foreach (ToyBoard board in site.Boards)
        {
            board.Error += bias;
        }

        site.Run(150);
        int overRun = 0, worstRun = 0, over = 0, capChanges = 0;
        double cap = double.PositiveInfinity;
        long changedAt = long.MinValue / 2;
        site.EachSecond = s =>
        {
            bool isOver = s.PowerW + 30 > (cap * 1.03) && s.NowMs - changedAt > 21_000;
            overRun = isOver ? overRun + 1 : 0;
            over += isOver ? 1 : 0;
            worstRun = Math.Max(worstRun, overRun);
        };
        int staleUntil = -1;
        for (int t = 0; t < Seconds; t++)
        {
            if (t % 180 == 0)
            {
                double next = Math.Round((0.3 + (0.6 * random.NextDouble())) * site.FullW);
                changedAt = next < cap ? site.NowMs : changedAt;
                cap = next;
                capChanges++;
                Assert.Equal(LimitOutcome.Created, site.Limit(cap).Outcome);
            }

            if (random.Next(40) == 0)
            {
                foreach (ToyBoard board in site.Boards.Where(_ => random.Next(100) < 30))
                {
                    board.Idle = !board.Idle;
                }
            }

            if (staleUntil < t && random.Next(120) == 0)
            {
                staleUntil = t + random.Next(3, 30);
            }

            site.MeterWorks = t > staleUntil;
            site.Run(1);
        }

        long orders = site.Dispatcher.Picture.OrderChanges;
        bool held = worstRun <= 19 && over <= 45;
        bool calm = orders <= 2 * (20 + (Seconds / 3));
        if (!held || !calm)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {over} of {Seconds} samples over, longest {worstRun} s, {orders} order changes, {capChanges} caps, gain {site.Context.Gain.Gain:0.000}, error {error:0.00}, bias {bias:0.00}"));
        }

        return true;
    }
}
