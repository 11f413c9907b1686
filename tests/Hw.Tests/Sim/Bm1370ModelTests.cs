using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Sim;

/// <summary>The chip model alone, fed with recorded frames: no driver takes part.</summary>
public class Bm1370ModelTests
{
    private const string VersionRolling = "55aa510900a49000ffff1c";
    private const string ReadIds = "55aa520500000a";

    private readonly SimClock _clock = new();
    private readonly SimUart _uart;
    private SimBm13xxChain _chain;

    public Bm1370ModelTests()
    {
        _uart = new SimUart(_clock, new SimRandom(1));
        _chain = Chain(1, 0);
    }

    [Fact]
    public void Answers_the_recorded_reply_in_both_lengths()
    {
        Send(ReadIds);
        Assert.Equal("aa5513700000000006", Hex(After(20)));
        Send(VersionRolling, ReadIds);
        Assert.Equal("aa551370000000000000" + "10", Hex(After(20)));
    }

    [Fact]
    public void A_byte_takes_its_time_on_the_wire()
    {
        Send(ReadIds);

        // Seven bytes down at 115,200 Bd are 608 us, each of nine back at 115,741 Bd another 86.4 us: four by 1 ms, the last at 1,386 us.
        Assert.Equal(4, After(1).Length);
        Assert.Equal(5, After(1).Length);
    }

    [Theory]
    [InlineData("55aa520500000b")]
    [InlineData("55aa520500010a")]
    [InlineData("55ab520500000a")]
    public void A_wrong_frame_is_ignored_and_the_next_one_is_not(string frame)
    {
        Send(frame);
        Assert.Empty(After(20));
        Send(ReadIds);
        Assert.Equal(9, After(20).Length);
    }

    [Fact]
    public void An_unaddressed_chip_takes_the_address_and_passes_the_rest_on()
    {
        _chain = Chain(3, 0);
        Send("55aa5305000003", "55aa400500001c", "55aa400540001a", "55aa4005800010");
        Send(VersionRolling, ReadIds);
        string answers = Hex(After(20));
        Assert.Equal(66, answers.Length);
        Assert.Equal(["00", "40", "80"], [answers.Substring(12, 2), answers.Substring(34, 2), answers.Substring(56, 2)]);
    }

    [Fact]
    public void A_broken_chain_shows_only_the_chips_before_the_break()
    {
        _chain = Chain(4, 0);
        _chain.Chip(1).BreaksChain = true;
        Send(ReadIds);
        Assert.Equal(2 * 9, After(20).Length);
    }

    [Theory]
    [InlineData("55aa5109000840a80230", 525000)]
    [InlineData("55aa5109000850c00230", 600000)]
    [InlineData("55aa5109000840a20255", 56250)]
    public void The_pll_locks_after_its_time(string frame, int khz)
    {
        Send(WithCrc(frame));
        After(1);
        Assert.Equal(0, _chain.Chip(0).FreqKhz);
        After(3);
        Assert.Equal(khz, _chain.Chip(0).FreqKhz);
    }

    [Fact]
    public void A_pll_word_outside_its_range_never_locks()
    {
        Send(WithCrc("55aa51090008400a0230"));
        After(100);
        Assert.Equal(0, _chain.Chip(0).FreqKhz);
    }

    [Fact]
    public void A_fast_uart_write_changes_the_chips_rate_and_a_controller_at_the_old_one_is_not_understood()
    {
        Send("55aa510900281130020003");
        After(5);
        Assert.Equal(1041666, _chain.BaudRate);
        Send(ReadIds);
        Assert.Empty(After(20));
        _uart.SetBaudRate(1000000);
        Send(ReadIds);
        Assert.NotEmpty(After(20));
    }

