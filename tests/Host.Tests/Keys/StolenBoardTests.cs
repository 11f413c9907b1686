using System.Text;
using Ballast.Host.Fleet;
using Ballast.Host.Keys;
using Ballast.Virtual.Power;
using Ballast.Wire;

namespace Ballast.Host.Tests.Keys;

/// <summary>F27: somebody has a board's keys. What he can do with them ends with the revocation, and before it touches one board.</summary>
public sealed class StolenBoardTests
{
    private static string Root => "ballast/v1/" + InProcessSite.Name + "/";

    [Fact]
    public void F27_a_revoked_board_is_not_heard_and_not_commanded_and_the_site_does_not_stop()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        PowerBoard stolen = keys.Board("p1/b01");
        List<PowerBoard> others = [.. keys.Site.Boards.Where(b => b != stolen)];
        Dictionary<PowerBoard, int> boots = others.ToDictionary(b => b, b => b.Boots);
        string podKey = keys.Ring("pod/p1").Signing.Key;
        string boardKey = keys.Ring("board/p1/b01").Signing.Key;

        Assert.Null(keys.Desk.Revoke("p1/b01", "test"));
        Assert.NotNull(keys.Desk.Revoke("p1/b01", "test"));
        Assert.NotNull(keys.Desk.Rotate("p1/b01", "test"));
        Assert.True(keys.RunUntilDone("pod/p1"), keys.State());
        Assert.All(others, b => Assert.True(keys.HasOnly(b, "pod/" + b.Identity.Pod)));

        BoardRecord record = keys.Site.Host.Core.Context.Fleet.Find("p1/b01")!;
        // It does not hear its pod any more, so its lease ends, and the host counts it no longer.
        keys.Site.RunFor(90_000);
        Assert.False(stolen.Agent.Snapshot.Admitted);
        Assert.Equal(BoardMode.Asleep, stolen.Agent.Snapshot.Mode);
        Assert.False(record.InCurve);

        // Not heard: whoever has its password at the broker says what he likes.
        long heard = keys.Site.Host.Core.Context.Fleet.RevokedMessages;
        uint setSeq = stolen.Agent.Snapshot.SetSeq;
        using InProcessConnection thief = new(keys.Site.Broker, keys.Site.Time, 77);
        Thief.Connect(thief);
        keys.Site.RunFor(1_000);
        thief.Publish(Root + "p1/b01/state", Encoding.ASCII.GetBytes("{\"online\":true,\"mode\":\"running\",\"admitted\":false,\"bootNonce\":5,\"boardSerial\":\"x\"}"), 1, true);
        keys.Site.RunFor(30_000);
        Assert.True(keys.Site.Host.Core.Context.Fleet.RevokedMessages > heard);
        Assert.False(record.Online);

        // Not commanded: neither by the host, nor by the thief with the keys he has, and neither is anybody else.
        Assert.Equal(setSeq, stolen.Agent.Snapshot.SetSeq);
        uint epoch = keys.Site.Host.Core.Context.Sender.Epoch;
        long power = others.Sum(b => b.PowerMw);
        long[] unknown = [.. others.Select(b => (long)b.Agent.Snapshot.Rejects[(int)Reject.UnknownKid])];
        Say(thief, Thief.Dispatch("p1", 1, Convert.FromHexString(podKey), epoch, uint.MaxValue - 9));
        Say(thief, Thief.Restart("p1/b02", 1, Convert.FromHexString(boardKey), epoch, uint.MaxValue - 9));
        Say(thief, Thief.Restart("p1/b02", 2, Convert.FromHexString(boardKey), epoch, uint.MaxValue - 8));
        keys.Site.RunFor(30_000);
        Assert.InRange(others.Sum(b => b.PowerMw), power - 3_000, power + 30_000);
        Assert.All(others, b => Assert.True(b.Boots == boots[b] && b.Agent.Snapshot.Admitted, b.Identity.Board));
        Assert.All(others.Zip(unknown), b => Assert.True(b.First.Identity.Pod != "p1" || b.First.Agent.Snapshot.Rejects[(int)Reject.UnknownKid] > b.Second));
        Assert.Equal(1, keys.Board("p1/b02").Agent.Snapshot.Rejects[(int)Reject.Mac]);

