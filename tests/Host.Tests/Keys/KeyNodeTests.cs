using Ballast.Host.Keys;

namespace Ballast.Host.Tests.Keys;

/// <summary>What is refused, and with which sentence.</summary>
public sealed class KeyNodeTests
{
    [Fact]
    public void Nodes_that_are_not_there_and_hosts_without_a_store_are_refused_with_a_sentence()
    {
        using KeySite keys = new(boards: 2, pods: 1);
        Assert.Contains("no pod or board 'p9'", keys.Desk.Rotate("p9", "test"), StringComparison.Ordinal);
        Assert.Contains("no pod or board 'site'", keys.Desk.Rotate("site", "test"), StringComparison.Ordinal);
        Assert.Contains("name one board", keys.Desk.Revoke("p1", "test"), StringComparison.Ordinal);
        Assert.Contains("name one board", keys.Desk.Swap("p1", "test"), StringComparison.Ordinal);
        Assert.Null(keys.Desk.Rotate("p1/b01", "test"));
        Assert.Contains("already being rotated", keys.Desk.Rotate("p1/b01", "test"), StringComparison.Ordinal);
        Assert.Single(keys.Store.Current.Rings.Values, r => r.Rotation is not null);

        using InProcessSite plain = new(new InProcessOptions { Boards = 2, Pods = 1 });
        Assert.Contains("ballast keys create", plain.Host.Core.Dispatcher.Keys.Rotate("p1", "test"), StringComparison.Ordinal);
        Assert.Null(plain.Host.Core.Dispatcher.Keys.Stored);
    }

    [Fact]
    public void A_pod_whose_key_stands_only_in_the_configuration_is_refused_until_the_store_has_it()
    {
        using KeySite keys = new(boards: 2, pods: 1);
        keys.Store.Update(s => s with { Rings = s.Rings.Where(r => r.Key != "board/p1/b02").ToDictionary() });
        Assert.Contains("no key of p1", keys.Desk.Rotate("p1", "test"), StringComparison.Ordinal);
        Assert.Null(keys.Ring(SecretSet.OfPod("p1")).Rotation);
    }
}
