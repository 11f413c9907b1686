using System.Text;
using System.Text.Json;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Pool;
using Ballast.Hw.Asic;
using Ballast.Hw.Bus;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>Time that passes with the loop and with each compression of a slow interpreter.</summary>
internal sealed class InterpreterClock : IClock
{
    public const int CompressionMs = 5;

    public long BaseMs { get; set; }

    public MinerStats? Stats { get; set; }

    public long NowMs => BaseMs + (CompressionMs * (Stats?.Compressions ?? 0));
}

/// <summary>Simulated hours on an interpreter that needs 5 ms for a compression: nobody runs dry, nothing is hashed twice, nothing is rejected.</summary>
public sealed class FeedingTests
{
    public static TheoryData<string, int, int> Boards => new()
    {
        { "BM1397", 1, 425000 },  // Bitaxe Max
        { "BM1366", 1, 485000 },  // Ultra
        { "BM1368", 1, 490000 },  // Supra
        { "BM1370", 1, 525000 },  // Gamma
        { "BM1370", 2, 525000 },  // Gamma Duo
        { "BM1366", 6, 485000 },  // Hex
        { "BM1370", 4, 600000 },  // NerdQAxe++
        { "A1", 8, 800000 },
    };

    [Theory]
    [MemberData(nameof(Boards))]
    public void A_simulated_hour_starves_no_chip_repeats_no_header_and_loses_no_share(string chip, int chips, int freqKhz)
    {
        (Miner miner, TimedChain chain, InterpreterClock clock, ScriptedPool pool) = Board(chip, chips, freqKhz, record: true);
        int wrong = 0;
        Action<ScriptedPool, JsonElement> login = ScriptedPool.Login(TestJob.NotifyLine(), difficulty: "64");
        var work = new Dictionary<string, (uint Version, string Coinb1)> { [TestJob.Text("job_id")] = (0x20000000, TestJob.Text("coinb1")) };
        pool.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() != "mining.submit")
            {
                login(p, line);
                return;
            }

