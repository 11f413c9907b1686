using Ballast.Host.Keys;
using Ballast.Host.Options;

namespace Ballast.Host.Tests.Keys;

/// <summary>Which keys and numbers a change draws, and what the store makes of them.</summary>
public sealed class KeyPlanTests : IDisposable
{
    private readonly KeyFolder _folder = new();
    private readonly SecretSet _set = new SecretSet().With("pod/p1", KeyFolder.Ring(1, 1)).With("board/p1/b1", KeyFolder.Ring(1, 2)).With("board/p1/b2", KeyFolder.Ring(1, 3));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void F27_a_revoked_board_gets_no_new_pod_key()
    {
        SecretSet set = KeyPlan.Revoke(_set, "p1", "b1", ["b1", "b2"], KeyFolder.Noon);
        Assert.Equal(["p1/b2"], set.Ring("pod/p1")!.Rotation!.Missing);
    }

    [Fact]
    public void F27_a_revocation_during_a_rotation_draws_a_key_and_a_number_that_the_thief_has_not_seen()
    {
        SecretSet begun = KeyPlan.RotatePod(_set, "p1", ["b1", "b2"], KeyFolder.Noon);
        StoredKey seen = begun.Ring("pod/p1")!.Newest;
        SecretSet set = KeyPlan.Revoke(begun, "p1", "b1", ["b1", "b2"], KeyFolder.Noon);
        Assert.NotEqual(seen.Key, set.Ring("pod/p1")!.Newest.Key);
        Assert.NotEqual(seen.Kid, set.Ring("pod/p1")!.Newest.Kid);
        Assert.Equal(1, set.Ring("pod/p1")!.Current);
        Assert.NotNull(set.Ring("board/p1/b1")!.RevokedUtc);
    }

    [Fact]
    public void A_key_of_the_configuration_is_taken_as_it_is_and_others_are_drawn()
    {
        string written = string.Concat(Enumerable.Repeat("Ab", 32));
        SiteOptions options = new() { Pods = [new PodSection { Id = "p2", Kid = 7, Key = written, Boards = [new BoardSection { Id = "b1", Kid = 8 }] }] };
        SecretSet set = KeyPlan.Complete(_set, options, KeyFolder.Noon, out IReadOnlyList<string> drawn, out IReadOnlyList<string> taken);
        Assert.Equal(["board/p2/b1"], drawn);
        Assert.Equal(["pod/p2"], taken);
        Assert.Equal((7, written.ToLowerInvariant()), (set.Ring("pod/p2")!.Current, set.Ring("pod/p2")!.Signing.Key));
        Assert.Same(set, KeyPlan.Complete(set, options, KeyFolder.Noon, out _, out _));
    }

    [Fact]
    public void The_same_content_is_never_encrypted_twice_under_one_number()
    {
        SecretStore store = _folder.Store();
        HashSet<string> nonces = [];
        for (int i = 0; i < 5; i++)
        {
            store.Update(s => s with { Version = 1 });
            nonces.Add(Convert.ToHexString(File.ReadAllBytes(_folder.StoreFile).AsSpan(16, 12)));
        }

        Assert.Equal(5, nonces.Count);
    }

    [Fact]
    public void A_store_whose_ring_has_no_key_that_signs_is_refused()
    {
        _folder.Store().Update(s => s.With("pod/p1", KeyFolder.Ring(1, 1) with { Current = 5 }));
        Assert.Contains("another version", Assert.Throws<SecretException>(() => SecretStore.Open(_folder.StoreFile, _folder.KeyFile)).Message, StringComparison.Ordinal);
    }
}
