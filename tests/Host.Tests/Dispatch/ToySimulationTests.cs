using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>
/// The toy simulation of control.md as a law, with its figures: 1 to 2 s of delay, 5 to 15 % of ladder error, 30 % of the boards idling
/// and returning at once, a meter that goes stale, caps that come and go, economic ramps of 15 s. Of 900 samples at most 5 are over
/// cap + 2 % once a fall has settled, never for longer than the settling time, and orders do not chase each other.
/// </summary>
public sealed class ToySimulationTests
{
    private const int MostOver = 5;
    private const int SettlingS = 21;

    // Five caps, some fourteen times boards leave or return, a dozen stale meters: two orders for each, and one in 30 s for the rest.
    private const int MostChangesPerPod = 65;

    [Fact]
    public void Whatever_happens_the_cap_holds_after_the_settling_time_and_the_loop_does_not_hunt_S16()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(24).WithReplay(20260301, 1);
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), Holds).Check(config);
    }

    [Fact]
    public void Whatever_boards_learn_and_however_they_take_turns_the_cap_holds_S16()
    {
        int learned = 0, turns = 0;
        Config config = Config.QuickThrowOnFailure.WithMaxTest(12).WithReplay(20260304, 7);
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            ToyRun run = ToyRun.Of(seed, learn: true);
            learned += run.Learned;
            turns += run.Turns;
            return run.Over <= MostOver && run.LongestOver <= SettlingS ? true : throw new InvalidOperationException(run.Story);
        }).Check(config);
        Assert.True(learned >= 12 * 3 && turns >= 12, learned + " ladders, " + turns + " turns");
    }

    private static bool Holds(int seed)
    {
        ToyRun run = ToyRun.Of(seed);
        if (run.Over > MostOver || run.LongestOver > SettlingS || run.Changes > 2 * MostChangesPerPod)
        {
            throw new InvalidOperationException(run.Story);
        }

        return true;
    }
}
