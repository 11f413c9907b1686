using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Asic;

public class A1ChainTests
{
    public static TheoryData<string> Kinds => ["A1", "T1"];

    [Theory]
    [InlineData("A1", 1)]
    [InlineData("A1", 8)]
    [InlineData("A1", 64)]
    [InlineData("T1", 63)]
    public void A_chain_comes_up_at_its_start_frequency(string kind, int chips)
    {
        SpiBench bench = new SpiBench(Profile(kind), chips).Up();
        Assert.Equal((chips, Profile(kind).StartKhz, false), (bench.Chain.ChipsFound, bench.Chain.FreqKhz, bench.Chain.Ramping));
        Assert.Equal([false, false, true], bench.Reset.Levels);
        List<A1Command> order = [.. bench.Chips.Commands.Where(c => c[1] == 0).Select(c => (A1Command)c[0]).TakeWhile(c => c != A1Command.ReadResult)];
        Assert.Equal(kind == "T1"
            ? [A1Command.BistStart, A1Command.WriteRegister, A1Command.BistCollect, A1Command.BistFix]
            : [A1Command.BistStart, A1Command.WriteRegister, A1Command.BistFix], order);
        Assert.Equal(32, bench.Chain.WorkingCores(chips - 1));
        Assert.Equal(A1Chain.Slots, bench.Chain.JobSlotsFree(0));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Leading_zeros_do_no_harm(string kind)
    {
        var bench = new SpiBench(Profile(kind), 4);
        bench.Chips.ExtraZeros = 2;
        bench.Chain.Start();
        bench.Run(5000);
        Assert.True(bench.Chain.State == ChainState.Running, bench.Chain.Fault);
    }

    [Fact]
    public void Missing_chips_are_named()
    {
        new SpiBench(Profile("A1"), 8, 5).Failed("5 of 8 A1 answered; missing from chip 5 on (counted from 0 at the controller): check the chain behind chip 4.");
        new SpiBench(Profile("A1"), 2, 3).Failed("3 A1 answered, the board is described with 2: choose the right board.");
        var dead = new SpiBench(Profile("A1"), 8);
        dead.Chips.Dead = true;
        dead.Failed("None of 8 A1 answered: check supply, reset line, SPI clock and wiring.");
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    [InlineData(0x01)]
    public void A_stuck_line_is_not_a_chain(byte level)
    {
        var bench = new SpiBench(Profile("A1"), 8);
        bench.Chips.Stuck = level;
        bench.Failed("None of 8 A1 answered: check supply, reset line, SPI clock and wiring.");
    }

    [Fact]
    public void A_count_that_contradicts_the_length_of_the_chain_is_not_believed()
    {
        var bench = new SpiBench(Profile("A1"), 8);
        bench.Chips.TellsCount = 3;
        bench.Failed("None of 8 A1 answered: check supply, reset line, SPI clock and wiring.");
        Assert.Equal(3, bench.Chips.Commands.Count(c => c[0] == 1));
    }

    [Fact]
    public void A_PLL_that_does_not_lock_is_named()
    {
        var bench = new SpiBench(Profile("A1"), 4);
        bench.Chips.NoLock.Add(2);
        bench.Failed("The PLL of chip 2 of 4 (counted from 0 at the controller) did not lock: check its clock and supply.");
    }

    [Fact]
    public void Weak_chips_run_slower_and_broken_ones_not_at_all()
    {
        var bench = new SpiBench(Profile("A1"), 4);
        bench.Chips.Cores[1] = 29;
        bench.Chips.Cores[3] = 25;
        bench.Up();
        Assert.Equal((32, 29, 32, 0), (bench.Chain.WorkingCores(0), bench.Chain.WorkingCores(1), bench.Chain.WorkingCores(2), bench.Chain.WorkingCores(3)));
        Assert.Equal(0, bench.Chain.JobSlotsFree(3));
        Assert.Equal(PartStatus.NotPresent, bench.Chain.SendJob(Job(3), out _));
        bench.Chain.RampTo(800_000);
        bench.Run(12_000);
        Assert.False(bench.Chain.Ramping);
        Assert.Equal((800_000, 600_000, 800_000, 400_000), (Khz(bench, 0), Khz(bench, 1), Khz(bench, 2), Khz(bench, 3)));
        Assert.Equal((800_000 + 600_000 + 800_000) / 3, bench.Chain.FreqKhz);
    }

    [Theory]
    [InlineData("A1", 400_000, 800_000)]
    [InlineData("T1", 120_000, 1_332_000)]
    public void S15_a_ramp_up_takes_at_most_6_25_MHz_each_100_ms(string kind, int from, int to)
    {
        SpiBench bench = new SpiBench(Profile(kind), 4).Up();
        Assert.Equal(PartStatus.Ok, bench.Chain.RampTo(to));
        long start = bench.NowMs;
        while (bench.Chain.Ramping && bench.NowMs < start + 60_000)
        {
            bench.Run(20);
            Assert.True(bench.Chain.FreqKhz - from <= (bench.NowMs - start) * 6250 / 100 + Profile(kind).RampStepKhz);
        }

        Assert.Equal(to, bench.Chain.FreqKhz);
        bench.Chain.RampTo(from);
        bench.Run(700);
        Assert.Equal((from, false), (bench.Chain.FreqKhz, bench.Chain.Ramping));
    }

    [Theory]
    [InlineData(399_000)]
    [InlineData(1_001_000)]
    public void A_frequency_outside_the_range_changes_nothing(int khz)
    {
        SpiBench bench = new SpiBench(Profile("A1"), 2).Up();
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.RampTo(khz));
        Assert.False(bench.Chain.Ramping);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_chip_takes_two_jobs_under_ids_that_go_round(string kind)
    {
        SpiBench bench = new SpiBench(Profile(kind), 3).Up();
        ChipJob job = Job(1);
        job.StartNonce = 0x10000000;
        job.EndNonce = 0x1FFFFFFF;
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(PartStatus.Ok, bench.Chain.SendJob(job, out int first));
            Assert.Equal(PartStatus.Ok, bench.Chain.SendJob(job, out int second));
            Assert.Equal((2 * round % 4 + 1, (2 * round + 1) % 4 + 1), (first, second));
            Assert.Equal(0, bench.Chain.JobSlotsFree(1));
            Assert.Equal(2, bench.Chain.JobSlotsFree(2));
            Assert.Equal(PartStatus.OutOfRange, bench.Chain.SendJob(job, out int none));
            Assert.Equal(-1, none);
            bench.Chips.Held[1] = 1;
            bench.Run(20);
            Assert.Equal(1, bench.Chain.JobSlotsFree(1));
            bench.Chips.Held[1] = 0;
            bench.Run(20);
        }

        byte[] sent = bench.Chips.Jobs[0];
        Assert.Equal((kind == "T1" ? 0x1C : 0x17, 2), (sent[0], sent[1]));
        int nonces = kind == "T1" ? 142 : 46;
        Assert.Equal("00000010", Convert.ToHexStringLower(sent, nonces, 4));
        Assert.Equal("ffffff1f", Convert.ToHexStringLower(sent, nonces + 8, 4));
        Assert.Equal(6, bench.Chain.Counters.Jobs);
    }

    [Fact]
    public void A_worthless_queue_is_dropped_before_the_new_job()
    {
        SpiBench bench = new SpiBench(Profile("A1"), 2).Up();
        bench.Chain.SendJob(Job(0), out _);
        bench.Chain.SendJob(Job(0), out _);
        ChipJob job = Job(0);
        job.DropQueued = true;
        Assert.Equal(PartStatus.Ok, bench.Chain.SendJob(job, out int id));
        Assert.Equal((3, 1), (id, bench.Chips.Held[0]));
        byte[] reset = bench.Chips.Commands.Last(c => c[0] == (byte)A1Command.Reset);
        Assert.Equal("0401eded", Convert.ToHexStringLower(reset, 0, 4));
        Assert.Equal(1, bench.Chain.JobSlotsFree(0));
    }

    [Fact]
    public void Results_come_out_in_order_with_their_chip()
    {
        SpiBench bench = new SpiBench(Profile("A1"), 3).Up();
        for (int i = 0; i < 12; i++)
            bench.Chips.Results.Enqueue([0x28, (byte)(i % 3 + 1), (byte)i, 0xA1, 0x46, 0x95]);
        bench.Run(40);
        var nonce = new ChipNonce();
        for (int i = 0; i < 12; i++)
        {
            Assert.True(bench.Chain.TryTakeNonce(nonce));
            Assert.Equal((2, 0x9546A100u + (uint)i, i % 3, -1), (nonce.JobId, nonce.Nonce, nonce.Chip, nonce.Core));
        }

        Assert.False(bench.Chain.TryTakeNonce(nonce));
        Assert.Equal(12, bench.Chain.Counters.Nonces);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    [InlineData(8, 3)]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(6, 0)]
    public void A_T1_result_names_its_midstate_by_one_bit_and_needs_its_checksum(int micro, int midstate)
    {
        SpiBench bench = new SpiBench(Profile("T1"), 3).Up();
        byte[] result = FakeSpiChips.WithCrc([0x18, 2, 0, (byte)micro, 0x42, 0xA1, 0x46, 0x95]);
        byte[] broken = [.. result];
        broken[6] ^= 4;
        bench.Chips.Results.Enqueue(broken);
        bench.Run(20);
        bench.Chips.Results.Enqueue(result);
        bench.Run(20);
        var nonce = new ChipNonce();
        Assert.True(bench.Chain.TryTakeNonce(nonce));
        Assert.Equal((1, 1, 0x9546A142u, midstate), (nonce.JobId, nonce.Chip, nonce.Nonce, nonce.MidstateIndex));
        Assert.False(bench.Chain.TryTakeNonce(nonce));
    }

    [Fact]
    public void A_chip_that_fails_rests_30_s_and_is_given_up_the_third_time()
    {
        SpiBench bench = new SpiBench(Profile("A1"), 3).Up();
        for (int failure = 1; failure <= 3; failure++)
        {
            bench.Chips.Silent.Add(1);
            Assert.Equal(PartStatus.Timeout, bench.Chain.SendJob(Job(1), out _));
            bench.Chips.Silent.Remove(1);
            Assert.Equal((0, 0), (bench.Chain.WorkingCores(1), bench.Chain.JobSlotsFree(1)));
            bench.Run(29_000);
            Assert.Equal(0, bench.Chain.WorkingCores(1));
            bench.Run(1_100);
            Assert.Equal(failure < 3 ? 32 : 0, bench.Chain.WorkingCores(1));
            Assert.Equal(32, bench.Chain.WorkingCores(2));
        }

        bench.Run(120_000);
        Assert.Equal(0, bench.Chain.WorkingCores(1));
        Assert.Equal(ChainState.Running, bench.Chain.State);
    }

    [Fact]
    public void A_chip_that_loses_its_lock_or_tells_nonsense_rests()
    {
        SpiBench bench = new SpiBench(Profile("A1"), 3).Up();
        bench.Run(2000);
        bench.Chips.NoLock.Add(2);
        bench.Run(60);
        Assert.Equal((32, 0), (bench.Chain.WorkingCores(0), bench.Chain.WorkingCores(2)));
        bench.Chips.QueueState = 2;
        bench.Run(60);
        Assert.Equal(ChainState.Failed, bench.Chain.State);
    }

    [Fact]
    public void A_chain_that_falls_silent_goes_into_reset()
    {
        SpiBench bench = new SpiBench(Profile("A1"), 8).Up();
        bench.Chips.Dead = true;
        bench.Run(100);
        Assert.Equal(ChainState.Failed, bench.Chain.State);
        Assert.Equal("No chip of the A1 chain answers any more: check supply and SPI wiring.", bench.Chain.Fault);
        Assert.False(bench.Reset.IsHigh);
        Assert.Equal(0, bench.Chain.FreqKhz);
    }

    [Fact]
    public void A_broadcast_that_is_never_confirmed_is_a_fault()
    {
        SpiBench bench = new SpiBench(Profile("A1"), 2).Up();
        bench.Chips.RefusesBroadcasts = true;
        bench.Chain.RampTo(600_000);
        bench.Run(1000);
        Assert.Equal("The A1 chain does not confirm a new frequency: check SPI clock and wiring.", bench.Chain.Fault);
    }

    [Fact]
    public void A_T1_tells_its_temperature()
    {
        SpiBench bench = new SpiBench(Profile("T1"), 2).Up();
        Assert.Equal(PartStatus.NotPresent, bench.Chain.ReadChipTemperature(5, out _));
        bench.Chips.Adc = 468;
        bench.Run(40);
        Assert.Equal(PartStatus.Ok, bench.Chain.ReadChipTemperature(1, out int milliC));
        Assert.Equal(80_000, milliC);
        Assert.Equal(PartStatus.NotPresent, new SpiBench(Profile("A1"), 1).Up().Chain.ReadChipTemperature(0, out _));
    }

    [Fact]
    public void Nothing_is_sent_to_a_chain_that_does_not_run()
    {
        var bench = new SpiBench(Profile("A1"), 2);
        Assert.Equal(PartStatus.NotPresent, bench.Chain.SendJob(Job(0), out _));
        Assert.Equal(PartStatus.NotPresent, bench.Chain.RampTo(600_000));
        Assert.Equal(PartStatus.NotPresent, bench.Chain.SetVersionMask(0));
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.SetTicketDifficulty(3));
        bench.Run(1000);
        Assert.Empty(bench.Chips.Commands);
        bench.Up();
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.SendJob(Job(-1), out _));
        bench.Chain.Stop();
        Assert.Equal((ChainState.Off, 0, false), (bench.Chain.State, bench.Chain.FreqKhz, bench.Reset.IsHigh));
    }

    private static int Khz(SpiBench bench, int chip) => bench.Chain.ChipFreqKhz(chip);

    private static ChipJob Job(int chip)
    {
        ChipJob job = A1FrameTests.Block();
        job.Chip = chip;
        return job;
    }

    private static A1Profile Profile(string kind) => kind == "T1" ? ChipT1.Create(0) : ChipA1.Create(0, 16000);
}
