using Ballast.Firmware.Grid;
using Ballast.Host.Keys;
using Ballast.Virtual.Power;
using Ballast.Wire;
using KeyStage = Ballast.Host.Keys.KeyStage;

namespace Ballast.Host.Tests.Keys;

/// <summary>A site in simulated time, the real host over the real firmware, whose keys are in a secret store.</summary>
internal sealed class KeySite : IDisposable
{
    private readonly KeyFolder _folder = new();

    internal KeySite(int boards = 8, int pods = 2, int seed = 1)
    {
        Store = _folder.Store();
        Site = new InProcessSite(new InProcessOptions
        {
            Boards = boards,
            Pods = pods,
            Seed = seed,
            Change = o =>
            {
                Store.Update(s => KeyPlan.Complete(s, o, KeyFolder.Noon, out _, out _));
                return StoredKeys.Fill(o, Store);
            },
        });
    }

    internal SecretStore Store { get; }

    internal InProcessSite Site { get; }

    internal KeyFolder Folder => _folder;

    internal KeyDesk Desk => Site.Host.Core.Dispatcher.Keys;

    internal KeyRing Ring(string name) => SecretStore.Open(_folder.StoreFile, _folder.KeyFile).Current.Ring(name)!;

    internal PowerBoard Board(string name) => Site.Boards.Single(b => b.Identity.Pod + "/" + b.Identity.Board == name);

    internal static bool Runs(PowerBoard board) => board.Agent.Snapshot is { Admitted: true, Mode: BoardMode.Running };

    /// <summary>Numbers of the keys that a board has.</summary>
    internal static int[] Kids(StreamKeys keys) => [.. Enumerable.Range(0, StreamKeys.Slots).Select(keys.Slot).Where(s => s.Used).Select(s => s.Kid).Order()];

    /// <summary>True if a board has the key that the store signs with, and no other.</summary>
    internal bool HasOnly(PowerBoard board, string ring)
    {
        StreamKeys keys = ring.StartsWith("pod/", StringComparison.Ordinal) ? board.Agent.Record.PodKeys : board.Agent.Record.BoardKeys;
        KeyRing stored = Ring(ring);
        return Kids(keys) is [int kid] && kid == stored.Current && Convert.ToHexStringLower(keys.Find(kid)!.Key) == stored.Signing.Key;
    }

    /// <summary>Everything runs and stands still.</summary>
    internal void Start()
    {
        Assert.True(Site.RunUntil(() => Site.Boards.All(Runs), 240_000), "the site did not start");
        Site.RunFor(60_000);
    }

    /// <summary>Everything runs, and then half of it may.</summary>
    internal void StartAndCap()
    {
        Start();
        Site.SetCap((Site.FullMw + Site.FloorMw) / 2_000, Virtual.Oracle.GridClass.Economic);
        Site.RunFor(60_000);
    }

    /// <summary>Runs until no rotation is stored.</summary>
    internal bool RunUntilDone(string ring, long atMostMs = 120_000)
    {
        for (long ms = 0; ms < atMostMs && Ring(ring).Rotation is not null; ms += 1_000)
        {
            Site.RunFor(1_000);
        }

        return Ring(ring).Rotation is null;
    }

    internal string State() => string.Join("; ", Store.Current.Rings.Select(r => r.Key + " " + r.Value.Current + (r.Value.Rotation?.Stage == KeyStage.Installing ? "i" : r.Value.Rotation is null ? "" : "s")));

    public void Dispose()
    {
        Site.Dispose();
        _folder.Dispose();
    }
}
