using System.Text.Json;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Pool;

public sealed class FailoverTests
{
    private readonly TestClock _clock = new();
    private readonly ScriptedPool _link = new() { OnLine = ScriptedPool.Login(TestJob.NotifyLine()) };
    private readonly ScriptedPool _probe = new() { OnLine = (p, line) => p.Result(line, """[[],"00",4]""") };
    private readonly PoolSettings _settings = new();

    [Fact]
    public void Three_failures_lead_to_the_next_pool_and_the_primary_is_taken_back_when_a_probe_finds_it()
    {
        PoolClient client = Client("10.0.0.1", "10.0.0.2");
        _link.Down.Add("10.0.0.1");
        _probe.Down.Add("10.0.0.1");
        Run(client, 30_000);
        Assert.Equal(["10.0.0.1:3333", "10.0.0.1:3333", "10.0.0.1:3333", "10.0.0.2:3333"], _link.Connects);
        Assert.Equal(PoolPhase.Ready, client.Phase);
        Assert.Equal(1, client.PoolIndex);
        Assert.NotEmpty(_probe.Connects);

        // Sessions on the fallback live on while the primary is probed.
        Notify(client, 200_000);
        Assert.Equal(4, _link.Connects.Count);
        Assert.InRange(_probe.Connects.Count, 3, 6);
        _link.Down.Clear();
        _probe.Down.Clear();
        Notify(client, 70_000);
        Assert.Equal("10.0.0.1:3333", _link.Connects[^1]);
        Assert.Equal(0, client.PoolIndex);
        Assert.Equal(PoolPhase.Ready, client.Phase);
    }

