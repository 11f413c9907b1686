using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Sim;

/// <summary>What the other BM13xx models answer to recorded frames.</summary>
public class OtherChipModelsTests
{
    private readonly SimClock _clock = new();

    [Theory]
    [InlineData("BM1397", "aa551397180000")]
    [InlineData("BM1366", "aa551366000000")]
    [InlineData("BM1368", "aa551368000000")]
    [InlineData("BM1362", "aa551362030000")]
    public void Identity_reads_as_the_notes_say(string chip, string start)
    {
        SimUart uart = Bench(chip, out _);
        byte[] read = Convert.FromHexString("55aa520500000a");
        uart.Write(read, 0, read.Length);
        _clock.NowMs += 20;
        byte[] got = new byte[32];
        Assert.Equal(9, uart.Read(got, 0, got.Length));
        Assert.Equal(start, Convert.ToHexStringLower(got.AsSpan(0, 7)));
        if (chip == "BM1368")
        {
            byte[] rolling = Convert.FromHexString("55aa510900a49000ffff1c");
            uart.Write(rolling, 0, rolling.Length);
            uart.Write(read, 0, read.Length);
            _clock.NowMs += 20;
            Assert.Equal(11, uart.Read(got, 0, got.Length));
            Assert.Equal(0x0F, got[10]);
        }
    }

    [Fact]
    public void Bm1397_hashes_a_midstate_job_of_block_125552_and_finds_its_nonce()
    {
        SimUart uart = Bench("BM1397", out SimBm13xxChain chain);
        byte[] frame = new byte[56];
        new byte[] { 0x55, 0xAA, 0x21, 0x36, 0x14, 0x01 }.CopyTo(frame, 0);
        Convert.FromHexString("f2b9441a").CopyTo(frame, 10);
        Convert.FromHexString("c7f5d74d").CopyTo(frame, 14);
        Convert.FromHexString("f1fc122b").CopyTo(frame, 18);
        Convert.FromHexString("7a78da2dcd5bce692f56a9da07e86e372d2810a016e669ba05c567139524c593").CopyTo(frame, 22);
        int crc = 0xFFFF;
        for (int i = 2; i < 54; i++)
        {
            crc ^= frame[i] << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = ((crc << 1) ^ ((crc & 0x8000) != 0 ? 0x1021 : 0)) & 0xFFFF;
            }
        }

        frame[54] = (byte)(crc >> 8);
        frame[55] = (byte)crc;
        chain.Plant(0x9546A141, 0);
        chain.Plant(0x9546A142, 0);
        chain.MaxHashesPerStep = 0;
        byte[] ticket = Convert.FromHexString("55aa51090014000000ff08");
        uart.Write(ticket, 0, ticket.Length);
        uart.Write(frame, 0, frame.Length);
        _clock.NowMs += 20;
        uart.Pump(_clock.NowMs);
        chain.Step(_clock.NowMs);
        _clock.NowMs += 20;
        byte[] got = new byte[32];
        Assert.True(uart.Read(got, 0, got.Length) >= 9);
        Assert.Equal("aa5542a14695", Convert.ToHexStringLower(got.AsSpan(0, 6)));
        Assert.Equal(0x14, got[7]);
    }

    private SimUart Bench(string chip, out SimBm13xxChain chain)
    {
        var uart = new SimUart(_clock, new SimRandom(1));
        SimChipType type = chip switch
        {
            "BM1397" => SimChipType.Bm1397(),
            "BM1366" => SimChipType.Bm1366(),
            "BM1368" => SimChipType.Bm1368(),
            "BM1362" => SimChipType.Bm1362(),
            _ => SimChipType.Bm1370(),
        };
        chain = new SimBm13xxChain(type, 1, uart, new PlatformDigest(), new SimRandom(2), 0) { CoreMilliVolts = 1400 };
        chain.HoldInReset(false);
        return uart;
    }
}
