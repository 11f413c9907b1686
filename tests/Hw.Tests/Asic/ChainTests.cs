using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Asic;

public class ChainTests
{
    [Fact]
    public void S15_a_ramp_up_takes_at_most_6_25_MHz_each_100_ms_and_writes_the_hash_counting_number_with_each_step()
    {
        Bench bench = Up(1);
        Assert.Equal(PartStatus.Ok, bench.Chain.RampTo(525_000));
        bench.Uart.Sent.Clear();
        long start = bench.NowMs;
        int last = bench.Chain.FreqKhz;
        while (bench.Chain.Ramping)
        {
            bench.Run(20);
            int rise = bench.Chain.FreqKhz - last;
            Assert.InRange(rise, 0, 6250);
            Assert.True(bench.Chain.FreqKhz - 50_000 <= (bench.NowMs - start) / 100 * 6250 + 6250);
            last = bench.Chain.FreqKhz;
        }

        Assert.Equal(525_000, last);
        Assert.InRange(bench.NowMs - start, 7500, 7700);
        List<string> ramp = [.. bench.Uart.Sent.Where(l => l.StartsWith("55aa510900", StringComparison.Ordinal))];
        Assert.Equal(2 * 76, ramp.Count);
        Assert.Equal("55aa5109000840a8023003", ramp[^2]);
        Assert.Equal("55aa51090010000c2fb718", ramp[^1]);
        for (int i = 0; i < ramp.Count; i++)
            Assert.StartsWith(i % 2 == 0 ? "55aa51090008" : "55aa51090010", ramp[i]);
    }

    [Fact]
    public void Ramps_go_over_the_grid_and_end_on_the_target()
    {
        Bench bench = Up(1);
        bench.Chain.RampTo(60_000);
        List<int> seen = [];
        while (bench.Chain.Ramping)
        {
            bench.Run(20);
            if (seen.Count == 0 || seen[^1] != bench.Chain.FreqKhz)
                seen.Add(bench.Chain.FreqKhz);
        }

        Assert.Equal([50_000, 56_250, 60_000], seen.Prepend(50_000).Distinct());
    }

    [Fact]
    public void A_ramp_down_takes_under_a_second_and_turns_upward_no_sooner_than_100_ms_later()
    {
        Bench bench = Up(1);
        bench.Chain.RampTo(525_000);
        bench.Run(8000);
        Assert.False(bench.Chain.Ramping);
        bench.Chain.RampTo(50_000);
        bench.Run(800);
        Assert.Equal((50_000, false), (bench.Chain.FreqKhz, bench.Chain.Ramping));
        bench.Chain.RampTo(100_000);
        bench.Run(20);
        Assert.Equal(50_000, bench.Chain.FreqKhz);
    }

