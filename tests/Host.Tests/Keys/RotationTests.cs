using Ballast.Host.Keys;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Power;
using Ballast.Wire;

namespace Ballast.Host.Tests.Keys;

/// <summary>Contract section 4: keys of pods and boards change while the site runs, over the real firmware in simulated time.</summary>
public sealed class RotationTests
{
    [Fact]
    public void A_pods_key_is_rotated_during_an_event_and_no_board_moves()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        List<(PowerBoard Board, long Mw, bool Admitted)> before = [.. keys.Site.Boards.Select(b => (b, b.PowerMw, b.Agent.Snapshot.Admitted))];
        Assert.Contains(before, b => b.Board.Agent.Snapshot.Mode == BoardMode.Asleep);
        Assert.Contains(before, b => b.Board.Agent.Snapshot.Mode == BoardMode.Running);
        int[] boots = [.. keys.Site.Boards.Select(b => b.Boots)];

        Assert.Null(keys.Desk.Rotate("p1", "test"));
        Assert.NotNull(keys.Desk.Rotate("p1", "test"));
        Assert.True(keys.RunUntilDone("pod/p1"), keys.State());
        keys.Site.RunFor(90_000);

        Assert.Equal(2, keys.Ring("pod/p1").Current);
        Assert.Equal(1, keys.Ring("pod/p2").Current);
        Assert.All(keys.Site.Boards, b => Assert.True(keys.HasOnly(b, "pod/" + b.Identity.Pod), b.Identity.Board));
        Assert.All(before, b => Assert.Equal((b.Admitted, true), (b.Board.Agent.Snapshot.Admitted, Math.Abs(b.Mw - b.Board.PowerMw) < 300)));
        Assert.Equal(boots, keys.Site.Boards.Select(b => b.Boots));
        Assert.True(keys.Site.Oracle.Held, string.Join("\n", keys.Site.Oracle.Findings));

