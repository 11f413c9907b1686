using System.Security.Cryptography;
using Ballast.Host.Options;

namespace Ballast.Host.Keys;

/// <summary>
/// What a rotation, a revocation and a swap make of the stored keys: functions without a clock, a file or a link, so that every step can be
/// tested as such. Each gives a new set; the stored one is replaced as a whole.
///
/// <code>
///   one key ──rotate──► Installing (signs old) ──all present boards have it──► Switched (signs new) ──nobody misses it──► one key
///                            ▲                                                     │
///                            └────────────── rotate, revoke, swap ─────────────────┘
/// </code>
/// </summary>
public static class KeyPlan
{
    private const int Kids = 256;

    /// <summary>Draws what a configuration lacks, and takes over keys that stand in it.</summary>
    /// <param name="set">The stored ones.</param>
    /// <param name="written">The configuration as it stands in its file.</param>
    /// <param name="now">Time of making.</param>
    /// <param name="drawn">Rings that were drawn.</param>
    /// <param name="taken">Rings whose key was taken from the configuration.</param>
    public static SecretSet Complete(SecretSet set, SiteOptions written, DateTimeOffset now, out IReadOnlyList<string> drawn, out IReadOnlyList<string> taken)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(written);
        List<string> made = [];
        List<string> found = [];
        Dictionary<string, KeyRing> rings = new(set.Rings);
        foreach ((string name, int kid, string key) in StoredKeys.Written(written))
        {
            if (rings.ContainsKey(name))
            {
                continue;
            }

            (key.Length > 0 ? found : made).Add(name);
            rings[name] = new KeyRing { Current = kid, LastKid = kid, Keys = [key.Length > 0 ? new StoredKey(kid, key.ToLowerInvariant(), now) : Draw(kid, now)] };
        }

        (drawn, taken) = (made, found);
        return made.Count + found.Count == 0 ? set : set with { Rings = rings };
    }

    /// <summary>Begins the rotation of a pod's key. One that is still being installed is replaced by a newer key.</summary>
    /// <param name="set">The stored ones; they have the ring.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="boards">Its boards, by their ids.</param>
    /// <param name="now">Now.</param>
    public static SecretSet RotatePod(SecretSet set, string pod, IEnumerable<string> boards, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(set);
        List<string> names = [.. boards.Select(b => pod + "/" + b)];
        return Begin(set, SecretSet.OfPod(pod), NextKid(set.Ring(SecretSet.OfPod(pod))!, KidsOf(set, names.Select(SecretSet.OfBoard))), [.. names.Where(n => set.Ring(SecretSet.OfBoard(n)) is { RevokedUtc: null })], now);
    }

    /// <summary>Begins the rotation of a board's own key.</summary>
    /// <param name="set">The stored ones; they have the ring.</param>
    /// <param name="pod">Its pod.</param>
    /// <param name="board">Its id.</param>
    /// <param name="now">Now.</param>
    public static SecretSet RotateBoard(SecretSet set, string pod, string board, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(set);
        string name = pod + "/" + board;
        return Begin(set, SecretSet.OfBoard(name), NextKid(set.Ring(SecretSet.OfBoard(name))!, KidsOf(set, SecretSet.OfPod(pod))), [name], now);
    }

    /// <summary>Draws a second key of a source; both are read. One that nothing was heard under yet is replaced.</summary>
    /// <param name="set">The stored ones; they have the ring.</param>
    /// <param name="id">The source.</param>
    /// <param name="now">Now.</param>
    public static SecretSet RotateSource(SecretSet set, string id, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(set);
        string name = SecretSet.OfSource(id);
        return Begin(set, name, NextKid(set.Ring(name)!, []), [], now);
    }

    /// <summary>Of a source's two keys the old one is forgotten.</summary>
    public static SecretSet FinishSource(SecretSet set, string id)
    {
        ArgumentNullException.ThrowIfNull(set);
        string name = SecretSet.OfSource(id);
        return set.Ring(name) is { Rotation: { } rotation } ring
            ? set.With(name, ring with { Current = rotation.NewKid, Keys = [ring.Newest], Rotation = null })
            : set;
    }

    /// <summary>From now on the new key signs.</summary>
    /// <param name="set">The stored ones.</param>
    /// <param name="name">The ring.</param>
    /// <param name="missing">Boards that have not confirmed it.</param>
    public static SecretSet Switch(SecretSet set, string name, IEnumerable<string> missing)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Ring(name) is { Rotation: { Stage: KeyStage.Installing } rotation } ring
            ? set.With(name, ring with { Current = rotation.NewKid, Rotation = rotation with { Stage = KeyStage.Switched, Missing = [.. missing] } })
            : set;
    }

    /// <summary>Nobody misses the new key: the old one is forgotten.</summary>
    public static SecretSet Finish(SecretSet set, string name)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Ring(name) is { Rotation.Stage: KeyStage.Switched } ring ? set.With(name, ring with { Keys = [ring.Signing], Rotation = null }) : set;
    }

    /// <summary>A board is no longer to be trusted: its own key counts no more, and its pod gets a key that it does not know.</summary>
    public static SecretSet Revoke(SecretSet set, string pod, string board, IEnumerable<string> boards, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(set);
        string name = SecretSet.OfBoard(pod + "/" + board);
        KeyRing ring = set.Ring(name)!;
        return RotatePod(set.With(name, ring with { Keys = [ring.Signing], Rotation = null, RevokedUtc = now }), pod, boards, now);
    }

    /// <summary>Another board takes its place: it gets a key of its own, and the pod one that the former board does not know.</summary>
    public static SecretSet Swap(SecretSet set, string pod, string board, IEnumerable<string> boards, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(set);
        string name = SecretSet.OfBoard(pod + "/" + board);
        int kid = NextKid(set.Ring(name)!, KidsOf(set, SecretSet.OfPod(pod)));
        return RotatePod(set.With(name, new KeyRing { Current = kid, LastKid = kid, Keys = [Draw(kid, now)] }), pod, boards, now);
    }

    private static SecretSet Begin(SecretSet set, string name, int kid, IReadOnlyList<string> boards, DateTimeOffset now)
    {
        KeyRing ring = set.Ring(name)!;
        return set.With(name, ring with { Keys = [ring.Signing, Draw(kid, now)], LastKid = kid, Rotation = new KeyRotation(ring.Current, kid, KeyStage.Installing, now, boards) });
    }

    // dropKid names no stream, so a number should not mean a key of the board's other stream too. A ring never gets one back soon.
    private static int NextKid(KeyRing ring, HashSet<int> elsewhere)
    {
        List<int> free = [.. Enumerable.Range(1, Kids - 1).Select(i => (ring.LastKid + i) % Kids).Where(k => ring.Find(k) is null)];
        return free.Where(k => !elsewhere.Contains(k)).Append(free[0]).First();
    }

    private static HashSet<int> KidsOf(SecretSet set, params IEnumerable<string> rings) => [.. rings.Select(set.Ring).OfType<KeyRing>().SelectMany(r => r.Keys).Select(k => k.Kid)];

    private static StoredKey Draw(int kid, DateTimeOffset now) => new(kid, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), now);
}
