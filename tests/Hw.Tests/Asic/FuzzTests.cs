using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Bus;

namespace Ballast.Hw.Tests.Asic;

/// <summary>Random bytes, cut frames and flipped bits. Every case follows from the seed that its message names.</summary>
public class FuzzTests
{
    private const int Cases = 100_000;

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    public void After_any_rubbish_the_parser_is_in_step_again_with_the_second_frame(int bytes)
    {
        var parser = new Bm13xxParser { ReplyBytes = bytes };
        var reply = new Bm13xxReply();
        int firstLost = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            byte[] stream = [.. Rubbish(random, bytes), .. Frame(bytes, 1), .. Frame(bytes, 2), .. Frame(bytes, 3)];
            parser.Reset();
            int seen = Run(parser, reply, stream, random);
            Assert.True((seen & 6) == 6, $"seed {seed}: a frame behind the first good one was lost");
            firstLost += (seen & 1) == 0 ? 1 : 0;
            Assert.True(parser.SkippedBytes <= stream.Length, $"seed {seed}");
        }

        // Rubbish whose tail passes the CRC together with the head of the first frame, and hides no whole frame.
        Assert.InRange(firstLost, 0, Cases / 200);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    public void No_more_rubbish_is_taken_for_a_frame_than_the_checksum_lets_through(int bytes)
    {
        var random = new Random(bytes);
        byte[] frame = new byte[bytes];
        int accepted = 0;
        for (int i = 0; i < Cases; i++)
        {
            random.NextBytes(frame);
            accepted += Bm13xxParser.IsReply(frame, 0, bytes) ? 1 : 0;
        }

        // 5 bits of CRC and a type that is one of two in eight: 1 in 128.
        Assert.InRange(accepted, 1, Cases / 128 * 12 / 10);
    }

    [Fact]
    public void A_flipped_bit_is_always_seen()
    {
        var random = new Random(5);
        for (int i = 0; i < Cases; i++)
        {
            byte[] frame = Frame(random.Next(2) == 0 ? 9 : 11, random.Next());
            int bit = random.Next(16, frame.Length * 8);
            frame[bit / 8] ^= (byte)(0x80 >> bit % 8);
            Assert.False(Bm13xxParser.IsReply(frame, 0, frame.Length), $"case {i}");
        }
    }

