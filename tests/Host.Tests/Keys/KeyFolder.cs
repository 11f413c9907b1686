using System.Text.Json;
using Ballast.Host.Keys;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Keys;

/// <summary>A folder with a configuration, its key file and its state, as on a site.</summary>
internal sealed class KeyFolder : IDisposable
{
    internal static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    internal KeyFolder() => Directory.CreateDirectory(State);

    internal string Path { get; } = Directory.CreateTempSubdirectory("ballast-keys-").FullName;

    internal string State => System.IO.Path.Combine(Path, "state");

    internal string Configuration => System.IO.Path.Combine(Path, "site.json");

    internal string StoreFile => System.IO.Path.Combine(State, SecretStore.Name);

    internal string KeyFile => System.IO.Path.Combine(Path, SecretKeyFile.Name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal SecretStore Store() => SecretStore.OpenOrCreate(StoreFile, KeyFile);

    internal static KeyRing Ring(int kid, int seed) => new() { Current = kid, LastKid = kid, Keys = [new StoredKey(kid, ToySite.Key(seed), Noon)] };

    /// <summary>Writes a configuration of one pod with two boards and a source.</summary>
    internal void Configure(string? mqttPassword = null, string podKey = "", string boardKey = "", string more = "")
        => File.WriteAllText(Configuration, $$"""
            {
              // Comments stay allowed.
              "site": "demo", "stateDir": {{JsonSerializer.Serialize(State)}},
              "mqtt": { "host": "127.0.0.1", "password": {{JsonSerializer.Serialize(mqttPassword)}} },
              {{more}}
              "sources": [ { "id": "tso", "kid": 1 } ],
              "pods": [ { "id": "p1", "kid": 1, "key": "{{podKey}}", "boards": [
                { "id": "b01", "kid": 1, "key": "{{boardKey}}", "nameplateW": 25 },
                { "id": "b02", "nameplateW": 25 } ] } ],
            }
            """);

    internal SiteOptions? Load(out IReadOnlyList<string> problems) => OptionsFile.Load(Configuration, out problems);

    /// <summary>Stores a key for each stream of the configuration.</summary>
    internal void StoreAllKeys()
        => Store().Update(s => s.With(SecretSet.OfPod("p1"), Ring(3, 11)).With(SecretSet.OfBoard("p1/b01"), Ring(4, 12)).With(SecretSet.OfBoard("p1/b02"), Ring(5, 13)).With(SecretSet.OfSource("tso"), Ring(6, 14)));
}
