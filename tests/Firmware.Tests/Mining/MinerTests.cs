using System.Buffers.Binary;
using System.Text.Json;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Pool;
using Ballast.Hw.Asic;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>A miner between a scripted pool and a fake chain, on time that the test moves.</summary>
internal sealed class Bench
{
    public Bench(ChipProfile profile, int chips = 1, string difficulty = "8192", string? mask = "1fffe000", string? job = null, MinerSettings? settings = null, int extranonce2Length = 4)
    {
        PoolSettings = new PoolSettings();
        Assert.True(PoolSettings.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _));
        Link.OnLine = ScriptedPool.Login(job ?? TestJob.NotifyLine(), difficulty: difficulty, mask: mask, extranonce2Length: extranonce2Length);
        Client = new PoolClient(PoolSettings, Link, Clock, new TestEntropy(1));
        Chain = new FakeChain(profile, chips) { IdStep = profile.JobsPerChip ? 1 : profile.RollsVersion ? 24 : 4, IdCount = profile.JobsPerChip ? 4 : 128 };
        Miner = new Miner(Client, Chain, Clock, settings ?? new MinerSettings());
    }

    public TestClock Clock { get; } = new();

    public ScriptedPool Link { get; } = new();

    public PoolSettings PoolSettings { get; }

    public PoolClient Client { get; }

    public FakeChain Chain { get; }

    public Miner Miner { get; }

    public void Run(long ms, bool hashing = true, int tick = 20)
    {
        for (long end = Clock.NowMs + ms; Clock.NowMs < end; Clock.NowMs += tick)
            Miner.Step(Clock.NowMs, hashing, hashing);
    }

    public JsonElement[] Submits => [.. Link.Calls("mining.submit")];

    /// <summary>The difficulty of a submit as a pool computes it, in units of the profile.</summary>
    public double Difficulty(JsonElement submit, string extranonce1 = "4128064f")
    {
        JsonElement p = submit.GetProperty("params");
        uint version = Convert.ToUInt32(TestJob.Text("version"), 16);
        if (p.GetArrayLength() > 5)
            version = (version & ~0x1FFFE000u) | (Convert.ToUInt32(p[5].GetString(), 16) & 0x1FFFE000u);
        byte[] header = TestJob.Header(extranonce1, p[2].GetString()!, version, Convert.ToUInt32(p[3].GetString(), 16), Convert.ToUInt32(p[4].GetString(), 16));
        return Math.Exp(System.Numerics.BigInteger.Log(TestJob.Diff1(Chain.Profile.WorkShift)) - System.Numerics.BigInteger.Log(TestJob.Number(TestJob.Double(header))));
    }
}

public sealed class MinerTests
{
    [Fact]
    public void A_nonce_with_rolled_version_becomes_a_share_that_the_pool_can_check()
    {
        var bench = new Bench(Profiles.Bm1370(20), difficulty: "4");
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        Assert.Equal("mining.configure,mining.subscribe,mining.authorize", string.Join(',', bench.Link.Lines.Take(3).Select(l => l.GetProperty("method").GetString())));
        const uint bits = 0x00A02000;
        uint nonce = FakeChain.Search(sent.Header, bits, 4, 20);
        bench.Chain.Plant(sent.Id, nonce, bits);
        bench.Run(40);
        JsonElement submit = Assert.Single(bench.Submits);
        JsonElement p = submit.GetProperty("params");
        Assert.Equal("worker", p[0].GetString());
        Assert.Equal(TestJob.Text("job_id"), p[1].GetString());
        Assert.Equal(8, p[2].GetString()!.Length);
        Assert.Equal(nonce.ToString("x8"), p[4].GetString());
        Assert.Equal("00a02000", p[5].GetString());
        Assert.True(bench.Difficulty(submit) >= 4);
        Assert.Equal(1, bench.Miner.Stats.SharesSubmitted);
        Assert.Equal(1, bench.Miner.Stats.Accepted);
        Assert.Equal(0, bench.Miner.Stats.Rejected);
        Assert.True(bench.Miner.Stats.BestDifficulty >= 4);
    }

