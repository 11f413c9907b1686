using Ballast.Host.Keys;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;
using KeyStage = Ballast.Host.Keys.KeyStage;

namespace Ballast.Host.Tests.Keys;

/// <summary>How many key messages and store writes a round may cost, what goes before them, and which old key may be dropped.</summary>
public sealed class KeyPaceTests : IDisposable
{
    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // All streams have number 1, as at a site that was just set up.
    private ToySite Site(int boards)
    {
        SecretStore store = _folder.Store();
        ToySite site = new(boards, 1, change: o =>
        {
            o = o with { Pods = [.. o.Pods.Select(p => p with { Boards = [.. p.Boards.Select(b => b with { Kid = 1 })] })] };
            store.Update(s => KeyPlan.Complete(s, o, KeyFolder.Noon, out _, out _));
            return StoredKeys.Fill(o, store);
        });
        site.Run(60);
        return site;
    }

    private static KeyDesk Desk(ToySite site) => site.Dispatcher.Keys;

    private static List<Sent> Asked(ToySite site, SetKind kind, long sinceMs) => [.. site.Log.Where(s => s.AtMs >= sinceMs && s.Set?.Kind == kind)];

    [Fact]
    public void A_round_asks_two_hundred_boards_and_the_next_rounds_the_others()
    {
        ToySite site = Site(450);
        long start = site.NowMs;
        Assert.Null(Desk(site).Rotate("p1", "test"));
        site.Run(4);
        Assert.Equal([200, 200, 50], Asked(site, SetKind.InstallKey, start).GroupBy(s => s.AtMs).Select(g => g.Count()));
        Assert.Equal(450, Asked(site, SetKind.InstallKey, start).Select(s => s.Topic).Distinct().Count());
    }

    [Fact]
    public void Keys_wait_while_a_fall_settles()
    {
        ToySite site = Site(8);
        site.Run(120);
        long start = site.NowMs;
        site.Limit(20);
        Assert.Null(Desk(site).Rotate("p1", "test"));
        site.Run(site.Options.RampS + 3);
        Assert.Empty(Asked(site, SetKind.InstallKey, start));
        site.Run(4);
        Assert.Equal(8, Asked(site, SetKind.InstallKey, start).Count);
    }

    [Fact]
    public void A_round_writes_one_step_to_the_store()
    {
        ToySite site = Site(4);
        string[] names = ["board/p1/b00", "board/p1/b01", "board/p1/b02"];
        Assert.All(names, n => Assert.Null(Desk(site).Rotate(n["board/".Length..], "test")));
        List<int> switched = [];
        for (int i = 0; i < 12; i++)
        {
            site.Run(1);
            switched.Add(names.Count(n => Desk(site).Stored!.Ring(n)!.Rotation!.Stage == KeyStage.Switched));
        }

        Assert.Equal(3, switched[^1]);
        Assert.All(switched.Zip(switched.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 1));
    }

    [Fact]
    public void An_old_number_is_not_dropped_while_the_boards_other_stream_may_need_it()
    {
        ToySite site = Site(3);

        // The board's own new key never arrives there, so the host goes on signing with number 1.
        site.Loses = (board, sent) => board.Id == "b00" && sent.Set is { Kind: SetKind.InstallKey, Value: 1 };
        Assert.Null(Desk(site).Rotate("p1/b00", "test"));
        long start = site.NowMs;
        Assert.Null(Desk(site).Rotate("p1", "test"));
        site.Run(30);
        Assert.Equal(KeyStage.Installing, Desk(site).Stored!.Ring("board/p1/b00")!.Rotation!.Stage);
        List<Sent> drops = Asked(site, SetKind.DropKid, start);
        Assert.Equal(["ballast/v1/demo/p1/b01/set", "ballast/v1/demo/p1/b02/set"], drops.Select(d => d.Topic).Distinct().Order());
        Assert.All(drops, d => Assert.Equal(1u, d.Set!.Value));

        // It is asked whether it has the pod's new key instead.
        Assert.True(Asked(site, SetKind.InstallKey, start).Count(s => s.Set!.Value == 0 && s.Topic.Contains("b00", StringComparison.Ordinal)) >= 2);
    }

    [Fact]
    public void After_a_rotation_the_store_has_the_new_key_only_and_never_before_it_signs()
    {
        string pod = SecretSet.OfPod("p1");
        string source = SecretSet.OfSource("tso");
        SecretSet begun = KeyPlan.RotatePod(KeyPlan.RotateSource(new SecretSet().With(pod, KeyFolder.Ring(3, 1)).With(source, KeyFolder.Ring(4, 2)), "tso", KeyFolder.Noon), "p1", [], KeyFolder.Noon);
        Assert.Equal(2, begun.Ring(pod)!.Keys.Count);
        Assert.Same(begun, KeyPlan.Finish(begun, pod));
        SecretSet done = KeyPlan.FinishSource(KeyPlan.Finish(KeyPlan.Switch(begun, pod, []), pod), "tso");
        foreach (string ring in new[] { pod, source })
        {
            StoredKey left = Assert.Single(done.Ring(ring)!.Keys);
            Assert.Equal((begun.Ring(ring)!.Newest, done.Ring(ring)!.Current, null), (left, left.Kid, done.Ring(ring)!.Rotation));
        }
    }
}
