using Ballast.Host.Keys;

namespace Ballast.Host.Tests.Keys;

/// <summary>A host that is killed in the middle of a rotation, and boards of the real firmware that must understand whichever host comes back.</summary>
public sealed class KeyCrashTests
{
    [Theory]
    [InlineData("p1")]
    [InlineData("p1/b02")]
    public void A_host_killed_at_any_moment_of_a_rotation_goes_on_and_no_board_loses_it(string node)
    {
        using KeySite keys = new(boards: 4, pods: 1);
        keys.Start();
        string ring = node == "p1" ? SecretSet.OfPod(node) : SecretSet.OfBoard(node);
        HashSet<string> stages = [];
        for (int afterMs = 20; afterMs < 6_000; afterMs += 340)
        {
            int kid = keys.Ring(ring).Current;
            Assert.Null(keys.Desk.Rotate(node, "test"));
            keys.Site.RunFor(afterMs);
            keys.Site.Host.Kill();
            stages.Add(keys.Ring(ring).Rotation?.Stage.ToString() ?? "done");
            keys.Site.RunFor(2_000);
            keys.Site.Host.Start();
            Assert.True(keys.RunUntilDone(ring, 90_000), afterMs + " ms: " + keys.State());
            Assert.NotEqual(kid, keys.Ring(ring).Current);
            keys.Site.RunFor(15_000);
            Assert.All(keys.Site.Boards, b => Assert.True(KeySite.Runs(b) && b.Boots == 1, afterMs + " ms: " + b.Identity.Board));
            Assert.All(keys.Site.Boards, b => Assert.True(keys.HasOnly(b, "pod/p1") && keys.HasOnly(b, "board/p1/" + b.Identity.Board), afterMs + " ms: " + b.Identity.Board));
        }

        Assert.Contains("Installing", stages);
        Assert.Contains("Switched", stages);
        Assert.True(keys.Site.Oracle.Held, string.Join("\n", keys.Site.Oracle.Findings));
    }

    [Fact]
    public void A_host_that_dies_right_after_it_stored_the_switch_comes_back_with_the_key_that_every_board_has()
    {
        using KeySite keys = new(boards: 4, pods: 1);
        keys.Start();
        Assert.Null(keys.Desk.Rotate("p1", "test"));
        Assert.True(keys.Site.RunUntil(() => keys.Site.Boards.All(b => KeySite.Kids(b.Agent.Record.PodKeys).Length == 2), 10_000));
        keys.Site.Host.Kill();
        SecretStore.Open(keys.Folder.StoreFile, keys.Folder.KeyFile).Update(s => KeyPlan.Switch(s, "pod/p1", []));
        keys.Site.RunFor(2_000);
        keys.Site.Host.Start();
        Assert.True(keys.RunUntilDone("pod/p1"), keys.State());
        Assert.All(keys.Site.Boards, b => Assert.True(KeySite.Runs(b) && keys.HasOnly(b, "pod/p1")));
    }

    [Fact]
    public void A_rotation_that_the_command_line_began_while_the_host_was_away_is_done_by_the_host()
    {
        using KeySite keys = new(boards: 4, pods: 1);
        keys.Start();
        keys.Site.Host.Kill();
        SecretStore.Open(keys.Folder.StoreFile, keys.Folder.KeyFile).Update(s => KeyPlan.RotatePod(s, "p1", ["b01", "b02", "b03", "b04"], KeyFolder.Noon));
        keys.Site.Host.Start();
        Assert.True(keys.RunUntilDone("pod/p1"), keys.State());
        Assert.Equal(2, keys.Ring("pod/p1").Current);
        Assert.All(keys.Site.Boards, b => Assert.True(KeySite.Runs(b) && keys.HasOnly(b, "pod/p1")));
    }
}
