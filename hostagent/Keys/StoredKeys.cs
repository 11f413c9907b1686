using System.Text.Json;
using Ballast.Host.Options;

namespace Ballast.Host.Keys;

/// <summary>Where a configuration's secrets are, and the keys that it takes from there.</summary>
internal static class StoredKeys
{
    /// <summary>Files of the store and its key.</summary>
    /// <param name="options">Only stateDir and secrets are looked at.</param>
    /// <param name="configuration">The configuration file; null if the text came from elsewhere.</param>
    internal static (string File, string? KeyFile) Places(SiteOptions options, string? configuration)
        => (options.Secrets?.File ?? Path.Combine(options.StateDir, SecretStore.Name), options.Secrets?.KeyFile ?? SecretKeyFile.UsualPath(configuration));

    /// <summary>Opens the store that a configuration needs or has.</summary>
    /// <returns>The store, or null if there is none and none is needed.</returns>
    /// <exception cref="SecretException">It is needed or there, and cannot be opened.</exception>
    internal static SecretStore? Open(byte[] json, string? configuration)
    {
        SiteOptions places = new();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            places = Read(document.RootElement);
        }
        catch (JsonException)
        {
            // The reader of the whole configuration says where and why.
        }

        (string file, string? keyFile) = Places(places, configuration);
        bool needed = places.Secrets is not null || SecretReferences.In(json).Count > 0;
        if (!needed && (places.StateDir.Length == 0 || !File.Exists(file)))
        {
            return null;
        }

        if (!File.Exists(file))
        {
            throw new SecretException("The secret store '" + file + "' is not there: make it with 'ballast keys create --config " + (configuration ?? "FILE") + "', or name the right file as secrets.file.");
        }

        return SecretStore.Open(file, keyFile ?? throw new SecretException("Name the key file of the secret store as secrets.keyFile."));
    }

    /// <summary>Puts the store's keys in. What the store has counts; a key in the configuration counts where it has none.</summary>
    internal static SiteOptions Fill(SiteOptions options, SecretStore store)
    {
        SecretSet set = store.Current;
        return options with
        {
            Store = store,
            Pods = [.. options.Pods.Select(p => (set.Ring(SecretSet.OfPod(p.Id)) is { } ring ? p with { Kid = ring.Current, Key = ring.Signing.Key } : p) with
            {
                Boards = [.. p.Boards.Select(b => set.Ring(SecretSet.OfBoard(p.Id + "/" + b.Id)) is { } own ? b with { Kid = own.Current, Key = own.Signing.Key } : b)],
            })],
            Sources = [.. options.Sources.Select(s => set.Ring(SecretSet.OfSource(s.Id)) is { } ring ? s with { Kid = ring.Current, Key = ring.Signing.Key } : s)],
        };
    }

    /// <summary>What an operator should change although it works.</summary>
    internal static IReadOnlyList<string> Warnings(SiteOptions written, SecretStore? store)
    {
        List<string> found = [];
        int plain = 0;
        foreach ((string name, _, string key) in Written(written))
        {
            if (SecretReferences.Is(key))
            {
                continue;
            }

            KeyRing? ring = store?.Current.Ring(name);
            if (key.Length > 0 && ring is not null && !ring.Keys.Any(k => string.Equals(k.Key, key, StringComparison.OrdinalIgnoreCase)))
            {
                found.Add(name + " has another key in the configuration than in the secret store: the store's counts, so take the key out of the configuration.");
            }
            else if (key.Length > 0)
            {
                plain++;
            }
        }

        if (plain > 0)
        {
            found.Add(plain + " key(s) stand readable in the configuration: 'ballast keys create' takes them into the secret store, then take them out of the configuration.");
        }

        return found;
    }

    /// <summary>Rings that a configuration needs, with the keys that stand in it.</summary>
    internal static IEnumerable<(string Name, int Kid, string Key)> Written(SiteOptions options)
        => options.Pods.SelectMany(p => p.Boards.Select(b => (SecretSet.OfBoard(p.Id + "/" + b.Id), b.Kid, b.Key)).Prepend((SecretSet.OfPod(p.Id), p.Kid, p.Key)))
            .Concat(options.Sources.Select(s => (SecretSet.OfSource(s.Id), s.Kid, s.Key)));

    private static SiteOptions Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new SiteOptions();
        }

        JsonElement? secrets = Member(root, "secrets") is { ValueKind: JsonValueKind.Object } section ? section : null;
        return new SiteOptions
        {
            StateDir = Text(root, "stateDir") ?? "",
            Secrets = secrets is null ? null : new SecretsSection { File = Text(secrets.Value, "file"), KeyFile = Text(secrets.Value, "keyFile") },
        };
    }

    private static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Member(JsonElement of, string name)
    {
        foreach (JsonProperty member in of.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }
}
