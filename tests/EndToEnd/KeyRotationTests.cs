using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ballast.Mqtt;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Keys;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;
using Ballast.Wire;

namespace Ballast.EndToEnd;

/// <summary>Keys change while a site runs: real broker, real host with a secret store, boards of the real firmware.</summary>
public class KeyRotationTests
{
    [Fact]
    public async Task F27_a_pods_key_is_rotated_and_a_boards_revoked_during_an_event_no_board_stops_and_the_old_key_is_refused()
    {
        await using var site = new VirtualSite(new SiteOptions { Boards = 4, RestMs = 2_000, ConfigureHost = IntoStore });
        site.Start();
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.Agent.Snapshot is { Admitted: true, Mode: BoardMode.Running }), "all boards running");
        await site.SetCapAsync(site.FullMw * 8 / 10, GridClass.Economic, "an event", TestContext.Current.CancellationToken);
        await Wait.UntilAsync(site, () => site.Fleet.Boards.Any(b => b.Agent.Snapshot.Mode == BoardMode.Asleep), "the event");
        using var http = new HttpClient { BaseAddress = site.Page };
        using var hold = new StringContent("{\"on\":true,\"reason\":\"nothing but keys may change\"}", Encoding.UTF8, "application/json");
        (await http.PostAsync(new Uri("api/hold", UriKind.Relative), hold, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await Wait.UntilAsync(site, () => site.View().MeterMw <= site.FullMw * 8 / 10, "the site under its limit");
        await Wait.UntilAsync(site, () => site.Fleet.Boards.All(b => b.Agent.Snapshot.Mode is BoardMode.Asleep or BoardMode.Running), "all boards settled");
        List<VirtualBoard> running = [.. site.Fleet.Boards.Where(b => b.Agent.Snapshot.Mode != BoardMode.Asleep)];
        List<VirtualBoard> asleep = [.. site.Fleet.Boards.Except(running)];
        Assert.NotEmpty(running);
        byte[] old = site.Fleet.Boards[0].Identity.PodKey;

        using var service = new KeyService(site.Page, null);
        Assert.Null(service.Ask("rotate", "p1", "test"));
        await DoneAsync(site, "p1", 2, () =>
        {
            Assert.All(running, b => Assert.NotEqual(BoardMode.Asleep, b.Agent.Snapshot.Mode));
            Assert.All(asleep, b => Assert.Equal(BoardMode.Asleep, b.Agent.Snapshot.Mode));
        });
        Assert.All(site.Fleet.Boards, b => Assert.True(b.Agent.Record.PodKeys is { } k && k.Find(1) is null && k.Find(2) is not null, Wait.Describe(site)));

        // The host's own words, sent again under the old key: everybody refuses them, at the number of the key.
        long[] before = [.. site.Fleet.Boards.Select(b => (long)b.Agent.Snapshot.Rejects[(int)Reject.UnknownKid])];
        (string topic, byte[] message) = Under(old, site.Fleet.Boards[0].Agent.Snapshot.DispatchEpoch);
        Assert.Equal(MqttPublishResult.Taken, site.Observer.Link.Publish(topic, message, 1, false));
        await Wait.UntilAsync(site, () => site.Fleet.Boards.Zip(before).All(b => b.First.Agent.Snapshot.Rejects[(int)Reject.UnknownKid] == b.Second + 1), "the old key refused by all");

        // One board is stolen: it is out, the others stay. Until its lease is over its nameplate is reserved, so another may sleep (S17).
        VirtualBoard stolen = asleep[0];
        string name = "p1/" + stolen.Identity.Board;
        Assert.Null(service.Ask("revoke", name, "test"));
        await DoneAsync(site, "p1", 3, () => Assert.Contains(running, b => b.Agent.Snapshot.Mode != BoardMode.Asleep));
        Assert.NotNull(service.Ask("rotate", name, "test"));
        Assert.Null(stolen.Agent.Record.PodKeys.Find(3));
        Assert.All(site.Fleet.Boards.Where(b => b != stolen), b => Assert.True(b.Agent.Record.PodKeys.Find(3) is not null && b.Agent.Snapshot.Admitted && b.Boots == 1, Wait.Describe(site)));

        // The oracle still expects of the stolen board what its pod is ordered.
        Assert.DoesNotContain(site.Oracle.Findings, f => f.Where != name);

        string told = (await site.Host.GetAsync("api/keys", TestContext.Current.CancellationToken)).RootElement.GetRawText();
        Assert.All(
            site.Fleet.Boards.SelectMany(b => (byte[][])[b.Identity.PodKey, b.Identity.BoardKey, b.Agent.Record.PodKeys.Slot(0).Key, b.Agent.Record.PodKeys.Slot(1).Key]),
            k => Assert.DoesNotContain(Convert.ToHexStringLower(k), told, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task DoneAsync(VirtualSite site, string pod, int kid, Action meanwhile)
    {
        bool done = false;
        long start = Stopwatch.GetTimestamp();
        while (!done && Stopwatch.GetElapsedTime(start) < Wait.Patience)
        {
            meanwhile();
            using JsonDocument keys = await site.Host.GetAsync("api/keys?pod=" + pod, TestContext.Current.CancellationToken);
            JsonElement first = keys.RootElement.GetProperty("keys")[0];
            done = first.GetProperty("kid").GetInt32() == kid && first.GetProperty("rotation").ValueKind == JsonValueKind.Null;
            await Wait.SecondsAsync(0.1);
        }

        Assert.True(done, "The rotation to key " + kid + " is not done.\n" + Wait.Describe(site));
    }

    // As an operator does it: `ballast keys create`, then the keys leave the configuration.
    private static void IntoStore(JsonObject json)
    {
        string config = Path.Combine(Path.GetDirectoryName(json["stateDir"]!.GetValue<string>())!, "host.json");
        File.WriteAllText(config, json.ToJsonString());
        Assert.Contains("taken from the configuration", SiteSecrets.Open(config, create: true).Complete(DateTimeOffset.UtcNow)[0], StringComparison.Ordinal);
        foreach (JsonObject pod in json["pods"]!.AsArray().OfType<JsonObject>())
        {
            foreach (JsonObject one in pod["boards"]!.AsArray().OfType<JsonObject>().Append(pod))
            {
                one.Remove("key");
                one.Remove("kid");
            }
        }
    }

    private static (string Topic, byte[] Message) Under(byte[] key, uint epoch)
    {
        const string Topic = "ballast/v1/" + VirtualSite.Name + "/p1/dispatch";
        string open = $"{{\"kid\":1,\"epoch\":{epoch},\"seq\":{uint.MaxValue - 9},\"orderId\":9,\"class\":\"emergency\",\"leaseS\":60,\"sent\":{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()},\"limitMjPerTh\":0,\"share\":0,\"salt\":0,\"rampS\":0,\"spreadS\":0,\"failSpreadS\":0";
        return (Topic, Encoding.ASCII.GetBytes(open + ",\"mac\":\"" + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Topic + "\0" + open))) + "\"}"));
    }
}