        // A restart changes nothing of that.
        keys.Site.Host.Kill();
        keys.Site.Host.Start();
        keys.Site.RunFor(60_000);
        Assert.True(keys.Site.Host.Core.Context.Fleet.Find("p1/b01")!.Revoked);
        Assert.False(stolen.Agent.Snapshot.Admitted);
        Assert.All(others, b => Assert.True(b.Agent.Snapshot.Admitted));

        // The oracle still expects of the stolen board what its pod is ordered.
        Assert.DoesNotContain(keys.Site.Oracle.Findings, f => f.Where != "p1/b01");
    }

    [Fact]
    public void F27_before_the_revocation_a_stolen_boards_own_key_moves_that_board_only()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        string boardKey = keys.Ring("board/p1/b01").Signing.Key;
        using InProcessConnection thief = new(keys.Site.Broker, keys.Site.Time, 77);
        Thief.Connect(thief);
        keys.Site.RunFor(1_000);
        uint epoch = keys.Site.Host.Core.Context.Sender.Epoch;
        foreach (PowerBoard board in keys.Site.Boards)
        {
            Say(thief, Thief.Restart(board.Identity.Pod + "/" + board.Identity.Board, 1, Convert.FromHexString(boardKey), epoch, uint.MaxValue - 9));
        }

        keys.Site.RunFor(10_000);
        Assert.Equal(["p1/b01"], keys.Site.Boards.Where(b => b.Boots > 1).Select(b => b.Identity.Pod + "/" + b.Identity.Board));
    }

    [Fact]
    public void A_swapped_board_is_spoken_to_under_a_key_that_the_former_one_does_not_have()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        PowerBoard former = keys.Board("p1/b01");
        string before = keys.Ring("board/p1/b01").Signing.Key;
        Assert.Null(keys.Desk.Swap("p1/b01", "test"));
        BoardRecord record = keys.Site.Host.Core.Context.Fleet.Find("p1/b01")!;
        Assert.False(record.Online);
        Assert.NotEqual(before, keys.Ring("board/p1/b01").Signing.Key);
        Assert.Equal(keys.Ring("board/p1/b01").Signing.Key, Convert.ToHexStringLower(record.Key));

        // The former one still hangs on the broker: it is offered the pod's new key under a key that it does not know, and never gets it.
        former.Restart();
        keys.Site.RunFor(150_000);
        Assert.True(former.Agent.Snapshot.Rejects[(int)Reject.UnknownKid] > 0);
        Assert.False(former.Agent.Snapshot.Admitted);
        Assert.All(keys.Site.Boards.Where(b => b != former), b => Assert.True(b.Agent.Snapshot.Admitted));

        // What the new board is given works: the newest key of the pod, its own new key.
        KeyRing pod = keys.Ring("pod/p1");
        Assert.NotEqual(1, pod.Newest.Kid);
        Assert.DoesNotContain(1, KeySite.Kids(keys.Board("p2/b01").Agent.Record.PodKeys).Append(pod.Newest.Kid).Skip(1));
    }

    [Fact]
    public void A_revoked_board_that_is_swapped_is_heard_again()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        Assert.Null(keys.Desk.Revoke("p1/b01", "test"));
        Assert.True(keys.RunUntilDone("pod/p1"), keys.State());
        Assert.Null(keys.Desk.Swap("p1/b01", "test"));
        Assert.False(keys.Site.Host.Core.Context.Fleet.Find("p1/b01")!.Revoked);
        Assert.Null(keys.Ring("board/p1/b01").RevokedUtc);
    }

    private static void Say(InProcessConnection thief, (string Topic, byte[] Message) signed) => thief.Publish(signed.Topic, signed.Message, 1, false);
}
