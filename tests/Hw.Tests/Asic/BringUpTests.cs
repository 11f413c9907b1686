using System.Text.Json;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Asic;

public class BringUpTests
{
    [Theory]
    [InlineData("BM1370_1", 1)]
    [InlineData("BM1370_2", 2)]
    [InlineData("BM1370_4", 4)]
    public void Frames_on_the_wire_are_the_recorded_sequence(string sequence, int chips)
    {
        Bench bench = new Bench(Bm1370.Create(0), chips).Up();
        Assert.Equal(Recorded(sequence), Plain(bench.Uart.Sent));
        Assert.Equal([false, false, true], bench.Reset.Levels);
        Assert.Equal(chips, bench.Chain.ChipsFound);
        Assert.Equal(1_000_000, bench.Uart.BaudRate);
        Assert.Equal(50_000, bench.Chain.FreqKhz);
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

    /// <summary>What was sent, without frequency and hash counting, and without the last read that proves the addresses.</summary>
    internal static List<string> Plain(List<string> sent)
    {
        Assert.Equal("55aa520500000a", sent[^1]);
        return [.. sent.SkipLast(1).Where(l => !l.StartsWith("55aa51090008", StringComparison.Ordinal) && !l.StartsWith("55aa51090010", StringComparison.Ordinal))];
    }
}
