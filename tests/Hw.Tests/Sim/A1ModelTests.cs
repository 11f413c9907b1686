using System.Text.Json;
using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Sim;

/// <summary>The A1 chain model alone, clocked with the recorded layouts: no driver takes part.</summary>
public class A1ModelTests
{
    private static readonly JsonElement Vectors = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json"))).RootElement.GetProperty("spi_a1");

    private readonly SimA1Chain _chain = new(SimA1Type.A1(), 8, 24) { CoreMilliVolts = 850 };
    private long _nowMs;

    public A1ModelTests()
    {
        _chain.HoldInReset(false);
    }

    [Fact]
    public void Enumeration_echoes_after_two_words_a_chip_and_counts_once()
    {
        byte[] answer = Clock("0100" + "00000000", 40);
        int at = Find(answer, 0x01, 0x00);
        Assert.Equal(4 * 8, at);
        Assert.Equal(8, answer[at + 3]);
        answer = Clock("0100" + "00000000", 40);
        Assert.Equal(0, answer[Find(answer, 0x01, 0x00) + 3]);
    }

    [Fact]
    public void A_dead_chip_hides_the_chain_from_there()
    {
        _chain.Chip(3).Dead = true;
        Assert.Equal(-1, Find(Clock("010000000000", 60), 0x01, 0x00));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_register_reads_at_4k_less_2_bytes_with_lock_queue_and_cores(int chip)
    {
        BringUp();
        byte[] answer = Read(chip);
        Assert.Equal("1a" + chip.ToString("x2") + "4232" + "01000020", Convert.ToHexStringLower(answer));
        _chain.Chip(chip - 1).BadCores = 4;
        Assert.Equal(28, Read(chip)[7]);
    }

    [Fact]
    public void The_pll_follows_the_vectors_and_takes_its_time()
    {
        Clock("010000000000", 40);
        Clock("030000000000", 40);
        foreach (JsonElement row in Vectors.GetProperty("pll").EnumerateArray())
        {
            if (row.GetProperty("ref_khz").GetInt32() != 16000)
            {
                continue;
            }

            Clock("0900" + row.GetProperty("reg").GetString() + "0000", 60);
            Step(20);
            Assert.Equal(0, Read(1)[4] & 1);
            Step(60);
            Assert.Equal(1, Read(1)[4] & 1);
            Assert.Equal(row.GetProperty("sys_khz").GetInt32(), _chain.Chip(0).FreqKhz);
        }
    }

    [Fact]
    public void Block_125552_comes_back_as_the_recorded_result_frame()
    {
        BringUp();
        string job = Vectors.GetProperty("write_job").GetString()!;
        byte[] echo = Clock(job + "0000", 60);
        Assert.Equal(2, Find(echo, 0x17, 0x01));
        _chain.Plant(0, 0x9546A141);
        _chain.Plant(0, 0x9546A142);
        byte[] answer = Clock("0800000000000000", 60);
        int at = Find(answer, 0x18, 0x01);
        Assert.Equal(4 * 8, at);
        Assert.Equal(Vectors.GetProperty("result_frame_example").GetString(), Convert.ToHexStringLower(answer.AsSpan(at, 6)));
        Assert.Equal(4 * 8, Find(Clock("0800000000000000", 60), 0x08, 0x00));
    }

    [Fact]
    public void Two_jobs_fit_a_third_is_lost_and_each_range_ends()
    {
        BringUp();
        string job = Vectors.GetProperty("write_job").GetString()!;
        Clock(job + "0000", 60);
        Clock("27" + job[2..] + "0000", 60);
        byte[] register = Read(1);
        Assert.Equal(3, register[5] & 3);
        Assert.Equal(0x21, register[6]);
        Clock("37" + job[2..] + "0000", 60);
        Assert.Equal(1, _chain.Chip(0).JobsRefused);

        // 2^32 nonces at 32 x 800 MHz are 168 ms.
        Step(150);
        Assert.Equal(0, _chain.Chip(0).JobsDone);
        Step(20);
        Assert.Equal(1, _chain.Chip(0).JobsDone);
        Assert.Equal(1, Read(1)[5] & 3);
        Step(170);
        Assert.Equal(0, Read(1)[5] & 3);
        Assert.Equal(2, _chain.Chip(0).JobsDone);
    }

    [Fact]
    public void Reset_EDED_drops_the_jobs_and_keeps_the_rest()
    {
        BringUp();
        Clock(Vectors.GetProperty("write_job").GetString() + "0000", 60);
        Clock("0400eded0000", 60);
        byte[] register = Read(1);
        Assert.Equal(0, register[5] & 3);
        Assert.Equal(1, register[4] & 1);
    }

    [Fact]
    public void A_stuck_line_answers_the_same_byte_for_ever()
    {
        _chain.StuckAt = 0xFF;
        Assert.All(Clock("010000000000", 60), b => Assert.Equal(0xFF, b));
    }

    [Fact]
    public void Results_come_at_the_rate_of_clock_cores_and_target()
    {
        BringUp();
        string job = Vectors.GetProperty("write_job").GetString()!;
        int found = 0;
        for (int i = 0; i < 100; i++)
        {
            for (int chip = 1; chip <= 8; chip++)
            {
                // Another time in each header, so that every range is a new one.
                Clock("17" + chip.ToString("x2") + job[4..76] + ((i * 8) + chip).ToString("x8") + job[84..] + "0000", 60);
            }

            Step(170);
            while (true)
            {
                byte[] answer = Clock("0800000000000000", 60);
                if (Find(answer, 0x08, 0x00) >= 0)
                {
                    break;
                }

                found++;
            }
        }

        // 800 ranges of 2^32 at difficulty 1: 800 expected, five sigma is 141.
        Assert.InRange(found, 659, 941);
        Assert.Equal(0, _chain.HashesLeftOut);
    }

    private void BringUp()
    {
        Clock("010000000000", 40);
        Clock("030000000000", 40);
        Clock("0900" + "423221840000" + "0000", 60);
        Step(100);
    }

    private byte[] Read(int chip)
    {
        byte[] answer = Clock("0a" + chip.ToString("x2") + "000000000000", 60);
        return answer.AsSpan((4 * chip) - 2, 8).ToArray();
    }

    private byte[] Clock(string hex, int zeros)
    {
        byte[] write = [.. Convert.FromHexString(hex), .. new byte[zeros]];
        byte[] read = new byte[write.Length];
        _chain.Transfer(write, 0, read, 0, write.Length);
        return read;
    }

    private static int Find(byte[] data, byte first, byte second)
    {
        for (int i = 0; i + 1 < data.Length; i += 2)
        {
            if (data[i] == first && data[i + 1] == second)
            {
                return i;
            }
        }

        return -1;
    }

    private void Step(int ms)
    {
        for (int i = 0; i < ms; i += 10)
        {
            _nowMs += 10;
            _chain.Step(_nowMs);
        }
    }
}
