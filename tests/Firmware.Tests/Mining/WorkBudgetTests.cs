using Ballast.Firmware.Mining;
using Ballast.Hw.Asic.A1;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Firmware.Tests.Mining;

public sealed class WorkBudgetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(70)]
    public void Nonce_ranges_of_one_header_are_disjoint_complete_and_weighted(int most)
    {
        Gen<int[]> cores = Gen.Choose(0, 68).ArrayOf().Where(a => a.Length > 0 && a.Length <= most).Or(Gen.Choose(1, 32).ArrayOf(most));
        Prop.ForAll(Arb.From(cores), chips =>
        {
            int n = chips.Length;
            uint[] start = new uint[n];
            uint[] end = new uint[n];
            int given = NonceRanges.Split(chips, 0, n, start, end);
            Assert.Equal(chips.Count(c => c > 0), given);
            ulong next = 0;
            long total = chips.Sum(c => (long)c);
            for (int i = 0; i < n; i++)
            {
                if (chips[i] == 0)
                {
                    Assert.True(end[i] < start[i]);
                    continue;
                }

                Assert.Equal(next, start[i]);
                Assert.True(end[i] >= start[i]);
                double share = (end[i] - (double)start[i] + 1) / 4294967296.0;
                Assert.Equal((double)chips[i] / total, share, 1e-8);
                next = (ulong)end[i] + 1;
            }

            if (given > 0)
                Assert.Equal(1UL << 32, next);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261122, 1));
    }

    [Fact]
    public void A_T1_searches_a_job_of_four_midstates_in_about_200_ms_as_its_driver_was_written_for() =>
        Assert.InRange(JobLife.ChipMicros(ChipT1.Create(0), 32, 1_332_000), 195_000, 205_000);

    [Fact]
    public void A_fast_A1_chip_gets_the_whole_space_and_slow_ones_share_it_while_the_writes_are_affordable()
    {
        var budget = new WorkBudget();
        budget.Plan(Profiles.A1(), 8, 800000, 0x1FFFE000, 43, false, new MinerSettings());
        Assert.Equal(1, budget.GroupSize);
        Assert.Equal(47_700, budget.MilliJobsPerS, 200.0);
        Assert.Null(budget.Refusal);

        // At 10 MHz one chip needs 13.4 s for all nonces: seven share a header to keep it under two seconds.
        budget.Plan(Profiles.A1(), 8, 10000, 0x1FFFE000, 43, false, new MinerSettings());
        Assert.Equal(7, budget.GroupSize);
        Assert.True(budget.LifeMicros / budget.GroupSize <= 2_000_000);

        // With writes that cost 0.2 s each it may not.
        budget.Plan(Profiles.A1(), 8, 10000, 0x1FFFE000, 43, false, new MinerSettings { JobMicros = 200_000 });
        Assert.InRange(budget.GroupSize, 1, 5);
        Assert.Null(budget.Refusal);
    }

    [Fact]
    public void A_board_that_cannot_be_fed_is_refused_with_a_sentence()
    {
        var budget = new WorkBudget();
        budget.Plan(Profiles.T1(), 204, 1332000, 0, 43, true, new MinerSettings());
        Assert.NotNull(budget.Refusal);
        Assert.Contains("jobs a second", budget.Refusal);
        Assert.Contains("version rolling", budget.Refusal);
        budget.Plan(Profiles.Bm1370(), 1, 525000, 0x1FFFE000, 43, false, new MinerSettings());
        Assert.Null(budget.Refusal);
        Assert.InRange(budget.LoadPermille, 1, 60);

        // A pool that is strict about time and sends a huge coinbase is no reason either: a job of this chip lasts two minutes.
        budget.Plan(Profiles.Bm1370(), 1, 525000, 0x1FFFE000, 400, true, new MinerSettings());
        Assert.Null(budget.Refusal);
        Assert.InRange(budget.LoadPermille, 1, 150);
    }

    [Fact]
    public void A_chip_that_rolls_the_version_lives_on_one_job_as_long_as_its_hash_counting_number_says()
    {
        // Facts: about 130.9 s for one BM1370 at 525 MHz.
        Assert.Equal(130.9, JobLife.Micros(Profiles.Bm1370(), 1, 525000, 16) / 1e6, 0.2);
        Assert.Equal(0, JobLife.Micros(Profiles.Bm1370(), 1, 0, 16));

        // Facts: an A1 with 32 cores at 800 MHz needs 168 ms for all nonces, a BM1397 some 40 ms a job.
        Assert.Equal(168, JobLife.Micros(Profiles.A1(), 8, 800000, 16) / 1e3, 1.0);
        Assert.Equal(39.5, JobLife.Micros(Profiles.Bm1397(), 1, 425000, 16) / 1e3, 0.2);
    }

    [Fact]
    public void Chips_that_share_a_header_are_fed_together_and_finish_together()
    {
        var clock = new InterpreterClock();
        var pool = new Tests.Pool.ScriptedPool { OnLine = Tests.Pool.ScriptedPool.Login(TestJob.NotifyLine(), difficulty: "1000000") };
        var settings = new Ballast.Firmware.Pool.PoolSettings();
        settings.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _);
        var client = new Ballast.Firmware.Pool.PoolClient(settings, pool, clock, new Tests.Pool.TestEntropy(1));
        var chain = new TimedChain(Profiles.A1(30), 8, 20000, clock, record: true);
        chain.Cores[3] = 0;
        chain.Cores[5] = 16;
        var miner = new Miner(client, chain, clock, new MinerSettings());
        clock.Stats = miner.Stats;
        while (clock.NowMs < 600_000)
        {
            miner.Step(clock.NowMs, true, true);
            clock.BaseMs += 20;
        }

        Assert.True(miner.Budget.GroupSize > 1);
        Assert.Equal(0, chain.Repeated);
        Assert.True(chain.IdleMicros.Max() < 6_000_000, string.Join(' ', chain.IdleMicros));
    }
}
