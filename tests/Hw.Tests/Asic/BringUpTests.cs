using System.Text.Json;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Asic;

public class BringUpTests
{
    [Theory]
    [InlineData("BM1370_1", 1)]
    [InlineData("BM1370_2", 2)]
    [InlineData("BM1370_4", 4)]
    [InlineData("BM1366_1", 1)]
    [InlineData("BM1368_1", 1)]
    [InlineData("BM1397_1", 1)]
    public void Frames_on_the_wire_are_the_recorded_sequence(string sequence, int chips)
    {
        Bench bench = Of(sequence, chips).Up();
        List<string> recorded = Recorded(sequence);
        Assert.Equal(recorded, Plain(bench.Uart.Sent));
        Assert.Equal([false, false, true], bench.Reset.Levels);
        Assert.Equal(chips, bench.Chain.ChipsFound);
        Assert.Equal(recorded[^1], "baud " + bench.Uart.BaudRate);
        Assert.Equal(50_000, bench.Chain.FreqKhz);
    }

    /// <summary>These sequences space their addresses by 256/chips, which is not a power of two; ours by 256/nextpow2(chips). All else is equal.</summary>
    [Theory]
    [InlineData("BM1366_6", 6, 42)]
    [InlineData("BM1368_6", 6, 42)]
    [InlineData("BM1362_12", 12, 21)]
    public void Sequences_with_rounded_addresses_are_sent_with_exact_ones(string sequence, int chips, int interval)
    {
        Bench bench = Of(sequence, chips).Up();
        int ours = Bm13xxProfile.AddressInterval(chips);
        List<string> expected = [];
        foreach (JsonElement line in AsicVectors.Of("init_sequences").GetProperty(sequence).EnumerateArray())
        {
            if (line.TryGetProperty("uart", out JsonElement baud))
                expected.Add("baud " + baud.GetInt32());
            else if (line.TryGetProperty("tx", out _))
                expected.Add(Remapped(line.Bytes("tx"), interval, ours));
            else if (line.TryGetProperty("note", out JsonElement note) && note.GetString()!.StartsWith("...", StringComparison.Ordinal))
                AddRemaining(expected, chips, ours);
        }

        expected.RemoveAll(l => l.StartsWith("55aa51090010", StringComparison.Ordinal));
        Assert.Equal(expected, Plain(bench.Uart.Sent));
        Assert.Equal(Enumerable.Range(0, chips).Select(i => i * ours), bench.Chips.Addresses);
    }

    [Fact]
    public void Addresses_are_exact_for_every_length_of_chain_and_the_rounded_ones_are_not_used()
    {
        foreach (JsonElement row in AsicVectors.Of("address_interval").EnumerateArray())
        {
            int chips = row.Int("chips");
            int interval = Bm13xxProfile.AddressInterval(chips);
            Assert.Equal(row.Int("nerdqaxe"), interval);
            Assert.Equal(row.GetProperty("nonce_ok").GetBoolean(), interval == row.Int("esp_miner"));
        }
    }

    [Theory]
    [InlineData("BM1397")]
    [InlineData("BM1362")]
    [InlineData("BM1366")]
    [InlineData("BM1368")]
    [InlineData("BM1370")]
    public void A_nonce_of_any_chip_of_any_length_of_chain_names_its_chip(string name)
    {
        Bm13xxProfile profile = Bm13xxChips.Find(name, 0)!;
        var reply = new Bm13xxReply { IsNonce = true };
        var nonce = new ChipNonce();
        for (int chips = 1; chips <= Bm13xxChain.MaxChips; chips++)
        {
            int interval = Bm13xxProfile.AddressInterval(chips);
            Assert.True(interval * chips <= 256, "addresses fit a byte");
            for (int chip = 0; chip < 256 / interval; chip++)
            {
                foreach (int within in new[] { 0, interval - 1 })
                {
                    reply.Value = (uint)(chip * interval + within) << 17 | 77u << 25 | 0x1FFFF;
                    Bm13xxNonce.Decode(profile, interval, chips, reply, nonce);
                    Assert.Equal((chip < chips ? chip : -1, 77), (nonce.Chip, nonce.Core));
                }
            }
        }
    }