            JsonElement share = line.GetProperty("params");
            uint version = 0x20000000 | Convert.ToUInt32(share[5].GetString(), 16);
            byte[] header = TestJob.Header("4128064f", share[2].GetString()!, version, Convert.ToUInt32(share[3].GetString(), 16), Convert.ToUInt32(share[4].GetString(), 16), work[share[1].GetString()!].Coinb1);
            bool good = TestJob.Number(TestJob.Double(header)) <= TestJob.Diff1(chain.Profile.WorkShift) / 64;
            wrong += good ? 0 : 1;
            p.Result(line, good ? "true" : "false");
        };

        long nextJob = 30000;
        long nextNonce = 2000;
        int n = 0;
        while (clock.NowMs < 3600_000)
        {
            miner.Step(clock.NowMs, true, true);
            clock.BaseMs += 20;
            if (clock.NowMs >= nextNonce && chain.Jobs > 0)
            {
                nextNonce += 1000;
                chain.Find(n % (chain.Profile.JobsPerChip ? chips : 1));
            }

            if (clock.NowMs >= nextJob)
            {
                nextJob += 30000;
                string id = $"job{++n}";
                string coinb1 = TestJob.Text("coinb1")[..^8] + n.ToString("x8");
                work[id] = (0x20000000, coinb1);
                pool.Send(TestJob.NotifyLine(id, clean: n % 20 == 0, ntime: (0x685468d7 + (30 * n)).ToString("x8"), coinb1: coinb1));
            }
        }

        Assert.Null(miner.Budget.Refusal);
        long worst = chain.IdleMicros.Max();
        Assert.True(worst < 36_000_000, $"idle for {worst / 1000} ms of an hour");
        Assert.Equal(0, chain.Repeated);
        Assert.Equal(0, wrong);
        Assert.Equal(0, miner.Stats.Rejected);
        Assert.Equal(0, miner.Stats.HwErrors);
        // A nonce a second at a ticket difficulty between 32 and 64: at least half of them are shares.
        Assert.InRange(miner.Stats.Accepted, 1500, 3600);
    }

    [Theory]
    [InlineData("BM1370", 4, 600000)]
    [InlineData("A1", 8, 800000)]
    [InlineData("BM1397", 1, 425000)]
    public void Steady_mining_allocates_nothing(string chip, int chips, int freqKhz)
    {
        var clock = new InterpreterClock();
        var link = new QuietLink();
        var settings = new PoolSettings();
        settings.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _);
        var client = new PoolClient(settings, link, clock, new TestEntropy(1));
        var chain = new TimedChain(Profile(chip), chips, freqKhz, clock, record: false);
        var miner = new Miner(client, chain, clock, new MinerSettings());
        clock.Stats = miner.Stats;
        byte[][] jobs = [.. Enumerable.Range(0, 40).Select(i => Encoding.ASCII.GetBytes(TestJob.NotifyLine($"job{i}", clean: i % 4 == 0, ntime: (0x685468d7 + (30 * i)).ToString("x8")) + "\n"))];
        byte[] difficulty = Encoding.ASCII.GetBytes("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[64.5]}\n");
        long allocated = 0;
        long before = 0;
        int job = 0;
        long nextJob = 1000;
        long nextNonce = 2000;
        int measuredJobs = 0;
        int measuredSubmits = 0;
        while (clock.NowMs < 600_000)
        {
            bool warm = clock.NowMs > 240_000;
            if (!warm)
            {
                measuredJobs = chain.Jobs;
                measuredSubmits = link.Submits;
            }

            if (clock.NowMs >= nextJob)
            {
                nextJob += 20000;
                link.Put(difficulty);
                link.Put(jobs[job++]);
            }

            if (clock.NowMs >= nextNonce && chain.Jobs > 0)
            {
                nextNonce += 500;
                chain.Find(job % (chain.Profile.JobsPerChip ? chips : 1));
            }

            before = GC.GetAllocatedBytesForCurrentThread();
            miner.Step(clock.NowMs, true, true);
            allocated += warm ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            clock.BaseMs += 20;
        }

        Assert.True(chain.Jobs - measuredJobs > 300);
        Assert.True(link.Submits - measuredSubmits > 200);
        Assert.True(client.Counters.Accepted > 300);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1fffe000")]
    public void A_refused_time_narrows_the_window_and_the_chips_are_still_fed(string? mask)
    {
        (Miner miner, TimedChain chain, InterpreterClock clock, ScriptedPool pool) = Board("BM1397", 1, 425000, record: true);
        pool.OnLine = ScriptedPool.Login(TestJob.NotifyLine(), difficulty: "64", mask: mask);
        bool refused = false;
        Action<ScriptedPool, JsonElement> login = pool.OnLine;
        pool.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() == "mining.submit" && !refused)
            {
                refused = true;
                p.Error(line, """[20,"Time too new",null]""");
            }
            else
            {
                login(p, line);
            }
        };
        while (clock.NowMs < 20_000)
        {
            miner.Step(clock.NowMs, true, true);
            clock.BaseMs += 20;
            if (clock.NowMs > 5000 && !refused && pool.Lines.All(l => l.GetProperty("method").GetString() != "mining.submit"))
                chain.Find(0);
        }

        Assert.Equal(1, miner.Pool.Counters.Rejected[(int)ShareReject.Time]);
        Assert.Equal(0, chain.Repeated);
        Assert.Equal(0, miner.Stats.HwErrors);
        if (mask == null)
        {
            // Without version rolling every job needs a merkle root then: 25 × 43 compressions a second are more than this controller has.
            Assert.NotNull(miner.Budget.Refusal);
            Assert.Contains("version rolling", miner.Budget.Refusal);
        }
        else
        {
            Assert.Null(miner.Budget.Refusal);
        }
    }

    private static (Miner, TimedChain, InterpreterClock, ScriptedPool) Board(string chip, int chips, int freqKhz, bool record)
    {
        var clock = new InterpreterClock();
        var pool = new ScriptedPool();
        var settings = new PoolSettings();
        settings.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _);
        var client = new PoolClient(settings, pool, clock, new TestEntropy(1));
        var chain = new TimedChain(Profile(chip), chips, freqKhz, clock, record);
        var miner = new Miner(client, chain, clock, new MinerSettings());
        clock.Stats = miner.Stats;
        return (miner, chain, clock, pool);
    }

    private static ChipProfile Profile(string chip) => chip switch
    {
        "BM1397" => Profiles.Bm1397(30),
        "BM1366" => Profiles.Bm1366(30),
        "BM1368" => Profiles.Bm1368(30),
        "A1" => Profiles.A1(30),
        _ => Profiles.Bm1370(30),
    };
}