    [Fact]
    public void A_midstate_chip_gets_midstates_of_four_versions_and_its_nonces_name_theirs()
    {
        var bench = new Bench(Profiles.Bm1397(20), difficulty: "2");
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        Assert.Equal(32, sent.Midstates.Length);
        byte[] header = (byte[])sent.Header.Clone();
        uint[] versions = new uint[4];
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header);
        for (int i = 0; i < 4; i++)
        {
            versions[i] = version;
            BinaryPrimitives.WriteUInt32LittleEndian(header, version);
            uint[] expected = new uint[8];
            HeaderHash.Midstate(header, expected, 0);
            Assert.Equal(expected, sent.Midstates[(8 * i)..(8 * (i + 1))]);
            version = (version & ~0x1FFFE000u) | (((version | ~0x1FFFE000u) + 1) & 0x1FFFE000u);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header, versions[2]);
        uint nonce = FakeChain.Search(header, 0, 2, 20);
        bench.Chain.Plant(sent.Id, nonce, midstate: 2);
        bench.Run(40);
        JsonElement submit = Assert.Single(bench.Submits);
        Assert.Equal((versions[2] & 0x1FFFE000).ToString("x8"), submit.GetProperty("params")[5].GetString());
        Assert.True(bench.Difficulty(submit) >= 2);
    }

    [Fact]
    public void A_wrong_nonce_is_a_hardware_error_of_its_chip_and_a_repeated_one_is_a_duplicate()
    {
        var bench = new Bench(Profiles.Bm1370(20), chips: 4, difficulty: "1000");
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        uint good = FakeChain.Search(sent.Header, 0, 1, 20);
        uint bad = good + 1;
        bench.Chain.Plant(sent.Id, bad, chip: 2);
        bench.Chain.Plant(sent.Id, good, chip: 3);
        bench.Chain.Plant(sent.Id, good, chip: 3);
        bench.Chain.Plant(sent.Id + 1, good, chip: 3);
        bench.Run(40);
        Assert.Equal(1, bench.Miner.Stats.HwErrors);
        Assert.Equal(1, bench.Miner.Stats.HwErrorsByChip[2]);
        Assert.Equal(1, bench.Miner.Stats.Duplicates);
        Assert.Equal(1, bench.Miner.Stats.UnknownJob);
        Assert.Empty(bench.Submits);
    }

    [Fact]
    public void While_not_hashing_no_job_is_sent_but_the_session_lives_and_the_first_tick_awake_sends_the_newest_job()
    {
        var bench = new Bench(Profiles.Bm1370());
        bench.Run(2000, hashing: false);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
        Assert.Empty(bench.Chain.Sent);
        bench.Link.Send(TestJob.NotifyLine("next", clean: true, ntime: "685468e0"));
        bench.Run(1000, hashing: false);
        bench.Run(20);
        var sent = Assert.Single(bench.Chain.Sent);
        Assert.Equal(0x685468e0u, BinaryPrimitives.ReadUInt32LittleEndian(sent.Header.AsSpan(68)));
    }

    [Fact]
    public void The_hash_rate_of_nonces_at_the_ticket_difficulty_is_what_they_stand_for()
    {
        var bench = new Bench(Profiles.Bm1370(28), difficulty: "1000000");
        bench.Run(1000);
        int ticket = bench.Miner.TicketDifficulty;
        Assert.Equal(128, ticket);
        uint nonce = 0;
        for (int i = 0; i < 300; i++)
        {
            var sent = bench.Chain.Sent[^1];
            nonce = FakeChain.Search(sent.Header, 0, ticket, 28, nonce + 1);
            bench.Chain.Plant(sent.Id, nonce);
            bench.Run(200);
        }

        // One nonce of difficulty 128 every 200 ms is 128 · 2^32 · 5 hashes a second.
        Assert.Equal(128 * 4.294967296 * 5, bench.Miner.Stats.HashGhs, 128 * 4.294967296 * 5 * 0.03);
        Assert.Equal(300, bench.Miner.Stats.ValidNonces);
    }
}