    [Theory]
    [InlineData(49_999)]
    [InlineData(800_001)]
    [InlineData(-1)]
    public void A_frequency_that_the_profile_cannot_run_changes_nothing(int khz)
    {
        Bench bench = Up(1);
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.RampTo(khz));
        Assert.False(bench.Chain.Ramping);
    }

    [Fact]
    public void One_chip_can_have_a_frequency_of_its_own()
    {
        Bench bench = Up(4);
        bench.Chain.RampTo(200_000);
        bench.Run(3000);
        bench.Uart.Sent.Clear();
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.RampChipTo(4, 100_000));
        bench.Chain.RampChipTo(2, 225_000);
        bench.Run(1000);
        Assert.Equal((200_000, 225_000), (bench.Chain.ChipFreqKhz(1), bench.Chain.ChipFreqKhz(2)));
        Assert.Equal(206_250, bench.Chain.FreqKhz);
        Assert.All(bench.Uart.Sent.Where(l => l[4] == '4'), l => Assert.StartsWith("55aa410980", l));
        Assert.DoesNotContain(bench.Uart.Sent, l => l.StartsWith("55aa51090008", StringComparison.Ordinal));

        bench.Chain.RampTo(250_000);
        bench.Run(2000);
        Assert.Equal((250_000, false), (bench.Chain.FreqKhz, bench.Chain.Ramping));
        Assert.Equal(250_000, bench.Chain.ChipFreqKhz(0));
    }

    [Fact]
    public void Jobs_step_their_id_and_nonces_come_back_under_it()
    {
        Bench bench = Up(1);
        var job = new ChipJob();
        var nonce = new ChipNonce();
        for (int i = 1; i <= 200; i++)
        {
            Assert.Equal(PartStatus.Ok, bench.Chain.SendJob(job, out int id));
            Assert.Equal(24 * i % 128, id);
            bench.Uart.Deliver(Replies.Nonce(11, [0x42, 0xA1, 0x46, 0x95], 0, id << 1 | 5, 0x0203));
            bench.Run(20);
            Assert.True(bench.Chain.TryTakeNonce(nonce));
            Assert.Equal((id, 0x9546A142u, 0x0203u << 13, 0), (nonce.JobId, nonce.Nonce, nonce.VersionBits, nonce.MidstateIndex));
            Assert.Equal((0x21, 0), (nonce.Core, nonce.Chip));
        }

        Assert.Equal((200, 200), (bench.Chain.Counters.Jobs, bench.Chain.Counters.Nonces));
    }

    [Fact]
    public void A_nonce_names_its_chip_by_range()
    {
        Bench bench = Up(4);
        var nonce = new ChipNonce();
        for (int chip = 0; chip < 4; chip++)
        {
            uint wire = (uint)(chip * 64 + 63) << 17 | 5u << 25 | 0x1FFFF;
            bench.Uart.Deliver(Replies.Nonce(11, [(byte)(wire >> 24), (byte)(wire >> 16), (byte)(wire >> 8), (byte)wire], 0, 0x30));
            bench.Run(20);
            Assert.True(bench.Chain.TryTakeNonce(nonce));
            Assert.Equal((chip, 5), (nonce.Chip, nonce.Core));
        }
    }

    [Fact]
    public void A_full_queue_drops_and_counts()
    {
        Bench bench = Up(1);
        for (int i = 0; i < 70; i++)
            bench.Uart.Deliver(Replies.Nonce(11, [(byte)i, 0, 0, 0], 0, 0x30));
        bench.Run(20);
        Assert.Equal((70, 6), (bench.Chain.Counters.Nonces, bench.Chain.Counters.NoncesDropped));
        var nonce = new ChipNonce();
        int taken = 0;
        while (bench.Chain.TryTakeNonce(nonce))
            Assert.Equal((uint)taken++, nonce.Nonce);
        Assert.Equal(64, taken);
    }

    [Fact]
    public void Nothing_is_sent_to_a_chain_that_does_not_run()
    {
        var bench = new Bench(Bm1370.Create(0), 1);
        Assert.Equal(PartStatus.NotPresent, bench.Chain.SendJob(new ChipJob(), out int id));
        Assert.Equal(-1, id);
        Assert.Equal(PartStatus.NotPresent, bench.Chain.RampTo(100_000));
        bench.Run(1000);
        Assert.Empty(bench.Uart.Sent);
        Assert.Equal(0, bench.Chain.JobSlotsFree(-1));
    }

    [Fact]
    public void A_job_for_one_chip_or_a_dead_port_is_told()
    {
        Bench bench = Up(1);
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.SendJob(new ChipJob { Chip = 0 }, out _));
        bench.Uart.FailingWrites = 1;
        Assert.Equal(PartStatus.Timeout, bench.Chain.SendJob(new ChipJob(), out _));
        Assert.Equal(0, bench.Chain.Counters.Jobs);
        bench.Uart.FailingWrites = 3;
        bench.Run(2000);
        Assert.Equal(ChainState.Failed, bench.Chain.State);
        Assert.False(bench.Reset.IsHigh);
    }

    [Fact]
    public void Hash_rate_comes_from_the_chips_counters()
    {
        Bench bench = Up(2);
        bench.Chips.Registers[0x8C] = chip => (uint)((bench.NowMs - 1_000_000) * (chip == 0 ? 270 : 135) / 1000);
        bench.Chips.Registers[0x88] = chip => uint.MaxValue - 50 + (uint)((bench.NowMs - 1_000_000) / 10);
        Assert.Equal(-1, bench.Chain.ChipHashGhs(0));
        bench.Run(12_000);
        Assert.InRange(bench.Chain.ChipHashGhs(0), 1155, 1165);
        Assert.InRange(bench.Chain.ChipHashGhs(1), 577, 582);
        Assert.InRange(bench.Chain.DomainHashGhs(1, 0), 425, 433);
        Assert.Equal(-1, bench.Chain.DomainHashGhs(0, 1));
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var uart = new LoopUart();
        var chips = new Bench(Bm1370.Create(0), 4).Chips;
        var chain = new Bm13xxChain(Bm1370.Create(0), 4, uart, new FakePin());
        uart.Answer = chips.Answer;
        chain.Start();
        long now = 0;
        while (chain.State == ChainState.BringUp)
            chain.Step(now += 20);
        Assert.Equal(ChainState.Running, chain.State);
        uart.Answer = null;
        byte[] frame = Replies.Nonce(11, [1, 2, 3, 4], 5, 0x30);
        var job = new ChipJob();
        var nonce = new ChipNonce();
        chain.RampTo(600_000);
        long before = 0;
        int taken = 0;
        for (int i = 0; i < 4000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            uart.Deliver(frame);
            uart.Deliver(frame);
            chain.SendJob(job, out _);
            chain.Step(now += 20);
            while (chain.TryTakeNonce(nonce))
                taken++;
            if (i == 2000)
                chain.RampTo(100_000);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(8000, taken);
    }

    private static Bench Up(int chips) => new Bench(Bm1370.Create(0), chips).Up();

    /// <summary>A UART that allocates nothing once its script is off.</summary>
    private sealed class LoopUart : IUart
    {
        private readonly byte[] _ring = new byte[65536];
        private int _in;
        private int _out;

        public Func<byte[], IEnumerable<byte[]>>? Answer { get; set; }

        public int BaudRate { get; private set; }

        public void Deliver(byte[] bytes)
        {
            foreach (byte value in bytes)
                _ring[_in++ & 0xFFFF] = value;
        }

        public BusStatus SetBaudRate(int baud)
        {
            BaudRate = baud;
            return BusStatus.Ok;
        }

        public BusStatus Write(byte[] data, int offset, int count)
        {
            if (Answer is not null)
            {
                foreach (byte[] reply in Answer(data[offset..(offset + count)]))
                    Deliver(reply);
            }

            return BusStatus.Ok;
        }

        public int Read(byte[] data, int offset, int count)
        {
            int taken = 0;
            while (taken < count && _out < _in)
                data[offset + taken++] = _ring[_out++ & 0xFFFF];
            return taken;
        }
    }
}