    [Fact]
    public void A_refused_user_leads_to_the_next_pool_at_once()
    {
        PoolClient client = Client("10.0.0.1", "10.0.0.2");
        Action<ScriptedPool, JsonElement> login = _link.OnLine!;
        _link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() == "mining.authorize" && p.Connects.Count == 1)
                p.Result(line, "false");
            else
                login(p, line);
        };
        Run(client, 5_000);
        Assert.Equal(["10.0.0.1:3333", "10.0.0.2:3333"], _link.Connects);
        Assert.Contains(PoolTools.Events(client), e => e.Kind == PoolEventKind.Refused);
    }

    [Fact]
    public void Four_pools_are_tried_in_order_and_round_again_with_growing_jittered_pauses()
    {
        PoolClient client = Client("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
        _link.Reachable = false;
        var at = new List<long>();
        for (; _clock.NowMs < 600_000; _clock.NowMs += 20)
        {
            int before = _link.Connects.Count;
            client.Step(_clock.NowMs, true);
            if (_link.Connects.Count > before)
                at.Add(_clock.NowMs);
        }

        string[] hosts = [.. _link.Connects.Take(13).Select(c => c[7..8])];
        Assert.Equal("1112223334441", string.Concat(hosts));
        long[] pauses = [.. at.Zip(at.Skip(1), (a, b) => b - a)];
        Assert.InRange(pauses[0], 1000, 1560);
        Assert.InRange(pauses[1], 2000, 3060);
        Assert.All(pauses.Skip(6), p => Assert.InRange(p, 30_000, 45_060));
        Assert.True(pauses.Skip(6).Distinct().Count() > 3);
    }

    [Fact]
    public void Without_any_pool_the_board_idles_after_the_set_time_and_a_pool_ends_that()
    {
        var bench = new Bench(Profiles.Bm1370(), settings: new MinerSettings { IdleAfterMs = 60_000 });
        bench.Run(5_000);
        Assert.False(bench.Miner.ShouldIdle);
        bench.Link.Reachable = false;
        bench.Link.Close();
        bench.Run(55_000);
        Assert.False(bench.Miner.ShouldIdle);
        int jobs = bench.Chain.Sent.Count;
        bench.Run(10_000);
        Assert.True(bench.Miner.ShouldIdle);
        Assert.Equal(jobs, bench.Chain.Sent.Count);
        bench.Link.Reachable = true;
        bench.Run(60_000);
        Assert.False(bench.Miner.ShouldIdle);
        Assert.True(bench.Chain.Sent.Count > jobs);
    }

    [Theory]
    [InlineData("stratum+tcp://pool.example:3333", true)]
    [InlineData("stratum+ssl://10.0.0.1:3333", true)]
    [InlineData("stratum+tcp://8.8.8.8:3333", true)]
    [InlineData("stratum+tcp://172.32.0.1:3333", true)]
    [InlineData("stratum+tcp://10.0.0.1:3333", false)]
    [InlineData("stratum+tcp://192.168.7.1:3333", false)]
    [InlineData("stratum+tcp://172.16.0.1:3333", false)]
    public void S20_a_connect_that_may_stall_waits_until_nothing_is_powered(string url, bool waits)
    {
        Assert.True(_settings.TryAdd(url, "w", "", out _));
        var client = new PoolClient(_settings, _link, _clock, new TestEntropy(1));
        for (; _clock.NowMs < 5000; _clock.NowMs += 20)
            client.Step(_clock.NowMs, powered: true);
        Assert.Equal(waits, client.NeedsQuiet);
        Assert.Equal(waits ? 0 : 1, _link.Connects.Count);
        client.Step(_clock.NowMs, powered: false);
        Assert.False(client.NeedsQuiet);
        Assert.Single(_link.Connects);
        Assert.Equal(url.Contains("ssl"), _link.Connects[0].EndsWith("tls", StringComparison.Ordinal));
    }

    [Fact]
    public void S20_a_board_with_a_watchdog_may_connect_while_powered_and_a_probe_keeps_the_rule_too()
    {
        _settings.MayBlockWhilePowered = true;
        PoolClient client = Client("pool.example");
        Run(client, 1000);
        Assert.Single(_link.Connects);
        Assert.False(client.NeedsQuiet);

        var settings = new PoolSettings();
        settings.TryAdd("stratum+tcp://pool.example:3333", "w", "", out _);
        settings.TryAdd("stratum+tcp://10.0.0.2:3333", "w", "", out _);
        var link = new ScriptedPool { OnLine = ScriptedPool.Login(TestJob.NotifyLine()) };
        link.Down.Add("pool.example");
        var probed = new PoolClient(settings, link, _clock, new TestEntropy(2), _probe);
        for (long end = _clock.NowMs + 15_000; _clock.NowMs < end; _clock.NowMs += 20)
            probed.Step(_clock.NowMs, powered: false);
        Assert.Equal(1, probed.PoolIndex);
        _probe.Connects.Clear();
        for (long end = _clock.NowMs + 100_000; _clock.NowMs < end; _clock.NowMs += 20)
            probed.Step(_clock.NowMs, powered: true);
        Assert.Empty(_probe.Connects);
    }

    [Fact]
    public void A_changed_pool_is_used_at_once_and_slots_may_have_gaps()
    {
        Assert.True(_settings.TrySet(2, "10.0.0.3:3333", "w", "", out _));
        var client = new PoolClient(_settings, _link, _clock, new TestEntropy(1));
        Run(client, 1000);
        Assert.Equal(PoolPhase.Ready, client.Phase);
        Assert.Equal(2, client.PoolIndex);
        Assert.False(_settings.TrySet(4, "10.0.0.1:3333", "w", "", out string? reason));
        Assert.Contains("0 to 3", reason);
        Assert.True(_settings.TrySet(0, "10.0.0.1:3333", "w", "", out _));
        client.Restart(_clock.NowMs);
        Run(client, 1000);
        Assert.Equal(0, client.PoolIndex);
        Assert.Equal("10.0.0.1:3333", _link.Connects[^1]);
    }

    private PoolClient Client(params string[] hosts)
    {
        foreach (string host in hosts)
            Assert.True(_settings.TryAdd($"stratum+tcp://{host}:3333", "w", "", out _));
        return new PoolClient(_settings, _link, _clock, new TestEntropy(1), _probe);
    }

    private void Run(PoolClient client, int ms)
    {
        for (long end = _clock.NowMs + ms; _clock.NowMs < end; _clock.NowMs += 20)
            client.Step(_clock.NowMs, true);
    }

    private void Notify(PoolClient client, int ms)
    {
        for (int i = 0; i < ms; i += 10_000)
        {
            _link.Send(TestJob.NotifyLine($"n{_clock.NowMs}"));
            Run(client, 10_000);
        }
    }
}
