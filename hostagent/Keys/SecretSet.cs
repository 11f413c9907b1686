namespace Ballast.Host.Keys;

/// <summary>A key with its number.</summary>
/// <param name="Kid">Number, 0…255.</param>
/// <param name="Key">64 hex digits. Never shown.</param>
/// <param name="MadeUtc">When it was drawn or taken over.</param>
public sealed record StoredKey(int Kid, string Key, DateTimeOffset MadeUtc)
{
    /// <summary>The number only: a key must not get into a text by accident.</summary>
    public override string ToString() => "key " + Kid;
}

/// <summary>How far a rotation is.</summary>
public enum KeyStage
{
    /// <summary>The new key goes to the boards; the host signs with the old one.</summary>
    Installing,

    /// <summary>The host signs with the new key; boards drop the old one, and those that were away get the new one when they come.</summary>
    Switched,
}

/// <summary>A rotation that is under way.</summary>
/// <param name="OldKid">The key to be replaced.</param>
/// <param name="NewKid">The one that replaces it.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="BegunUtc">Since when.</param>
/// <param name="Missing">Boards that have not confirmed the new key, "pod/board"; kept when the host switches.</param>
public sealed record KeyRotation(int OldKid, int NewKid, KeyStage Stage, DateTimeOffset BegunUtc, IReadOnlyList<string> Missing);

/// <summary>The keys of one stream: a pod's orders, a board's own stream, or a source's signals.</summary>
public sealed record KeyRing
{
    /// <summary>Number of the key that is signed with.</summary>
    public int Current { get; init; }

    /// <summary>The keys: one, or two during a rotation.</summary>
    public IReadOnlyList<StoredKey> Keys { get; init; } = [];

    /// <summary>Highest number given out by this store; the next one is above, so that a number never comes back with another key.</summary>
    public int LastKid { get; init; }

    /// <summary>The rotation under way, or null.</summary>
    public KeyRotation? Rotation { get; init; }

    /// <summary>When the key was revoked; null if it counts. A revoked board is neither heard nor spoken to.</summary>
    public DateTimeOffset? RevokedUtc { get; init; }

    /// <summary>The key that is signed with.</summary>
    public StoredKey Signing => Find(Current)!;

    /// <summary>The key that a board provisioned now should have: the new one during a rotation.</summary>
    public StoredKey Newest => Rotation is { } rotation ? Find(rotation.NewKid)! : Signing;

    /// <summary>A key by its number, or null.</summary>
    public StoredKey? Find(int kid) => Keys.FirstOrDefault(k => k.Kid == kid);

    /// <summary>Null, or what is wrong with it.</summary>
    internal bool IsSound => Find(Current) is not null && Keys.Count is 1 or 2 && Keys.All(k => k.Kid is >= 0 and <= 255 && k.Key.Length == 64 && k.Key.All(char.IsAsciiHexDigit))
        && (Rotation is not { } r || (Find(r.NewKid) is not null && r.Missing is not null));
}

/// <summary>A secret with a free name.</summary>
/// <param name="Value">The secret. Never shown.</param>
/// <param name="MadeUtc">When it was stored.</param>
public sealed record NamedSecret(string Value, DateTimeOffset MadeUtc)
{
    /// <summary>Nothing of the value.</summary>
    public override string ToString() => "secret";
}

/// <summary>Everything in a store. Rings by "pod/p1", "board/p1/b03" and "source/tso".</summary>
public sealed record SecretSet
{
    /// <summary>Layout.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Key rings.</summary>
    public IReadOnlyDictionary<string, KeyRing> Rings { get; init; } = new Dictionary<string, KeyRing>();

    /// <summary>Secrets with free names.</summary>
    public IReadOnlyDictionary<string, NamedSecret> Values { get; init; } = new Dictionary<string, NamedSecret>();

    /// <summary>Name of a pod's ring.</summary>
    public static string OfPod(string pod) => "pod/" + pod;

    /// <summary>Name of a board's ring.</summary>
    /// <param name="name">"pod/board".</param>
    public static string OfBoard(string name) => "board/" + name;

    /// <summary>Name of a source's ring.</summary>
    public static string OfSource(string id) => "source/" + id;

    /// <summary>A ring, or null.</summary>
    public KeyRing? Ring(string name) => Rings.GetValueOrDefault(name);

    /// <summary>The same with a ring put in or replaced.</summary>
    public SecretSet With(string name, KeyRing ring) => this with { Rings = new Dictionary<string, KeyRing>(Rings) { [name] = ring } };

    /// <summary>The same with a secret put in or replaced; null takes it out.</summary>
    public SecretSet With(string name, NamedSecret? secret)
    {
        Dictionary<string, NamedSecret> values = new(Values);
        if (secret is null)
        {
            values.Remove(name);
        }
        else
        {
            values[name] = secret;
        }

        return this with { Values = values };
    }

    /// <summary>True for a name that a secret may have: 1 to 64 of a-z, 0-9, '.' and '-'.</summary>
    public static bool IsName(string? name)
        => name is { Length: >= 1 and <= 64 } && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '-');
}
