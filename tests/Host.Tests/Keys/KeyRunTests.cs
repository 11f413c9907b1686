using Ballast.Host.Keys;

namespace Ballast.Host.Tests.Keys;

/// <summary>When a board is asked again in a rotation, and what its answers mean (contract section 4).</summary>
public sealed class KeyRunTests
{
    private static KeyRun Run(string ring, KeyStage stage, params string[] missing)
        => new(ring, new KeyRotation(1, 2, stage, DateTimeOffset.UnixEpoch, missing), ["p1/b1", "p1/b2"]);

    [Fact]
    public void A_silent_board_is_asked_ever_less_often_and_at_once_when_it_comes_back()
    {
        KeyRun run = Run("pod/p1", KeyStage.Installing);
        long now = 0;
        List<long> waitsS = [];
        for (uint i = 0; i < 9; i++)
        {
            Assert.Equal(KeyAsk.Install, run.Due("p1/b1", -1, now));
            run.Asked("p1/b1", KeyAsk.Install, i, now);
            long asked = now;
            while (run.Due("p1/b1", -1, now) is null)
            {
                now += 1000;
            }

            waitsS.Add((now - asked) / 1000);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300, 300], waitsS);
        run.Asked("p1/b1", KeyAsk.Install, 9, now);
        Assert.Null(run.Due("p1/b1", now, now + 1));
        Assert.Equal(KeyAsk.Install, run.Due("p1/b1", now + 1, now + 1));
    }

    [Fact]
    public void Who_has_the_key_is_left_alone_until_it_signs_and_the_switch_waits_for_those_who_are_there()
    {
        KeyRun run = Run("pod/p1", KeyStage.Installing);
        run.Asked("p1/b1", KeyAsk.Install, 1, 0);
        Assert.True(run.Answer("p1/b1", 1, "applied", ""));
        Assert.True(run.Has("p1/b1"));
        Assert.Null(run.Due("p1/b1", -1, 1_000_000));
        Assert.False(run.MaySwitch(_ => true));
        Assert.True(run.MaySwitch(b => b != "p1/b2"));
        Assert.Equal(["p1/b2"], run.Missing);

        run.Switched(new KeyRotation(1, 2, KeyStage.Switched, DateTimeOffset.UnixEpoch, ["p1/b2"]));
        Assert.Equal((KeyAsk.Drop, KeyAsk.Install), (run.Due("p1/b1", -1, 0), run.Due("p1/b2", -1, 0)));
    }

    [Fact]
    public void After_a_restart_of_the_host_those_who_were_missing_are_still_missing()
    {
        KeyRun run = Run("pod/p1", KeyStage.Switched, "p1/b2");
        Assert.Equal((true, false), (run.Has("p1/b1"), run.Has("p1/b2")));
        Assert.Equal(KeyAsk.Install, run.Due("p1/b2", -1, 0));
    }

    [Theory]
    [InlineData("pod/p1", "applied", false)]
    [InlineData("pod/p1", "ignored", true)]
    [InlineData("pod/p1", "again", true)]
    [InlineData("board/p1/b1", "ignored", false)]
    public void A_pods_old_key_counts_as_forgotten_only_when_the_board_says_so(string ring, string result, bool probe)
    {
        KeyRun run = Run(ring, KeyStage.Switched);
        run.Asked("p1/b1", KeyAsk.Drop, 7, 0);
        Assert.True(run.Answer("p1/b1", 7, result, ""));
        Assert.Equal(probe ? KeyAsk.Probe : null, run.Due("p1/b1", -1, 0));
        if (probe)
        {
            run.Asked("p1/b1", KeyAsk.Probe, 8, 0);
            Assert.True(run.Answer("p1/b1", 8, "ignored", "kid in use"));
            Assert.Null(run.Due("p1/b1", -1, 1_000_000));
        }
    }

    [Fact]
    public void An_answer_counts_for_the_last_eight_questions_and_for_no_other_board()
    {
        KeyRun run = Run("pod/p1", KeyStage.Installing);
        for (uint i = 1; i <= 9; i++)
        {
            run.Asked("p1/b1", KeyAsk.Install, i, 0);
        }

        Assert.False(run.Answer("p1/b1", 1, "applied", ""));
        Assert.False(run.Answer("p1/b2", 2, "applied", ""));
        Assert.True(run.Answer("p1/b1", 2, "applied", ""));
    }
}
