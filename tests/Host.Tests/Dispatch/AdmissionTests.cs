using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Admission by its messages (control.md, step 6a), and who is suspect.</summary>
public sealed class AdmissionTests
{
    private static SetMessage[] Asked(ToySite site, string board, int since = 0)
        => [.. site.Log.Skip(since).Where(s => s.Topic.EndsWith("/" + board + "/set", StringComparison.Ordinal)).Select(s => s.Set).OfType<SetMessage>().Where(s => s.Kind == SetKind.Admit)];

    [Fact]
    public void Step_6a_boards_that_come_back_together_are_admitted_within_the_ramp()
    {
        ToySite site = new ToySite(change: o => o with { RampUpWPerS = 4, SpreadS = 1, RampS = 1 }).UpAndRunning();
        ToyBoard[] back = [.. site.Boards.Take(12)];
        int since = site.Log.Count;
        Array.ForEach(back, b => b.Reboot());
        site.Run(30, () => back.Any(b => Asked(site, b.Name, since).Length > 0));
        site.Run(10);
        double askedW = back.Where(b => Asked(site, b.Name, since).Length > 0).Sum(b => b.Ladder.PowerMw(b.Ladder.Count - 1) / 1000.0);
        Assert.InRange(askedW, 1, (4 * (10 + 5)) + 25);
        site.Run(200);
        Assert.All(back, b => Assert.True(b.Admitted));
    }

    [Fact]
    public void Step_6a_a_second_try_sends_the_order_again_and_names_it()
    {
        ToySite site = new();
        ToyBoard deaf = site.Boards[3];
        deaf.Deaf = true;
        site.Run(60, () => Asked(site, deaf.Name).Length == 2);
        SetMessage[] asked = Asked(site, deaf.Name);
        Assert.True(asked[1].AfterSeq > asked[0].AfterSeq, "a board that missed the order would never be admitted");
        Assert.Contains(site.Dispatches, s => s.Order!.Seq == asked[1].AfterSeq && s.Topic.Contains("/" + deaf.Pod + "/", StringComparison.Ordinal));
    }

    [Fact]
    public void S15_nobody_is_asked_again_while_a_fall_settles()
    {
        ToySite site = new ToySite().UpAndRunning();
        ToyBoard deaf = site.Boards[3];
        int since = site.Log.Count;
        deaf.Deaf = true;
        deaf.Reboot();
        site.Run(30, () => Asked(site, deaf.Name, since).Length == 1);
        site.Limit(200);
        site.Run(15);
        Assert.Single(Asked(site, deaf.Name, since));
        site.Run(15);
        Assert.True(Asked(site, deaf.Name, since).Length > 1);
    }

    [Fact]
    public void F22_three_samples_over_order_and_20_W_make_a_board_suspect_and_three_good_ones_clear_it()
    {
        ToySite site = new ToySite().UpAndRunning();
        BoardRecord board = site.Context.Fleet.Boards[0];
        long ordered = board.AgreedLadder!.PowerMw(0) + site.Context.Curve.AskedMw(board, board.Pod.Limit, board.Pod.Share);
        bool Sample(long overMw)
        {
            board.PowerMw = ordered + overMw;
            SuspectWatch.Sample(site.Context, board, 0, 1);
            return board.Suspect;
        }

        Assert.Equal([false, false, false], [Sample(20_000), Sample(20_000), Sample(20_000)]);
        Assert.Equal([false, false, false, false, false, true], [Sample(20_001), Sample(20_001), Sample(0), Sample(20_001), Sample(20_001), Sample(20_001)]);
        Assert.Equal([true, true, true, true, true, false], [Sample(0), Sample(0), Sample(20_001), Sample(0), Sample(0), Sample(0)]);
    }
}
