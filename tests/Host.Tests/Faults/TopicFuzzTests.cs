using System.Text;
using System.Text.Json;
using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Web;

namespace Ballast.Host.Tests.Faults;

/// <summary>F28: noise and damaged messages on every topic that the host subscribes to: no crash, and what is refused changes nothing but counters (S14).</summary>
public sealed class TopicFuzzTests
{
    private static CoreSite Site()
    {
        CoreSite site = new(change: o => MonthTests.WithSource(o) with { Surplus = [new SurplusSection { Id = "sun", FreshS = 60, FallbackW = 10_000 }] });
        site.Said["surplus"] = "{\"powerW\":500,\"sent\":1}"u8.ToArray();
        return site.UpAndRunning();
    }

    [Fact]
    public void F28_noise_on_every_topic_changes_nothing() => Attack(10_000, 28);

    [Fact]
    [Trait("Category", "Long")]
    public void F28_100000_messages_of_noise_on_every_topic_change_nothing() => Attack(100_000, Environment.TickCount);

    public static TheoryData<string, byte[]> Malformed()
    {
        TheoryData<string, byte[]> data = [];
        foreach (string kind in (string[])["birth", "state", "telemetry", "ack"])
        {
            data.Add(kind, []);
            data.Add(kind, "null"u8.ToArray());
            data.Add(kind, "[]"u8.ToArray());
            data.Add(kind, Encoding.ASCII.GetBytes("{\"x\":" + new string('[', 2000)));
            data.Add(kind, Encoding.ASCII.GetBytes("{\"x\":" + string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 101)));
            data.Add(kind, Encoding.ASCII.GetBytes("{\"powerMw\":" + new string('9', 4000) + "}"));
            data.Add(kind, [.. "{\"mode\":\""u8, 0xc3, 0x28, .. "\",\"model\":\""u8, 0xc3, 0x28, .. "\",\"result\":\""u8, 0xc3, 0x28, .. "\",\"reason\":\"\",\"stream\":\"dispatch\",\"online\":true,\"contract\":1,\"boardSerial\":\"s\"}"u8]);
            data.Add(kind, [0xef, 0xbb, 0xbf, .. "{}"u8]);
            data.Add(kind, "{\"mode\":\"running\",\"stream\":\"dispatch\",\"online\":true,\"contract\":1,\"boardSerial\":\"s\"} and more"u8.ToArray());
            data.Add(kind, "{\"mode\":\"running\",\"stream\":\"dispatch\",\"online\":true,\"contract\":1,\"boardSerial\":\"s\""u8.ToArray());
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void F28_a_malformed_message_of_a_board_is_counted_and_changes_nothing_S14(string kind, byte[] payload)
    {
        CoreSite site = new();
        site.Run(3);
        long bad = site.Core.Context.Fleet.BadMessages;
        string before = Picture(site, "p1/b00");
        site.Say("p1/b00/" + kind, payload);
        site.Core.Round();
        Assert.Equal(bad + 1, site.Core.Context.Fleet.BadMessages);
        Assert.Equal(before, Picture(site, "p1/b00"));
        Assert.Empty(site.Failures);
    }

    [Fact]
    public void F28_a_message_above_4096_bytes_is_dropped_before_it_is_kept()
    {
        CoreSite site = new();
        site.Run(3);
        site.Say("p1/b00/state", "{\"online\":false,\"boardSerial\":\"s\",\"x\":\"" + new string('x', 4096) + "\"}");
        Assert.Equal(0, site.Core.Inbox.Waiting(Lane.Words));
        Assert.True(site.Core.Context.Fleet.Find("p1/b00")!.Online);
    }

    private static void Attack(int cases, int seed)
    {
        Random random = new(seed);
        CoreSite site = Site();
        Assert.Equal(LimitOutcome.Created, site.Limit(60, "kept").Outcome);
        byte[] signed = MonthTests.Signal(site, 1, "set", ",\"id\":\"g\",\"class\":\"reliability\",\"node\":\"site\",\"limitW\":70");
        site.Say("grid/signal", signed);
        site.Run(5);
        string kept = Kept(site);
        List<string> filters = [.. site.Subscriptions.Select(f => f["ballast/v1/demo/".Length..])];
        Assert.True(filters.Count >= 10, string.Join(' ', filters));
        for (int i = 0; i < cases; i++)
        {
            string topic = Topic(filters[i % filters.Count], random);
            bool known = site.Said.TryGetValue(topic, out byte[]? good) && random.Next(2) == 0;
            byte[] payload = known ? Fuzz.Mutate(good!, random) : topic == "grid/signal" && random.Next(2) == 0 ? Fuzz.Mutate(signed, random) : Fuzz.Noise(random);
            string picture = known ? "" : Picture(site);
            string told = "seed " + seed + ", message " + i + " on " + topic + ": " + Convert.ToHexString(payload);
            site.Say(topic, payload, random.Next(3) == 0);
            site.Core.Round();
            Assert.True(site.Failures.Count == 0, told + " " + string.Join('\n', site.Failures));
            Assert.True(kept == Kept(site), told + "\n" + kept + "\n" + Kept(site));
            Assert.True(known || picture == Picture(site), told);

            // Time goes on, so that boards say what is true again; a damaged message may be a good one with other figures.
            if (i % 200 == 199)
            {
                site.Run(12, 500);
                kept = Kept(site);
            }
        }

        site.Run(60);
        Assert.Contains(site.Core.Context.Limits.Open, l => l.Entry.Id == "kept");
        Assert.Contains(site.Core.Context.Limits.Open, l => l.Entry.Id == "g");
        TestContext.Current.SendDiagnosticMessage("{0} messages on {1} filters, seed {2}; {3} bad, {4} of unknown boards", cases, filters.Count, seed, site.Core.Context.Fleet.BadMessages, site.Core.Context.Fleet.UnknownBoards);
    }

    private static string Topic(string filter, Random random)
    {
        string[] parts = filter.Split('/');
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "+")
            {
                parts[i] = random.Next(4) == 0 ? Fuzz.Text(random).Replace("/", "", StringComparison.Ordinal) : i == 0 ? "p" + random.Next(1, 3) : parts[0] == "hosts" ? "h" + random.Next(2, 5) : "b0" + random.Next(0, 4);
            }
        }

        return string.Join('/', parts);
    }

    // What only an authentic message may change: limits and events, the hold, lock-outs, what the journal keeps.
    private static string Kept(CoreSite site)
    {
        JournaledState journal = site.Journal.Load();
        return string.Join(';', site.Core.Context.Limits.All.Select(l => l.Entry.EventId + " " + l.LimitW + " " + l.State)) + site.Core.Dispatcher.Held
            + string.Join(';', site.Core.Dispatcher.Lockouts.All) + site.Core.Dispatcher.Phase + JsonSerializer.Serialize(new { journal.Values, journal.BoardPowerW, journal.Epoch });
    }

    private static string Picture(CoreSite site) => string.Join('\n', site.Core.Context.Fleet.Boards.Select(b => Picture(site, b.Name)));

    private static string Picture(CoreSite site, string name)
    {
        BoardRecord board = site.Core.Context.Fleet.Find(name)!;
        return JsonSerializer.Serialize(ViewMaker.Board(site.Core, board));
    }
}