    [Theory]
    [InlineData("BM1397")]
    [InlineData("BM1362")]
    [InlineData("BM1366")]
    [InlineData("BM1368")]
    [InlineData("BM1370")]
    public void The_longest_chain_comes_up_and_the_ends_of_its_domains_get_stronger_drivers_where_the_chip_has_them(string name)
    {
        Bm13xxProfile profile = Bm13xxChips.Find(name, 0)!;
        var bench = new Bench(profile, 126, replyBytes: profile.RollsVersion ? 11 : 9, chipsPerDomain: 3);
        bench.Up();
        Assert.Equal(126, bench.Chain.ChipsFound);
        Assert.Equal(Enumerable.Range(0, 126).Select(i => i * 2), bench.Chips.Addresses);
        int ends = bench.Uart.Sent.Count(l => l.StartsWith("55aa4109", StringComparison.Ordinal) && l.Contains("580001f111", StringComparison.Ordinal));
        Assert.Equal(name == "BM1370" ? 42 : 0, ends);
    }

    [Fact]
    public void Reset_and_settling_take_the_time_that_the_script_says()
    {
        var bench = new Bench(Bm1370.Create(0), 1);
        bench.Chain.Start();
        bench.Run(200);
        Assert.DoesNotContain(bench.Uart.Sent, line => !line.StartsWith("baud", StringComparison.Ordinal));
        Assert.True(bench.Reset.IsHigh);
        bench.Run(20);
        Assert.Contains("55aa520500000a", bench.Uart.Sent);
    }

    [Fact]
    public void One_control_tick_sends_a_bounded_number_of_bytes()
    {
        var bench = new Bench(Bm1370.Create(0), 126);
        bench.Chain.Start();
        int before = 0;
        while (bench.Chain.State == ChainState.BringUp)
        {
            bench.Run(20);
            int bytes = bench.Uart.Sent.Skip(before).Where(l => l[0] == '5').Sum(l => l.Length / 2);
            Assert.InRange(bytes, 0, 200);
            before = bench.Uart.Sent.Count;
        }

        Assert.Equal(ChainState.Running, bench.Chain.State);
    }

    [Fact]
    public void No_chip_is_reported_with_what_to_check()
    {
        Bench bench = Failed(new Bench(Bm1370.Create(0), 4, present: 0));
        Assert.Equal("None of 4 BM1370 answered: check core voltage, reset line, clock and UART.", bench.Chain.Fault);
        Assert.False(bench.Reset.IsHigh);
    }

    [Theory]
    [InlineData(4, 3, "3 of 4 BM1370 answered; missing is chip 3 (counted from 0 at the controller): check the chain behind chip 2.")]
    [InlineData(4, 1, "1 of 4 BM1370 answered; missing is chips 1 to 3 (counted from 0 at the controller): check the chain behind chip 0.")]
    [InlineData(2, 3, "3 BM1370 answered, the board is described with 2: choose the right board.")]
    public void Missing_chips_are_named(int expected, int present, string fault)
    {
        Bench bench = Failed(new Bench(Bm1370.Create(0), expected, present));
        Assert.Equal(fault, bench.Chain.Fault);
        Assert.Equal(present, bench.Chain.ChipsFound);
        Assert.False(bench.Reset.IsHigh);
    }

    [Fact]
    public void A_chip_that_lost_its_address_is_named_by_its_place()
    {
        var bench = new Bench(Bm1370.Create(0), 4);
        bench.Chips.Deaf.Add(3);
        Failed(bench);
        Assert.Equal("Chip 3 of 4 (counted from 0 at the controller) did not answer by address at 1000000 bit/s: check signal quality of the chain.", bench.Chain.Fault);
    }

    [Fact]
    public void Another_chip_type_is_told()
    {
        var bench = new Bench(Bm1370.Create(0), 1);
        _ = new FakeChips(bench.Uart, 0x1368, 1, 11);
        Failed(bench);
        Assert.Equal("A chip says that it is 0x1368, the board is described with BM1370: choose the right board.", bench.Chain.Fault);
    }

    [Fact]
    public void One_lost_answer_is_asked_for_again()
    {
        var bench = new Bench(Bm1370.Create(0), 2);
        int reads = 0;
        bench.Uart.Answer = frame => frame[2] == 0x52 && reads++ == 0
            ? bench.Chips.Answer(frame).Take(1)
            : bench.Chips.Answer(frame);
        bench.Up();
        Assert.Equal(2, bench.Chain.ChipsFound);
    }