    [Theory]
    [InlineData("BM1397")]
    [InlineData("BM1370")]
    public void A_noisy_line_never_throws_and_leaves_a_failed_chain_in_reset(string name)
    {
        Bm13xxProfile profile = Bm13xxChips.Find(name, 0)!;
        var nonce = new ChipNonce();
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var bench = new Bench(profile, random.Next(1, 20), replyBytes: profile.RollsVersion ? 11 : 9);
            bench.Chain.Start();
            for (int tick = 0; tick < 400; tick++)
            {
                bench.Uart.Deliver(Rubbish(random, 11));
                bench.Uart.FailingWrites += random.Next(200) == 0 ? 1 : 0;
                bench.Run(20);
                bench.Chain.RampTo(random.Next(40_000, 900_000));
                bench.Chain.SendJob(new ChipJob { MidstateCount = random.Next(5) }, out _);
                while (bench.Chain.TryTakeNonce(nonce))
                {
                    Assert.InRange(nonce.JobId, 0, 127);
                    Assert.InRange(nonce.Chip, -1, bench.Chain.ChipCount - 1);
                }
            }

            Assert.Equal(bench.Chain.State == ChainState.Failed, bench.Chain.Fault is not null);
            Assert.Equal(bench.Chain.State != ChainState.Failed, bench.Reset.IsHigh);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rubbish_on_SPI_never_throws_and_a_checksum_keeps_it_out(bool t1)
    {
        A1Profile profile = t1 ? ChipT1.Create(0) : ChipA1.Create(0, 16000);
        var random = new Random(t1 ? 1 : 2);
        int accepted = 0;
        byte[] read = new byte[300];
        for (int i = 0; i < Cases; i++)
        {
            random.NextBytes(read);
            int count = random.Next(2, read.Length);
            int found = A1Link.FindResult(profile, read, count, 64, out int at);
            accepted += found == 1 ? 1 : 0;
            Assert.True(found != 1 || (at >= 2 && at + profile.ResultBytes <= count), $"case {i}");
            int echo = A1Link.FindEcho(read, count, 0x1A, random.Next(1, 65), random.Next(2, 17));
            Assert.InRange(echo, -1, count - 2);
        }

        // The A1 has no checksum: what names a job and a chip that exist is believed, and the share check sorts it out.
        Assert.InRange(accepted, 0, t1 ? 10 : Cases / 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_noisy_SPI_chain_never_throws_and_its_state_makes_sense(bool t1)
    {
        A1Profile profile = t1 ? ChipT1.Create(0) : ChipA1.Create(0, 16000);
        var nonce = new ChipNonce();
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int chips = random.Next(1, 12);
            SpiBench bench = new SpiBench(profile, chips).Up();
            int oneIn = random.Next(20, 4000);
            bench.Chips.Disturb = (read, count) =>
            {
                for (int i = 0; i < count; i++)
                {
                    if (random.Next(oneIn) == 0)
                        read[i] ^= (byte)(1 << random.Next(8));
                }
            };
            for (int tick = 0; tick < 200; tick++)
            {
                int chip = random.Next(-1, chips + 1);
                bench.Chain.SendJob(new ChipJob { Chip = chip, MidstateCount = 1, DropQueued = random.Next(4) == 0 }, out _);
                bench.Chips.Held.AsSpan().Fill(random.Next(3));
                bench.Run(20);
                bench.Chain.RampTo(random.Next(profile.MinKhz, profile.MaxKhz));
                while (bench.Chain.TryTakeNonce(nonce))
                    Assert.True(!t1 && nonce.JobId is >= 1 and <= A1Chain.JobIds && nonce.Chip >= 0 && nonce.Chip < chips, $"seed {seed}");
                Assert.InRange(bench.Chain.JobSlotsFree(chip), 0, A1Chain.Slots);
            }

            Assert.Equal(bench.Chain.State == ChainState.Failed, bench.Chain.Fault is not null);
            Assert.Equal(bench.Chain.State != ChainState.Failed, bench.Reset.IsHigh);
        }
    }

    [Fact]
    public void Steady_state_of_an_SPI_chain_allocates_nothing()
    {
        var chain = new A1Chain(ChipA1.Create(0, 16000), 8, new QuietSpi(8), new FakePin());
        chain.Start();
        long now = 0;
        for (int i = 0; i < 300; i++)
            chain.Step(now += 20);
        Assert.True(chain.State == ChainState.Running, chain.Fault);
        chain.RampTo(900_000);
        ChipJob job = A1FrameTests.Block();
        var nonce = new ChipNonce();
        long before = 0;
        int taken = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 200)
                before = GC.GetAllocatedBytesForCurrentThread();
            job.Chip = i & 7;
            job.DropQueued = (i & 64) != 0;
            chain.SendJob(job, out _);
            chain.Step(now += 20);
            while (chain.TryTakeNonce(nonce))
                taken++;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(taken > 1000);
    }

    private static int Run(Bm13xxParser parser, Bm13xxReply reply, byte[] stream, Random random)
    {
        int seen = 0;
        for (int fed = 0; fed < stream.Length;)
        {
            fed += parser.Feed(stream, fed, Math.Min(random.Next(1, 40), stream.Length - fed));
            while (parser.TryTake(reply))
            {
                if (reply.IsNonce && reply.Value is >= 0xF00D0001 and <= 0xF00D0003)
                    seen |= 1 << (int)(reply.Value - 0xF00D0001);
            }
        }

        return seen;
    }

    // Random bytes with many preambles, cut frames and frames with a flipped bit.
    private static byte[] Rubbish(Random random, int bytes)
    {
        List<byte> rubbish = [];
        int pieces = random.Next(1, 5);
        for (int i = 0; i < pieces; i++)
        {
            byte[] piece = Frame(bytes, random.Next());
            switch (random.Next(4))
            {
                case 0:
                    random.NextBytes(piece);
                    break;
                case 1:
                    piece = piece[..random.Next(1, bytes)];
                    break;
                case 2:
                    piece[random.Next(bytes)] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    piece = random.Next(2) == 0 ? [0xAA] : [0xAA, 0x55];
                    break;
            }

            rubbish.AddRange(piece);
        }

        return [.. rubbish];
    }

    private static byte[] Frame(int bytes, int value)
    {
        byte[] nonce = value is >= 1 and <= 3
            ? [0xF0, 0x0D, 0, (byte)value]
            : [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
        return Replies.Nonce(bytes, nonce, value & 0xFF, value >> 3 & 0x7F, value >> 5 & 0xFFFF);
    }

    /// <summary>An SPI chain that confirms everything, has a result each time, and allocates nothing.</summary>
    private sealed class QuietSpi(int chips) : ISpiBus
    {
        private bool _result;

        public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count)
        {
            for (int i = 0; i < count; i++)
                read[readOffset + i] = 0;
            if (write[writeOffset] == 0)
                return BusStatus.Ok;
            int number = write[writeOffset + 1];
            int at = readOffset + (number == 0 ? 4 * chips : 4 * number - 2);
            read[at] = write[writeOffset];
            read[at + 1] = write[writeOffset + 1];
            switch (write[writeOffset])
            {
                case (byte)A1Command.BistStart:
                    read[at + 3] = (byte)chips;
                    break;
                case (byte)A1Command.ReadRegister:
                    read[at] = (byte)A1Command.RegisterReply;
                    read[at + 4] = 1;
                    read[at + 7] = 32;
                    break;
                case (byte)A1Command.ReadResult:
                    _result = !_result;
                    read[at] = (byte)(_result ? 0x18 : 0x08);
                    read[at + 1] = (byte)(_result ? 2 : 0);
                    break;
            }

            return BusStatus.Ok;
        }
    }
}