    [Fact]
    public void Block_125552_yields_its_nonce_from_a_start_nonce_just_before_it()
    {
        BringUp();

        // Without version rolling the search walks through cores, then nonces: five nonces before are 640 attempts.
        Send(WithCrc("55aa510900a490000000"));
        Send(Block125552(startWord: 0x42A14690));
        byte[] replies = [];
        for (int i = 0; i < 40 && replies.Length == 0; i++)
        {
            replies = After(10);
        }

        Assert.Equal("aa5542a14695", Hex(replies)[..12]);
        Assert.Equal(11, replies.Length);
        Assert.Equal(0x30, replies[7] & 0xF0);
        Assert.Equal(0, SimCrcOf(replies));
    }

    [Fact]
    public void A_planted_nonce_is_tried_first_and_reported_only_if_it_is_good()
    {
        BringUp();
        Assert.True(_chain.Plant(0x9546A141, 0));
        Assert.True(_chain.Plant(0x9546A142, 0));
        _chain.MaxHashesPerStep = 0;
        Send(Block125552(0));
        After(20);
        byte[] replies = After(20);
        Assert.Equal("aa5542a14695", Hex(replies)[..12]);
        Assert.Equal(1, _chain.NoncesSent);
    }

    [Fact]
    public void Nonces_come_at_the_rate_of_frequency_cores_and_ticket()
    {
        _chain = Chain(1, 30);
        BringUp();
        Send(Block125552(0));
        int bytes = 0;
        for (int i = 0; i < 5000; i++)
        {
            bytes += After(20).Length;
        }

        // 100 s at 1,071 GH/s and ticket 256: 97.4 expected; five sigma is 50.
        Assert.InRange(bytes / 11, 48, 147);
        Assert.Equal(0, _chain.HashesLeftOut);

        // Hash counter: units of 2^32 at the full rate.
        Assert.InRange(_chain.Chip(0).HashCounter, 24700u, 24940u);
    }

    [Fact]
    public void The_search_stops_when_the_hash_counting_number_is_spent()
    {
        BringUp();
        Send(Block125552(0));
        _chain.MaxHashesPerStep = 10;
        After(1000);
        Assert.True(_chain.IsHashing);

        // (65536 / 16) x 0x0C2FB7 / 25 MHz = 130.85 s.
        After(129000);
        Assert.True(_chain.IsHashing);
        After(2000);
        Assert.False(_chain.IsHashing);
    }

    [Fact]
    public void Reset_and_lost_power_forget_everything()
    {
        BringUp();
        Send(Block125552(0));
        After(20);
        Assert.True(_chain.IsHashing);
        _chain.HoldInReset(true);
        _chain.HoldInReset(false);
        After(20);
        Assert.False(_chain.IsHashing);
        Assert.Equal(50000, _chain.Chip(0).FreqKhz);
        BringUp();
        _chain.CoreMilliVolts = 0;
        After(20);
        Assert.Equal(0, _chain.PowerMw);
    }

