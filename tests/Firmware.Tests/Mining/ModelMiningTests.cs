using System.Text;
using System.Text.Json;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Agent;
using Ballast.Firmware.Tests.Pool;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Boards;
using Ballast.Hw.Sim;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>The whole way on the models of boards: agent, drivers, wire, chips, nonces, shares, and a pool that checks them itself.</summary>
public sealed class ModelMiningTests
{
    private const int WorkShift = 28;

    private int _wrong;

    public static TheoryData<string> Models => [.. BoardCatalog.Models().Where(m => m != BitaxeGamma.Model)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_board_mines_shares_that_the_pool_accepts(string model)
    {
        Miner miner = MineOn(model, 90, 64);
        Judge(miner, 20);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Models))]
    [InlineData(BitaxeGamma.Model)]
    public void Every_board_mines_for_an_hour_without_a_share_refused_or_sent_twice(string model)
    {
        Miner miner = MineOn(model, 3600, 256);
        Judge(miner, 500);
        Assert.Equal(0, miner.Stats.UnknownJob);
    }

    // A new job every 30 s, every tenth one clean, as a pool sends them.
    private Miner MineOn(string model, int seconds, int difficulty)
    {
        var clock = new FakeClock();
        var sim = new SimBoard(clock, new PlatformDigest(), 5, WorkShift, SimBoards.Find(model)!);
        Hashboard board = BoardCatalog.Create(model, sim.Io, WorkShift)!;
        ScriptedPool pool = CheckingPool(difficulty);
        Miner miner = Mine(clock, pool, board.Chain);
        var agent = new BoardAgent(new BoardSettings { Site = "s1", Pod = "p1", Board = "b01", Serial = "1", StartSpreadS = 0 }, board, new FakeLink(), miner, new FakeStore(), clock, new FakeEntropy(4));
        for (int second = 1; second <= seconds; second++)
        {
            for (int tick = 0; tick < 50; tick++)
            {
                clock.NowMs += 20;
                sim.Step(clock.NowMs);
                agent.Step();
            }

            Assert.Null(agent.Failure);
            if (second % 30 == 0 && second < seconds - 30)
                pool.Send(TestJob.NotifyLine($"job{second}", clean: second % 300 == 0, ntime: (0x685468d7 + second).ToString("x8")));
        }

        Assert.Equal(board.Description.ChipCount, board.Chain.ChipsFound);
        int nominal = board.Description.Points[^1].HashGhs;
        Assert.InRange(miner.Stats.HashGhs, nominal / 2, nominal * 3 / 2);
        return miner;
    }

    [Fact]
    public void A_board_that_the_controller_cannot_feed_is_not_started_and_says_why_and_telemetry_tells_the_load_of_one_that_is()
    {
        (SimBoard slowSim, BoardAgent slow, FakeLink slowLink, _) = Gamma(new MinerSettings { CompressionMicros = 500_000 });
        (_, BoardAgent agent, FakeLink link, Miner miner) = Gamma(new MinerSettings());
        Assert.Equal("asleep", (string?)slowLink.Last("/state")!["mode"]);
        string reason = (string)slowLink.Last("/state")!["reason"]!;
        Assert.StartsWith("this controller cannot feed the board: ", reason);
        Assert.Contains("lower the frequency", reason);
        Assert.Contains("cannot feed the board: ", Assert.Single(slowLink.Sent, s => s.Topic.EndsWith("/event", StringComparison.Ordinal)).Payload);
        Assert.False(slow.Snapshot.Powered);
        Assert.Equal(0, slow.Snapshot.FreqKhz);
        Assert.True(slowSim.InputPowerMw < 3000, $"{slowSim.InputPowerMw} mW");
        Assert.Equal(0, (int)slowLink.Last("/telemetry")!["hashGhs"]!);

        Assert.Equal(BoardMode.Running, agent.Snapshot.Mode);
        int load = (int)link.Last("/telemetry")!["loadPermille"]!;
        Assert.InRange(load, 1, 200);
        Assert.InRange(load, miner.Budget.LoadPermille / 4, miner.Budget.LoadPermille * 4);

        (SimBoard, BoardAgent, FakeLink, Miner) Gamma(MinerSettings settings)
        {
            var clock = new FakeClock();
            var sim = new SimBoard(clock, new PlatformDigest(), 5, WorkShift, SimBoards.Find(BitaxeGamma.Model)!);
            Hashboard board = BitaxeGamma.Create(sim.Io, WorkShift);
            var told = new FakeLink();
            Miner feeding = Mine(clock, CheckingPool(64), board.Chain, settings);
            var firmware = new BoardAgent(new BoardSettings { Site = "s1", Pod = "p1", Board = "b01", Serial = "1", StartSpreadS = 0 }, board, told, feeding, new FakeStore(), clock, new FakeEntropy(4));
            for (int i = 0; i < 60 * 50; i++)
            {
                clock.NowMs += 20;
                sim.Step(clock.NowMs);
                firmware.Step();
                Assert.Null(firmware.Failure);
            }

            return (sim, firmware, told, feeding);
        }
    }

    [Fact]
    public void A_chain_of_eight_T1_chips_mines_on_four_midstates_with_their_CRC_and_without_work_given_twice()
    {
        var clock = new FakeClock();
        var pin = new SimOutputPin(false);
        var model = new SimA1Chain(SimA1Type.T1(), 8, WorkShift) { CoreMilliVolts = 420 };
        var chain = new A1Chain(ChipT1.Create(WorkShift), 8, model, pin);
        ScriptedPool pool = CheckingPool(8);
        Miner miner = Mine(clock, pool, chain);
        chain.Start();
        for (int i = 0; i < 100 * 50; i++)
        {
            StepA1(clock, model, pin, chain, 1_332_000);
            miner.Step(clock.NowMs, true, true);
            if (i == 2500)
                pool.Send(TestJob.NotifyLine("clean", clean: true));
        }

        Assert.Equal(8, chain.ChipsFound);
        Assert.Equal(1_332_000, chain.FreqKhz);
        Judge(miner, 100);
        Assert.Equal(0, miner.Stats.UnknownJob);
        Assert.Equal(0, chain.Counters.SkippedBytes);
        int nominal = 8 * 64 * 1332 / 1000;
        Assert.InRange(miner.Stats.HashGhs, nominal * 7 / 10, nominal * 13 / 10);
        Assert.All(miner.Stats.NoncesByChip.Take(8), n => Assert.True(n > 10));

        // All four versions of a job were searched, on the right midstates: the pool hashed each.
        Assert.True(pool.Calls("mining.submit").Select(s => s.GetProperty("params")[5].GetString()).Distinct().Count() >= 4);
        Assert.Contains(pool.Calls("mining.submit"), s => s.GetProperty("params")[1].GetString() == "clean");
    }

    [Fact]
    public void A_chain_of_eight_A1_chips_mines_on_midstates_of_its_own_for_each_chip()
    {
        (FakeClock clock, SimA1Chain model, SimOutputPin pin, A1Chain chain) = A1();
        ScriptedPool pool = CheckingPool(8);
        Miner miner = Mine(clock, pool, chain);
        chain.Start();
        for (int i = 0; i < 100 * 50; i++)
        {
            StepA1(clock, model, pin, chain);
            miner.Step(clock.NowMs, true, true);
            if (i == 2500)
                pool.Send(TestJob.NotifyLine("clean", clean: true));
        }

        Assert.Equal(8, chain.ChipsFound);
        Judge(miner, 100);
        Assert.InRange(miner.Stats.HashGhs, 130, 280);
        Assert.All(miner.Stats.NoncesByChip.Take(8), n => Assert.True(n > 10));
        Assert.Contains(pool.Calls("mining.submit"), s => s.GetProperty("params")[1].GetString() == "clean");
    }

    [Fact]
    public void Both_kinds_of_chain_stamp_a_nonce_with_the_step_that_read_its_frame()
    {
        (FakeClock clock, SimA1Chain model, SimOutputPin pin, A1Chain chain) = A1();
        Miner miner = Mine(clock, CheckingPool(8), chain);
        chain.Start();
        Watch(60 * 50, 0, () => StepA1(clock, model, pin, chain));

        clock = new FakeClock();
        var sim = new SimBoard(clock, new PlatformDigest(), 5, WorkShift, SimBoards.Find(NerdQAxePlusPlus.Model)!);
        Hashboard board = NerdQAxePlusPlus.Create(sim.Io, WorkShift);
        miner = Mine(clock, CheckingPool(16), board.Chain);
        var agent = new BoardAgent(new BoardSettings { Site = "s1", Pod = "p1", Board = "b01", Serial = "1", StartSpreadS = 0 }, board, new FakeLink(), miner, new FakeStore(), clock, new FakeEntropy(4));
        for (int i = 0; i < 60 * 50; i++)
        {
            clock.NowMs += 20;
            sim.Step(clock.NowMs);
            agent.Step();
        }

        // In the agent's loop a nonce is sent in the step that read it.
        Assert.True(miner.Stats.SharesSubmitted > 0);
        Assert.Equal(0, miner.Stats.SubmitDelayMaxMs);
        Watch(60 * 50, miner.Stats.SharesSubmitted, () =>
        {
            clock.NowMs += 20;
            sim.Step(clock.NowMs);
            board.Chain.Step(clock.NowMs);
        });

        // The miner comes only every fifth step, so that frames wait up to four steps of 20 ms.
        void Watch(int steps, int before, Action step)
        {
            for (int i = 0; i < steps; i++)
            {
                step();
                if (i % 5 == 0)
                    miner.Step(clock.NowMs, true, true);
                Assert.InRange(miner.Stats.SubmitDelayMs, 0, 80);
            }

            Assert.True(miner.Stats.SharesSubmitted > before + 50, $"{miner.Stats.SharesSubmitted} shares");
            Assert.Equal(80, miner.Stats.SubmitDelayMaxMs);
        }
    }

    [Fact]
    public void Steady_mining_with_the_drivers_of_a_NerdQAxe_allocates_nothing()
    {
        var clock = new FakeClock();
        var sim = new SimBoard(clock, new PlatformDigest(), 5, WorkShift, SimBoards.Find(NerdQAxePlusPlus.Model)!);
        Hashboard board = NerdQAxePlusPlus.Create(sim.Io, WorkShift);
        var link = new QuietLink();
        Miner miner = Mine(clock, link, board.Chain);
        var agent = new BoardAgent(new BoardSettings { Site = "s1", Pod = "p1", Board = "b01", Serial = "1", StartSpreadS = 0 }, board, new FakeLink(), miner, new FakeStore(), clock, new FakeEntropy(4));
        link.Put(Encoding.ASCII.GetBytes("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[16]}\n" + TestJob.NotifyLine("one") + "\n"));
        int i = 0;
        long allocated = Measure(
            clock,
            () =>
            {
                sim.Step(clock.NowMs);
                if (++i < 60 * 50)
                    agent.Step();
            },
            () =>
            {
                if (i < 60 * 50)
                    return;
                board.Chain.Step(clock.NowMs);
                miner.Step(clock.NowMs, true, true);
            },
            link);
        Assert.Equal(ChainState.Running, board.Chain.State);
        Assert.True(miner.Stats.SharesSubmitted > 100, $"{miner.Stats.SharesSubmitted} shares");
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Steady_mining_with_the_driver_of_A1_chips_allocates_nothing()
    {
        (FakeClock clock, SimA1Chain model, SimOutputPin pin, A1Chain chain) = A1();
        var link = new QuietLink();
        Miner miner = Mine(clock, link, chain);
        chain.Start();
        link.Put(Encoding.ASCII.GetBytes("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[8]}\n" + TestJob.NotifyLine("one") + "\n"));
        long allocated = Measure(
            clock,
            () =>
            {
                model.HoldInReset(!pin.IsHigh);
                model.Step(clock.NowMs);
                chain.RampTo(800_000);
            },
            () =>
            {
                chain.Step(clock.NowMs);
                miner.Step(clock.NowMs, true, true);
            },
            link);
        Assert.True(miner.Stats.SharesSubmitted > 100, $"{miner.Stats.SharesSubmitted} shares");
        Assert.Equal(0, allocated);
    }

    // Three minutes of warm-up, then two that are measured: jobs, nonces, shares, new difficulties and new pool jobs.
    private static long Measure(FakeClock clock, Action around, Action measured, QuietLink link)
    {
        byte[][] jobs = [.. Enumerable.Range(0, 20).Select(n => Encoding.ASCII.GetBytes(TestJob.NotifyLine($"job{n}", clean: n % 3 == 0, ntime: (0x685468d7 + (20 * n)).ToString("x8")) + "\n"))];
        long allocated = 0;
        for (int i = 0; i < 300 * 50; i++)
        {
            clock.NowMs += 20;
            around();
            if (i > 0 && i % 1000 == 0)
                link.Put(jobs[i / 1000]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            measured();
            allocated += i >= 180 * 50 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
        }

        return allocated;
    }

    private static Miner Mine(FakeClock clock, ITcpLink link, IHashChain chain, MinerSettings? feeding = null)
    {
        var settings = new PoolSettings();
        Assert.True(settings.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _));
        return new Miner(new PoolClient(settings, link, clock, new FakeEntropy(3)), chain, clock, feeding ?? new MinerSettings());
    }

    private static (FakeClock, SimA1Chain, SimOutputPin, A1Chain) A1()
    {
        var pin = new SimOutputPin(false);
        var model = new SimA1Chain(SimA1Type.A1(), 8, WorkShift) { CoreMilliVolts = 850 };
        return (new FakeClock(), model, pin, new A1Chain(ChipA1.Create(WorkShift, 16000), 8, model, pin));
    }

    private static void StepA1(FakeClock clock, SimA1Chain model, SimOutputPin pin, A1Chain chain, int freqKhz = 800_000)
    {
        clock.NowMs += 20;
        model.HoldInReset(!pin.IsHigh);
        model.Step(clock.NowMs);
        chain.Step(clock.NowMs);
        chain.RampTo(freqKhz);
    }

    private void Judge(Miner miner, int least)
    {
        Assert.Equal(0, _wrong);
        Assert.Equal(0, miner.Stats.Rejected);
        Assert.Equal(0, miner.Stats.HwErrors);
        Assert.Equal(0, miner.Stats.Duplicates);
        Assert.Null(miner.Budget.Refusal);
        Assert.True(miner.Stats.Accepted >= least, $"{miner.Stats.Accepted} accepted of {miner.Stats.ValidNonces} nonces at ticket {miner.TicketDifficulty}");
    }

    /// <summary>A pool that rebuilds and hashes every share itself and refuses wrong ones and repeats.</summary>
    private ScriptedPool CheckingPool(int difficulty)
    {
        var pool = new ScriptedPool();
        var seen = new HashSet<string>();
        Action<ScriptedPool, JsonElement> login = ScriptedPool.Login(TestJob.NotifyLine(), difficulty: difficulty.ToString());
        pool.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() != "mining.submit")
            {
                login(p, line);
                return;
            }

            JsonElement share = line.GetProperty("params");
            uint version = 0x20000000 | Convert.ToUInt32(share[5].GetString(), 16);
            byte[] header = TestJob.Header("4128064f", share[2].GetString()!, version, Convert.ToUInt32(share[3].GetString(), 16), Convert.ToUInt32(share[4].GetString(), 16));
            bool good = TestJob.Number(TestJob.Double(header)) <= TestJob.Diff1(WorkShift) / difficulty && seen.Add(Convert.ToHexString(header));
            _wrong += good ? 0 : 1;
            p.Result(line, good ? "true" : "false");
        };
        return pool;
    }
}