        // Steering works under the new key.
        keys.Site.SetCap(0, GridClass.Emergency);
        keys.Site.RunFor(1_000);
        Assert.True(keys.Site.PowerMw < keys.Site.FloorMw * 1.02);
        Assert.True(keys.Site.Oracle.Held, string.Join("\n", keys.Site.Oracle.Findings));
    }

    [Fact]
    public void F26_an_order_under_the_old_key_is_refused_after_the_rotation()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        string old = keys.Ring("pod/p1").Signing.Key;
        Assert.Null(keys.Desk.Rotate("p1", "test"));
        Assert.True(keys.RunUntilDone("pod/p1"), keys.State());
        PowerBoard board = keys.Site.Boards.First(b => b.Identity.Pod == "p1");
        long unknown = board.Agent.Snapshot.Rejects[(int)Reject.UnknownKid];

        using InProcessConnection thief = new(keys.Site.Broker, keys.Site.Time, 77);
        Thief.Connect(thief);
        keys.Site.RunFor(1_000);
        (string topic, byte[] message) = Thief.Dispatch("p1", 1, Convert.FromHexString(old), keys.Site.Host.Core.Context.Sender.Epoch, uint.MaxValue - 5);
        thief.Publish(topic, message, 1, false);
        long power = keys.Site.PowerMw;
        keys.Site.RunFor(30_000);
        Assert.Equal(unknown + 1, board.Agent.Snapshot.Rejects[(int)Reject.UnknownKid]);
        Assert.InRange(keys.Site.PowerMw, power - 2_000, power + 2_000);
    }

    [Fact]
    public void A_board_that_was_away_gets_the_new_key_when_it_is_back()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        PowerBoard away = CutOff(keys, out string name);
        Assert.True(keys.Site.RunUntil(() => keys.Site.Host.Core.Context.Fleet.Find(name) is { Online: false } b && !keys.Site.Host.Core.Context.Fleet.MayStillObey(b, keys.Site.Host.Core.Context.Clock.NowMs), 180_000));

        Assert.Null(keys.Desk.Rotate("p1", "test"));
        keys.Site.RunFor(30_000);
        KeyRing ring = keys.Ring("pod/p1");
        Assert.Equal((KeyStage.Switched, 2), (ring.Rotation!.Stage, ring.Current));
        Assert.Equal([name], ring.Rotation.Missing);
        Assert.Equal(1, keys.Desk.Rotation("pod/p1")!.MissingCount);

        // A restart of the host remembers it.
        keys.Site.Host.Kill();
        keys.Site.RunFor(5_000);
        keys.Site.Host.Start();
        keys.Site.RunFor(60_000);
        away.RestoreSupply();
        Assert.True(keys.RunUntilDone("pod/p1", 180_000), keys.State());
        Assert.True(keys.HasOnly(away, "pod/p1"));
        Assert.True(keys.Site.RunUntil(() => away.Agent.Snapshot.Admitted, 240_000), "it is not admitted again");
        Assert.True(keys.Site.Oracle.Held, string.Join("\n", keys.Site.Oracle.Findings));
    }

    [Fact]
    public void A_boards_own_key_is_rotated_and_waits_for_the_board_if_it_is_away()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        PowerBoard board = CutOff(keys, out string name);
        Assert.Null(keys.Desk.Rotate(name, "test"));
        keys.Site.RunFor(200_000);
        Assert.Equal(KeyStage.Installing, keys.Ring("board/" + name).Rotation!.Stage);

        board.RestoreSupply();
        Assert.True(keys.RunUntilDone("board/" + name), keys.State());
        Assert.True(keys.HasOnly(board, "board/" + name));
        Assert.True(keys.Site.RunUntil(() => board.Agent.Snapshot.Admitted, 300_000), "it does not understand the host");
        Assert.All(keys.Site.Boards, b => Assert.True(keys.HasOnly(b, "pod/" + b.Identity.Pod)));
    }

    [Fact]
    public void A_pods_and_a_boards_key_rotate_together_and_no_key_that_signs_is_dropped()
    {
        using KeySite keys = new();
        keys.StartAndCap();

        // Both old keys have number 1, and dropKid does not say which stream it means.
        Assert.Null(keys.Desk.Rotate("p1", "test"));
        Assert.Null(keys.Desk.Rotate("p1/b01", "test"));
        Assert.Null(keys.Desk.Rotate("p1/b02", "test"));
        Assert.True(keys.RunUntilDone("pod/p1") && keys.RunUntilDone("board/p1/b01") && keys.RunUntilDone("board/p1/b02"), keys.State());
        keys.Site.RunFor(30_000);
        Assert.All(keys.Site.Boards, b => Assert.True(keys.HasOnly(b, "pod/" + b.Identity.Pod) && keys.HasOnly(b, "board/" + b.Identity.Pod + "/" + b.Identity.Board), b.Identity.Board));
        Assert.All(keys.Site.Boards, b => Assert.True(b.Agent.Snapshot.Admitted));
        Assert.NotEqual(keys.Ring("pod/p1").Current, keys.Ring("board/p1/b01").Current);
    }

    [Fact]
    public void A_store_that_cannot_be_written_keeps_the_old_key_signing_and_the_rotation_goes_on_later()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        Assert.Null(keys.Desk.Rotate("p1", "test"));
        string draft = keys.Folder.StoreFile + ".new";
        Directory.CreateDirectory(draft);
        Assert.NotNull(keys.Desk.Rotate("p2", "test"));
        keys.Site.RunFor(60_000);
        Assert.Equal((KeyStage.Installing, 1), (keys.Ring("pod/p1").Rotation!.Stage, keys.Site.Host.Core.Context.Fleet.FindPod("p1")!.Kid));
        Assert.True(keys.Site.Host.Core.Context.Alarms.IsUp("secrets"));
        Assert.All(keys.Site.Boards, b => Assert.True(b.Agent.Snapshot.Admitted));
        Directory.Delete(draft);
        Assert.True(keys.RunUntilDone("pod/p1"), keys.State());
        Assert.False(keys.Site.Host.Core.Context.Alarms.IsUp("secrets"));
    }

    private static PowerBoard CutOff(KeySite keys, out string name)
    {
        PowerBoard board = keys.Site.Boards.First(b => b.Identity.Pod == "p1");
        name = "p1/" + board.Identity.Board;
        board.CutSupply(keys.Site.Time.NowMs);
        return board;
    }
}