    [Fact]
    public void Too_little_voltage_makes_wrong_nonces()
    {
        _chain = Chain(1, 30);
        BringUp();
        _chain.CoreMilliVolts = 1000;
        Send(Block125552(0));
        byte[] header = Convert.FromHexString("0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a00000000");
        int wrong = 0;
        int all = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] reply = After(20);
            for (int at = 0; at + 11 <= reply.Length; at += 11)
            {
                all++;
                wrong += Meets(header, reply, at) ? 0 : 1;
            }
        }

        // Need at 525 MHz is 1,059 mV: some 59 % of the nonces.
        Assert.InRange(wrong * 100 / all, 40, 78);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        _chain = Chain(1, 30);
        BringUp();
        Send(Block125552(0));
        byte[] buffer = new byte[256];
        Work(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Work(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Work(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                _clock.NowMs += 20;
                _chain.Step(_clock.NowMs);
                _uart.Read(buffer, 0, buffer.Length);
            }
        }
    }

    private static bool Meets(byte[] header, byte[] reply, int at)
    {
        uint version = 1u | (uint)((reply[at + 8] << 8) | reply[at + 9]) << 13;
        byte[] full = (byte[])header.Clone();
        BitConverter.TryWriteBytes(full.AsSpan(0), version);
        reply.AsSpan(at + 2, 4).CopyTo(full.AsSpan(76));
        byte[] hash = new byte[32];
        new PlatformDigest().DoubleSha256(full, 0, 80, hash, 0);

        // Unit 2^-30: ticket 256 asks for 2 + 8 zero bits.
        return hash[31] == 0 && hash[30] < 0x40;
    }

    private static int SimCrcOf(byte[] reply)
    {
        int crc = 0x1F;
        for (int i = 16; i < reply.Length * 8; i++)
        {
            int bit = (reply[i >> 3] >> (7 - (i & 7))) & 1;
            crc = ((crc << 1) & 0x1F) ^ ((((crc >> 4) & 1) ^ bit) * 5);
        }

        return crc;
    }

    private static string WithCrc(string frame)
    {
        byte[] bytes = Convert.FromHexString(frame);
        int crc = 0x1F;
        for (int i = 16; i < bytes.Length * 8; i++)
        {
            int bit = (bytes[i >> 3] >> (7 - (i & 7))) & 1;
            crc = ((crc << 1) & 0x1F) ^ ((((crc >> 4) & 1) ^ bit) * 5);
        }

        return frame + crc.ToString("x2");
    }

    private static string Block125552(uint startWord)
    {
        byte[] header = Convert.FromHexString("0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a00000000");
        byte[] frame = new byte[88];
        new byte[] { 0x55, 0xAA, 0x21, 0x56, 0x18, 0x01 }.CopyTo(frame, 0);
        for (int i = 0; i < 4; i++)
        {
            frame[6 + i] = (byte)(startWord >> (24 - (8 * i)));
        }

        header.AsSpan(72, 4).CopyTo(frame.AsSpan(10));
        header.AsSpan(68, 4).CopyTo(frame.AsSpan(14));
        for (int word = 0; word < 8; word++)
        {
            header.AsSpan(36 + (4 * word), 4).CopyTo(frame.AsSpan(18 + (4 * (7 - word))));
            header.AsSpan(4 + (4 * word), 4).CopyTo(frame.AsSpan(50 + (4 * (7 - word))));
        }

        header.AsSpan(0, 4).CopyTo(frame.AsSpan(82));
        int crc = 0xFFFF;
        for (int i = 2; i < 86; i++)
        {
            crc ^= frame[i] << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = ((crc << 1) ^ ((crc & 0x8000) != 0 ? 0x1021 : 0)) & 0xFFFF;
            }
        }

        frame[86] = (byte)(crc >> 8);
        frame[87] = (byte)crc;
        return Convert.ToHexString(frame);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private SimBm13xxChain Chain(int chips, int workShift)
    {
        var chain = new SimBm13xxChain(SimChipType.Bm1370(), chips, _uart, new PlatformDigest(), new SimRandom(7), workShift) { CoreMilliVolts = 1150 };
        chain.HoldInReset(false);
        return chain;
    }

    /// <summary>What a BM1370 needs before it hashes: version rolling, address, ticket 256, cores, 525 MHz, hash counting number.</summary>
    private void BringUp()
    {
        Send(VersionRolling, "55aa5305000003", "55aa400500001c", "55aa51090014000000ff08", "55aa4109003c800082aa05", WithCrc("55aa5109000840a80230"), "55aa51090010000c2fb718");
        After(20);
    }

    private void Send(params string[] frames)
    {
        foreach (string frame in frames)
        {
            byte[] bytes = Convert.FromHexString(frame);
            _uart.Write(bytes, 0, bytes.Length);
        }
    }

    private byte[] After(int ms)
    {
        byte[] buffer = new byte[2048];
        _clock.NowMs += ms;
        _uart.Pump(_clock.NowMs);
        _chain.Step(_clock.NowMs);
        int count = _uart.Read(buffer, 0, buffer.Length);
        return buffer[..count];
    }
}