    [Fact]
    public void A_failed_write_is_repeated_and_a_dead_port_is_a_fault()
    {
        var bench = new Bench(Bm1370.Create(0), 1);
        bench.Uart.FailingWrites = 2;
        bench.Up();
        Assert.Equal(Recorded("BM1370_1"), Plain(bench.Uart.Sent));

        bench = new Bench(Bm1370.Create(0), 1);
        bench.Uart.FailingWrites = 3;
        Failed(bench);
        Assert.StartsWith("The UART to the chips failed 3 writes", bench.Chain.Fault);
    }

    [Fact]
    public void A_restart_goes_back_to_the_baud_rate_of_a_chip_after_reset()
    {
        Bench bench = new Bench(Bm1370.Create(0), 1).Up();
        bench.Chain.Stop();
        Assert.False(bench.Reset.IsHigh);
        Assert.Equal((ChainState.Off, 0), (bench.Chain.State, bench.Chain.FreqKhz));
        bench.Uart.Sent.Clear();
        bench.Up();
        Assert.Equal(Recorded("BM1370_1"), Plain(bench.Uart.Sent));
    }

    [Fact]
    public void The_ticket_and_the_version_mask_asked_for_are_sent()
    {
        var bench = new Bench(Bm1370.Create(0), 1);
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.SetTicketDifficulty(300));
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.SetVersionMask(0x20000000));
        Assert.Equal(PartStatus.Ok, bench.Chain.SetTicketDifficulty(1024));
        Assert.Equal(PartStatus.Ok, bench.Chain.SetVersionMask(0x1FFF0000));
        bench.Up();
        Assert.Contains("55aa510900140000c0ff02", bench.Uart.Sent);
        bench.Run(20);
        Assert.StartsWith("55aa510900a49000fff8", bench.Uart.Sent.Last(l => l.StartsWith("55aa510900a4", StringComparison.Ordinal)));
        Assert.Equal(PartStatus.Ok, bench.Chain.SetTicketDifficulty(256));
        bench.Run(20);
        Assert.Contains("55aa51090014000000ff08", bench.Uart.Sent);
    }

    internal static Bench Failed(Bench bench)
    {
        bench.Chain.Start();
        bench.Run(10_000);
        Assert.Equal(ChainState.Failed, bench.Chain.State);
        return bench;
    }

    /// <summary>The frames of a sequence, without what its ramp lines stand for.</summary>
    internal static List<string> Recorded(string sequence)
    {
        List<string> frames = [];
        foreach (JsonElement line in AsicVectors.Of("init_sequences").GetProperty(sequence).EnumerateArray())
        {
            if (line.TryGetProperty("tx", out JsonElement frame))
                frames.Add(frame.GetString()!);
            else if (line.TryGetProperty("uart", out JsonElement baud))
                frames.Add("baud " + baud.GetInt32());
        }

        return frames;
    }

    private static Bench Of(string sequence, int chips)
    {
        Bm13xxProfile profile = Bm13xxChips.Find(sequence[..6], 0)!;
        return new Bench(profile, chips, replyBytes: profile.RollsVersion ? 11 : 9);
    }

    private static string Remapped(byte[] frame, int from, int to)
    {
        if (frame[2] is 0x40 or 0x41)
            frame[4] = (byte)(frame[4] / from * to);
        frame[^1] = (byte)Replies.Crc5(frame.AsSpan(2, frame.Length - 3));
        return Convert.ToHexStringLower(frame);
    }

    // "... remaining chips same": what the chip before got, with the next address.
    private static void AddRemaining(List<string> expected, int chips, int interval)
    {
        int each = expected.Count(l => l.StartsWith("55aa410900", StringComparison.Ordinal));
        for (int chip = 2; chip < chips; chip++)
        {
            foreach (string line in expected.TakeLast(each).ToList())
            {
                byte[] frame = Convert.FromHexString(line);
                frame[4] += (byte)interval;
                expected.Add(Remapped(frame, 1, 1));
            }
        }
    }

    /// <summary>What was sent, without frequency and hash counting, and without the last read that proves the addresses.</summary>
    internal static List<string> Plain(List<string> sent)
    {
        Assert.Equal("55aa520500000a", sent[^1]);
        string[] frequency = ["55aa51090008", "55aa51090010", "55aa510900700f0f0f00"];
        return [.. sent.SkipLast(1).Where(l => !frequency.Any(f => l.StartsWith(f, StringComparison.Ordinal)))];
    }
}
