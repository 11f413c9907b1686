using System.Text.Json;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Pool;

public sealed class SessionTests
{
    private const int Shift = 28;

    [Fact]
    public void A_narrower_version_mask_holds_at_once_for_chips_and_for_shares_on_their_way()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        bench.Link.Send("""{"id":null,"method":"mining.set_version_mask","params":["00ffe000"]}""");
        bench.Run(100);
        Assert.Equal(0x00ffe000u, bench.Chain.VersionMask);
        PoolTools.Share(bench, sent, 4, bits: 0x10000000);
        Assert.Empty(bench.Submits);
        Assert.Equal(1, bench.Miner.Stats.Stale);
        PoolTools.Share(bench, sent, 4, bits: 0x00400000);
        Assert.Equal("00400000", Assert.Single(bench.Submits).GetProperty("params")[5].GetString());
    }

    [Fact]
    public void A_midstate_chip_goes_on_with_versions_inside_a_changed_mask()
    {
        var bench = new Bench(Profiles.Bm1397(Shift), difficulty: "4");
        bench.Run(1000);
        bench.Link.Send("""{"id":null,"method":"mining.set_version_mask","params":["00006000"]}""");
        bench.Run(200);
        int from = bench.Chain.Sent.Count;
        bench.Run(1000);
        Assert.True(bench.Chain.Sent.Count > from + 10);
        foreach (var sent in bench.Chain.Sent.Skip(from))
        {
            Assert.Equal(32, sent.Midstates.Length);
            for (uint i = 0; i < 4; i++)
            {
                byte[] header = (byte[])sent.Header.Clone();
                BitConverter.TryWriteBytes(header, 0x20000000u | (i << 13));
                uint[] expected = new uint[8];
                HeaderHash.Midstate(header, expected, 0);
                Assert.Equal(expected, sent.Midstates[(int)(8 * i)..(int)(8 * (i + 1))]);
            }
        }
    }

    [Fact]
    public void Without_version_rolling_a_midstate_chip_gets_one_midstate_and_the_share_has_no_version_field()
    {
        var bench = new Bench(Profiles.Bm1397(Shift), difficulty: "4", mask: null);
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        Assert.Equal(8, sent.Midstates.Length);
        PoolTools.Share(bench, sent, 4);
        JsonElement submit = Assert.Single(bench.Submits);
        Assert.Equal(5, submit.GetProperty("params").GetArrayLength());
        Assert.True(bench.Difficulty(submit) >= 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_job_version_inside_the_mask_is_kept_clear_of_rolling_and_both_readings_of_version_bits_are_served(bool poolUsesXor)
    {
        // 0x20402000 has bits 13 and 22 set, which the mask would let chips roll.
        const uint jobVersion = 0x20402000;
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4", job: TestJob.NotifyLine(version: jobVersion.ToString("x8")));
        Action<ScriptedPool, JsonElement> login = bench.Link.OnLine!;
        bench.Link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() != "mining.submit")
            {
                login(p, line);
                return;
            }

            JsonElement s = line.GetProperty("params");
            uint bits = Convert.ToUInt32(s[5].GetString(), 16);
            uint version = poolUsesXor ? jobVersion ^ bits : (jobVersion & ~0x1FFFE000u) | (bits & 0x1FFFE000u);
            byte[] header = TestJob.Header("4128064f", s[2].GetString()!, version, Convert.ToUInt32(s[3].GetString(), 16), Convert.ToUInt32(s[4].GetString(), 16));
            if (TestJob.Number(TestJob.Double(header)) <= TestJob.Diff1(Shift) / 4)
                p.Result(line, "true");
            else
                p.Error(line, """[23,"low difficulty",null]""");
        };
        bench.Run(1000);
        Assert.Equal(0x1FFFE000u & ~jobVersion, bench.Chain.VersionMask);
        for (uint i = 1; i <= 10; i++)
        {
            PoolTools.Share(bench, bench.Chain.Sent[^1], 4, bits: i << 23);
            bench.Run(600);
        }

        Assert.Equal(poolUsesXor ? 7 : 10, bench.Client.Counters.Accepted);
        Assert.Equal(poolUsesXor ? 3 : 0, bench.Miner.Stats.Rejected);
    }

    [Fact]
    public void Ping_and_get_version_are_answered_with_the_callers_id_and_messages_are_shown()
    {
        var bench = new Bench(Profiles.Bm1370());
        bench.Run(1000);
        PoolTools.Events(bench.Client);
        bench.Link.OnLine = null;
        bench.Link.Lines.Clear();
        bench.Link.Send("""{"id":"p-1","method":"mining.ping","params":[]}""");
        bench.Link.Send("""{"id":77,"method":"client.get_version","params":[]}""");
        bench.Link.Send("""{"id":null,"method":"client.show_message","params":["maintenance at noon"]}""");
        bench.Run(100);
        Assert.Equal("""{"id":"p-1","result":"pong","error":null}""", bench.Link.Lines[0].GetRawText());
        Assert.Equal("""{"id":77,"result":"ballast/0.1.0","error":null}""", bench.Link.Lines[1].GetRawText());
        Assert.Contains((PoolEventKind.Message, "maintenance at noon"), PoolTools.Events(bench.Client));

        // Asleep it answers too.
        bench.Link.Send("""{"id":78,"method":"mining.ping","params":[]}""");
        bench.Run(100, hashing: false);
        Assert.Equal(78, bench.Link.Lines[2].GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("pool.example", "eu.pool.example", true)]
    [InlineData("us.pool.example", "eu.pool.example", true)]
    [InlineData("us.pool.example", "pool.example", true)]
    [InlineData("us1.pool.co.uk", "us2.pool.co.uk", true)]
    [InlineData("pool.co.uk", "evil.co.uk", false)]
    [InlineData("pool.example", "evilpool.example", false)]
    [InlineData("pool.example", "pool.example.evil.test", false)]
    [InlineData("pool.example", "other.example", false)]
    [InlineData("us.pool.example", "evil-pool.example", false)]
    [InlineData("10.0.0.5", "10.0.0.6", false)]
    [InlineData("10.0.0.5", "10.0.0.5", true)]
    [InlineData("pool.example", "10.0.0.5", false)]
    [InlineData("localhost", "localhost", true)]
    [InlineData("localhost", "evil", false)]
    public void Reconnect_is_followed_inside_the_pools_own_domain_only(string from, string to, bool allowed)
    {
        Assert.Equal(allowed, PoolEndpoint.SameDomain(from, to));
        var clock = new TestClock();
        var link = new ScriptedPool { OnLine = ScriptedPool.Login(TestJob.NotifyLine()) };
        var settings = new PoolSettings { MayBlockWhilePowered = true };
        Assert.True(settings.TryAdd($"stratum+tcp://{from}:3333", "w", "", out _));
        var client = new PoolClient(settings, link, clock, new TestEntropy(1));
        void Run(int ms)
        {
            for (long end = clock.NowMs + ms; clock.NowMs < end; clock.NowMs += 20)
                client.Step(clock.NowMs, true);
        }

        Run(1000);
        link.Send($$"""{"id":null,"method":"client.reconnect","params":["{{to}}",4444,3]}""");
        Run(2500);
        Assert.Single(link.Connects);
        Assert.Equal(allowed ? PoolPhase.Waiting : PoolPhase.Ready, client.Phase);
        Run(2000);
        Assert.Equal(allowed ? [$"{from}:3333", $"{to}:4444"] : [$"{from}:3333"], link.Connects);
        Assert.Equal(!allowed, PoolTools.Events(client).Any(e => e.Kind == PoolEventKind.ReconnectIgnored));

        // A place that does not work is forgotten: the configured one is the way back.
        if (allowed && from != to)
        {
            link.Down.Add(to);
            link.Close();
            Run(60_000);
            Assert.Equal($"{from}:3333", link.Connects[^1]);
            Assert.Equal(PoolPhase.Ready, client.Phase);
        }
    }

    [Theory]
    [InlineData("stratum+tcp://pool.example:3333", "pool.example", 3333, false)]
    [InlineData("stratum+ssl://pool.example:443/path", "pool.example", 443, true)]
    [InlineData("STRATUM+TLS://p.example:5", "p.example", 5, true)]
    [InlineData("pool.example:3333", "pool.example", 3333, false)]
    [InlineData("tcp://[fe80::1]:3333", "fe80::1", 3333, false)]
    public void Pool_urls_are_read(string url, string host, int port, bool tls)
    {
        PoolEndpoint? endpoint = PoolEndpoint.TryParse(url, "u", "p", out string? reason);
        Assert.Null(reason);
        Assert.Equal((host, port, tls), (endpoint!.Host, endpoint.Port, endpoint.Tls));
    }

    [Theory]
    [InlineData("", "port")]
    [InlineData("pool.example", "port")]
    [InlineData("http://pool.example:80", "stratum+tcp")]
    [InlineData("stratum+tcp://:3333", "host")]
    [InlineData("stratum+tcp://pool.example:0", "1 to 65535")]
    [InlineData("stratum+tcp://pool.example:99999", "1 to 65535")]
    [InlineData("stratum+tcp://pool.example:x", "1 to 65535")]
    [InlineData("[fe80::1", "port")]
    public void Wrong_pool_urls_are_refused_with_what_to_change(string url, string says)
    {
        Assert.Null(PoolEndpoint.TryParse(url, "u", "p", out string? reason));
        Assert.Contains(says, reason);
    }
}
